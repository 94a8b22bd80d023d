//! Elements: an Arrow array whose elements have a fixed size, described as memory with one axis.
//! Such an array has two buffers: a validity bitmap, which may be missing, and the elements. The offset of the array
//! applies to both buffers.

use super::abi::{ArrowArray, ArrowSchema};
use super::invalid_arrow::InvalidArrow;
use super::metadata::extension;
use super::moved::Moved;
use super::validity::missing;
use crate::acquire::{AcquireError, Description, InvalidExport, UncheckedDescription};
use std::ffi::CStr;
use std::slice;
use typedview::{Dtype, Format, Kind, TimeBase, TimeUnit};

/// Checks the content of the two structs, and describes the memory of the array.
pub(super) fn to_description(
    schema: &Moved<ArrowSchema>,
    array: &Moved<ArrowArray>,
) -> Result<Description, AcquireError> {
    let dtype = element(schema)?;
    let extent = InvalidArrow::Extent { length: array.length, offset: array.offset };
    let (length, offset) = within_memory(array.length, array.offset, dtype.itemsize()).ok_or(extent)?;
    let [bitmap, elements] = buffers(array)?;
    let nulls = match array.null_count {
        // SAFETY: the C data interface guarantees that the bitmap has a bit for each of the `offset + length` elements.
        // The struct has not been released (A1), and the sum was checked for overflow above.
        -1 if !bitmap.is_null() => unsafe { missing(bitmap, offset, length) },
        -1 => 0,
        count => usize::try_from(count).map_err(|_| InvalidArrow::NullCount(count))?,
    };
    if nulls > 0 {
        return Err(InvalidArrow::Nulls(nulls).into());
    }
    if elements.is_null() && length > 0 {
        return Err(InvalidExport::Null.into());
    }
    Description::new(UncheckedDescription {
        first: elements.wrapping_add(offset * dtype.itemsize()).cast_mut(),
        format: Format::from(dtype),
        shape: &[length.cast_signed()],
        strides: None,
        suboffsets: None,
        len: None,
        // The C data interface forbids consumers to write.
        readonly: true,
    })
}

/// Returns `length` and `offset` as `usize`, or `None` when one of them is negative or the bytes of both together do
/// not fit in `isize`.
fn within_memory(length: i64, offset: i64, itemsize: usize) -> Option<(usize, usize)> {
    let (length, offset) = (usize::try_from(length).ok()?, usize::try_from(offset).ok()?);
    let nbytes = length.checked_add(offset)?.checked_mul(itemsize)?;
    isize::try_from(nbytes).is_ok().then_some((length, offset))
}

/// Returns the dtype that the schema describes.
///
/// # Errors
///
/// Fails when a view cannot hold such elements.
fn element(schema: &Moved<ArrowSchema>) -> Result<Dtype, InvalidArrow> {
    if schema.format.is_null() {
        return Err(InvalidArrow::NoFormat);
    }
    // SAFETY: the C data interface makes the format a C string, and the schema has not been released (A1).
    let format = unsafe { CStr::from_ptr(schema.format) };
    let (kind, itemsize) = match format.to_bytes() {
        // SAFETY: the metadata are as the C data interface defines them, and the schema has not been released (A1).
        b"c" if unsafe { extension(schema.metadata) } == Some(b"arrow.bool8") => (Kind::Bool, 1),
        b"c" => (Kind::Int, 1),
        b"C" => (Kind::Uint, 1),
        b"s" => (Kind::Int, 2),
        b"S" => (Kind::Uint, 2),
        b"i" => (Kind::Int, 4),
        b"I" => (Kind::Uint, 4),
        b"l" => (Kind::Int, 8),
        b"L" => (Kind::Uint, 8),
        b"e" => (Kind::Float, 2),
        b"f" => (Kind::Float, 4),
        b"g" => (Kind::Float, 8),
        b"b" => return Err(InvalidArrow::Bits),
        // Arrow stores timestamps in UTC, whatever the time zone is.
        [b't', b's', unit @ (b's' | b'm' | b'u' | b'n'), b':', ..] => (Kind::Datetime(time_unit(*unit)), 8),
        b"tdm" => (Kind::Datetime(time_unit(b'm')), 8),
        [b't', b'D', unit @ (b's' | b'm' | b'u' | b'n')] => (Kind::Timedelta(time_unit(*unit)), 8),
        _ => return Err(InvalidArrow::Format { format: format.to_string_lossy().into_owned() }),
    };
    if !schema.dictionary.is_null() {
        return Err(InvalidArrow::Dictionary);
    }
    Ok(Dtype::new(kind, itemsize))
}

/// Returns the unit for a letter of an Arrow format.
fn time_unit(letter: u8) -> TimeUnit {
    let base = match letter {
        b'm' => TimeBase::Millisecond,
        b'u' => TimeBase::Microsecond,
        b'n' => TimeBase::Nanosecond,
        _ => TimeBase::Second,
    };
    TimeUnit::new(base, 1)
}

/// Returns the pointers to the validity bitmap and to the elements of an array.
fn buffers(array: &Moved<ArrowArray>) -> Result<[*const u8; 2], InvalidArrow> {
    if array.n_buffers != 2 {
        return Err(InvalidArrow::Buffers(array.n_buffers));
    }
    if array.buffers.is_null() {
        return Err(InvalidArrow::NoBuffers);
    }
    // SAFETY: the array has not been released (A1), so `buffers` points to `n_buffers` pointers, and that number is 2.
    let buffers = unsafe { slice::from_raw_parts(array.buffers, 2) };
    Ok([buffers[0].cast(), buffers[1].cast()])
}
