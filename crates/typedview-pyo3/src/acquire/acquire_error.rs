//! Refusals to acquire: what was asked, what came, and what is wrong with it, as a Python exception.
//! Apart because every protocol refuses in the same words.

use super::InvalidExport;
use crate::error::raise;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use typedview::{Error, ErrorKind, Spec};

/// Why an object that speaks a protocol cannot be viewed.
#[derive(Debug)]
pub(crate) enum AcquireError {
    /// What it says of its memory cannot be.
    Odd(InvalidExport),
    /// What it says in the words of its own protocol cannot be, or cannot be viewed.
    Told { kind: ErrorKind, reason: String },
    /// What it says of its memory cannot be viewed.
    Core(Error),
    /// Its own exception.
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

/// The name of the type of an exporter, as messages show it: `numpy.ndarray`.
pub(crate) fn exporter_name(obj: &Bound<'_, PyAny>) -> String {
    obj.get_type().fully_qualified_name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}

/// `expected double[:], got list`, or what can be said without a spec.
fn expectation(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>) -> String {
    let found = if obj.is_none() { "None".to_owned() } else { exporter_name(obj) };
    match spec {
        Some(spec) => format!("expected {}, got {found}", spec()),
        None => format!("cannot view {found}"),
    }
}

/// The exception for an exporter whose memory cannot be viewed.
#[cold]
pub(crate) fn refuse(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>, refused: AcquireError) -> PyErr {
    match refused {
        AcquireError::Odd(invalid) => PyValueError::new_err(format!("{}: {invalid}", expectation(obj, spec))),
        AcquireError::Told { kind, reason } => raise(kind, format!("{}: {reason}", expectation(obj, spec))),
        AcquireError::Core(error) => raise(error.kind(), format!("{}: {error}", expectation(obj, spec))),
        AcquireError::Raised(exception) => exception,
    }
}

/// The exception for an object that speaks no protocol.
#[cold]
pub(crate) fn refuse_exporter(obj: &Bound<'_, PyAny>, spec: Option<fn() -> Spec>) -> PyErr {
    let expectation = expectation(obj, spec);
    PyTypeError::new_err(format!(
        "{expectation}: not a buffer; pass an array.array, a numpy.ndarray or another exporter"
    ))
}
