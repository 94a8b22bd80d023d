//! Arguments that are returned, and results that are taken.

use pyo3::prelude::*;
use typedview_pyo3::{C, PyNdarray, PyOwned, PyView, PyViewMut};

#[pyfunction]
fn returns_an_argument(x: PyView<'_, f64, C<1>>) -> PyView<'_, f64, C<1>> {
    x
}
//~ error[E0277]: `PyView<...>` is an argument, which a function cannot return
//~ return a `PyOwned` or a `PyNdarray`
//~ `x.export()` of a `PyView` or a `PyViewMut` makes a `PyOwned` of the same memory, and `x.export_part(|x| x.slice(s![1..]))` one of a part of it

#[pyfunction]
fn returns_an_argument_or_fails(x: PyViewMut<'_, f64, C<1>>) -> PyResult<PyViewMut<'_, f64, C<1>>> {
    Ok(x)
}
//~ error[E0277]: `PyViewMut<...>` is an argument, which a function cannot return

#[pyfunction]
fn takes_a_result(x: PyOwned<f64, C<1>>) {}
//~ error[E0277]: `PyOwned<...>` is a result, which a function cannot take
//~ take a `PyView`, a `PyViewMut` or a `PyPinned`

#[pyfunction]
fn takes_an_array(x: PyNdarray<f64, C<1>>) {}
//~ error[E0277]: `PyNdarray<...>` is a result, which a function cannot take
