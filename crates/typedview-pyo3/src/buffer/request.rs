//! Requests: one call of `PyObject_GetBuffer`, read where it was answered and then kept.

use super::normalise::describe;
use super::plain::plain;
use crate::acquire::{Answer, Description, Export, Keeper, Offered, Refused};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr;
use typedview::{Access, Element, Layout};

/// A `Py_buffer` in the place where an exporter has filled it.
///
/// - B2. The struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released.
#[derive(Clone, Copy)]
pub(crate) struct Filled<'a>(&'a ffi::Py_buffer);

impl Filled<'_> {
    /// The first element.
    #[inline]
    pub(crate) fn first(self) -> *mut u8 {
        self.0.buf.cast()
    }

    /// Whether the exporter forbids writing.
    #[inline]
    pub(crate) fn readonly(self) -> bool {
        self.0.readonly != 0
    }

    /// The layout of native elements `T`, where the exporter says all that and nothing odd.
    #[inline]
    pub(crate) fn plain<T: Element, L: Layout>(self) -> Option<L> {
        // SAFETY: B2.
        unsafe { plain::<T, L>(self.0) }
    }

    /// All that the exporter says, checked.
    #[cold]
    pub(crate) fn describe(self) -> Result<Description, Refused> {
        // SAFETY: B2.
        unsafe { describe(self.0) }
    }
}

/// Asks `obj` for its memory, to write where `access` says so, reads the answer, and keeps the export.
///
/// Exporters built on `PyBuffer_FillInfo` point into the struct, so that it is read before it moves.
///
/// # Errors
///
/// None, with the exporter's exception left in the interpreter.
#[inline]
pub(crate) fn request<X>(
    obj: &Bound<'_, PyAny>,
    access: Access,
    read: impl FnOnce(Filled<'_>) -> X,
) -> Option<(X, Export)> {
    let writable = if access == Access::Write { ffi::PyBUF_WRITABLE } else { 0 };
    let mut raw = ffi::Py_buffer::new();
    // SAFETY: `obj` is alive, `raw` is writable, and the interpreter is attached.
    if unsafe { ffi::PyObject_GetBuffer(obj.as_ptr(), &mut raw, ffi::PyBUF_FULL_RO | writable) } != 0 {
        return None;
    }
    // INVARIANT B2.
    let read = read(Filled(&raw));
    // What pointed into the struct would dangle once it moves; the protocol lets it be null in one dimension.
    if raw.shape == &raw mut raw.len {
        raw.shape = ptr::null_mut();
    }
    if raw.strides == &raw mut raw.itemsize {
        raw.strides = ptr::null_mut();
    }
    Some((read, Export::new(Keeper::Buffer(raw))))
}

/// Acquires the memory of an object that speaks the buffer protocol.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    match request(obj, access, |filled| filled.describe()) {
        Some((description, export)) => Ok(Some(Offered { export, description: description? })),
        None => explain(obj, access, PyErr::fetch(obj.py())),
    }
}

/// The reason why an exporter gave nothing, where it can be told better than by its own exception.
#[cold]
pub(crate) fn explain(obj: &Bound<'_, PyAny>, access: Access, exception: PyErr) -> Answer {
    // SAFETY: `obj` is alive and the interpreter is attached.
    if unsafe { ffi::PyObject_CheckBuffer(obj.as_ptr()) } == 0 {
        return Ok(None);
    }
    if access == Access::Write
        && let Some((Ok(description), export)) = request(obj, Access::Read, |filled| filled.describe())
        && description.found().readonly
    {
        // Readonly memory: the view refuses it in its own words.
        return Ok(Some(Offered { export, description }));
    }
    // What the second request raised is not what the first one did.
    drop(PyErr::take(obj.py()));
    Err(Refused::Raised(exception))
}
