//! Fields: the layout of one part of every element, which is at the same offset in each element.

use super::Layout;
use super::sealed::{SetAxis, Token};
use crate::error::panic_with;

/// Returns the offset and the layout of the field that is `offset` bytes from the start of each element.
///
/// The field ends inside the element.
#[inline]
pub(crate) fn field<L: Layout>(layout: &L, offset: usize, itemsize: usize) -> (isize, L::General) {
    // There are as many fields as elements, and each field is inside its element, so the sizes and the offsets fit (L1,
    // L2). Strides are in bytes, so they do not change.
    let mut parts = layout.to_general(itemsize);
    if layout.is_empty() {
        return (0, parts);
    }
    match parts.shift(Token(()), layout.ndim(), offset.cast_signed()) {
        Ok(offset) => (offset, parts),
        // This does not happen: the field is inside an element that begins at the suboffset, so the sum fits (L2).
        Err(error) => panic_with(error),
    }
}
