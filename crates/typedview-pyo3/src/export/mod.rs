//! Handing memory to Python: what a function returns and what Python gets.
//! `exporter` is the Python object, `flags` which requests it honours.

mod exporter;
mod flags;
mod py_owned;

pub use py_owned::PyOwned;
