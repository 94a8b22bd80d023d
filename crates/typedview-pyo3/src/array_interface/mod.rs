//! The array interface: `__array_interface__`, a dict that any Python class can provide.
//!
//! `request` reads the attribute once. `entries` reads the keys of the dict, `typestr` parses the name of its element,
//! and `descr` parses the fields of a record; `numpy_dtype` uses both for a dtype object. `data_region` finds the memory and what keeps it alive. The resulting
//! description is checked in the same way as that of every other protocol.

mod data_region;
mod descr;
mod entries;
mod invalid_interface;
#[cfg(feature = "view")]
mod numpy_dtype;
mod request;
mod typestr;

#[cfg(feature = "view")]
pub(crate) use numpy_dtype::{descr, numpy_dtype, typestr};
pub(crate) use request::{acquire, format_of_dtype};
