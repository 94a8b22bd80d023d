//! The Arrow PyCapsule interface: `__arrow_c_array__`, which pyarrow, polars, nanoarrow and others implement.
//!
//! `abi` defines the structs of the C data interface. `moved` moves the structs out of their capsules and releases
//! them. `request` calls the method. `elements` describes arrays of numbers, booleans, timestamps, dates and durations.
//! `metadata` reads the name of an extension type. `validity` counts the missing elements.

mod abi;
mod elements;
mod invalid_arrow;
mod metadata;
mod moved;
mod request;
mod validity;

pub(crate) use request::{acquire, refuse_stream};
