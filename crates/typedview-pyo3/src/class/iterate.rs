//! Iterating: the elements of one axis, or the rows of more, one after the other.

use super::view_object::ViewObject;
use crate::error::OrRaise;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The iterator of a view.
#[pyclass(frozen, name = "ViewIterator", module = "typedview")]
pub(super) struct ViewIterator {
    view: Py<ViewObject>,
    next: AtomicUsize,
    length: usize,
    reversed: bool,
}

impl ViewIterator {
    pub(super) fn new(view: &Bound<'_, ViewObject>, reversed: bool) -> PyResult<Self> {
        let length = view.get().checked()?.shape().first().copied();
        let length = length.ok_or_else(|| PyTypeError::new_err("invalid indexing of 0-dim memory"))?;
        let view = view.clone().unbind();
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
            return Ok(None);
        }
        self.next.store(next + 1, Ordering::Relaxed);
        let view = self.view.bind(py);
        let index = if self.reversed { self.length - 1 - next } else { next };
        let (this, index) = (view.get(), index.cast_signed());
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
        self.length.saturating_sub(self.next.load(Ordering::Relaxed))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.view)
    }
}
