//! `PyOwned`: a result that becomes a Python object without a copy.

use super::exporter::Exporter;
use pyo3::PyErr;
use pyo3::prelude::*;
use typedview::{Direct, Element, Owned};

/// Memory that Rust allocated, on its way to Python.
///
/// The Python object exports the buffer protocol: `memoryview(x)` and `numpy.asarray(x)` view the memory without a
/// copy and keep it alive. No Python package is needed.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, Owned, PyOwned};
///
/// #[pyfunction]
/// fn zeros(rows: usize, columns: usize) -> PyOwned<f64, C<2>> {
///     Owned::zeroed([rows, columns]).into()
/// }
/// ```
#[derive(Debug)]
pub struct PyOwned<T: Element, L: Direct>(Owned<T, L>);

impl<T: Element, L: Direct> From<Owned<T, L>> for PyOwned<T, L> {
    fn from(owned: Owned<T, L>) -> Self {
        Self(owned)
    }
}

impl<'py, T: Element, L: Direct> IntoPyObject<'py> for PyOwned<T, L> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(Bound::new(py, Exporter::new(self.0))?.into_any())
    }
}
