//! Types that are not elements.

use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, PyUntypedView, PyView, View, dispatch};

#[pyfunction]
fn bools(x: PyView<'_, bool, C<1>>) {}
//~ error[E0277]: `bool` is not an element
//~ not every byte pattern is known to be a value of it
//~ types of `typedview`: `Bool` for `bool`, `Text<N>` for `char`, `str` and `String`

fn characters(x: View<'_, char, C<1>>) {}
//~ error[E0277]: `char` is not an element
//~ `Text<N>` for `char`

fn strings(x: View<'_, String, C<1>>) {}
//~ error[E0277]: `String` is not an element

fn references(x: View<'_, &'static f64, C<1>>) {}
//~ error[E0277]: `&'static f64` is not an element

fn references_to_objects(x: PyView<'_, Py<PyAny>, C<1>>) {}
//~ error[E0277]: `...Py<...PyAny>` is not an element
//~ `PyObjectView` of `typedview-pyo3` views references to Python objects

fn vectors(x: Vec<Vec<f64>>) {
    Owned::from(x);
}
//~ error[E0277]: `Vec<f64>` is not an element

fn arrays(x: View<'_, [bool; 3], C<1>>) {}
//~ error[E0277]: `bool` is not an element

fn large_integers(x: View<'_, i128, C<1>>) {}
//~ error[E0277]: `i128` is not an element
//~ elements are numbers of at most 64 bits

fn half_floats(x: View<'_, half::f16, C<1>>) {}
//~ error[E0277]: `...f16` is not an element
//~ `half::f16` and `half::bf16` are elements with the feature `half`

fn complex(x: View<'_, num_complex::Complex<f64>, C<1>>) {}
//~ error[E0277]: `...Complex<f64>` is not an element
//~ `Complex<f32>` and `Complex<f64>` are elements with the feature `num-complex`

#[pyfunction]
fn dispatches(x: PyUntypedView<'_>) -> PyResult<usize> {
    dispatch!(x, bool | f64, C<1>, |x| Ok(x.size()))
}
//~ error[E0277]: `bool` is not an element

fn array_of_bools() {
    View::from(&[true, false]);
}
//~ error[E0277]: `bool` is not known to be a single element
//~ error[E0277]: `bool` is not an element

fn other_order(x: View<'_, typedview::Big<[f64; 2]>, C<1>>) {}
//~ error[E0277]: the bytes of `[f64; 2]` cannot be swapped
//~ expected a number, `Text`, `Datetime` or `Timedelta`

fn unit(x: View<'_, typedview::Datetime<u64>, C<1>>) {}
//~ error[E0277]: `u64` is not a unit of time
//~ expected a type of the module `time`, such as `time::Nanosecond`

fn conversions(
    mut x: typedview::ViewMut<'_, i32, C<1>>,
    y: View<'_, f64, C<1>>,
    z: View<'_, [f64; 1], C<1>>,
) {
    x.convert_from(&y);
    x.convert_exact_from(&z);
}
//~ error[E0277]: elements `f64` are not converted to `i32` by the rule `same_kind`
//~ `convert_exact_from` converts all real numbers whose value does not change
//~ error[E0277]: `[f64; 1]` is not an element that is a number
