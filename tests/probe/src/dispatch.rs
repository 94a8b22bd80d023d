//! Dispatch: arguments whose type is chosen at run time.

use num_complex::Complex;
use pyo3::{IntoPyObjectExt, prelude::*};
use typedview_pyo3::{
    Access, C, Element, F, Layout, Owned, Pitched, PyOwned, PyUntypedView, PyView, ReadLock, Spec, Strided,
    dispatch, zip,
};

fn spec<T: Element, L: Layout>(_view: &PyView<'_, T, L>) -> String {
    Spec::of::<T, L>(Access::Read).to_string()
}

/// Returns the spec of the view that `x` is taken as, and its sum.
#[pyfunction]
#[expect(clippy::unnecessary_cast, reason = "one body for all elements")]
pub(crate) fn dispatched(x: PyUntypedView<'_>) -> PyResult<(String, f64)> {
    dispatch!(x, i16 | i64 | f32 | f64, C<2> | F<2> | Pitched<2> | Strided<2>, |x| {
        (spec(&x), x.cells().iter().map(|element| element as f64).sum())
    })
}

/// Computes `x[:, :] = 0` for several elements.
#[pyfunction]
pub(crate) fn clear(x: PyUntypedView<'_>) -> PyResult<()> {
    dispatch!(x, i16 | f64, Strided<2>, |mut x| x.lock_mut()?.view_mut().fill(Default::default()))
}

/// Calls `callback` after `x` has been acquired and before its type is chosen.
#[pyfunction]
pub(crate) fn dispatched_after(x: PyUntypedView<'_>, callback: &Bound<'_, PyAny>) -> PyResult<(String, f64)> {
    callback.call0()?;
    dispatched(x)
}

macro_rules! dispatch_inexact {
    ($views:tt, $($rest:tt)+) => {
        dispatch!($views, T: f32 | f64 | Complex<f32> | Complex<f64>, $($rest)+)
    };
}

/// Computes `y[:] = y * x` in the element and layout of both arguments, and returns the spec of `x`.
#[pyfunction]
pub(crate) fn multiply(y: PyUntypedView<'_>, x: PyUntypedView<'_>) -> PyResult<String> {
    dispatch_inexact!((y, x), L: C<1> | Strided<1>, |mut y, x| {
        let mut y = y.lock_mut()?;
        let x: ReadLock<'_, T, L> = x.lock()?;
        zip((y.view_mut(), x.view())).for_each(|(mut y, x)| y.set(y.get() * x));
        Spec::of::<T, L>(Access::Read).to_string()
    })
}

/// Returns the sum of `counts * weights`, whose elements do not depend on each other.
#[pyfunction]
pub(crate) fn weighted(counts: PyUntypedView<'_>, weights: PyUntypedView<'_>) -> PyResult<f64> {
    dispatch!(counts, u8 | i32, C<1> | Strided<1>, |counts| {
        dispatch!(weights, f32 | f64, C<1> | Strided<1>, |weights| {
            counts.cells().iter().zip(weights.cells().iter()).map(|(n, w)| f64::from(n) * Into::<f64>::into(w)).sum()
        })?
    })
}

/// Returns a new array of twice the elements. Its element is the one of `x`.
#[pyfunction]
pub(crate) fn doubled<'py>(py: Python<'py>, x: PyUntypedView<'py>) -> PyResult<Bound<'py, PyAny>> {
    dispatch!(x, T: i16 | f64, C<1> | Strided<1>, |x| {
        let doubled: Vec<T> = x.cells().iter().map(|element| element + element).collect();
        let shape = [doubled.len()];
        PyOwned::from(Owned::<T, C<1>>::from_vec(doubled, shape)).into_bound_py_any(py)?
    })
}
