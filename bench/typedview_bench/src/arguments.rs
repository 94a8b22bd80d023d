//! Section A: what an argument costs. Each function takes one and reads one element.

use pyo3::prelude::*;
use typedview_pyo3::{C, PyView, PyViewMut, Strided};

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
