//! The buffer protocol: `PyObject_GetBuffer`, which most exporters answer.
//! `request` asks, `plain` takes what needs no second look, `normalise` turns what else is said into one form; `format` asks
//! others where a format does not tell all, `ctypes` reads the types of ctypes.

mod ctypes;
mod fast_path;
mod format;
mod normalise;
mod request;

pub(crate) use request::{Filled, Unanswered, acquire, explain, request};
