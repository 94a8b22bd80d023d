//! Sections E and F: new memory, and returning it to Python.
//! `ret_*` return an argument, `retnew_*` return new memory.

use pyo3::prelude::*;
use std::hint::black_box;
use typedview_pyo3::{C, OrRaise, Owned, PyNdarray, PyOwned, PyViewMut, Strided, s};

/// Returns new memory whose first and last elements have been written, so that the allocation is not optimised away.
fn with_ends(n: usize) -> PyResult<Owned<f64, C<1>>> {
    let mut owned = Owned::try_zeroed([n]).or_raise()?;
    let mut view = owned.view_mut();
    view.set(0, 1.0);
    view.set(n - 1, 1.0);
    Ok(owned)
}

#[pyfunction]
pub(crate) fn alloc_owned(n: usize, reps: usize) -> PyResult<()> {
    for _ in 0..reps {
        black_box(with_ends(n)?);
    }
    Ok(())
}

/// Makes a Python object of each allocation.
#[pyfunction]
pub(crate) fn alloc_py_owned(py: Python<'_>, n: usize, reps: usize) -> PyResult<()> {
    for _ in 0..reps {
        PyOwned::from(with_ends(n)?).into_pyobject(py)?;
    }
    Ok(())
}

/// Returns new memory as a `numpy.ndarray`.
#[pyfunction]
pub(crate) fn retnew_ndarray(n: usize) -> PyResult<PyNdarray<f64, C<1>>> {
    Ok(with_ends(n)?.into())
}

#[pyfunction]
pub(crate) fn retnew_owned(n: usize) -> PyResult<PyOwned<f64, C<1>>> {
    Ok(with_ends(n)?.into())
}

#[pyfunction]
pub(crate) fn ret_view_1d(x: PyViewMut<'_, f64, Strided<1>>) -> PyOwned<f64, Strided<1>> {
    x.export()
}

#[pyfunction]
pub(crate) fn ret_view_2d(x: PyViewMut<'_, f64, Strided<2>>) -> PyOwned<f64, Strided<2>> {
    x.export()
}

#[pyfunction]
pub(crate) fn ret_view_slice(x: PyViewMut<'_, f64, Strided<2>>) -> PyOwned<f64, Strided<2>> {
    x.export_part(|x| x.slice(s![1.., ..;2]))
}
