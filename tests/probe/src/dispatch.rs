//! Dispatch: arguments whose type is chosen at run time.

use pyo3::prelude::*;
use typedview_pyo3::{C, Element, F, Layout, PyUntypedView, PyView, Strided, dispatch};

fn spec<T: Element, L: Layout>(_view: &PyView<'_, T, L>) -> String {
    typedview_pyo3::Spec::of::<T, L>(typedview_pyo3::Access::Read).to_string()
}

/// Returns the spec of the view that `x` is taken as, and its sum.
#[pyfunction]
#[expect(clippy::unnecessary_cast, reason = "one body for all elements")]
pub(crate) fn dispatched(x: PyUntypedView<'_>) -> PyResult<(String, f64)> {
    dispatch!(x, i16 | i64 | f32 | f64, C<2> | F<2> | Strided<2>, |x| {
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
