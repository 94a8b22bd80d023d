//! Exact `bytes`: the fast path for memory that nobody may ever write, and that a reference keeps alive as well as an
//! export would.
//! No buffer is requested. This costs half as much as requesting one.

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

/// Whether `obj` is an exact `bytes` object.
#[inline(always)]
pub(crate) fn is_exact(obj: &Bound<'_, PyAny>) -> bool {
    obj.get_type_ptr() == &raw mut ffi::PyBytes_Type
}
