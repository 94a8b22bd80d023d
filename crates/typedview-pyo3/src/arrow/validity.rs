//! Validity: the bitmap that says which elements of an Arrow array are missing.

/// The number of elements that are missing.
///
/// # Safety
///
/// `bitmap` has a bit for each of the first `offset + length` elements, a sum that does not overflow.
pub(super) unsafe fn missing(bitmap: *const u8, offset: usize, length: usize) -> usize {
    // Arrow: bits are counted from the lowest of each byte, and set where an element is there.
    let (from, to) = (offset, offset + length);
    let missing_of = |byte: usize| {
        let (low, high) = (from.saturating_sub(byte * 8), to - byte * 8);
        let within = u8::MAX << low & if high < 8 { !(u8::MAX << high) } else { u8::MAX };
        // SAFETY: the caller: the byte holds a bit of an element.
        let bits = unsafe { bitmap.wrapping_add(byte).read() };
        (!bits & within).count_ones() as usize
    };
    (from / 8..to.div_ceil(8)).map(missing_of).sum()
}
