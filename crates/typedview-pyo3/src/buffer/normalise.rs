//! Normalising a `Py_buffer`: fills in what an exporter may leave out.
//! The arrays of the struct are read here. Everything is then passed on to be checked.

use super::format::format;
use crate::acquire::{AcquireError, Description, InvalidExport, UncheckedDescription};
use pyo3::ffi::{self, Py_ssize_t};
use pyo3::prelude::*;
use std::ffi::CStr;
use std::slice;
use typedview::{Format, MAX_NDIM};

/// Returns what an exporter has written to a `Py_buffer`, checked. `meant` is the format that is asked for.
///
/// # Safety
///
/// The caller must ensure that `raw` is as `PyObject_GetBuffer` left it, and that it has neither moved nor been
/// released since.
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
        // SAFETY: the pointer is not null. The caller guarantees that the exporter has filled `raw`, and the protocol
        // says that `ndim` numbers are there.
        given.then(|| unsafe { slice::from_raw_parts(numbers, ndim) })
    };
    // `PyBUF_SIMPLE`: without a shape there is one axis, which has `len` bytes.
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
        // SAFETY: the protocol says that a format is null or a C string, and the caller guarantees that it is still
        // alive.
        unsafe { CStr::from_ptr(raw.format) }
    };
    // SAFETY: `raw.obj` is null or a reference that the struct owns, because the caller guarantees that it is not
    // released.
    let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, raw.obj) };
    let description = Description::new(UncheckedDescription {
        first: raw.buf.cast(),
        format: format(owner, text.to_bytes(), itemsize, meant)?,
        shape,
        strides: numbers(raw.strides),
        suboffsets: numbers(raw.suboffsets),
        len: Some(raw.len),
        readonly: raw.readonly != 0,
    })?;
    Ok(description.with_text(text))
}
