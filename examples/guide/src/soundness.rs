//! The functions of the page "Soundness, for users".

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::time::Duration;
use typedview_pyo3::{PyPinned, PyView, PyViewMut, Strided, detached, raising, zip};

// [states]
/// Calls `during` while this function uses `x` in the named way.
#[pyfunction]
pub(crate) fn using<'py>(
    how: &str,
    x: &Bound<'py, PyAny>,
    during: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match how {
        "local, reads" => {
            let _x: PyView<'_, f64, Strided<1>> = x.extract()?;
            during.call0()
        }
        "local, writes" => {
            let _x: PyViewMut<'_, f64, Strided<1>> = x.extract()?;
            during.call0()
        }
        "lock()" => {
            let x: PyView<'_, f64, Strided<1>> = x.extract()?;
            let _lock = x.lock()?;
            during.call0()
        }
        "lock_mut()" => {
            let mut x: PyViewMut<'_, f64, Strided<1>> = x.extract()?;
            let _lock = x.lock_mut()?;
            during.call0()
        }
        _ => Err(PyValueError::new_err("no such state")),
    }
}
// [states]

// [add]
/// `y += x`, with both locked and the interpreter detached.
#[pyfunction]
pub(crate) fn add(
    py: Python<'_>,
    mut y: PyViewMut<'_, f64, Strided<1>>,
    x: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    detached(py, (&mut y, &x), |(y, x)| zip((y, x)).for_each(|(mut y, x)| y.set(y.get() + x)))
}

/// `y += x`, element by element. `x` and `y` may be the same memory, or overlap.
#[pyfunction]
pub(crate) fn add_by_value(
    y: PyViewMut<'_, f64, Strided<1>>,
    x: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    let (y, x) = (y.cells(), x.cells());
    raising(|| (0..y.size()).for_each(|i| y.set(i, y.at(i) + x.at(i))))
}
// [add]

// [patient_sum]
/// Returns the sum. Waits up to `timeout` for locks of other threads to end.
#[pyfunction]
pub(crate) fn patient_sum(py: Python<'_>, x: PyPinned<f64, Strided<1>>, timeout: Duration) -> PyResult<f64> {
    let lock = x.lock_within(py, timeout)?;
    let x = lock.view();
    Ok(py.detach(|| x.iter().sum()))
}
// [patient_sum]
