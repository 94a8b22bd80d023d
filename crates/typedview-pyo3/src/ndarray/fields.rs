//! The C structs of an ndarray and of its dtype, as far as they are the same in NumPy 1 and 2.
//! NumPy documents both structs (`PyArrayObject`, `PyArray_Descr`), and keeps their layout for C code that was compiled
//! earlier.

use crate::number::key;
use pyo3::ffi;
use std::ffi::{c_char, c_int, c_long};
use typedview::{ByteOrder, Dtype, Element, Kind};

/// The first fields of `PyArrayObject`.
#[repr(C)]
pub(super) struct Array {
    head: ffi::PyObject,
    pub(super) data: *mut u8,
    pub(super) nd: c_int,
    pub(super) dimensions: *const isize,
    pub(super) strides: *const isize,
    pub(super) base: *mut ffi::PyObject,
    pub(super) descr: *const Descr,
    pub(super) flags: c_int,
}

/// The first fields of `PyArray_Descr`, up to where NumPy 1 and 2 differ.
#[repr(C)]
pub(super) struct Descr {
    head: ffi::PyObject,
    type_object: *mut ffi::PyTypeObject,
    kind: c_char,
    code: c_char,
    pub(super) byte_order: c_char,
    flags: c_char,
    pub(super) type_number: c_int,
}

/// `NPY_ARRAY_OWNDATA`: the array has allocated its memory and frees it.
pub(super) const OWNDATA: c_int = 0x0004;
/// `NPY_ARRAY_WRITEABLE`.
pub(crate) const WRITEABLE: c_int = 0x0400;
/// `NPY_ARRAY_WARN_ON_WRITE`: the array is still writable, but is going to become readonly in a later version of NumPy.
pub(super) const WARN_ON_WRITE: c_int = c_int::MIN;

impl Descr {
    /// Returns the dtype of the elements, or `None` when they are no native numbers.
    #[inline(always)]
    pub(super) fn number(&self) -> Option<Dtype> {
        let number = usize::try_from(self.type_number).ok()?;
        (*NUMBERS.get(number)?).filter(|_| self.is_native())
    }

    /// Returns whether the elements are native `T`.
    #[inline(always)]
    pub(super) fn describes<T: Element>(&self) -> bool {
        // The compiler unrolls the loop and evaluates the comparison with `T::DTYPE`, which is a constant. One or two
        // comparisons of type numbers remain at run time.
        let mut numbers = NUMBERS.iter().zip(0..);
        numbers.any(|(number, i)| *number == Some(T::DTYPE) && i == self.type_number) && self.is_native()
    }

    /// Returns the [`key`] of the elements.
    #[inline(always)]
    pub(super) fn key(&self) -> u16 {
        let keys = usize::try_from(self.type_number).ok().and_then(|number| KEYS.get(number));
        keys.map_or(0, |[native, swapped]| if self.is_native() { *native } else { *swapped })
    }

    /// Returns whether the elements have the native byte order.
    #[inline(always)]
    fn is_native(&self) -> bool {
        let swapped = if cfg!(target_endian = "little") { b'>' } else { b'<' };
        self.byte_order.cast_unsigned() != swapped
    }
}

/// The number of bytes of C's `long` on this platform.
const LONG: usize = size_of::<c_long>();

/// The dtypes for `NPY_TYPES`, which are numbers that never change. The size of a long is that of C.
const NUMBERS: [Option<Dtype>; 24] = [
    Some(Dtype::new(Kind::Bool, 1)),
    Some(Dtype::new(Kind::Int, 1)),
    Some(Dtype::new(Kind::Uint, 1)),
    Some(Dtype::new(Kind::Int, 2)),
    Some(Dtype::new(Kind::Uint, 2)),
    Some(Dtype::new(Kind::Int, 4)),
    Some(Dtype::new(Kind::Uint, 4)),
    Some(Dtype::new(Kind::Int, LONG)),
    Some(Dtype::new(Kind::Uint, LONG)),
    Some(Dtype::new(Kind::Int, 8)),
    Some(Dtype::new(Kind::Uint, 8)),
    Some(Dtype::new(Kind::Float, 4)),
    Some(Dtype::new(Kind::Float, 8)),
    // Long double.
    None,
    Some(Dtype::new(Kind::Complex, 8)),
    Some(Dtype::new(Kind::Complex, 16)),
    // Complex long double, objects, bytes, text, void and dates.
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    Some(Dtype::new(Kind::Float, 2)),
];

/// The keys of the dtypes in [`NUMBERS`], in the native and in the swapped byte order.
static KEYS: [[u16; 2]; NUMBERS.len()] = {
    let (mut keys, mut i) = ([[0; 2]; NUMBERS.len()], 0);
    while i < NUMBERS.len() {
        if let Some(dtype) = NUMBERS[i] {
            keys[i] = [key(dtype, ByteOrder::Native), key(dtype, ByteOrder::Swapped)];
        }
        i += 1;
    }
    keys
};
