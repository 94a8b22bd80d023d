//! Exact `bytes`: memory that nobody may ever write, which a reference keeps as well as an export would.
//! Taken without a buffer, which costs half as much as asking for one.

use crate::acquire::Plain;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use typedview::{Element, Layout};

/// The first element and the layout of exact `bytes`, where the elements `T` are bytes.
#[inline(always)]
pub(crate) fn plain<T: Element, L: Layout>(obj: &Bound<'_, PyAny>) -> Option<(*mut u8, L)> {
    if T::DTYPE != u8::DTYPE || obj.get_type_ptr() != &raw mut ffi::PyBytes_Type {
        return None;
    }
    let bytes = obj.cast_exact::<PyBytes>().ok()?.as_bytes();
    let plain = Plain::<L>::of::<T>(&[bytes.len().cast_signed()], &[1])?;
    Some((bytes.as_ptr().cast_mut(), plain.layout))
}
