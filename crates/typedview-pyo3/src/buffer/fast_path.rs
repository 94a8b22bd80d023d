//! Plain buffers: a `Py_buffer` that leaves nothing out, of elements with a native type code.
//! NumPy, array, bytes and memoryview answer so; it is taken without copying or parsing anything.

use crate::acquire::FastLayout;
use crate::format_cache::is_remembered;
use crate::number::is_number;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_int, c_long, c_longlong, c_short};
use std::slice;
use typedview::{Dtype, Element, Kind, Layout, MAX_NDIM};

/// The layout of elements `T` that an exporter has written into a `Py_buffer`, when there is nothing odd about it.
///
/// # Safety
///
/// `raw` is as `PyObject_GetBuffer` left it, has not moved since, and has not been released.
#[inline(always)]
pub(super) unsafe fn fast_path<T: Element, L: Layout>(py: Python<'_>, raw: &ffi::Py_buffer) -> Option<L> {
    let complete = !raw.shape.is_null() && !raw.strides.is_null() && raw.suboffsets.is_null();
    let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= MAX_NDIM)?;
    if !complete {
        return None;
    }
    let is_of = if is_number::<T>() {
        // SAFETY: the caller.
        unsafe { is_code_of::<T>(raw) }
    } else {
        // As `tells_all` has it: scalars of NumPy have no axes.
        let is_aligned = ndim > 0 && raw.buf.addr().is_multiple_of(8);
        // SAFETY: the caller.
        is_aligned && unsafe { text(raw) }.is_some_and(|format| is_remembered::<T>(py, format, raw.itemsize))
    };
    if !is_of {
        return None;
    }
    // SAFETY: the caller: `ndim` numbers.
    let shape = unsafe { slice::from_raw_parts(raw.shape, ndim) };
    // SAFETY: as above.
    let strides = unsafe { slice::from_raw_parts(raw.strides, ndim) };
    let fast = FastLayout::<L>::of::<T>(shape, strides)?;
    let complete = fast.nbytes.cast_signed() == raw.len && (fast.nbytes == 0 || !raw.buf.is_null());
    complete.then_some(fast.layout)
}

/// The format, where there is one.
///
/// # Safety
///
/// As for [`fast_path`].
pub(super) unsafe fn text(raw: &ffi::Py_buffer) -> Option<&[u8]> {
    // SAFETY: the caller; the protocol makes it a C string.
    (!raw.format.is_null()).then(|| unsafe { CStr::from_ptr(raw.format) }.to_bytes())
}

/// The elements, where their format is the type code of a native number and nothing else.
///
/// # Safety
///
/// As for [`fast_path`].
#[inline(always)]
pub(super) unsafe fn number(raw: &ffi::Py_buffer) -> Option<Dtype> {
    // SAFETY: the caller.
    let code = unsafe { code(raw) }?;
    let (_, dtype) = CODES.iter().find(|(letter, _)| *letter == code)?;
    (raw.itemsize == dtype.itemsize().cast_signed()).then_some(*dtype)
}

/// Whether the format is a type code of `T` and nothing else.
///
/// # Safety
///
/// As for [`fast_path`].
#[inline(always)]
unsafe fn is_code_of<T: Element>(raw: &ffi::Py_buffer) -> bool {
    // SAFETY: the caller.
    let code = unsafe { code(raw) };
    // Unrolled, and compared with what `T` is when compiled: one or two letters are left.
    let mut codes = CODES.iter();
    let is_code = codes.any(|(letter, dtype)| *dtype == T::DTYPE && code == Some(*letter));
    is_code && raw.itemsize == size_of::<T>().cast_signed()
}

/// The format, where it is one letter.
///
/// # Safety
///
/// As for [`fast_path`].
#[inline(always)]
unsafe fn code(raw: &ffi::Py_buffer) -> Option<u8> {
    let format = raw.format.cast::<u8>();
    if format.is_null() {
        return None;
    }
    // SAFETY: the caller; the protocol makes it a C string.
    let code = unsafe { *format };
    if code == 0 {
        return None;
    }
    // SAFETY: the first byte of the C string is not its end.
    let end = unsafe { format.add(1) };
    // SAFETY: as above.
    (unsafe { *end } == 0).then_some(code)
}

/// `struct`: the type codes of native numbers.
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
