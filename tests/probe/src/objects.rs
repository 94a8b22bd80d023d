//! Objects: arguments whose elements are references to Python objects.

use pyo3::prelude::*;
use typedview_pyo3::{PyObjectView, PyObjectViewMut, Strided};

/// Returns the objects of an argument that reads, in index order.
#[pyfunction]
pub(crate) fn objects<'py>(x: PyObjectView<'py, Strided<2>>) -> Vec<Bound<'py, PyAny>> {
    x.iter().collect()
}

/// Returns `x[index]` of an argument that reads.
#[pyfunction]
pub(crate) fn object<'py>(x: PyObjectView<'py, Strided<1>>, index: usize) -> PyResult<Bound<'py, PyAny>> {
    x.get(index)
}

/// Computes `x[index] = object`.
#[pyfunction]
pub(crate) fn store<'py>(
    x: PyObjectViewMut<'py, Strided<1>>,
    index: usize,
    object: Bound<'py, PyAny>,
) -> PyResult<()> {
    x.set(index, object)
}
