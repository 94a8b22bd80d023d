//! Metadata: keys and values that a schema carries, of which one is the name of an extension type.
//! <https://arrow.apache.org/docs/format/CDataInterface.html#c.ArrowSchema.metadata>

use std::ffi::c_char;
use std::slice;

/// The name of the extension type whose storage an array is, if it is one.
///
/// # Safety
///
/// `metadata` is null or as the C data interface has it: the number of pairs, then each key and each value behind its length,
/// all numbers `int32` of this machine; it lives as long as what is given.
pub(super) unsafe fn extension<'a>(metadata: *const c_char) -> Option<&'a [u8]> {
    if metadata.is_null() {
        return None;
    }
    let mut place = metadata.cast::<u8>();
    // SAFETY: the caller.
    let pairs = unsafe { number(&mut place) };
    for _ in 0..pairs {
        // SAFETY: the caller: there is another pair.
        let key = unsafe { text(&mut place) };
        // SAFETY: as above.
        let value = unsafe { text(&mut place) };
        if key == b"ARROW:extension:name" {
            return Some(value);
        }
    }
    None
}

/// The number at a place, which moves behind it.
///
/// # Safety
///
/// There is one.
unsafe fn number(place: &mut *const u8) -> usize {
    // SAFETY: the caller; any alignment.
    let number = unsafe { place.cast::<i32>().read_unaligned() };
    *place = place.wrapping_add(size_of::<i32>());
    usize::try_from(number).unwrap_or(0)
}

/// The text at a place, which moves behind it.
///
/// # Safety
///
/// There are a length and so many bytes, which live as long as what is given.
unsafe fn text<'a>(place: &mut *const u8) -> &'a [u8] {
    // SAFETY: the caller.
    let length = unsafe { number(place) };
    // SAFETY: the caller.
    let text = unsafe { slice::from_raw_parts(*place, length) };
    *place = place.wrapping_add(length);
    text
}
