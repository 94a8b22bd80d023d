//! Fields: a part of every element, at the same offset in each.

use super::Layout;
use super::sealed::{SetAxis, Token};
use crate::error::refuse;

/// Offset and layout of what is `offset` bytes from the start of each element, and ends inside it.
#[inline]
pub(crate) fn field<L: Layout>(layout: &L, offset: usize, itemsize: usize) -> (isize, L::General) {
    // L1 and L2: as many parts, each inside its element; strides are bytes, so they stay.
    let mut parts = layout.to_general(itemsize);
    if layout.is_empty() {
        return (0, parts);
    }
    match parts.shift(Token(()), layout.ndim(), offset.cast_signed()) {
        Ok(offset) => (offset, parts),
        // L2 bounds the suboffset: an element begins there that does not end before the field does.
        Err(error) => refuse(error),
    }
}
