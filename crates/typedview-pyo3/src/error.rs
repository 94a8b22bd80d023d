//! Errors as Python exceptions: the exception class that each kind of error becomes.

use pyo3::PyErr;
use pyo3::PyResult;
use pyo3::exceptions::{PyBufferError, PyIndexError, PyMemoryError, PyTypeError, PyValueError};
#[cfg(feature = "view")]
use pyo3::{Bound, PyAny, types::PyAnyMethods, types::PyTypeMethods};
use typedview::{Error, ErrorKind};

/// Turns errors of the core into Python exceptions, so that `?` works in a function that returns `PyResult`.
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
    /// Returns the value, or the exception for the error.
    ///
    /// # Errors
    ///
    /// Fails with a `TypeError` when the element is another one, a `ValueError` for the layout and the format, an
    /// `IndexError` for an index, a `BufferError` for readonly memory, and a `MemoryError` when memory cannot be
    /// allocated.
    ///
    /// See [`OrRaise`] for an example.
    fn or_raise(self) -> PyResult<X>;
}

impl<X> OrRaise<X> for Result<X, Error> {
    #[inline]
    fn or_raise(self) -> PyResult<X> {
        self.map_err(|error| raise(error.kind(), error.to_string()))
    }
}

/// Runs `run`. If an operation of typedview fails in it, such as an index that is out of bounds, its exception is raised, and
/// nothing is printed. Other panics go on and become a `PanicException`.
///
/// # Errors
///
/// The exception for the error of the first operation that would have panicked, as for [`OrRaise::or_raise`].
///
/// # Limitations
///
/// It covers the thread that calls it, as [`typedview::catch`] does.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyView, raising};
///
/// /// `x[i] + x[j]`; raises `IndexError`.
/// #[pyfunction]
/// fn sum_of_two(x: PyView<'_, f64, C<1>>, i: usize, j: usize) -> PyResult<f64> {
///     raising(|| x.cells().at(i) + x.cells().at(j))
/// }
/// ```
pub fn raising<R>(run: impl FnOnce() -> R) -> PyResult<R> {
    typedview::catch(run).or_raise()
}

/// Returns the exception for an error of this kind.
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

/// Returns the name of the class of a value, for the text of an exception.
#[cfg(feature = "view")]
#[cold]
pub(crate) fn class_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string())
}
