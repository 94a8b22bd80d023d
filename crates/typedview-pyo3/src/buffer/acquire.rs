//! Acquiring: one call of `PyObject_GetBuffer`, and the export held until dropped.

use super::normalise::{Description, Unusable};
use crate::error::raise;
use pyo3::exceptions::{PyBufferError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::fmt;
use typedview::{Access, Spec};

/// An export of a Python object, held until dropped.
///
/// - B1. `raw` was filled by `PyObject_GetBuffer` and is released once, by `Drop`.
pub struct Buffer {
    raw: ffi::Py_buffer,
    /// Exporters built on `PyBuffer_FillInfo` point `shape` and `strides` into the struct itself, which moves here.
    shape_is_len: bool,
    strides_is_itemsize: bool,
}

// SAFETY: B1: the struct is only touched by `Drop`, which attaches to the interpreter first.
unsafe impl Send for Buffer {}
// SAFETY: as above; a shared reference gives access to nothing.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Acquires what `obj` exports, whatever it is.
    ///
    /// # Errors
    ///
    /// `TypeError` when `obj` exports no buffer or no numbers; `ValueError` when it describes memory that cannot be;
    /// the exporter's own exception when it refuses.
    pub fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<(Self, Description)> {
        Self::request(obj, ffi::PyBUF_FULL_RO, None)
    }

    /// The object that the exporter named as the owner of the memory.
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        let owner: *const *mut ffi::PyObject = &raw const self.raw.obj;
        // SAFETY: B1: a reference that the struct owns, or null; `Option<Py>` is a pointer, null for `None`.
        unsafe { &*owner.cast::<Option<Py<PyAny>>>() }.as_ref()
    }

    /// Acquires what `obj` exports, for a view that asks for `spec`, which is built only to refuse.
    pub(crate) fn acquire_for(
        obj: &Bound<'_, PyAny>,
        access: Access,
        spec: fn() -> Spec,
    ) -> PyResult<(Self, Description)> {
        let writable = if access == Access::Write { ffi::PyBUF_WRITABLE } else { 0 };
        Self::request(obj, ffi::PyBUF_FULL_RO | writable, Some(spec))
    }

    fn request(
        obj: &Bound<'_, PyAny>,
        flags: c_int,
        spec: Option<fn() -> Spec>,
    ) -> PyResult<(Self, Description)> {
        match Self::get(obj, flags) {
            Ok((buffer, Ok(description))) => Ok((buffer, description)),
            Ok((_, Err(unusable))) => Err(refusal(obj, spec.map(|spec| spec()).as_ref(), &unusable)),
            Err(exception) => Err(explain(obj, spec.map(|spec| spec()).as_ref(), exception)),
        }
    }

    fn get(obj: &Bound<'_, PyAny>, flags: c_int) -> PyResult<(Self, Result<Description, Unusable>)> {
        let mut raw = ffi::Py_buffer::new();
        // SAFETY: `obj` is alive, `raw` is writable, and the interpreter is attached.
        if unsafe { ffi::PyObject_GetBuffer(obj.as_ptr(), &mut raw, flags) } != 0 {
            return Err(PyErr::fetch(obj.py()));
        }
        // SAFETY: `raw` has just been filled and has not moved.
        let description = unsafe { Description::of(&raw) };
        let shape_is_len = raw.shape == &raw mut raw.len;
        let strides_is_itemsize = raw.strides == &raw mut raw.itemsize;
        // INVARIANT B1.
        Ok((Self { raw, shape_is_len, strides_is_itemsize }, description))
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let raw = &mut self.raw;
        if self.shape_is_len {
            raw.shape = &raw mut raw.len;
        }
        if self.strides_is_itemsize {
            raw.strides = &raw mut raw.itemsize;
        }
        // At interpreter shutdown there is nothing left to release to.
        Python::try_attach(|_| {
            // SAFETY: B1, and the interpreter is attached.
            unsafe { ffi::PyBuffer_Release(raw) }
        });
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes at {:p})", self.raw.len, self.raw.buf)
    }
}

/// The name of the type of an exporter, as messages show it: `numpy.ndarray`.
pub(crate) fn exporter_name(obj: &Bound<'_, PyAny>) -> String {
    obj.get_type().fully_qualified_name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}

/// `expected double[:], got list`, or what can be said without a spec.
fn expectation(obj: &Bound<'_, PyAny>, spec: Option<&Spec>) -> String {
    let found = if obj.is_none() { "None".to_owned() } else { exporter_name(obj) };
    match spec {
        Some(spec) => format!("expected {spec}, got {found}"),
        None => format!("cannot view {found}"),
    }
}

fn refusal(obj: &Bound<'_, PyAny>, spec: Option<&Spec>, unusable: &Unusable) -> PyErr {
    let expectation = expectation(obj, spec);
    match unusable {
        Unusable::Odd(oddity) => PyValueError::new_err(format!("{expectation}: {oddity}")),
        Unusable::Core(error) => raise(error.kind(), format!("{expectation}: {error}")),
    }
}

/// The reason why an exporter gave nothing, where it can be told better than by its own exception.
#[cold]
fn explain(obj: &Bound<'_, PyAny>, spec: Option<&Spec>, exception: PyErr) -> PyErr {
    // SAFETY: `obj` is alive and the interpreter is attached.
    if unsafe { ffi::PyObject_CheckBuffer(obj.as_ptr()) } == 0 {
        let expectation = expectation(obj, spec);
        return PyTypeError::new_err(format!(
            "{expectation}: not a buffer; pass an array.array, a numpy.ndarray or another exporter"
        ));
    }
    let py = obj.py();
    let refused = exception.is_instance_of::<PyBufferError>(py)
        || exception.is_instance_of::<PyValueError>(py)
        || exception.is_instance_of::<PyTypeError>(py);
    match spec {
        Some(spec) if refused && spec.access() == Access::Write => readonly(obj, spec).unwrap_or(exception),
        _ => exception,
    }
}

/// The refusal of an exporter that would let its memory be read, but not written.
fn readonly(obj: &Bound<'_, PyAny>, spec: &Spec) -> Option<PyErr> {
    let (_buffer, description) = Buffer::get(obj, ffi::PyBUF_FULL_RO).ok()?;
    let description = match description {
        Ok(description) => description,
        Err(unusable) => return Some(refusal(obj, Some(spec), &unusable)),
    };
    let error = spec.check(&description.found(), &exporter_name(obj)).err()?;
    Some(raise(error.kind(), error.to_string()))
}
