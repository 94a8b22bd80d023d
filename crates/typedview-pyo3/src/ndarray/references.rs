//! References: tells which arrays own the Python objects that their memory refers to.
//!
//! What an exporter says is not enough: `ctypes` counts the references of its arrays elsewhere, and the memory of a
//! forged `__array_interface__` may not refer to objects at all.

use super::array_type::is_array;
use super::fields::{Array, OWNDATA};
use pyo3::Borrowed;
use pyo3::prelude::*;

/// Returns whether the memory of `obj` was allocated by an exact ndarray, which counts the references in it.
///
/// `obj` is that ndarray itself, or a view of it through exact ndarrays only.
pub(crate) fn owns_references(obj: &Bound<'_, PyAny>) -> bool {
    let mut array = obj.as_borrowed();
    while is_array(&array) {
        // SAFETY: an exact ndarray has this struct, and it is alive because `obj` or the array before it keeps it
        // alive.
        let fields = unsafe { &*array.as_ptr().cast::<Array>() };
        if fields.flags & OWNDATA != 0 {
            return true;
        }
        // SAFETY: the base is null or an object that the array keeps alive, and no code runs that could replace it.
        match unsafe { Borrowed::from_ptr_or_opt(obj.py(), fields.base) } {
            Some(base) => array = base,
            None => return false,
        }
    }
    false
}

/// Returns the base of an exact ndarray, which is the object that owns its memory: `Some(None)` if that is the array itself.
/// Returns `None` for other objects.
#[inline]
pub(crate) fn exact_base<'py>(obj: &Bound<'py, PyAny>) -> Option<Option<Bound<'py, PyAny>>> {
    if !is_array(obj) {
        return None;
    }
    // SAFETY: an exact ndarray has this struct, and it is alive during this call.
    let base = unsafe { (*obj.as_ptr().cast::<Array>()).base };
    // SAFETY: the base is null or an object that the array keeps alive, and no code runs that could replace it.
    Some(unsafe { Bound::from_borrowed_ptr_or_opt(obj.py(), base) })
}
