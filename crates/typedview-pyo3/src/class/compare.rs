//! Comparing: equality of a view with any object that exports memory, and the hash that goes with it.

use super::access::{Side, with_memory};
use super::contents::{is_bytes, to_bytes};
use super::read_item;
use super::view_object::ViewObject;
use crate::acquire::Export;
use crate::error::OrRaise;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;
use typedview::{Order, Untyped};

/// Returns the answer of `==` and `!=`, and `NotImplemented` for other operators and for objects that export no memory.
pub(super) fn rich_compare<'py>(
    slf: &Bound<'py, ViewObject>,
    other: &Bound<'py, PyAny>,
    operator: CompareOp,
) -> PyResult<Bound<'py, PyAny>> {
    let py = slf.py();
    let wanted = match operator {
        CompareOp::Eq => true,
        CompareOp::Ne => false,
        _ => return Ok(py.NotImplemented().into_bound(py)),
    };
    match equals(slf, other)? {
        Some(equal) => (equal == wanted).into_bound_py_any(py),
        None => Ok(py.NotImplemented().into_bound(py)),
    }
}

/// Returns whether shapes and elements are equal, or `None` if `other` exports no memory.
fn equals(slf: &Bound<'_, ViewObject>, other: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    let (py, this) = (slf.py(), slf.get());
    if let Ok(other) = other.cast::<ViewObject>() {
        let (mine, others) = (this.elements(), other.get().elements());
        if this.hold().is_released() || other.get().hold().is_released() {
            return Ok(Some(slf.is(other)));
        }
        let sides = [this.side(mine, false), other.get().side(others, false)];
        return equal_elements(py, [mine, others], sides).map(Some);
    }
    if this.hold().is_released() {
        return Ok(Some(false));
    }
    let Ok((export, description)) = Export::acquire(other) else { return Ok(None) };
    let (mine, others) = (this.elements(), description.untyped());
    let sides = [this.side(mine, false), Side::of_export(others)];
    let equal = equal_elements(py, [mine, others], sides);
    export.release(py);
    equal.map(Some)
}

fn equal_elements(py: Python<'_>, [mine, others]: [&Untyped; 2], sides: [Side<'_>; 2]) -> PyResult<bool> {
    let compared = with_memory(py, &sides, || {
        // SAFETY: both have initialised elements (X1, D1), and `with_memory` keeps them and writers away.
        unsafe { mine.try_equals(others) }
    })?
    .or_raise()?;
    if let Some(equal) = compared {
        return Ok(equal);
    }
    // Formats that do not say when elements are equal: the Python objects decide. The bytes are copied, because comparing objects
    // runs Python code.
    let copies = with_memory(py, &sides, || {
        // SAFETY: both have initialised elements (X1, D1), and `with_memory` keeps them and writers away.
        [mine, others].map(|side| unsafe { side.try_to_bytes(Order::C) })
    })?;
    let [mine_bytes, others_bytes] = copies;
    let (mine_bytes, others_bytes) = (mine_bytes.or_raise()?, others_bytes.or_raise()?);
    let sizes = [mine.itemsize().max(1), others.itemsize().max(1)];
    for (one, other) in mine_bytes.chunks_exact(sizes[0]).zip(others_bytes.chunks_exact(sizes[1])) {
        let (one, other) =
            (read_item::to_object(py, mine.format(), one), read_item::to_object(py, others.format(), other));
        // Elements without an object, such as long doubles, are equal if their bytes are.
        match (one, other) {
            (Ok(one), Ok(other)) if !one.is_none() && one.eq(&other)? => {}
            (Err(_), Err(_)) if mine.format() == others.format() => return Ok(mine_bytes == others_bytes),
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Returns the hash of a readonly view: that of its bytes, which an equal `bytes` object has, too.
pub(super) fn hash(slf: &Bound<'_, ViewObject>) -> PyResult<isize> {
    let this = slf.get();
    let elements = this.checked()?;
    if !this.is_readonly() {
        return Err(PyValueError::new_err("cannot hash writable View object"));
    }
    // Numbers of other formats can be equal to these without having the same bytes.
    if !is_bytes(elements.format()) {
        return Err(PyValueError::new_err("View: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    if let Some(owner) = ViewObject::obj_of(slf)? {
        // Memory that a mutable object owns can change although the view is readonly.
        owner.hash()?;
    }
    if !ViewObject::is_root_readonly(slf)? {
        return Err(PyValueError::new_err(
            "cannot hash a readonly view of memory that another View can write",
        ));
    }
    to_bytes(slf.py(), this, Order::C)?.hash()
}
