//! `Lock`: a lock that Python code holds, so that it takes part in what locks promise to Rust.

use super::access::describe_lock;
use super::view_object::ViewObject;
use crate::lock::{ClaimError, ClaimGuard, add_own_lock, remove_own_lock, this_thread};
use pyo3::exceptions::{PyBufferError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::cell::RefCell;
use std::time::Duration;
use typedview_claims::Mode;

/// What `View.locked` returns: a context manager.
#[pyclass(unsendable, name = "Lock", module = "typedview")]
pub(super) struct Lock {
    view: Py<ViewObject>,
    mode: Mode,
    timeout: Option<Duration>,
    claim: RefCell<Option<ClaimGuard>>,
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
        Ok(Self { view: view.clone().unbind(), mode, timeout, claim: RefCell::new(None) })
    }
}

#[pymethods]
impl Lock {
    fn __enter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, ViewObject>> {
        if self.claim.borrow().is_some() {
            return Err(PyRuntimeError::new_err("the lock is already held"));
        }
        let view = self.view.bind(py);
        let elements = view.get().checked()?;
        let describe = |claim: &mut _| describe_lock(claim, elements, self.mode);
        if !elements.suboffsets().is_empty() {
            return Err(PyBufferError::new_err("memory behind pointers may be anywhere; copy it to lock it"));
        }
        let entered = match self.timeout {
            None => ClaimGuard::enter(py, None, describe),
            Some(timeout) => ClaimGuard::enter_within(py, timeout, describe),
        };
        let claim = match entered {
            Some(Ok(claim)) => claim,
            Some(Err(ClaimError::Raised(exception))) => return Err(exception),
            Some(Err(ClaimError::Conflict(conflict))) => {
                let thread = if conflict.thread() == this_thread() { "" } else { " on another thread" };
                let shown = conflict.shown();
                let text = format!("cannot lock the view: its memory is in use as {shown}{thread}");
                return Err(PyBufferError::new_err(text));
            }
            None => {
                return Err(PyBufferError::new_err("the memory of the view wraps around the address space"));
            }
        };
        add_own_lock(py, claim.claim());
        *self.claim.borrow_mut() = Some(claim);
        Ok(view.clone())
    }

    fn __exit__(
        &self,
        py: Python<'_>,
        _class: &Bound<'_, PyAny>,
        _exception: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) {
        self.unlock(py);
    }
}

impl Lock {
    fn unlock(&self, py: Python<'_>) {
        if let Some(claim) = self.claim.borrow_mut().take() {
            remove_own_lock(py, claim.claim());
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock whose `with` block has never ended, as in a generator that is dropped.
        Python::try_attach(|py| self.unlock(py));
    }
}
