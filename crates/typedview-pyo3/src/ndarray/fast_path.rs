//! The fast path of arrays: reads native numbers, and elements whose dtype is cached, directly from an exact ndarray.
//! A reference to the array keeps the memory alive, as an export would. Shape and strides are copied out at once.

use super::array_type::is_array;
use super::dtype_cache;
use super::fields::{Array, Descr, WARN_ON_WRITE, WRITEABLE};
use crate::acquire::{AcquireError, Description, FastLayout, UncheckedDescription};
use crate::number::has_type_number;
use pyo3::prelude::*;
use std::{ptr, slice};
use typedview::{Access, Element, Format, Layout};

/// The fields of an exact ndarray, borrowed from its struct.
struct Fields<'a> {
    first: *mut u8,
    descr: &'a Descr,
    shape: &'a [isize],
    strides: &'a [isize],
    readonly: bool,
}

/// Returns the fields of `obj`, or `None` when it is not an exact ndarray.
#[inline(always)]
fn fields<'a>(obj: &'a Bound<'_, PyAny>) -> Option<Fields<'a>> {
    if !is_array(obj) {
        return None;
    }
    // SAFETY: an exact ndarray has this struct, which lives as long as `obj`. No other thread changes it while this one
    // holds the GIL.
    let array = unsafe { &*obj.as_ptr().cast::<Array>() };
    // SAFETY: every array has a dtype, and the array keeps it alive.
    let descr = unsafe { &*array.descr };
    let ndim = usize::try_from(array.nd).ok()?;
    // SAFETY: the field `dimensions` of an array points to `nd` extents.
    let shape = unsafe { numbers(array.dimensions, ndim) };
    // SAFETY: the field `strides` of an array points to `nd` strides.
    let strides = unsafe { numbers(array.strides, ndim) };
    let readonly = array.flags & (WRITEABLE | WARN_ON_WRITE) != WRITEABLE;
    Some(Fields { first: array.data, descr, shape, strides, readonly })
}

/// Returns one number for each axis. An array without axes may have a null pointer there.
///
/// # Safety
///
/// The caller must ensure that `first` points to `ndim` numbers that live as long as the result, unless `ndim` is 0.
#[inline(always)]
unsafe fn numbers<'a>(first: *const isize, ndim: usize) -> &'a [isize] {
    if ndim == 0 {
        return &[];
    }
    // SAFETY: there is an axis, so the caller guarantees that `first` points to `ndim` numbers.
    unsafe { slice::from_raw_parts(first, ndim) }
}

/// Returns the first element and the layout of an exact ndarray with elements `T`, or `None` when it has other elements
/// or does not fit `L` and `access`. The caller keeps the memory alive by a reference to the array.
#[inline(always)]
pub(crate) fn fast_path<T: Element, L: Layout>(
    obj: &Bound<'_, PyAny>,
    access: Access,
) -> Option<(*mut u8, L)> {
    let fields = fields(obj)?;
    let elements_match = if has_type_number::<T>() {
        fields.descr.describes::<T>()
    } else {
        dtype_cache::is_remembered::<T>(obj.py(), fields.descr)
    };
    if !elements_match || access == Access::Write && fields.readonly {
        return None;
    }
    Some((fields.first, FastLayout::<L>::of::<T>(fields.shape, fields.strides)?.layout))
}

/// Caches the dtype of an exact ndarray that has been found to have elements `T`.
pub(crate) fn remember<T: Element>(obj: &Bound<'_, PyAny>) {
    if let Some(fields) =
        fields(obj).filter(|fields| !dtype_cache::is_remembered::<T>(obj.py(), fields.descr))
    {
        let dtype = ptr::from_ref(fields.descr).cast_mut().cast();
        // SAFETY: the dtype is a Python object, and the array keeps it alive as long as `obj` lives.
        let dtype = unsafe { Bound::from_borrowed_ptr(obj.py(), dtype) };
        // An error is ignored: a dtype that is not cached is only examined again next time.
        drop(dtype_cache::remember::<T>(&dtype));
    }
}

/// Returns whether this dtype object has been found to describe elements `T`, and is as it was then.
pub(crate) fn is_known_dtype<T: Element>(dtype: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the caller passes a dtype of NumPy, whose struct begins with these fields.
    dtype_cache::is_remembered::<T>(dtype.py(), unsafe { &*dtype.as_ptr().cast::<Descr>() })
}

/// Caches a dtype that describes elements `T`.
pub(crate) fn remember_dtype<T: Element>(dtype: &Bound<'_, PyAny>) {
    // An error is ignored: a dtype that is not cached is only made again next time.
    drop(dtype_cache::remember::<T>(dtype));
}

/// Returns the [`key`](crate::number::key) of the elements of an exact ndarray.
#[inline(always)]
pub(crate) fn element_key(obj: &Bound<'_, PyAny>) -> Option<u16> {
    fields(obj).map(|fields| fields.descr.key())
}

/// Returns whether arrays with the dtype of this exact ndarray have been found to have elements `T`.
pub(crate) fn is_remembered<T: Element>(obj: &Bound<'_, PyAny>) -> bool {
    fields(obj).is_some_and(|fields| dtype_cache::is_remembered::<T>(obj.py(), fields.descr))
}

/// Returns the description of an exact ndarray of native numbers, or `None` for everything else, which has to be described in
/// another way. The caller keeps the memory alive by a reference to the array.
///
/// The dtype of an array may have been replaced since it arrived. The description is that of its current dtype.
pub(crate) fn to_description(obj: &Bound<'_, PyAny>) -> Option<Result<Description, AcquireError>> {
    let Fields { first, descr, shape, strides, readonly } = fields(obj)?;
    Some(Description::new(UncheckedDescription {
        first,
        format: Format::from(descr.number()?),
        shape,
        strides: Some(strides),
        suboffsets: None,
        len: None,
        readonly,
    }))
}
