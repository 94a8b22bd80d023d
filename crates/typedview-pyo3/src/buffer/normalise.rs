//! Normalising: one form for everything a `Py_buffer` may say.
//! Nothing here is believed without a check; shape and strides are copied out at once, since they may move.

use super::oddity::Oddity;
use pyo3::ffi::{self, Py_ssize_t};
use std::ffi::CStr;
use std::slice;
use typedview::{Error, Format, Found, PerAxis, Reach};

/// Memory that an exporter offers, in one form: the checked content of a `Py_buffer`.
///
/// - D1. Every element of `shape` and `strides` is inside the exporter's memory, as far as the protocol can tell: the
///   sizes match `len`, and no offset overflows.
#[derive(Clone, Debug)]
pub struct Description {
    pub(crate) first: *mut u8,
    pub(crate) format: Format,
    pub(crate) shape: PerAxis<usize>,
    pub(crate) strides: PerAxis<isize>,
    pub(crate) readonly: bool,
}

// SAFETY: plain facts; the pointer is only used by those who hold the export.
unsafe impl Send for Description {}
// SAFETY: as above.
unsafe impl Sync for Description {}

/// Why a `Py_buffer` cannot be described.
#[derive(Debug)]
pub(crate) enum Unusable {
    Odd(Oddity),
    Core(Error),
}

impl From<Oddity> for Unusable {
    fn from(oddity: Oddity) -> Self {
        Self::Odd(oddity)
    }
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl Description {
    /// What the exporter offers, to hold against a [`Spec`](typedview::Spec).
    #[must_use]
    pub fn found(&self) -> Found<'_> {
        let Self { format, ref shape, ref strides, readonly, .. } = *self;
        Found { format, shape, strides, suboffsets: &[], readonly }
    }

    /// Reads a `Py_buffer` that an exporter has filled.
    ///
    /// # Safety
    ///
    /// `raw` is as `PyObject_GetBuffer` left it, has not moved since, and has not been released.
    pub(crate) unsafe fn of(raw: &ffi::Py_buffer) -> Result<Self, Unusable> {
        let ndim = usize::try_from(raw.ndim).ok().filter(|ndim| *ndim <= 64).ok_or(Oddity::Ndim(raw.ndim))?;
        let itemsize = usize::try_from(raw.itemsize).ok().filter(|itemsize| *itemsize > 0);
        let itemsize = itemsize.ok_or(Oddity::Itemsize(raw.itemsize))?;
        // SAFETY: the caller; the protocol gives `ndim` numbers each, or null.
        let given = unsafe { PerAxisParts::of(raw, ndim) };
        if let Some(axis) = given.suboffsets.and_then(|all| all.iter().position(|&offset| offset >= 0)) {
            return Err(Oddity::Indirect { axis }.into());
        }
        let shape = shape(&given, raw.len, ndim, itemsize)?;
        let size = size(&shape, raw.len, itemsize)?;
        let strides = match given.strides {
            Some(strides) => strides.iter().copied().collect(),
            None => PerAxis::c_strides(&shape, itemsize),
        };
        let first = raw.buf.cast::<u8>();
        if size > 0 {
            let Reach { lowest, highest } = Reach::of(&shape, &strides, itemsize)?;
            if first.is_null() {
                return Err(Oddity::Null.into());
            }
            let ends = (first.addr().checked_add_signed(lowest), first.addr().checked_add_signed(highest));
            if ends.0.is_none() || ends.1.is_none() {
                return Err(Oddity::Address.into());
            }
        }
        // PEP 3118: a null format means "B".
        let text = if raw.format.is_null() {
            c"B"
        } else {
            // SAFETY: the caller; the protocol makes it a C string.
            unsafe { CStr::from_ptr(raw.format) }
        };
        let format = Format::parse_sized(text.to_bytes(), itemsize)?;
        Ok(Self { first, format, shape, strides, readonly: raw.readonly != 0 })
    }
}

/// The arrays of a `Py_buffer`, as far as they are there.
struct PerAxisParts<'a> {
    shape: Option<&'a [Py_ssize_t]>,
    strides: Option<&'a [Py_ssize_t]>,
    suboffsets: Option<&'a [Py_ssize_t]>,
}

impl<'a> PerAxisParts<'a> {
    /// # Safety
    ///
    /// Each pointer of `raw` is null or has `ndim` numbers behind it.
    unsafe fn of(raw: &'a ffi::Py_buffer, ndim: usize) -> Self {
        let slice_of = |numbers: *mut Py_ssize_t| {
            let given = ndim > 0 && !numbers.is_null();
            // SAFETY: the caller: there are `ndim` numbers.
            given.then(|| unsafe { slice::from_raw_parts(numbers, ndim) })
        };
        Self {
            shape: slice_of(raw.shape),
            strides: slice_of(raw.strides),
            suboffsets: slice_of(raw.suboffsets),
        }
    }
}

fn shape(
    given: &PerAxisParts<'_>,
    len: Py_ssize_t,
    ndim: usize,
    itemsize: usize,
) -> Result<PerAxis<usize>, Oddity> {
    match given.shape {
        Some(shape) => {
            if let Some(axis) = shape.iter().position(|&extent| extent < 0) {
                return Err(Oddity::NegativeExtent { axis, extent: shape[axis] });
            }
            Ok(shape.iter().map(|extent| extent.cast_unsigned()).collect())
        }
        None if ndim == 0 => Ok(PerAxis::from_iter([])),
        // PyBUF_SIMPLE: without a shape there is one axis, of `len` bytes.
        None if ndim == 1 => Ok(PerAxis::from_iter([len.max(0).cast_unsigned() / itemsize])),
        None => Err(Oddity::NoShape { ndim }),
    }
}

/// The number of elements, when their bytes are `len`.
fn size(shape: &[usize], len: Py_ssize_t, itemsize: usize) -> Result<usize, Oddity> {
    let size = if shape.contains(&0) {
        Some(0)
    } else {
        shape.iter().try_fold(1usize, |size, &extent| size.checked_mul(extent))
    };
    size.filter(|size| size.checked_mul(itemsize).is_some_and(|nbytes| isize::try_from(nbytes) == Ok(len)))
        .ok_or_else(|| Oddity::Length { len, shape: shape.into(), itemsize })
}
