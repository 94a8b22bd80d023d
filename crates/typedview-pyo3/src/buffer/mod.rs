//! The buffer protocol: `PyObject_GetBuffer`, which most exporters support.
//!
//! `request` calls it. `fast_path` reads answers that leave nothing out, and `normalise` brings all other answers into
//! one form. `format` asks other objects when a format text does not say everything, and `ctypes` reads the types of
//! ctypes.

mod ctypes;
mod fast_path;
mod format;
mod normalise;
mod request;

pub(crate) use request::{Filled, Unanswered, acquire, explain, request};
