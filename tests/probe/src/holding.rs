//! Functions that hold an argument while a callback runs.
//! `typedview-probe-numpy` includes this file too, because it is built with other features of `typedview-pyo3`.

use pyo3::prelude::*;
use std::time::Duration;
use typedview_pyo3::{PyView, PyViewMut, Strided};

/// Calls `callback` while `x` is acquired for reading and not locked.
#[pyfunction]
pub(crate) fn while_read(x: PyView<'_, f64, Strided<1>>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
    callback.call0()?;
    Ok(x.cells().iter().sum())
}

/// Calls `callback` while `x` is acquired for writing and not locked.
#[pyfunction]
pub(crate) fn while_written(x: PyViewMut<'_, f64, Strided<1>>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
    callback.call0()?;
    Ok(x.cells().iter().sum())
}

/// Calls `callback` while `x` is locked for reading.
#[pyfunction]
pub(crate) fn while_locked(x: PyView<'_, f64, Strided<1>>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
    let lock = x.lock()?;
    callback.call0()?;
    Ok(lock.view().iter().sum())
}

/// Calls `callback` while `x` is locked for writing.
#[pyfunction]
pub(crate) fn while_locked_mut(
    mut x: PyViewMut<'_, f64, Strided<1>>,
    callback: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    let lock = x.lock_mut()?;
    callback.call0()?;
    Ok(lock.view().iter().sum())
}

/// Does the same as `while_locked`, with a lock that waits until others have released the memory.
#[pyfunction]
pub(crate) fn while_locked_within(
    x: PyView<'_, f64, Strided<1>>,
    callback: &Bound<'_, PyAny>,
    seconds: f64,
) -> PyResult<()> {
    let _lock = x.lock_within(Duration::from_secs_f64(seconds))?;
    callback.call0().map(drop)
}

/// Does the same as `while_locked_mut`, with a lock that waits until others have released the memory.
#[pyfunction]
pub(crate) fn while_locked_mut_within(
    x: PyViewMut<'_, f64, Strided<1>>,
    callback: &Bound<'_, PyAny>,
    seconds: f64,
) -> PyResult<()> {
    let _lock = x.lock_mut_within(Duration::from_secs_f64(seconds))?;
    callback.call0().map(drop)
}
