//! Types that are not the layout that is wanted.

use pyo3::prelude::*;
use typedview_pyo3::{C, Dyn, Indirect, Ndim, PyOwned, PyView, View};

#[pyfunction]
fn an_array(x: PyView<'_, f64, [f64; 2]>) {}
//~ error[E0277]: `[f64; 2]` is not a layout
//~ expected `C<N>`, `F<N>`, `Pitched<N>`, `Strided<N>`, `Dyn` or `Indirect<N>`
//~ `N` is the number of axes: `C<2>` is `[:, ::1]`, and `Strided<1>` is `[:]`

#[pyfunction]
fn layout_before_element(x: PyView<'_, C<2>, f64>) {}
//~ error[E0277]: `...C<2>` is not an element
//~ error[E0277]: `f64` is not a layout
//~ the layout comes after the element: `View<'_, f64, C<2>>`, `Owned<f64, C<2>>`

struct OfMyOwn;

fn of_my_own(x: View<'_, f64, OfMyOwn>) {}
//~ error[E0277]: `...OfMyOwn` is not a layout
//~ other crates cannot define layouts: describe other memory with `Strided<N>`, `Dyn` or `Indirect<N>`

#[pyfunction]
fn result_with_pointers() -> PyOwned<f64, Indirect<2>> {
    todo!()
}
//~ error[E0277]: `...Indirect<2>` is not a layout without pointers
//~ expected `C<N>`, `F<N>`, `Pitched<N>`, `Strided<N>` or `Dyn`

fn trace<L: Ndim<2>>(x: View<'_, f64, L>) {}

fn other_ndim(x: View<'_, f64, C<1>>, y: View<'_, f64, Dyn>) {
    trace(x);
    trace(y);
}
//~ error[E0277]: `...C<1>` is not a layout of 2 axes
//~ error[E0277]: `Dyn` is not a layout of 2 axes
//~ expected a layout of 2 axes, and not `Dyn`

fn tuple_as_shape(x: View<'_, f64, C<1>>) {
    x.reshape((3, 4));
}
//~ error[E0277]: `({integer}, {integer})` is not a shape
//~ expected an array of `usize`, such as `[3, 4]`, or a slice `&[usize]`
