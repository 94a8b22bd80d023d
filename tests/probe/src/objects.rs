//! Objects: arguments whose elements are references to Python objects.

use pyo3::prelude::*;
use typedview_pyo3::{C, F, PyObjectView, PyObjectViewMut, PyUntypedView, Strided, dispatch};

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

/// Returns the lines of a text as an array.
#[pyfunction]
pub(crate) fn lines<'py>(py: Python<'py>, text: &str) -> PyResult<PyObjectViewMut<'py, C<1>>> {
    let array = PyObjectViewMut::new_array(py, &[text.lines().count()])?;
    for (i, line) in text.lines().enumerate() {
        array.set(i, line.into_pyobject(py)?.into_any())?;
    }
    Ok(array)
}

/// Returns a new array of two axes, which is asked for in the order that NumPy does not give it.
#[pyfunction]
pub(crate) fn objects_in_fortran_order<'py>(
    py: Python<'py>,
    shape: Vec<usize>,
) -> PyResult<PyObjectViewMut<'py, F<2>>> {
    PyObjectViewMut::new_array(py, &shape)
}

/// Adds 1 to each element, whether they are numbers or objects.
#[pyfunction]
pub(crate) fn increment(x: PyUntypedView<'_>) -> PyResult<()> {
    if x.holds_objects() {
        let x = x.objects_mut::<Strided<1>>()?;
        return (0..x.shape()[0]).try_for_each(|i| x.set(i, x.get(i)?.add(1)?));
    }
    dispatch!(x, T: i64 | f64, Strided<1>, |mut x| {
        let x = x.cells();
        (0..x.size()).for_each(|i| x.update(i, |x| x + 1 as T));
    })
}

/// Returns the number of objects of an argument that is found to hold them.
#[pyfunction]
pub(crate) fn count_objects(x: PyUntypedView<'_>) -> PyResult<usize> {
    Ok(x.objects::<Strided<1>>()?.iter().count())
}
