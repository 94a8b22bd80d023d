//! Results: memory that a function hands to Python.
//!
//! `py_owned` is what a function returns, and `handed_back` makes one of an argument. `handed` is what both consist of.
//! `py_ndarray` becomes an array of NumPy, by the functions of `numpy_api`.
//! `exported` is the same memory as plain numbers, `axes` its shape and strides, and `format_text` the text of its format.
//! `exporter` is the Python class. The protocols that it speaks are in `buffer`, `array_interface`, `dlpack` and
//! `dlpack_exchange`.

mod array_interface;
mod axes;
mod buffer;
mod dlpack;
mod dlpack_exchange;
mod dtypes;
mod exported;
mod exporter;
mod format_text;
mod handed;
mod handed_back;
mod numpy_api;
mod py_ndarray;
mod py_owned;

pub use py_ndarray::PyNdarray;
pub use py_owned::PyOwned;
