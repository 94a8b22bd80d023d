//! Normalising: what a `Py_buffer` may leave out, filled in.
//! Reads the arrays of the struct, and hands everything on to be checked.

use super::format::format;
use crate::acquire::{AcquireError, Description, InvalidExport, UncheckedDescription};
use pyo3::ffi::{self, Py_ssize_t};
use pyo3::prelude::*;
use std::ffi::CStr;
use std::slice;
use typedview::{Format, MAX_NDIM};

/// What an exporter has written into a `Py_buffer`, checked; `meant` is the element that is asked for.
///
/// # Safety
///
/// `raw` is as `PyObject_GetBuffer` left it, has not moved since, and has not been released.
pub(super) unsafe fn to_description(
    py: Python<'_>,
    raw: &ffi::Py_buffer,
    meant: Option<fn() -> Format>,
) -> Result<Description, AcquireError> {
    let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= MAX_NDIM);
    let ndim = ndim.ok_or(InvalidExport::Ndim(raw.ndim as isize))?;
    let itemsize = usize::try_from(raw.itemsize).ok().filter(|itemsize| *itemsize > 0);
    let itemsize = itemsize.ok_or(InvalidExport::Itemsize(raw.itemsize))?;
    let numbers = |numbers: *mut Py_ssize_t| {
        let given = ndim > 0 && !numbers.is_null();
        // SAFETY: the caller; the protocol gives `ndim` numbers each, or null.
        given.then(|| unsafe { slice::from_raw_parts(numbers, ndim) })
    };
    // PyBUF_SIMPLE: without a shape there is one axis, of `len` bytes.
    let bytes = [raw.len / itemsize.cast_signed()];
    let shape = match numbers(raw.shape) {
        Some(shape) => shape,
        None if numbers(raw.strides).is_some() => return Err(InvalidExport::StridesAlone.into()),
        None if ndim == 0 => &[],
        None if ndim == 1 => &bytes,
        None => return Err(InvalidExport::NoShape { ndim }.into()),
    };
    // PEP 3118: a null format means "B".
    let text = if raw.format.is_null() {
        c"B"
    } else {
        // SAFETY: the caller; the protocol makes it a C string.
        unsafe { CStr::from_ptr(raw.format) }
    };
    // SAFETY: the caller: a reference that the struct owns, or null.
    let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, raw.obj) };
    Description::new(UncheckedDescription {
        first: raw.buf.cast(),
        format: format(owner, text.to_bytes(), itemsize, meant)?,
        shape,
        strides: numbers(raw.strides),
        suboffsets: numbers(raw.suboffsets),
        len: Some(raw.len),
        readonly: raw.readonly != 0,
    })
}
