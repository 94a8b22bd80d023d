//! Classes whose exports say less than they are: arrays of NumPy with a mask, bytes of pyarrow.
//! Apart because they are asked about on every way in, by their type: whoever derives from nothing is none of them.

use crate::loaded::loaded;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr;

/// Whether `obj` is a `numpy.ma.MaskedArray` with a mask, which hides elements that are exported all the same.
#[inline]
pub(crate) fn is_masked(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(derives(obj) && has_mask(obj)?)
}

/// Whether `obj` is a `pyarrow.Buffer`, which calls its bytes signed.
#[inline]
pub(crate) fn is_arrow_buffer(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(derives(obj) && is_instance(obj, "pyarrow.lib", "Buffer")?)
}

/// Whether the type of `obj` derives from another one than `object`.
#[inline]
fn derives(obj: &Bound<'_, PyAny>) -> bool {
    // The most frequent ones, without a call.
    let plain = [&raw mut ffi::PyByteArray_Type, &raw mut ffi::PyMemoryView_Type, &raw mut ffi::PyBytes_Type];
    if plain.contains(&obj.get_type_ptr()) {
        return false;
    }
    // SAFETY: the type is alive, and every type has this slot.
    let base = unsafe { ffi::PyType_GetSlot(obj.get_type_ptr(), ffi::Py_tp_base) };
    !ptr::eq(base.cast(), &raw const ffi::PyBaseObject_Type)
}

#[cold]
fn has_mask(obj: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !is_instance(obj, "numpy.ma", "MaskedArray")? {
        return Ok(false);
    }
    let nomask = obj.py().import("numpy.ma")?.getattr("nomask")?;
    Ok(!obj.getattr("mask")?.is(&nomask))
}

/// Whether `obj` is of a class of a module.
#[cold]
fn is_instance(obj: &Bound<'_, PyAny>, module: &str, class: &str) -> PyResult<bool> {
    match loaded(obj.py(), module)? {
        Some(module) => obj.is_instance(&module.getattr(class)?),
        None => Ok(false),
    }
}
