//! Classes whose exports do not say everything: NumPy arrays with a mask, and pyarrow's buffers.
//! Every object that is acquired is tested for these classes. The test begins with the base class of its type: a type
//! that derives directly from `object` is none of them.

use crate::loaded::loaded;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr;

/// Returns whether `obj` is a `numpy.ma.MaskedArray` with a mask. Such an array also exports the elements that its mask
/// hides.
#[inline]
pub(crate) fn is_masked(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(derives(obj) && has_mask(obj)?)
}

/// Returns whether `obj` is a `pyarrow.Buffer`, which describes its bytes as signed although they are not.
#[inline]
pub(crate) fn is_arrow_buffer(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(derives(obj) && is_instance(obj, "pyarrow.lib", "Buffer")?)
}

/// Returns whether the type of `obj` derives from another class than `object`.
#[inline]
fn derives(obj: &Bound<'_, PyAny>) -> bool {
    // These types are the most frequent ones. They are recognised without a call into the interpreter.
    let plain = [&raw mut ffi::PyByteArray_Type, &raw mut ffi::PyMemoryView_Type, &raw mut ffi::PyBytes_Type];
    if plain.contains(&obj.get_type_ptr()) {
        return false;
    }
    // SAFETY: `obj` keeps its type alive, and every type has the slot `Py_tp_base`.
    let base = unsafe { ffi::PyType_GetSlot(obj.get_type_ptr(), ffi::Py_tp_base) };
    !ptr::eq(base.cast(), &raw const ffi::PyBaseObject_Type)
}

/// Returns whether `obj` is a `numpy.ma.MaskedArray` that has a mask.
#[cold]
fn has_mask(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !is_instance(obj, "numpy.ma", "MaskedArray")? {
        return Ok(false);
    }
    let nomask = obj.py().import("numpy.ma")?.getattr("nomask")?;
    Ok(!obj.getattr("mask")?.is(&nomask))
}

/// Returns whether `obj` is an instance of a class of a module. If the module is not loaded, it is not.
#[cold]
fn is_instance(obj: &Bound<'_, PyAny>, module: &str, class: &str) -> PyResult<bool> {
    match loaded(obj.py(), module)? {
        Some(module) => obj.is_instance(&module.getattr(class)?),
        None => Ok(false),
    }
}
