//! The class `numpy.ndarray`, which is learnt when the first array arrives.
//! NumPy is never imported here. When NumPy is not loaded, there are no arrays.

use super::fields::Array;
use crate::loaded::loaded;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `numpy.ndarray`, or null until it is known. It is a static type, so it is never freed.
static ARRAY_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The type that was last found to be another one, so that a program without NumPy does not look for NumPy at each
/// call.
static LAST_OTHER_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// Returns whether `obj` is an exact ndarray, so that its memory is an [`Array`].
#[inline(always)]
pub(super) fn is_array(obj: &Bound<'_, PyAny>) -> bool {
    let (candidate, known) = (obj.get_type_ptr(), ARRAY_TYPE.load(Ordering::Relaxed));
    if candidate == known {
        return true;
    }
    known.is_null() && candidate != LAST_OTHER_TYPE.load(Ordering::Relaxed) && learn(obj)
}

/// Returns whether `obj` is an ndarray or an instance of a subclass.
pub(crate) fn is_instance(obj: &Bound<'_, PyAny>) -> bool {
    is_array(obj) || array_class(obj.py()).is_some_and(|array| is_a(obj, &array))
}

/// Returns whether `obj` is an instance of `class`. Its real type is used, not its `__class__`, which Python code can
/// change.
pub(crate) fn is_a(obj: &Bound<'_, PyAny>, class: &Bound<'_, PyType>) -> bool {
    let (found, wanted) = (obj.get_type_ptr(), class.as_type_ptr());
    // SAFETY: both types are alive: `obj` keeps its type alive, and `class` is a reference.
    found == wanted || unsafe { ffi::PyType_IsSubtype(found, wanted) } != 0
}

/// Returns the class `numpy.ndarray`, or `None` when NumPy is not loaded.
pub(super) fn array_class(py: Python<'_>) -> Option<Bound<'_, PyType>> {
    let known = ARRAY_TYPE.load(Ordering::Relaxed);
    if known.is_null() {
        let array = numpys_array(py).ok()??;
        ARRAY_TYPE.store(array.as_type_ptr(), Ordering::Relaxed);
        return Some(array);
    }
    // SAFETY: a static type is never freed.
    Some(unsafe { PyType::from_borrowed_type_ptr(py, known) })
}

/// Returns whether `obj` is an exact ndarray, and stores the type of arrays once NumPy is loaded.
#[cold]
fn learn(obj: &Bound<'_, PyAny>) -> bool {
    let candidate = obj.get_type();
    LAST_OTHER_TYPE.store(candidate.as_type_ptr(), Ordering::Relaxed);
    let others =
        [&raw mut ffi::PyBytes_Type, &raw mut ffi::PyByteArray_Type, &raw mut ffi::PyMemoryView_Type];
    if others.contains(&candidate.as_type_ptr()) || !is_static(&candidate) {
        return false;
    }
    // `candidate` is a static type and may be that of arrays. NumPy may be loaded later, so the type is not kept as
    // another.
    LAST_OTHER_TYPE.store(ptr::null_mut(), Ordering::Relaxed);
    array_class(obj.py()).is_some_and(|array| candidate.is(&array))
}

/// Returns whether a type is static. Only native code can create such a type, so a Python class cannot pretend to be
/// one.
fn is_static(candidate: &Bound<'_, PyType>) -> bool {
    // SAFETY: the type is alive during this call, because `candidate` is a reference to it.
    let flags = unsafe { ffi::PyType_GetFlags(candidate.as_type_ptr()) };
    flags & ffi::Py_TPFLAGS_HEAPTYPE == 0
}

/// Returns `numpy.ndarray`, or `None` when NumPy is not loaded or the module named `numpy` is not NumPy.
fn numpys_array(py: Python<'_>) -> PyResult<Option<Bound<'_, PyType>>> {
    let Some(numpy) = loaded(py, "numpy")? else { return Ok(None) };
    let array = numpy.getattr("ndarray")?.cast_into::<PyType>()?;
    let named = array.fully_qualified_name()? == "numpy.ndarray";
    let large_enough = array.getattr("__basicsize__")?.extract::<usize>()? >= size_of::<Array>();
    Ok((named && large_enough && is_static(&array)).then_some(array))
}
