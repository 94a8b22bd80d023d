//! Handing memory to Python: what a function returns and what Python gets.
//!
//! `py_owned` is memory and its owner on their way, `handed_back` the views among them; `exporter` is the Python object,
//! `axes` its shape and strides, `names` those of its elements, `descr` those of their fields, `flags` which requests it honours.

mod axes;
mod descr;
mod exporter;
mod flags;
mod handed_back;
mod names;
mod py_owned;

pub(crate) use exporter::Exporter;
pub use py_owned::PyOwned;
