//! The fast path of buffers: reads a `Py_buffer` that leaves nothing out, of elements with a native type code or a
//! cached format.
//! NumPy, array, bytes and memoryview fill the struct in this way. Nothing is copied or parsed.

use crate::acquire::FastLayout;
use crate::format_cache::is_remembered;
use crate::number::is_number;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_int, c_long, c_longlong, c_short};
use std::slice;
use typedview::{Dtype, Element, Kind, Layout, MAX_NDIM};

/// Returns the layout of elements `T` that an exporter has written to a `Py_buffer`, or `None` if the struct leaves
/// something out or describes something else.
///
/// # Safety
///
/// The caller must ensure that `raw` is as `PyObject_GetBuffer` left it, and that it has neither moved nor been
/// released since.
#[inline(always)]
pub(super) unsafe fn fast_path<T: Element, L: Layout>(py: Python<'_>, raw: &ffi::Py_buffer) -> Option<L> {
    let has_all_arrays = !raw.shape.is_null() && !raw.strides.is_null() && raw.suboffsets.is_null();
    let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= MAX_NDIM)?;
    if !has_all_arrays {
        return None;
    }
    let elements_match = if is_number::<T>() {
        // SAFETY: the caller guarantees that `raw` is as `PyObject_GetBuffer` left it and has not been released.
        unsafe { is_code_of::<T>(raw) }
    } else {
        // `format::tells_all` admits a format to the cache only for memory that is aligned as C aligns it; no element needs
        // more than 8 bytes. NumPy's scalars have no axes, and they write `@` even if their fields are not aligned.
        let is_aligned = ndim > 0 && raw.buf.addr().is_multiple_of(8);
        // SAFETY: the caller guarantees that `raw` is as `PyObject_GetBuffer` left it and has not been released.
        is_aligned && unsafe { text(raw) }.is_some_and(|format| is_remembered::<T>(py, format, raw.itemsize))
    };
    if !elements_match {
        return None;
    }
    // SAFETY: `shape` is not null, and the caller guarantees that the exporter has filled `raw`, so `ndim` extents are
    // there.
    let shape = unsafe { slice::from_raw_parts(raw.shape, ndim) };
    // SAFETY: `strides` is not null, and the caller guarantees that the exporter has filled `raw`, so `ndim` strides
    // are there.
    let strides = unsafe { slice::from_raw_parts(raw.strides, ndim) };
    let fast = FastLayout::<L>::of::<T>(shape, strides)?;
    let length_matches = fast.nbytes.cast_signed() == raw.len && (fast.nbytes == 0 || !raw.buf.is_null());
    length_matches.then_some(fast.layout)
}

/// Returns the format text, or `None` if the exporter gives none.
///
/// # Safety
///
/// The caller must ensure everything that [`fast_path`] requires.
pub(super) unsafe fn text(raw: &ffi::Py_buffer) -> Option<&[u8]> {
    // SAFETY: the protocol says that a format is null or a C string, and the caller guarantees that it is still alive.
    (!raw.format.is_null()).then(|| unsafe { CStr::from_ptr(raw.format) }.to_bytes())
}

/// Returns the dtype of the elements, if their format is the type code of a native number and nothing else.
///
/// # Safety
///
/// The caller must ensure everything that [`fast_path`] requires.
#[inline(always)]
pub(super) unsafe fn number(raw: &ffi::Py_buffer) -> Option<Dtype> {
    // SAFETY: the caller guarantees that `raw` is as `PyObject_GetBuffer` left it and has not been released.
    let code = unsafe { code(raw) }?;
    let (_, dtype) = CODES.iter().find(|(letter, _)| *letter == code)?;
    (raw.itemsize == dtype.itemsize().cast_signed()).then_some(*dtype)
}

/// Returns whether the format is a type code of `T` and nothing else.
///
/// # Safety
///
/// The caller must ensure everything that [`fast_path`] requires.
#[inline(always)]
unsafe fn is_code_of<T: Element>(raw: &ffi::Py_buffer) -> bool {
    // SAFETY: the caller guarantees that `raw` is as `PyObject_GetBuffer` left it and has not been released.
    let code = unsafe { code(raw) };
    // The compiler unrolls the loop and evaluates the comparison with `T::DTYPE`, which is a constant. One or two
    // comparisons of letters remain at run time.
    let mut codes = CODES.iter();
    let is_code = codes.any(|(letter, dtype)| *dtype == T::DTYPE && code == Some(*letter));
    is_code && raw.itemsize == size_of::<T>().cast_signed()
}

/// Returns the format text, if it is one letter.
///
/// # Safety
///
/// The caller must ensure everything that [`fast_path`] requires.
#[inline(always)]
unsafe fn code(raw: &ffi::Py_buffer) -> Option<u8> {
    let format = raw.format.cast::<u8>();
    if format.is_null() {
        return None;
    }
    // SAFETY: the protocol says that a format is null or a C string, and a C string has at least one byte.
    let code = unsafe { *format };
    if code == 0 {
        return None;
    }
    // SAFETY: the first byte of the C string is not its end, so there is a second byte.
    let end = unsafe { format.add(1) };
    // SAFETY: the first byte of the C string is not its end, so the second byte can be read.
    (unsafe { *end } == 0).then_some(code)
}

/// The type codes of native numbers, as Python's `struct` module defines them.
const CODES: [(u8, Dtype); 14] = [
    (b'd', f64::DTYPE),
    (b'f', f32::DTYPE),
    (b'e', Dtype::new(Kind::Float, 2)),
    (b'?', Dtype::new(Kind::Bool, 1)),
    (b'b', i8::DTYPE),
    (b'B', u8::DTYPE),
    (b'h', Dtype::new(Kind::Int, size_of::<c_short>())),
    (b'H', Dtype::new(Kind::Uint, size_of::<c_short>())),
    (b'i', Dtype::new(Kind::Int, size_of::<c_int>())),
    (b'I', Dtype::new(Kind::Uint, size_of::<c_int>())),
    (b'l', Dtype::new(Kind::Int, size_of::<c_long>())),
    (b'L', Dtype::new(Kind::Uint, size_of::<c_long>())),
    (b'q', Dtype::new(Kind::Int, size_of::<c_longlong>())),
    (b'Q', Dtype::new(Kind::Uint, size_of::<c_longlong>())),
];
