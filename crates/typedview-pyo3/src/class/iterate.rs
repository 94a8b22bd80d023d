//! Iterating: the elements of one axis, or the rows of more, one after the other.

use super::hold::released;
use super::view_object::ViewObject;
use crate::error::OrRaise;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The iterator of a view.
#[pyclass(frozen, name = "ViewIterator", module = "typedview")]
pub(super) struct ViewIterator {
    /// The view, until the end has been reached.
    view: Mutex<Option<Py<ViewObject>>>,
    next: AtomicUsize,
    length: usize,
    reversed: bool,
}

impl ViewIterator {
    pub(super) fn new(view: &Bound<'_, ViewObject>, reversed: bool) -> PyResult<Self> {
        let length = view.get().checked()?.shape().first().copied();
        let length = length.ok_or_else(|| PyTypeError::new_err("invalid indexing of 0-dim memory"))?;
        let view = Mutex::new(Some(view.clone().unbind()));
        Ok(Self { view, next: AtomicUsize::new(0), length, reversed })
    }
}

#[pymethods]
impl ViewIterator {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let next = self.next.load(Ordering::Relaxed);
        if next >= self.length {
            let last = self.view.lock().ok().and_then(|mut view| view.take());
            drop(last);
            return Ok(None);
        }
        self.next.store(next + 1, Ordering::Relaxed);
        let view = self.view.lock().ok().and_then(|view| view.as_ref().map(|view| view.clone_ref(py)));
        let Some(view) = view.map(|view| view.into_bound(py)) else { return Ok(None) };
        let index = if self.reversed { self.length - 1 - next } else { next };
        let (this, index) = (view.get(), index.cast_signed());
        let elements = this.checked().map_err(|_| released())?;
        if elements.ndim() == 1 {
            let address = elements.element(&[index]).or_raise()?;
            return this.element_at(py, address).map(Some);
        }
        let row = elements.index_axis(0, index).or_raise()?;
        Ok(Some(ViewObject::same(&view, row)?.into_any()))
    }

    /// How many elements are left, for `list` and others that allocate beforehand.
    fn __length_hint__(&self) -> usize {
        self.length.saturating_sub(self.next.load(Ordering::Relaxed))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.view.try_lock().as_deref() {
            Ok(view) => visit.call(view),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let view = self.view.lock().ok().and_then(|mut view| view.take());
        drop(view);
    }
}
