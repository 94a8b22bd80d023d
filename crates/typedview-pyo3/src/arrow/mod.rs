//! The Arrow PyCapsule interface: `__arrow_c_array__`, which pyarrow, polars, nanoarrow and others answer.
//!
//! `abi` is the structs of the C data interface, `moved` takes them out of their capsules and releases them, `request` asks
//! for them, `numbers` describes arrays of numbers, `validity` counts the elements that are missing.

mod abi;
mod moved;
mod numbers;
mod oddity;
mod request;
mod validity;

pub(crate) use request::{acquire, refuse_stream};
