//! Section D: copies of contents between views, as C's `dst[...] = src`. Nothing is locked, because copies are exact
//! under overlap.

use pyo3::prelude::*;
use typedview_pyo3::{Element, Layout, OrRaise, PyView, PyViewMut, Strided, s};

fn copy<T: Element, L: Layout, M: Layout>(dst: PyViewMut<'_, T, L>, src: PyView<'_, T, M>) -> PyResult<()> {
    dst.cells().try_copy_from(&src.cells()).or_raise()
}

#[pyfunction]
pub(crate) fn copy_f64_1d(
    dst: PyViewMut<'_, f64, Strided<1>>,
    src: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn copy_f64_2d(
    dst: PyViewMut<'_, f64, Strided<2>>,
    src: PyView<'_, f64, Strided<2>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn copy_f64_3d(
    dst: PyViewMut<'_, f64, Strided<3>>,
    src: PyView<'_, f64, Strided<3>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn copy_f32_2d(
    dst: PyViewMut<'_, f32, Strided<2>>,
    src: PyView<'_, f32, Strided<2>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn copy_u8_2d(
    dst: PyViewMut<'_, u8, Strided<2>>,
    src: PyView<'_, u8, Strided<2>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn bcast_row(
    dst: PyViewMut<'_, f64, Strided<2>>,
    src: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    copy(dst, src)
}

#[pyfunction]
pub(crate) fn bcast_col(
    dst: PyViewMut<'_, f64, Strided<2>>,
    src: PyView<'_, f64, Strided<2>>,
) -> PyResult<()> {
    copy(dst, src)
}

/// Computes `x[1:] = x[:-1]`.
#[pyfunction]
pub(crate) fn shift1(x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
    let x = x.cells();
    x.slice(s![1..]).try_copy_from(&x.slice(s![..-1]).to_cell_view()).or_raise()
}

/// Computes `x[...] = x.T`, of a square.
#[pyfunction]
pub(crate) fn transpose_in_place(x: PyViewMut<'_, f64, Strided<2>>) -> PyResult<()> {
    let x = x.cells();
    x.try_copy_from(&x.to_cell_view().transpose()).or_raise()
}
