//! Plain arrays: native numbers in an exact ndarray, taken from its fields.
//! A reference keeps the memory as an export would; shape and strides are copied out at once.

use super::array_type::is_array;
use super::dtype_cache;
use super::fields::{Array, Descr, WARN_ON_WRITE, WRITEABLE};
use crate::acquire::{AcquireError, Description, InvalidExport, Plain, UncheckedDescription};
use crate::number::is_number;
use pyo3::prelude::*;
use std::{ptr, slice};
use typedview::{Access, Element, Format, Layout};

/// What an exact ndarray says of itself, in place.
struct Fields<'a> {
    first: *mut u8,
    descr: &'a Descr,
    shape: &'a [isize],
    strides: &'a [isize],
    readonly: bool,
}

/// The fields of `obj`, when it is an exact ndarray with one axis or more.
#[inline(always)]
fn fields<'a>(obj: &'a Bound<'_, PyAny>) -> Option<Fields<'a>> {
    if !is_array(obj) {
        return None;
    }
    // SAFETY: an exact ndarray is this struct, alive while `obj` is; nobody else runs until the GIL is given up.
    let array = unsafe { &*obj.as_ptr().cast::<Array>() };
    // SAFETY: every array has a dtype.
    let descr = unsafe { &*array.descr };
    // NumPy has no shape where there are no axes, and needs none.
    let ndim = usize::try_from(array.nd).ok().filter(|ndim| *ndim > 0)?;
    // SAFETY: an array has `nd` extents.
    let shape = unsafe { slice::from_raw_parts(array.dimensions, ndim) };
    // SAFETY: as above, and as many strides.
    let strides = unsafe { slice::from_raw_parts(array.strides, ndim) };
    let readonly = array.flags & (WRITEABLE | WARN_ON_WRITE) != WRITEABLE;
    Some(Fields { first: array.data, descr, shape, strides, readonly })
}

/// The first element and the layout of an exact ndarray of native elements `T`; a reference keeps its memory.
#[inline(always)]
pub(crate) fn plain<T: Element, L: Layout>(obj: &Bound<'_, PyAny>, access: Access) -> Option<(*mut u8, L)> {
    let fields = fields(obj)?;
    let is_of = if is_number::<T>() {
        fields.descr.describes::<T>()
    } else {
        dtype_cache::is_remembered::<T>(obj.py(), fields.descr)
    };
    if !is_of || access == Access::Write && fields.readonly {
        return None;
    }
    Some((fields.first, Plain::<L>::of::<T>(fields.shape, fields.strides)?.layout))
}

/// Keeps the dtype of an exact ndarray that has been found to be of elements `T`.
pub(crate) fn remember<T: Element>(obj: &Bound<'_, PyAny>) {
    if let Some(fields) =
        fields(obj).filter(|fields| !dtype_cache::is_remembered::<T>(obj.py(), fields.descr))
    {
        let dtype = ptr::from_ref(fields.descr).cast_mut().cast();
        // SAFETY: the dtype is an object, alive while `obj` is.
        let dtype = unsafe { Bound::from_borrowed_ptr(obj.py(), dtype) };
        // What is not remembered is found out again.
        drop(dtype_cache::remember::<T>(&dtype));
    }
}

/// The [`key`](crate::number::key) of the elements of an exact ndarray with one axis or more.
#[inline(always)]
pub(crate) fn key(obj: &Bound<'_, PyAny>) -> Option<u16> {
    fields(obj).map(|fields| fields.descr.key())
}

/// Whether arrays with the dtype of this exact ndarray have been found to be of elements `T`.
pub(crate) fn is_remembered<T: Element>(obj: &Bound<'_, PyAny>) -> bool {
    fields(obj).is_some_and(|fields| dtype_cache::is_remembered::<T>(obj.py(), fields.descr))
}

/// What an exact ndarray of native numbers says of itself; a reference keeps its memory.
pub(crate) fn describe(obj: &Bound<'_, PyAny>) -> Result<Description, AcquireError> {
    // An array that has been given another dtype since is described as it is now, or not at all.
    let odd = || AcquireError::from(InvalidExport::Changed);
    let Fields { first, descr, shape, strides, readonly } = fields(obj).ok_or_else(odd)?;
    Description::new(UncheckedDescription {
        first,
        format: Format::from(descr.number().ok_or_else(odd)?),
        shape,
        strides: Some(strides),
        suboffsets: None,
        len: None,
        readonly,
    })
}
