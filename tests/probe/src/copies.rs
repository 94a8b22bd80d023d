//! Copies: results that have memory of their own, and copies of a view onto itself.

use pyo3::prelude::*;
use typedview_pyo3::{C, F, OrRaise, PyOwned, PyView, PyViewMut, Strided};

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
