//! Normalising: what a `DLTensor` says, in bytes, handed on to be checked.
//! The tensor counts strides in elements, keeps an offset beside the pointer, and does not tell how much memory there is.

use super::InvalidTensor;
use super::abi::{COPIED, DataType, READONLY, Tensor};
use crate::acquire::{AcquireError, Description, InvalidExport, UncheckedDescription};
use std::slice;
use typedview::{Access, Dtype, Format, Kind, MAX_NDIM, PerAxis};

/// What a producer has written into a tensor, checked, for a view with this access.
///
/// # Safety
///
/// The tensor has not been deleted.
pub(super) unsafe fn describe(
    tensor: &Tensor,
    flags: u64,
    access: Access,
) -> Result<Description, AcquireError> {
    if !tensor.device.is_host() {
        return Err(InvalidTensor::Device(tensor.device).into());
    }
    if access == Access::Write && flags & COPIED != 0 {
        return Err(InvalidTensor::Copied.into());
    }
    let ndim = usize::try_from(tensor.ndim).ok().filter(|ndim| *ndim <= MAX_NDIM);
    let ndim = ndim.ok_or(InvalidExport::Ndim(tensor.ndim as isize))?;
    let dtype = tensor.dtype.dtype().ok_or(InvalidTensor::Element(tensor.dtype))?;
    let numbers = |numbers: *mut i64| {
        let given = ndim > 0 && !numbers.is_null();
        // SAFETY: the caller; the protocol gives `ndim` numbers each, or null.
        given.then(|| unsafe { slice::from_raw_parts(numbers, ndim) })
    };
    let shape: PerAxis<isize> = match numbers(tensor.shape) {
        Some(shape) => shape.iter().map(|&extent| saturated(extent)).collect(),
        None if ndim == 0 => PerAxis::empty(),
        None => return Err(InvalidExport::NoShape { ndim }.into()),
    };
    let strides = match numbers(tensor.strides) {
        Some(strides) => Some(strides_in_bytes(strides, &shape, dtype.itemsize())?),
        None => None,
    };
    Description::new(UncheckedDescription {
        first: first(tensor)?,
        format: Format::from(dtype),
        shape: &shape,
        strides: strides.as_deref(),
        suboffsets: None,
        len: None,
        readonly: flags & READONLY != 0,
    })
}

impl DataType {
    /// The elements, where they have a size in bytes and are numbers that this machine knows.
    fn dtype(self) -> Option<Dtype> {
        let (kind, sizes): (Kind, &[u8]) = match self.code {
            0 => (Kind::Int, &[8, 16, 32, 64]),
            1 => (Kind::Uint, &[8, 16, 32, 64]),
            2 => (Kind::Float, &[16, 32, 64, 128]),
            5 => (Kind::Complex, &[64, 128]),
            6 => (Kind::Bool, &[8]),
            _ => return None,
        };
        let whole = self.lanes == 1 && sizes.contains(&self.bits);
        whole.then(|| Dtype::new(kind, usize::from(self.bits / 8)))
    }

    /// The element that consumers know by this kind and size.
    pub(super) fn of(dtype: Dtype) -> Option<Self> {
        let code = match dtype.kind() {
            Kind::Int => 0,
            Kind::Uint => 1,
            Kind::Float => 2,
            Kind::Complex => 5,
            Kind::Bool => 6,
            _ => return None,
        };
        let bits = u8::try_from(dtype.itemsize().checked_mul(8)?).ok()?;
        let found = Self { code, bits, lanes: 1 };
        found.dtype().map(|_| found)
    }
}

/// Where the first element is.
fn first(tensor: &Tensor) -> Result<*mut u8, InvalidTensor> {
    let data: *mut u8 = tensor.data.cast();
    if data.is_null() {
        return Ok(data);
    }
    let offset = usize::try_from(tensor.byte_offset).ok();
    match offset.filter(|offset| data.addr().checked_add(*offset).is_some()) {
        Some(offset) => Ok(data.wrapping_add(offset)),
        None => Err(InvalidTensor::ByteOffset(tensor.byte_offset)),
    }
}

fn strides_in_bytes(
    strides: &[i64],
    shape: &[isize],
    itemsize: usize,
) -> Result<PerAxis<isize>, InvalidTensor> {
    let size = itemsize.cast_signed();
    let mut bytes: PerAxis<isize> =
        strides.iter().map(|&stride| saturated(stride).wrapping_mul(size)).collect();
    let empty = shape.contains(&0);
    for (axis, (&stride, &extent)) in strides.iter().zip(shape).enumerate() {
        // The stride of an axis of length 1 means nothing and may be anything.
        if saturated(stride).checked_mul(size).is_none() {
            if extent > 1 && !empty {
                return Err(InvalidTensor::Stride { axis, stride, itemsize });
            }
            bytes[axis] = size;
        }
    }
    Ok(bytes)
}

/// A number of 64 bits where `isize` may be smaller: too large is still too large.
fn saturated(number: i64) -> isize {
    isize::try_from(number).unwrap_or(if number < 0 { isize::MIN } else { isize::MAX })
}
