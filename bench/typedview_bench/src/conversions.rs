//! Copies into another element type or byte order, as C's `dst[...] = src`.
//! Their names begin with `cast`, as the one that the peers have.

use pyo3::prelude::*;
use typedview_pyo3::{Big, Exact, Number, OrRaise, PyView, PyViewMut, SameKind, Strided};

fn convert<T: SameKind<S>, S: Number>(
    dst: PyViewMut<'_, T, Strided<1>>,
    src: PyView<'_, S, Strided<1>>,
) -> PyResult<()> {
    dst.cells().try_convert_from(&src.cells()).or_raise()
}

fn convert_exact<T: Exact<S>, S: Number>(
    dst: PyViewMut<'_, T, Strided<1>>,
    src: PyView<'_, S, Strided<1>>,
) -> PyResult<()> {
    dst.cells().try_convert_exact_from(&src.cells()).or_raise()
}

#[pyfunction]
pub(crate) fn cast_i32_f64(
    dst: PyViewMut<'_, f64, Strided<1>>,
    src: PyView<'_, i32, Strided<1>>,
) -> PyResult<()> {
    convert(dst, src)
}

#[pyfunction]
pub(crate) fn cast_f64_f32(
    dst: PyViewMut<'_, f32, Strided<1>>,
    src: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    convert(dst, src)
}

/// Refuses numbers that are no integers or that `i32` cannot represent, which NumPy does not.
#[pyfunction]
pub(crate) fn cast_f64_i32(
    dst: PyViewMut<'_, i32, Strided<1>>,
    src: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    convert_exact(dst, src)
}

#[pyfunction]
pub(crate) fn cast_big_f64_f64(
    dst: PyViewMut<'_, f64, Strided<1>>,
    src: PyView<'_, Big<f64>, Strided<1>>,
) -> PyResult<()> {
    convert(dst, src)
}

#[pyfunction]
pub(crate) fn cast_big_i32_f64(
    dst: PyViewMut<'_, f64, Strided<1>>,
    src: PyView<'_, Big<i32>, Strided<1>>,
) -> PyResult<()> {
    convert(dst, src)
}
