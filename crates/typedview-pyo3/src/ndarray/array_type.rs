//! Which type an exact `numpy.ndarray` has, learnt when the first one arrives.
//! NumPy is never imported: where it is not loaded, there are no arrays.

use super::fields::Array;
use crate::loaded::loaded;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `numpy.ndarray`, once known; it is a static type, so it stays.
static ARRAY_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The type that was last found to be another, so that a program without NumPy does not look for it each time.
static OTHER_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// Whether `obj` is an exact ndarray: its memory is an [`Array`].
#[inline(always)]
pub(super) fn is_array(obj: &Bound<'_, PyAny>) -> bool {
    let (candidate, known) = (obj.get_type_ptr(), ARRAY_TYPE.load(Ordering::Relaxed));
    if candidate == known {
        return true;
    }
    known.is_null() && candidate != OTHER_TYPE.load(Ordering::Relaxed) && learn(obj)
}

#[cold]
fn learn(obj: &Bound<'_, PyAny>) -> bool {
    let candidate = obj.get_type();
    OTHER_TYPE.store(candidate.as_type_ptr(), Ordering::Relaxed);
    let others =
        [&raw mut ffi::PyBytes_Type, &raw mut ffi::PyByteArray_Type, &raw mut ffi::PyMemoryView_Type];
    if others.contains(&candidate.as_type_ptr()) || !is_static(&candidate) {
        return false;
    }
    // NumPy may be loaded later.
    OTHER_TYPE.store(ptr::null_mut(), Ordering::Relaxed);
    let Ok(Some(array)) = numpys_array(obj.py()) else {
        return false;
    };
    ARRAY_TYPE.store(array.as_type_ptr(), Ordering::Relaxed);
    candidate.is(&array)
}

/// A type that only native code can make, so that nobody can pass off a class of their own.
fn is_static(candidate: &Bound<'_, PyType>) -> bool {
    // SAFETY: the type is alive.
    let flags = unsafe { ffi::PyType_GetFlags(candidate.as_type_ptr()) };
    flags & ffi::Py_TPFLAGS_HEAPTYPE == 0
}

/// `numpy.ndarray`, unless what lies under the name numpy is not NumPy.
fn numpys_array(py: Python<'_>) -> PyResult<Option<Bound<'_, PyType>>> {
    let Some(numpy) = loaded(py, "numpy")? else { return Ok(None) };
    let array = numpy.getattr("ndarray")?.cast_into::<PyType>()?;
    let named = array.fully_qualified_name()? == "numpy.ndarray";
    let large_enough = array.getattr("__basicsize__")?.extract::<usize>()? >= size_of::<Array>();
    Ok((named && large_enough && is_static(&array)).then_some(array))
}
