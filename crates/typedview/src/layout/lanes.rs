//! Lanes: the layout of the elements along one axis. Also here: the two slices that divide an axis at an index.

use super::{Layout, Slice, Strided, extent_of};
use crate::error::{Error, IndexError};

/// Returns the slice of `axis` before `index`, and the slice that starts at `index`.
pub(crate) fn slices_at<L: Layout>(layout: &L, axis: usize, index: usize) -> Result<(Slice, Slice), Error> {
    let length = extent_of(layout, axis)?;
    if index > length {
        return Err(IndexError::TooFar { axis, index, length }.into());
    }
    let at = Some(index.cast_signed());
    Ok((Slice::new(None, at, 1), Slice::new(at, None, 1)))
}

/// Returns the number of lanes along `axis`.
pub(crate) fn count_lanes<L: Layout>(layout: &L, axis: usize) -> Result<usize, Error> {
    extent_of(layout, axis)?;
    let others = layout.shape().iter().enumerate().filter(|(other, _)| *other != axis);
    // If `axis` has length 0, L1 does not bound the product of the other extents, so the product saturates.
    let count = others.map(|(_, &extent)| extent).fold(1usize, usize::saturating_mul);
    Ok(count)
}

/// Returns the offset and the layout of lane `number` along `axis`. Lanes are counted in index order of the other axes.
#[inline]
pub(crate) fn lane<L: Layout>(
    layout: &L,
    axis: usize,
    number: usize,
    itemsize: usize,
) -> Result<(isize, Strided<1>), Error> {
    let lane = Strided::from_arrays([extent_of(layout, axis)?], [layout.stride(axis, itemsize)]);
    let (mut offset, mut left) = (0isize, number);
    if layout.is_empty() {
        return Ok((0, lane));
    }
    for (other, &extent) in layout.shape().iter().enumerate().rev().filter(|(other, _)| *other != axis) {
        let i = left.checked_rem(extent).unwrap_or_default();
        left = left.checked_div(extent).unwrap_or_default();
        // The index is inside the shape, so the sum fits (L2).
        offset = offset.wrapping_add(layout.stride(other, itemsize).wrapping_mul(i.cast_signed()));
    }
    Ok((offset, lane))
}
