//! Refusals as Python exceptions: which class each kind of error becomes.

use pyo3::PyErr;
use pyo3::PyResult;
use pyo3::exceptions::{PyBufferError, PyIndexError, PyMemoryError, PyTypeError, PyValueError};
use typedview::{Error, ErrorKind};

/// Turns the core's errors into exceptions, so that `?` works in a function that returns `PyResult`.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, OrRaise, PyView};
///
/// #[pyfunction]
/// fn corner(pixels: PyView<'_, u8, C<1>>, rows: usize, columns: usize) -> PyResult<u8> {
///     pixels.cells().try_reshape([rows, columns]).or_raise()?.try_at([0, 0]).or_raise()
/// }
/// ```
pub trait OrRaise<X> {
    /// The value, or the exception for the error.
    ///
    /// # Errors
    ///
    /// `TypeError` for another element, `ValueError` for layout and format, `IndexError`, `BufferError` for readonly
    /// memory, `MemoryError` for memory that cannot be had.
    fn or_raise(self) -> PyResult<X>;
}

impl<X> OrRaise<X> for Result<X, Error> {
    #[inline]
    fn or_raise(self) -> PyResult<X> {
        self.map_err(|error| raise(error.kind(), error.to_string()))
    }
}

/// The exception for an error of this kind.
#[cold]
pub(crate) fn raise(kind: ErrorKind, text: String) -> PyErr {
    match kind {
        ErrorKind::Index => PyIndexError::new_err(text),
        ErrorKind::Dtype => PyTypeError::new_err(text),
        ErrorKind::Readonly => PyBufferError::new_err(text),
        ErrorKind::Memory => PyMemoryError::new_err(text),
        _ => PyValueError::new_err(text),
    }
}
