//! Metadata: the keys and values of an Arrow schema. One of the values is the name of an extension type.
//! <https://arrow.apache.org/docs/format/CDataInterface.html#c.ArrowSchema.metadata>

use std::ffi::c_char;
use std::slice;

/// Returns the name of the extension type of an array, or `None` when the array has no extension type.
///
/// # Safety
///
/// The caller must ensure that `metadata` is null, or points to metadata as the C data interface defines them: the
/// number of pairs, then each key and each value with its length in front, where all numbers are `int32` in native byte
/// order. The metadata must live for `'a`.
pub(super) unsafe fn extension<'a>(metadata: *const c_char) -> Option<&'a [u8]> {
    if metadata.is_null() {
        return None;
    }
    let mut place = metadata.cast::<u8>();
    // SAFETY: the caller guarantees that the metadata begin with the number of pairs.
    let pairs = unsafe { number(&mut place) };
    for _ in 0..pairs {
        // SAFETY: fewer than `pairs` pairs have been read, so another key follows.
        let key = unsafe { text(&mut place) };
        // SAFETY: the metadata have a value after each key.
        let value = unsafe { text(&mut place) };
        if key == b"ARROW:extension:name" {
            return Some(value);
        }
    }
    None
}

/// Reads the number at `place`, and moves `place` behind it. Returns 0 for a negative number.
///
/// # Safety
///
/// The caller must ensure that `place` points to an `int32`, of any alignment.
unsafe fn number(place: &mut *const u8) -> usize {
    // SAFETY: the caller guarantees that an `int32` is there; the read needs no alignment.
    let number = unsafe { place.cast::<i32>().read_unaligned() };
    *place = place.wrapping_add(size_of::<i32>());
    usize::try_from(number).unwrap_or(0)
}

/// Reads the text at `place`, and moves `place` behind it.
///
/// # Safety
///
/// The caller must ensure that `place` points to a length and as many bytes after it, and that the bytes live for `'a`.
unsafe fn text<'a>(place: &mut *const u8) -> &'a [u8] {
    // SAFETY: the caller guarantees that `place` points to a length.
    let length = unsafe { number(place) };
    // SAFETY: the caller guarantees that `length` bytes follow the length, and that they live for `'a`.
    let text = unsafe { slice::from_raw_parts(*place, length) };
    *place = place.wrapping_add(length);
    text
}
