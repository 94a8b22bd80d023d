//! Copies into another element type or byte order, as C's `dst[...] = src`.
//! Their names begin with `cast`, as the one that the peers have.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use typedview_pyo3::{Big, PyView, PyViewMut, Strided, zip};

#[pyfunction]
pub(crate) fn cast_i32_f64(dst: PyViewMut<'_, f64, Strided<1>>, src: PyView<'_, i32, Strided<1>>) {
    zip((dst.cells(), src.cells())).for_each(|(mut dst, src)| dst.set(src.into()));
}

#[pyfunction]
pub(crate) fn cast_f64_f32(dst: PyViewMut<'_, f32, Strided<1>>, src: PyView<'_, f64, Strided<1>>) {
    zip((dst.cells(), src.cells())).for_each(|(mut dst, src)| dst.set(src as f32));
}

/// Drops the fractions. It refuses numbers that `i32` cannot represent, which NumPy does not.
#[pyfunction]
pub(crate) fn cast_f64_i32(
    dst: PyViewMut<'_, i32, Strided<1>>,
    src: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    let limits = f64::from(i32::MIN) - 1.0..f64::from(i32::MAX) + 1.0;
    let mut all_fit = true;
    zip((dst.cells(), src.cells())).for_each(|(mut dst, src)| {
        all_fit &= src > limits.start && src < limits.end;
        dst.set(src as i32);
    });
    if all_fit { Ok(()) } else { Err(PyOverflowError::new_err("a number does not fit into i32")) }
}

#[pyfunction]
pub(crate) fn cast_big_f64_f64(dst: PyViewMut<'_, f64, Strided<1>>, src: PyView<'_, Big<f64>, Strided<1>>) {
    zip((dst.cells(), src.cells())).for_each(|(mut dst, src)| dst.set(src.get()));
}

#[pyfunction]
pub(crate) fn cast_big_i32_f64(dst: PyViewMut<'_, f64, Strided<1>>, src: PyView<'_, Big<i32>, Strided<1>>) {
    zip((dst.cells(), src.cells())).for_each(|(mut dst, src)| dst.set(src.get().into()));
}
