//! The Arrow PyCapsule interface: `__arrow_c_array__`, which pyarrow, polars, nanoarrow and others answer.
//!
//! `abi` is the structs of the C data interface, `moved` takes them out of their capsules and releases them, `request` asks
//! for them, `elements` describes arrays of numbers, booleans and dates, `metadata` has the name of an extension type, `validity`
//! counts the elements that are missing.

mod abi;
mod elements;
mod invalid_arrow;
mod metadata;
mod moved;
mod request;
mod validity;

pub(crate) use request::{acquire, refuse_stream};
