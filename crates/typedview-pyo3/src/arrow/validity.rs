//! Validity: counts the missing elements of an Arrow array in its validity bitmap.

/// Returns the number of missing elements among the `length` elements that start at `offset`.
///
/// # Safety
///
/// The caller must ensure that `bitmap` has a bit for each of the first `offset + length` elements, and that this sum
/// does not overflow.
pub(super) unsafe fn missing(bitmap: *const u8, offset: usize, length: usize) -> usize {
    // Arrow counts bits from the lowest bit of each byte. A bit is set when the element is present.
    let (from, to) = (offset, offset + length);
    let missing_of = |byte: usize| {
        let (low, high) = (from.saturating_sub(byte * 8), to - byte * 8);
        let within = u8::MAX << low & if high < 8 { !(u8::MAX << high) } else { u8::MAX };
        // SAFETY: the byte holds the bit of at least one element, so the caller guarantees that it is inside the
        // bitmap.
        let bits = unsafe { bitmap.wrapping_add(byte).read() };
        (!bits & within).count_ones() as usize
    };
    (from / 8..to.div_ceil(8)).map(missing_of).sum()
}
