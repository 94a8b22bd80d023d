//! Copies: results that have memory of their own, and copies of a view onto itself.

use pyo3::prelude::*;
use typedview_pyo3::{Big, C, Dyn, F, OrRaise, PyOwned, PyView, PyViewMut, Strided};

/// Returns a copy of `x` in C order.
#[pyfunction]
pub(crate) fn copied(x: PyView<'_, f64, Strided<1>>) -> PyResult<PyOwned<f64, C<1>>> {
    Ok(x.cells().try_to_owned().or_raise()?.into())
}

/// Returns a copy of `x` in Fortran order.
#[pyfunction]
pub(crate) fn copied_f(x: PyView<'_, f64, Strided<1>>) -> PyResult<PyOwned<f64, F<1>>> {
    Ok(x.cells().try_to_owned_f().or_raise()?.into())
}

/// Returns the elements of `x` as a list.
#[pyfunction]
pub(crate) fn listed(x: PyView<'_, f64, Strided<1>>) -> PyResult<Vec<f64>> {
    x.cells().try_to_vec().or_raise()
}

/// Computes `x[:] = x[::-1]`.
#[pyfunction]
pub(crate) fn reverse(x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
    x.cells().try_copy_from(&x.cells().flip(0).to_cell_view()).or_raise()
}

/// Computes `target[...] = source`.
#[pyfunction]
pub(crate) fn copy_into(
    py: Python<'_>,
    mut target: PyViewMut<'_, f64, Dyn>,
    source: PyView<'_, f64, Dyn>,
) -> PyResult<()> {
    target.copy_from(py, &source)
}

/// Computes `target[...] = source` by NumPy's rule `same_kind`, from big-endian integers.
#[pyfunction]
pub(crate) fn decode_into(
    py: Python<'_>,
    mut target: PyViewMut<'_, f64, Dyn>,
    source: PyView<'_, Big<i32>, Dyn>,
) -> PyResult<()> {
    target.convert_from(py, &source)
}

/// Computes `target[...] = source`, if every number is an integer that the target can hold.
#[pyfunction]
pub(crate) fn convert_exact_into(
    py: Python<'_>,
    mut target: PyViewMut<'_, i16, Dyn>,
    source: PyView<'_, f64, Dyn>,
) -> PyResult<()> {
    target.convert_exact_from(py, &source)
}
