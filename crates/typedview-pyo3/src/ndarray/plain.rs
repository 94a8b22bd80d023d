//! Plain arrays: native numbers in an exact ndarray, taken from its fields.
//! A reference keeps the memory as an export would; shape and strides are copied out at once.

use super::array_type::is_array;
use super::fields::{Array, WARN_ON_WRITE, WRITEABLE};
use crate::acquire::{Description, Export, Given, Keeper, Offered, Plain};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr::NonNull;
use std::slice;
use typedview::{Access, Dtype, Element, Format, Layout};

/// What an exact ndarray says of itself, in place.
struct Fields<'a> {
    first: *mut u8,
    dtype: Dtype,
    shape: &'a [isize],
    strides: &'a [isize],
    readonly: bool,
}

/// The fields of `obj`, when it is an exact ndarray of native numbers with one axis or more.
#[inline]
fn fields<'a>(obj: &'a Bound<'_, PyAny>) -> Option<Fields<'a>> {
    if !is_array(obj) {
        return None;
    }
    // SAFETY: an exact ndarray is this struct, alive while `obj` is; nobody else runs until the GIL is given up.
    let array = unsafe { &*obj.as_ptr().cast::<Array>() };
    // SAFETY: every array has a dtype.
    let descr = unsafe { &*array.descr };
    let dtype = descr.number()?;
    // NumPy has no shape where there are no axes, and needs none.
    let ndim = usize::try_from(array.nd).ok().filter(|ndim| *ndim > 0)?;
    // SAFETY: an array has `nd` extents.
    let shape = unsafe { slice::from_raw_parts(array.dimensions, ndim) };
    // SAFETY: as above, and as many strides.
    let strides = unsafe { slice::from_raw_parts(array.strides, ndim) };
    let readonly = array.flags & (WRITEABLE | WARN_ON_WRITE) != WRITEABLE;
    Some(Fields { first: array.data, dtype, shape, strides, readonly })
}

/// A reference that keeps the memory of an array.
#[inline]
fn keep(obj: &Bound<'_, PyAny>) -> Option<Export> {
    let object = NonNull::new(obj.as_ptr())?;
    // SAFETY: `obj` is alive.
    unsafe { ffi::Py_INCREF(object.as_ptr()) };
    Some(Export::new(Keeper::Object(object)))
}

/// The first element and the layout of an exact ndarray of native elements `T`, and what keeps it.
#[inline]
pub(crate) fn plain<T: Element, L: Layout>(
    obj: &Bound<'_, PyAny>,
    access: Access,
) -> Option<(*mut u8, L, Export)> {
    let fields = fields(obj)?;
    if fields.dtype != T::DTYPE || access == Access::Write && fields.readonly {
        return None;
    }
    let layout = Plain::<L>::of::<T>(fields.shape, fields.strides)?.layout;
    Some((fields.first, layout, keep(obj)?))
}

/// The memory of an exact ndarray of native numbers.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>) -> Option<Offered> {
    let Fields { first, dtype, shape, strides, readonly } = fields(obj)?;
    let description = Description::new(Given {
        first,
        format: Format::from(dtype),
        shape,
        strides: Some(strides),
        suboffsets: None,
        len: None,
        readonly,
    });
    Some(Offered { export: keep(obj)?, description: description.ok()? })
}
