//! Results: memory that a function hands to Python.
//!
//! `py_owned` is what a function returns, and `handed_back` makes one of an argument. `handed` is what both consist of.
//! `py_ndarray` becomes an array of NumPy, by the functions of `numpy_api`.
//! `exported` is the same memory as plain numbers. The Python class is `View`, in the folder `class`; without the feature `view` it is
//! `exporter`. The protocols that both speak are in `buffer`, `array_interface`, `dlpack` and `dlpack_exchange`. `wrong_way` is the
//! compiler's message to functions that return an argument or take a result.

mod array_interface;
mod buffer;
mod dlpack;
mod dlpack_exchange;
mod dtypes;
mod exported;
#[cfg(not(feature = "view"))]
mod exporter;
mod handed;
mod handed_back;
mod numpy_api;
mod py_ndarray;
mod py_owned;
mod wrong_way;

#[cfg(feature = "view")]
use crate::class::to_object;
#[cfg(not(feature = "view"))]
use exporter::to_object;

#[cfg(feature = "view")]
pub(crate) use {
    array_interface::{interface, typestr},
    buffer::fill,
    dlpack::capsule,
    dlpack_exchange::{Exchanged, table},
    exported::Exported,
    handed::Owner,
};

pub use py_ndarray::PyNdarray;
pub use py_owned::PyOwned;
