//! Section A: the cost of an argument. Each function takes one argument and reads one element.

use pyo3::prelude::*;
use typedview_pyo3::{C, Element, PyUntypedView, PyView, PyViewMut, Strided, dispatch};

#[pyfunction]
pub(crate) fn noarg() {}

#[pyfunction]
pub(crate) fn take(_x: &Bound<'_, PyAny>) {}

#[pyfunction]
pub(crate) fn first_f64_1d(x: PyViewMut<'_, f64, Strided<1>>) -> f64 {
    x.cells().at(0)
}

#[pyfunction]
pub(crate) fn first_f64_1d_ro(x: PyView<'_, f64, Strided<1>>) -> f64 {
    x.cells().at(0)
}

#[pyfunction]
pub(crate) fn first_f64_1d_c(x: PyViewMut<'_, f64, C<1>>) -> f64 {
    x.cells().at(0)
}

#[pyfunction]
pub(crate) fn first_f64_2d(x: PyViewMut<'_, f64, Strided<2>>) -> f64 {
    x.cells().at([0, 0])
}

#[pyfunction]
pub(crate) fn first_u8(x: PyViewMut<'_, u8, Strided<1>>) -> u8 {
    x.cells().at(0)
}

#[pyfunction]
pub(crate) fn first_u8_ro(x: PyView<'_, u8, Strided<1>>) -> u8 {
    x.cells().at(0)
}

/// The record `numpy.dtype([("a", "i4"), ("b", "f8")], align=True)`.
#[derive(Clone, Copy, Element)]
#[repr(C)]
pub(crate) struct Rec {
    a: i32,
    b: f64,
}

#[pyfunction]
pub(crate) fn first_rec(x: PyViewMut<'_, Rec, Strided<1>>) -> f64 {
    x.cells().at(0).b
}

/// Reads one of ten element types, chosen at run time. `first_f64_1d` has one type that is fixed.
#[pyfunction]
#[expect(clippy::unnecessary_cast, reason = "one body for all elements")]
pub(crate) fn first_any_1d(x: PyUntypedView<'_>) -> PyResult<f64> {
    dispatch!(x, i8 | u8 | i16 | u16 | i32 | u32 | i64 | u64 | f32 | f64, Strided<1>, |x| x.cells().at(0)
        as f64)
}

/// Does the same as `first_f64_1d_ro`, locked for reading.
#[pyfunction]
pub(crate) fn first_locked(x: PyView<'_, f64, Strided<1>>) -> PyResult<f64> {
    Ok(x.lock()?.view().at(0))
}

/// Does the same as `first_f64_1d`, locked for writing.
#[pyfunction]
pub(crate) fn first_locked_mut(mut x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<f64> {
    Ok(x.lock_mut()?.view().at(0))
}
