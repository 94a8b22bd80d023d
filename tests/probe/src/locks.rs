//! Locks: views and locks that are held while something else happens.

use pyo3::prelude::*;
use std::time::Duration;
use typedview_pyo3::{C, Dyn, Indirect, PyUntypedView, PyView, PyViewMut, Strided, WriteLock};

/// Locks `a` for reading and `b` for writing, then computes `b[:] = a`.
#[pyfunction]
pub(crate) fn copy_locked(
    a: PyView<'_, f64, Strided<1>>,
    mut b: PyViewMut<'_, f64, Strided<1>>,
) -> PyResult<()> {
    use typedview_pyo3::OrRaise;
    let a = a.lock()?;
    let mut b = b.lock_mut()?;
    b.view_mut().try_copy_from(&a.view()).or_raise()
}

/// Locks `b` for writing, then `a` for reading.
#[pyfunction]
pub(crate) fn lock_mut_then_lock(
    mut b: PyViewMut<'_, f64, Strided<1>>,
    a: PyView<'_, f64, Strided<1>>,
) -> PyResult<()> {
    let _b = b.lock_mut()?;
    let _a = a.lock()?;
    Ok(())
}

/// Locks for reading twice, through both arguments.
#[pyfunction]
pub(crate) fn lock_twice(a: PyView<'_, f64, Strided<1>>, b: PyView<'_, f64, Strided<1>>) -> PyResult<f64> {
    let (first, second, third) = (a.lock()?, a.lock()?, b.lock()?);
    Ok(first.view().iter().sum::<f64>()
        + second.view().iter().sum::<f64>()
        + third.view().iter().sum::<f64>())
}

/// Calls `callback` while `x`, with any number of axes, is locked for writing, and does not touch it.
#[pyfunction]
pub(crate) fn while_locked_mut_untouched(
    mut x: PyViewMut<'_, f64, Dyn>,
    callback: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let _lock = x.lock_mut()?;
    callback.call0().map(drop)
}

/// Locks all of `arrays` for writing at once, and returns how many there are.
#[pyfunction]
pub(crate) fn lock_all(arrays: Vec<Bound<'_, PyAny>>) -> PyResult<usize> {
    fn lock<'a>(
        views: &'a mut [PyViewMut<'_, f64, Strided<1>>],
    ) -> PyResult<Vec<WriteLock<'a, f64, Strided<1>>>> {
        views.iter_mut().map(PyViewMut::lock_mut).collect()
    }
    let mut views: Vec<_> = arrays.iter().map(|array| array.extract()).collect::<PyResult<_>>()?;
    Ok(lock(&mut views)?.len())
}

/// Returns the sum of `x`, locked for reading. Waits for at most `seconds` until the memory can be locked.
#[pyfunction]
pub(crate) fn sum_within(x: PyView<'_, f64, Strided<1>>, seconds: f64) -> PyResult<f64> {
    let lock = x.lock_within(Duration::from_secs_f64(seconds))?;
    Ok(lock.view().iter().sum())
}

/// Computes `x[:] = value`, locked for writing. Waits for at most `seconds` until the memory can be locked.
#[pyfunction]
pub(crate) fn fill_within(x: PyUntypedView<'_>, value: f64, seconds: f64) -> PyResult<()> {
    let timeout = Duration::from_secs_f64(seconds);
    let x = x.typed_mut_within::<f64, Strided<1>>(timeout)?;
    x.lock_mut_within(timeout)?.view_mut().fill(value);
    Ok(())
}

/// Locks a matrix that may have pointers for reading.
#[pyfunction]
pub(crate) fn lock_indirect(x: PyView<'_, f64, Indirect<2>>) -> PyResult<()> {
    x.lock().map(drop)
}

/// Returns the sum, computed on two threads that are detached from the interpreter.
#[pyfunction]
pub(crate) fn sum_detached(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    let lock = x.lock()?;
    let view = lock.view();
    let half = (view.size() / 2).cast_signed();
    Ok(py.detach(|| {
        std::thread::scope(|scope| {
            let rest = scope.spawn(|| view.slice_rows(half..).iter().sum::<f64>());
            view.slice_rows(..half).iter().sum::<f64>() + rest.join().unwrap_or(f64::NAN)
        })
    }))
}

/// Calls `callback` while all of `arrays` are acquired for reading and not locked.
#[pyfunction]
pub(crate) fn while_all_read(
    arrays: Vec<PyView<'_, f64, Strided<1>>>,
    callback: &Bound<'_, PyAny>,
) -> PyResult<usize> {
    callback.call0()?;
    Ok(arrays.len())
}

/// Acquires `x` and releases it.
#[pyfunction]
pub(crate) fn take(x: PyView<'_, f64, Strided<1>>) {
    drop(x);
}

/// Acquires `x` and locks it for reading.
#[pyfunction]
pub(crate) fn take_locked(x: PyView<'_, f64, Strided<1>>) -> PyResult<()> {
    x.lock().map(drop)
}

/// Acquires `x` and locks it for writing.
#[pyfunction]
pub(crate) fn take_locked_mut(mut x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
    x.lock_mut().map(drop)
}

/// Acquires and releases `x`, `times` times.
#[pyfunction]
pub(crate) fn take_often(x: &Bound<'_, PyAny>, times: usize) -> PyResult<()> {
    (0..times).try_for_each(|_| x.extract::<PyView<'_, f64, Strided<1>>>().map(drop))
}

/// Acquires `x` and locks it for writing, `times` times.
#[pyfunction]
pub(crate) fn take_locked_often(x: &Bound<'_, PyAny>, times: usize) -> PyResult<()> {
    (0..times).try_for_each(|_| x.extract::<PyViewMut<'_, f64, Strided<1>>>()?.lock_mut().map(drop))
}
