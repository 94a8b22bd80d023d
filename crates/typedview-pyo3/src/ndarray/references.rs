//! References: which arrays own the Python objects that their memory refers to.
//!
//! An exporter's word is not enough: `ctypes` counts the references of its arrays elsewhere, and a forged
//! `__array_interface__` refers to no objects at all.

use super::array_type::is_array;
use super::fields::{Array, OWNDATA};
use pyo3::Borrowed;
use pyo3::prelude::*;

/// Whether the memory of `obj` was allocated by an exact ndarray, which counts the references in it.
///
/// `obj` is that array, or a view of it through exact ndarrays alone.
pub(crate) fn owns_references(obj: &Bound<'_, PyAny>) -> bool {
    let mut array = obj.as_borrowed();
    while is_array(&array) {
        // SAFETY: an exact ndarray is this struct, alive while the array that it is the base of is.
        let fields = unsafe { &*array.as_ptr().cast::<Array>() };
        if fields.flags & OWNDATA != 0 {
            return true;
        }
        // SAFETY: null, or an object that the array keeps alive; nothing runs that could change that.
        match unsafe { Borrowed::from_ptr_or_opt(obj.py(), fields.base) } {
            Some(base) => array = base,
            None => return false,
        }
    }
    false
}
