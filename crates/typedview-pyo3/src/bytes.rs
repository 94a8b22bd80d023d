//! The fast path of exact `bytes`: memory that must never be written, and that a reference keeps alive as well as an
//! export does.
//! No buffer is requested. Reading the object directly costs half as much.

use crate::acquire::FastLayout;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use typedview::{Element, Layout};

/// Returns the first element and the layout of an exact `bytes` object, when the elements `T` are bytes.
#[inline(always)]
pub(crate) fn fast_path<T: Element, L: Layout>(obj: &Bound<'_, PyAny>) -> Option<(*mut u8, L)> {
    if T::DTYPE != u8::DTYPE || !is_exact(obj) {
        return None;
    }
    let bytes = obj.cast_exact::<PyBytes>().ok()?.as_bytes();
    let fast = FastLayout::<L>::of::<T>(&[bytes.len().cast_signed()], &[1])?;
    Some((bytes.as_ptr().cast_mut(), fast.layout))
}

/// Returns whether `obj` is an exact `bytes` object.
#[inline(always)]
pub(crate) fn is_exact(obj: &Bound<'_, PyAny>) -> bool {
    obj.get_type_ptr() == &raw mut ffi::PyBytes_Type
}
