//! Plain buffers: a `Py_buffer` that leaves nothing out, of elements with a native type code.
//! NumPy, array, bytes and memoryview answer so; it is taken without copying or parsing anything.

use crate::acquire::Plain;
use pyo3::ffi;
use std::ffi::{c_long, c_short};
use std::slice;
use typedview::{Element, Kind, Layout};

/// The layout of elements `T` that an exporter has written into a `Py_buffer`, when there is nothing odd about it.
///
/// # Safety
///
/// `raw` is as `PyObject_GetBuffer` left it, has not moved since, and has not been released.
#[inline(always)]
pub(super) unsafe fn plain<T: Element, L: Layout>(raw: &ffi::Py_buffer) -> Option<L> {
    let complete = !raw.shape.is_null() && !raw.strides.is_null() && raw.suboffsets.is_null();
    let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= 64)?;
    if !complete || raw.itemsize != size_of::<T>().cast_signed() || raw.format.is_null() {
        return None;
    }
    let format = raw.format.cast::<u8>();
    // SAFETY: the caller; the protocol makes it a C string.
    if !is_native_code::<T>(unsafe { *format }) {
        return None;
    }
    // SAFETY: the first byte of the C string is not its end.
    let end = unsafe { format.add(1) };
    // SAFETY: as above.
    if unsafe { *end } != 0 {
        return None;
    }
    // SAFETY: the caller: `ndim` numbers.
    let shape = unsafe { slice::from_raw_parts(raw.shape, ndim) };
    // SAFETY: as above.
    let strides = unsafe { slice::from_raw_parts(raw.strides, ndim) };
    let plain = Plain::<L>::of::<T>(shape, strides)?;
    let complete = plain.nbytes.cast_signed() == raw.len && (plain.nbytes == 0 || !raw.buf.is_null());
    complete.then_some(plain.layout)
}

/// Whether this one type code, alone, describes a native `T`.
#[inline]
fn is_native_code<T: Element>(code: u8) -> bool {
    let is = |small: u8| code.eq_ignore_ascii_case(&small);
    let int = match size_of::<T>() {
        1 => is(b'b'),
        2 => is(b'h') && size_of::<c_short>() == 2,
        4 => is(b'i') || is(b'l') && size_of::<c_long>() == 4,
        8 => is(b'q') || is(b'l') && size_of::<c_long>() == 8,
        _ => false,
    };
    match T::DTYPE.kind() {
        Kind::Int => int && code.is_ascii_lowercase(),
        Kind::Uint => int && code.is_ascii_uppercase(),
        Kind::Float => code == if size_of::<T>() == 8 { b'd' } else { b'f' } && size_of::<T>() >= 4,
        _ => false,
    }
}
