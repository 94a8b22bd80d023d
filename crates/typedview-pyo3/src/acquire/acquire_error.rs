//! `AcquireError`: the reasons why memory cannot be acquired, and the Python exceptions that they become.
//! All protocols share this file, so that they refuse in the same words: what was asked for, what was passed, and what
//! is wrong with it.

use super::InvalidExport;
use crate::error::raise;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use typedview::{Error, ErrorKind, Spec};

/// The reason why an object that speaks a protocol cannot be viewed.
#[derive(Debug)]
pub(crate) enum AcquireError {
    /// What the object says of its memory is invalid.
    Odd(InvalidExport),
    /// What the object says in the terms of its own protocol is invalid, or its memory cannot be viewed.
    Told { kind: ErrorKind, reason: String },
    /// The core cannot view memory as the object describes it.
    Core(Error),
    /// The object has raised an exception.
    Raised(PyErr),
}

impl From<InvalidExport> for AcquireError {
    fn from(invalid: InvalidExport) -> Self {
        Self::Odd(invalid)
    }
}

impl From<Error> for AcquireError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for AcquireError {
    fn from(exception: PyErr) -> Self {
        Self::Raised(exception)
    }
}

/// Returns the name of the type of an exporter as messages show it, such as `numpy.ndarray`.
pub(crate) fn exporter_name(obj: &Bound<'_, PyAny>) -> String {
    obj.get_type().fully_qualified_name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}

/// Returns the first words of a message: `expected double[:], got list`, or `cannot view list` without a spec.
fn expectation(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>) -> String {
    let found = if obj.is_none() { "None".to_owned() } else { exporter_name(obj) };
    match spec {
        Some(spec) => format!("expected {}, got {found}", spec()),
        None => format!("cannot view {found}"),
    }
}

/// Returns the exception for an exporter whose memory cannot be viewed.
#[cold]
pub(crate) fn refuse(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>, refused: AcquireError) -> PyErr {
    match refused {
        AcquireError::Odd(invalid) => PyValueError::new_err(format!("{}: {invalid}", expectation(obj, spec))),
        AcquireError::Told { kind, reason } => raise(kind, format!("{}: {reason}", expectation(obj, spec))),
        AcquireError::Core(error) => raise(error.kind(), format!("{}: {error}", expectation(obj, spec))),
        AcquireError::Raised(exception) => exception,
    }
}

/// Returns the exception for an object that speaks no protocol.
#[cold]
pub(crate) fn refuse_exporter(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>) -> PyErr {
    let expectation = expectation(obj, spec);
    PyTypeError::new_err(format!(
        "{expectation}: not a buffer; pass an array.array, a numpy.ndarray or another exporter"
    ))
}
