//! Plain buffers: a `Py_buffer` that leaves nothing out, of elements with a native type code.
//! NumPy, array, bytes and memoryview answer so; it is taken without copying or parsing anything.

use crate::acquire::Plain;
use pyo3::ffi;
use std::ffi::{c_int, c_long, c_longlong, c_short};
use std::slice;
use typedview::{ByteOrder, Dtype, Element, Kind, Layout};

/// The layout of elements `T` that an exporter has written into a `Py_buffer`, when there is nothing odd about it.
///
/// # Safety
///
/// `raw` is as `PyObject_GetBuffer` left it, has not moved since, and has not been released.
#[inline(always)]
pub(super) unsafe fn plain<T: Element, L: Layout>(raw: &ffi::Py_buffer) -> Option<L> {
    let complete = !raw.shape.is_null() && !raw.strides.is_null() && raw.suboffsets.is_null();
    let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= 64)?;
    if !complete {
        return None;
    }
    // SAFETY: the caller.
    if T::BYTE_ORDER != ByteOrder::Native || unsafe { number(raw) } != Some(T::DTYPE) {
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

/// The elements, where their format is the type code of a native number and nothing else.
///
/// # Safety
///
/// As for [`plain`].
#[inline(always)]
pub(super) unsafe fn number(raw: &ffi::Py_buffer) -> Option<Dtype> {
    let format = raw.format.cast::<u8>();
    if format.is_null() {
        return None;
    }
    // SAFETY: the caller; the protocol makes it a C string.
    let dtype = of_code(unsafe { *format })?;
    // SAFETY: the first byte of the C string is not its end.
    let end = unsafe { format.add(1) };
    // SAFETY: as above.
    let alone = unsafe { *end } == 0;
    (alone && raw.itemsize == dtype.itemsize().cast_signed()).then_some(dtype)
}

/// `struct`: the native number that a type code stands for.
#[inline(always)]
fn of_code(code: u8) -> Option<Dtype> {
    let itemsize = match code.to_ascii_lowercase() {
        b'b' => 1,
        b'h' => size_of::<c_short>(),
        b'i' => size_of::<c_int>(),
        b'l' => size_of::<c_long>(),
        b'q' => size_of::<c_longlong>(),
        b'f' if code == b'f' => return Some(f32::DTYPE),
        b'd' if code == b'd' => return Some(f64::DTYPE),
        _ => return None,
    };
    let kind = if code.is_ascii_lowercase() { Kind::Int } else { Kind::Uint };
    Some(Dtype::new(kind, itemsize))
}
