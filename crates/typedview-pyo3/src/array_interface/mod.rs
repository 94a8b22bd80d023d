//! The array interface: `__array_interface__`, a dict that any class can give.
//!
//! `request` looks at it once, `entries` reads its keys, `typestr` the name of its element, `descr` the fields of a record, `block` finds the memory and
//! what keeps it. What comes of it is checked like any other memory.

mod block;
mod descr;
mod entries;
mod invalid_interface;
mod request;
mod typestr;

pub(crate) use request::{acquire, format_of_dtype};
