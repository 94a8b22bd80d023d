//! Bases: finds the object that owns the memory to which an array only refers.
//! The buffer that an array exports names the array itself as its owner, so this is not known from the buffer.

use super::array_type::{array_class, is_instance};
use super::exact_base;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView};

/// How many objects are followed. NumPy itself stores the last base of a chain of exact arrays.
const LONGEST: usize = 64;

/// Returns the object that owns the memory of an array or of a `memoryview`, by following their attributes `base` and `obj`.
/// Returns `None` for objects that own their memory, and for objects of other classes.
pub(crate) fn owner_of_memory<'py>(obj: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    let mut owner = None;
    for _ in 0..LONGEST {
        let Some(next) = next(owner.as_ref().unwrap_or(obj)) else { break };
        owner = Some(next);
    }
    owner
}

/// Returns the object to which the next attribute leads.
fn next<'py>(obj: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    let py = obj.py();
    if obj.is_exact_instance_of::<PyBytes>() || obj.is_exact_instance_of::<PyByteArray>() {
        return None;
    }
    if let Some(base) = exact_base(obj) {
        return base;
    }
    let next = if obj.is_exact_instance_of::<PyMemoryView>() {
        obj.getattr(intern!(py, "obj"))
    } else if is_instance(obj) {
        // A subclass may have an attribute `base` of its own, so that of the class `ndarray` is read.
        array_class(py)?
            .getattr(intern!(py, "base"))
            .and_then(|base| base.call_method1(intern!(py, "__get__"), (obj,)))
    } else {
        return None;
    };
    // A `memoryview` that has been released has no object.
    next.ok().filter(|next| !next.is_none())
}
