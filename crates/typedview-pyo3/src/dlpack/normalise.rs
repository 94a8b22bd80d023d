//! Normalising: converts a `DLTensor` to a description in bytes, which is then checked.
//! A `DLTensor` counts strides in elements, keeps a byte offset beside the pointer, and does not give the size of the
//! memory.

use super::InvalidTensor;
use super::abi::{COPIED, DataType, READONLY, Tensor};
use crate::acquire::{AcquireError, Description, InvalidExport, UncheckedDescription};
use std::slice;
use typedview::{Access, Dtype, Format, Kind, MAX_NDIM, PerAxis};

/// Checks what a producer has written into a tensor, and returns its description for a view with this access.
///
/// # Safety
///
/// The caller must ensure that the tensor has not been deleted.
pub(crate) unsafe fn to_description(
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
        // SAFETY: the caller guarantees that the tensor has not been deleted. The protocol makes each of these pointers
        // null or a pointer to `ndim` numbers.
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
    /// Returns the dtype of the elements, or `None` for several lanes and for kinds or sizes that are not
    /// listed here, such as bfloat16.
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

    /// Returns the `DataType` for a dtype, or `None` when DLPack has no element of this kind and size.
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

/// Returns the pointer to the first element.
///
/// # Errors
///
/// Fails when the byte offset exceeds the address space.
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

/// Returns the strides counted in bytes.
///
/// # Errors
///
/// Fails when a stride in bytes does not fit in `isize`, unless the stride has no meaning.
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
        // The stride of an axis of length 1, or of a tensor without elements, has no meaning and may have any value.
        if saturated(stride).checked_mul(size).is_none() {
            if extent > 1 && !empty {
                return Err(InvalidTensor::Stride { axis, stride, itemsize });
            }
            bytes[axis] = size;
        }
    }
    Ok(bytes)
}

/// Converts a number of 64 bits to `isize`, which may be smaller. A number that is too large becomes the largest
/// `isize`, so later checks still find it too large.
fn saturated(number: i64) -> isize {
    isize::try_from(number).unwrap_or(if number < 0 { isize::MIN } else { isize::MAX })
}
