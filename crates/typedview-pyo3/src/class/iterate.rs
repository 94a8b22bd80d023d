//! Iterating: the elements of one axis, or the rows of more, one after the other.

use super::view_object::ViewObject;
use crate::error::OrRaise;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The iterator of a view.
#[pyclass(frozen, name = "ViewIterator", module = "typedview")]
pub(super) struct ViewIterator {
    place: Mutex<Place>,
    length: usize,
    reversed: bool,
}

struct Place {
    /// The view, until the end has been reached.
    view: Option<Py<ViewObject>>,
    /// How many elements have been given.
    next: usize,
}

impl ViewIterator {
    pub(super) fn new(view: &Bound<'_, ViewObject>, reversed: bool) -> PyResult<Self> {
        let length = view.get().checked()?.shape().first().copied();
        let length = length.ok_or_else(|| PyTypeError::new_err("invalid indexing of 0-dim memory"))?;
        let place = Mutex::new(Place { view: Some(view.clone().unbind()), next: 0 });
        Ok(Self { place, length, reversed })
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the view and the number of the next element, or `None` at the end. The view is let go then.
    #[inline]
    fn advance(&self, py: Python<'_>) -> Option<(Py<ViewObject>, usize)> {
        let mut place = self.place();
        let next = place.next;
        if next < self.length {
            place.next = next + 1;
            return place.view.as_ref().map(|view| (view.clone_ref(py), next));
        }
        let ended = place.view.take();
        // Dropping the view can run Python code, which may use this iterator.
        drop(place);
        drop(ended);
        None
    }
}

#[pymethods]
impl ViewIterator {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some((view, next)) = self.advance(py) else { return Ok(None) };
        let view = view.bind(py);
        let index = if self.reversed { self.length - 1 - next } else { next };
        let (this, index) = (view.get(), index.cast_signed());
        let _pointers = this.while_pointers()?;
        let elements = this.checked()?;
        if let ([stride], []) = (elements.strides(), elements.suboffsets()) {
            // The offset is that of an index inside the shape, so it fits (L2).
            let address = elements.as_ptr().wrapping_offset(stride.wrapping_mul(index));
            return this.element_at(py, address).map(Some);
        }
        if elements.ndim() == 1 {
            return this.element_at(py, elements.element(&[index]).or_raise()?).map(Some);
        }
        let row = elements.index_axis(0, index).or_raise()?;
        Ok(Some(ViewObject::same(view, row)?.into_any()))
    }

    /// How many elements are left, for `list` and others that allocate beforehand.
    fn __length_hint__(&self) -> usize {
        self.length.saturating_sub(self.place().next)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.place.try_lock() {
            Ok(place) => visit.call(&place.view),
            Err(_) => Ok(()),
        }
    }
}
