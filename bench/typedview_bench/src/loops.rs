//! Section C: loops over elements. Functions take any strides and read by value; those named `_c` lock blocks.

use pyo3::prelude::*;
use typedview_pyo3::{C, CellView, CellViewMut, Ndim, PyView, PyViewMut, Strided, specialise, zip};

#[pyfunction]
pub(crate) fn sum_f64(x: PyView<'_, f64, Strided<1>>) -> f64 {
    x.cells().iter().sum()
}

#[pyfunction]
pub(crate) fn sum_f64_c(x: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    Ok(x.lock()?.view().iter().sum())
}

#[pyfunction]
pub(crate) fn sum_i64(x: PyView<'_, i64, Strided<1>>) -> i64 {
    x.cells().iter().fold(0, i64::wrapping_add)
}

#[pyfunction]
pub(crate) fn sum_i64_c(x: PyView<'_, i64, C<1>>) -> PyResult<i64> {
    Ok(x.lock()?.view().iter().fold(0, i64::wrapping_add))
}

#[pyfunction]
pub(crate) fn dot(x: PyView<'_, f64, Strided<1>>, y: PyView<'_, f64, Strided<1>>) -> f64 {
    let mut sum = 0.0;
    zip((x.cells(), y.cells())).for_each(|(x, y)| sum += x * y);
    sum
}

#[pyfunction]
pub(crate) fn dot_c(x: PyView<'_, f64, C<1>>, y: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    let (x, y) = (x.lock()?, y.lock()?);
    let mut sum = 0.0;
    zip((x.view(), y.view())).for_each(|(x, y)| sum += x * y);
    Ok(sum)
}

#[pyfunction]
pub(crate) fn axpy(a: f64, x: PyView<'_, f64, Strided<1>>, y: PyViewMut<'_, f64, Strided<1>>) {
    zip((y.cells(), x.cells())).for_each(|(mut y, x)| y.set(y.get() + a * x));
}

#[pyfunction]
pub(crate) fn axpy_c(a: f64, x: PyView<'_, f64, C<1>>, mut y: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
    let (x, mut y) = (x.lock()?, y.lock_mut()?);
    zip((y.view_mut(), x.view())).for_each(|(mut y, x)| y.set(y.get() + a * x));
    Ok(())
}

/// Computes a fifth of the sum of five neighbours, inside the border.
#[pyfunction]
pub(crate) fn stencil(x: PyView<'_, f64, Strided<2>>, out: PyViewMut<'_, f64, Strided<2>>) {
    specialise!((x.cells(), out.cells()), |x, out| fifth_of_neighbours(x, out));
}

#[pyfunction]
pub(crate) fn stencil_c(x: PyView<'_, f64, C<2>>, out: PyViewMut<'_, f64, C<2>>) {
    fifth_of_neighbours(x.cells(), out.cells());
}

fn fifth_of_neighbours<L: Ndim<2>>(x: CellView<'_, f64, L>, out: CellViewMut<'_, f64, L>) {
    let [rows, columns] = x.layout().extents();
    for i in 1..rows.saturating_sub(1) {
        for j in 1..columns.saturating_sub(1) {
            let sum =
                x.at([i, j]) + x.at([i - 1, j]) + x.at([i + 1, j]) + x.at([i, j - 1]) + x.at([i, j + 1]);
            out.set([i, j], 0.2 * sum);
        }
    }
}

#[pyfunction]
pub(crate) fn colsum(x: PyView<'_, f64, Strided<2>>, j: isize) -> f64 {
    x.cells().index_axis(1, j).iter().sum()
}
