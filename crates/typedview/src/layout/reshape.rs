//! Reshaping a block: the same elements under another shape, or as elements of another size.
//! Dense layouts only, where both are true of every block.

use super::{Layout, size_of_shape};
use crate::error::{Error, LayoutError};

/// Checks that `shape` has as many elements as `layout`.
pub(crate) fn reshape<L: Layout>(layout: &L, shape: &[usize], itemsize: usize) -> Result<(), Error> {
    let (size, found) = (size_of_shape(shape, itemsize)?, layout.size());
    if size != found {
        return Err(LayoutError::SizeDiffers { wanted: shape.into(), size, found }.into());
    }
    Ok(())
}

/// The extent of the last axis when its elements of `from` bytes are taken as elements of `to` bytes.
pub(crate) fn reinterpret_shape(extent: usize, from: usize, to: usize) -> Result<usize, Error> {
    let nbytes = extent.saturating_mul(from);
    match nbytes.checked_rem(to) {
        Some(0) => Ok(nbytes.checked_div(to).unwrap_or_default()),
        _ => Err(LayoutError::NotWhole { nbytes, itemsize: to }.into()),
    }
}
