//! Known dtypes: dtype objects that arrays of a type have had before.
//! One is known as long as it is what it was: Python can change it in place (`dtype.names = ...`, `dtype.__setstate__`).

use super::fields::Descr;
use crate::attached::attached;
use crate::known::Memory;
use pyo3::ffi;
use pyo3::prelude::*;
use std::{ptr, slice};
use typedview::Element;

/// A dtype as it was.
struct Seen {
    dtype: Py<PyAny>,
    /// The struct behind its head: its size, its flags, where its names and fields are.
    content: Box<[u8]>,
    /// Names and fields, kept so that others do not take their place.
    _parts: [Py<PyAny>; 2],
}

attached!(static DTYPES: Memory<Seen> = Memory::new());

/// Whether arrays with this dtype have been found to be of elements `T`.
#[inline]
pub(super) fn is_known<T: Element>(py: Python<'_>, descr: &Descr) -> bool {
    let address = ptr::from_ref(descr);
    let same = |seen: &Seen| {
        ptr::eq(seen.dtype.as_ptr().cast_const().cast(), address)
            // SAFETY: the struct is as large as it was, which its type says.
            && *unsafe { content(address, seen.content.len()) } == *seen.content
    };
    DTYPES.with(py, |dtypes| dtypes.holds::<T>(mark(address), same))
}

/// Keeps the dtype of arrays that have been found to be of elements `T`; what Python says of it cannot fail but by force.
pub(super) fn know<T: Element>(dtype: &Bound<'_, PyAny>) -> PyResult<()> {
    let address = dtype.as_ptr().cast_const().cast::<Descr>();
    let size = dtype.get_type().getattr("__basicsize__")?.extract::<usize>()?;
    let parts = [dtype.getattr("names")?.unbind(), dtype.getattr("fields")?.unbind()];
    let length = size.saturating_sub(size_of::<ffi::PyObject>());
    // SAFETY: an object of its type has so many bytes.
    let content = unsafe { content(address, length) }.into();
    let seen = Seen { dtype: dtype.clone().unbind(), content, _parts: parts };
    let replaced = DTYPES.with(dtype.py(), |dtypes| dtypes.keep::<T>(mark(address), seen));
    // Out here, since it may run code of others.
    drop(replaced);
    Ok(())
}

/// The bytes of a dtype behind its reference count and type.
///
/// # Safety
///
/// There are so many.
unsafe fn content<'a>(descr: *const Descr, length: usize) -> &'a [u8] {
    // SAFETY: the caller.
    let first = unsafe { descr.cast::<u8>().add(size_of::<ffi::PyObject>()) };
    // SAFETY: the caller; nobody writes while the GIL is held.
    unsafe { slice::from_raw_parts(first, length) }
}

/// Objects stand at multiples of 16.
fn mark(address: *const Descr) -> usize {
    address.addr() >> 4
}
