//! `Lock`: a lock that Python code holds, so that it takes part in what locks promise to Rust.

use super::access::describe_lock;
use super::view_object::ViewObject;
use crate::lock::{ClaimError, OwnLock, advice_in_turn, other_use};
use pyo3::exceptions::{PyBufferError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use typedview_claims::Mode;

/// What `View.locked` returns: a context manager.
#[pyclass(frozen, name = "Lock", module = "typedview")]
pub(super) struct Lock {
    view: Py<ViewObject>,
    mode: Mode,
    timeout: Option<Duration>,
    /// The lock, while it is held. The view cannot be released meanwhile.
    held: Mutex<Option<OwnLock>>,
}

impl Lock {
    pub(super) fn new(view: &Bound<'_, ViewObject>, read: bool, timeout: Option<f64>) -> PyResult<Self> {
        let timeout = match timeout.map(Duration::try_from_secs_f64) {
            None => None,
            Some(Ok(timeout)) => Some(timeout),
            Some(Err(_)) => return Err(PyValueError::new_err("the timeout is no number of seconds")),
        };
        if !read && view.get().is_readonly() {
            return Err(PyBufferError::new_err("a readonly view is locked for reading: locked(read=True)"));
        }
        let mode = if read { Mode::SHARED } else { Mode::EXCLUSIVE };
        Ok(Self { view: view.clone().unbind(), mode, timeout, held: Mutex::new(None) })
    }
}

#[pymethods]
impl Lock {
    fn __enter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, ViewObject>> {
        let view = self.view.bind(py);
        let elements = view.get().checked()?;
        if !elements.suboffsets().is_empty() {
            return Err(PyBufferError::new_err("memory behind pointers may be anywhere; copy it to lock it"));
        }
        if self.held().is_some() {
            return Err(PyRuntimeError::new_err("the lock is already held"));
        }
        // The view stays while this thread waits, and while the lock is held.
        view.get().hold().retain()?;
        let lock = self.enter(py, view.get());
        match lock {
            Ok(lock) if self.held().is_none() => *self.held() = Some(lock),
            // Another thread has entered the same lock meanwhile.
            Ok(_) => {
                view.get().hold().end_use();
                return Err(PyRuntimeError::new_err("the lock is already held"));
            }
            Err(exception) => {
                view.get().hold().end_use();
                return Err(exception);
            }
        }
        Ok(view.clone())
    }

    fn __exit__(
        &self,
        _class: &Bound<'_, PyAny>,
        _exception: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) {
        self.unlock();
    }
}

impl Lock {
    fn held(&self) -> MutexGuard<'_, Option<OwnLock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, py: Python<'_>, view: &ViewObject) -> PyResult<OwnLock> {
        let describe = |claim: &mut _| describe_lock(claim, view.elements(), self.mode);
        match OwnLock::enter(py, self.timeout, describe) {
            Some(Ok(lock)) => Ok(lock),
            Some(Err(ClaimError::Raised(exception))) => Err(exception),
            Some(Err(ClaimError::Conflict(conflict))) => {
                let (found, advice) = (other_use(&conflict), advice_in_turn(&conflict).unwrap_or_default());
                let text = format!("cannot lock the view: its memory is {found}{advice}");
                Err(PyBufferError::new_err(text))
            }
            None => Err(PyBufferError::new_err("the memory of the view wraps around the address space")),
        }
    }

    fn unlock(&self) {
        let lock = self.held().take();
        if let Some(lock) = lock {
            drop(lock);
            self.view.get().hold().end_use();
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock whose `with` block has never ended, as in a generator that is dropped.
        self.unlock();
    }
}
