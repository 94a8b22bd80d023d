//! Quick elements: numbers of the usual types in this machine's byte order, read and written without a look at their format.
//! Everything else goes through `read_item` and `write_item`. Both give the same objects and the same errors.

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};
use pyo3::{IntoPyObjectExt, ffi};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use typedview::{ByteOrder, Format, Kind};

/// A type of number that is read and written quickly.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quick {
    Double,
    Float,
    Int64,
    Int32,
    Uint8,
}

impl Quick {
    /// Returns the type of elements with this format, if it is one of these.
    #[inline]
    pub(super) fn of(format: &Format) -> Option<Self> {
        let (dtype, ByteOrder::Native) = format.as_scalar()? else { return None };
        match (dtype.kind(), dtype.itemsize()) {
            (Kind::Float, 8) => Some(Self::Double),
            (Kind::Float, 4) => Some(Self::Float),
            (Kind::Int, 8) => Some(Self::Int64),
            (Kind::Int, 4) => Some(Self::Int32),
            (Kind::Uint, 1) => Some(Self::Uint8),
            _ => None,
        }
    }

    #[inline]
    fn size(self) -> usize {
        match self {
            Self::Double | Self::Int64 => 8,
            Self::Float | Self::Int32 => 4,
            Self::Uint8 => 1,
        }
    }

    /// Whether an element at an address can be moved as one value.
    #[inline]
    pub(super) fn is_aligned(self, address: usize) -> bool {
        address & (self.size() - 1) == 0
    }

    /// Returns the element at an address as a Python object.
    ///
    /// # Safety
    ///
    /// The caller must ensure that there is an aligned element of this type, which is initialised, alive, and written only atomically.
    #[inline]
    pub(super) unsafe fn read<'py>(self, py: Python<'py>, at: *mut u8) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: the caller guarantees that the element is aligned, and alive for this call.
        let word = || unsafe { AtomicU64::from_ptr(at.cast()) }.load(Relaxed);
        // SAFETY: the caller guarantees that the element is aligned, and alive for this call.
        let half = || unsafe { AtomicU32::from_ptr(at.cast()) }.load(Relaxed);
        match self {
            Self::Double => Ok(PyFloat::new(py, f64::from_bits(word())).into_any()),
            Self::Float => Ok(PyFloat::new(py, f32::from_bits(half()).into()).into_any()),
            Self::Int64 => word().cast_signed().into_bound_py_any(py),
            Self::Int32 => half().cast_signed().into_bound_py_any(py),
            // SAFETY: the caller guarantees that the element is alive for this call.
            Self::Uint8 => unsafe { AtomicU8::from_ptr(at) }.load(Relaxed).into_bound_py_any(py),
        }
    }

    /// Returns the bits of a number that fits exactly and whose type is the usual one for the element. Other objects are left to `write_item`.
    #[inline]
    pub(super) fn bits(self, value: &Bound<'_, PyAny>) -> Option<u64> {
        match self {
            Self::Double => Some(value.cast_exact::<PyFloat>().ok()?.value().to_bits()),
            Self::Float => {
                let number = value.cast_exact::<PyFloat>().ok()?.value();
                let narrow = number as f32;
                (narrow.is_finite() || !number.is_finite()).then(|| narrow.to_bits().into())
            }
            Self::Int64 => integer(value).map(i64::cast_unsigned),
            Self::Int32 => i32::try_from(integer(value)?).ok().map(|number| number.cast_unsigned().into()),
            Self::Uint8 => u8::try_from(integer(value)?).ok().map(u64::from),
        }
    }

    /// Writes an element at an address.
    ///
    /// # Safety
    ///
    /// The caller must ensure that there is an aligned element of this type, which is alive, writable, and accessed only atomically.
    #[inline]
    pub(super) unsafe fn write(self, at: *mut u8, bits: u64) {
        // SAFETY: the caller guarantees that the element is aligned, alive and writable.
        let word = |bits| unsafe { AtomicU64::from_ptr(at.cast()) }.store(bits, Relaxed);
        // SAFETY: the caller guarantees that the element is aligned, alive and writable.
        let half = |bits| unsafe { AtomicU32::from_ptr(at.cast()) }.store(bits, Relaxed);
        match self {
            Self::Double | Self::Int64 => word(bits),
            Self::Float | Self::Int32 => half(bits as u32),
            // SAFETY: the caller guarantees that the element is alive and writable.
            Self::Uint8 => unsafe { AtomicU8::from_ptr(at) }.store(bits as u8, Relaxed),
        }
    }
}

/// Returns the value of an `int` itself, but not of its subclasses, if it fits 64 bits.
#[inline]
pub(super) fn integer(value: &Bound<'_, PyAny>) -> Option<i64> {
    if !value.is_exact_instance_of::<PyInt>() {
        return None;
    }
    // SAFETY: `value` is an `int` that is alive. The function returns -1 with an exception set if it does not fit.
    let number = unsafe { ffi::PyLong_AsLongLong(value.as_ptr()) };
    if number == -1 && PyErr::take(value.py()).is_some() { None } else { Some(number) }
}
