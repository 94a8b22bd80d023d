//! Selecting: a list of items, one an axis, applied to a layout whose ndim is known at run time.
//! One pass that writes the new axes down; for layouts of fixed ndim the types do this, in `view/slicing`.

use super::{Dyn, Layout, Slice, from_end};
use crate::error::{Error, IndexError, LayoutError};

/// One item of a selection that is known at run time only: Python's `view[1:, ..., 0, None]`.
///
/// # Examples
///
/// ```
/// use typedview::{SliceItem, View};
///
/// let view = View::from(&[[1, 2, 3], [4, 5, 6]]).to_dyn();
/// let indexed = view.try_select(&[SliceItem::Ellipsis, SliceItem::Index(-1)])?;
/// assert_eq!(indexed.to_vec(), [3, 6]);
/// let column = view.try_select(&[SliceItem::Slice((..).into()), SliceItem::Slice((1..2).into())])?;
/// assert_eq!(column.shape(), [2, 1]);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceItem {
    /// Pick an index; the axis goes. A negative one counts from the end.
    Index(isize),
    /// `start:stop:step`.
    Slice(Slice),
    /// A new axis of length 1.
    NewAxis,
    /// As many whole axes as are left; a second one is one whole axis, as in Cython.
    Ellipsis,
}

/// Writes the layout of what `items` select to `selected`, which has no axes yet, and gives its offset.
///
/// It writes in place: a layout of 160 bytes that has just been written is slow to move.
#[inline]
pub(crate) fn select(layout: &Dyn, items: &[SliceItem], selected: &mut Dyn) -> Result<isize, Error> {
    let (shape, strides) = layout.as_slices();
    let (mut indexed, mut sliced, mut new, mut ellipses) = (0usize, 0usize, 0usize, 0usize);
    for item in items {
        match item {
            SliceItem::Index(_) => indexed = indexed.wrapping_add(1),
            SliceItem::Slice(_) => sliced = sliced.wrapping_add(1),
            SliceItem::NewAxis => new = new.wrapping_add(1),
            SliceItem::Ellipsis => ellipses = ellipses.wrapping_add(1),
        }
    }
    let (ndim, taken) = (shape.len(), indexed.wrapping_add(sliced).wrapping_add(ellipses.saturating_sub(1)));
    // Whole axes that the first ellipsis stands for, or that no item is about.
    let mut left = ndim.checked_sub(taken).ok_or(IndexError::Count { found: taken, ndim })?;
    selected.set_ndim(ndim.wrapping_sub(indexed).wrapping_add(new))?;
    let (new_shape, new_strides) = selected.as_mut_slices();
    let (mut axis, mut new_axis, mut offset) = (0usize, 0usize, 0isize);
    let mut keep = |extent, stride| {
        new_shape[new_axis] = extent;
        new_strides[new_axis] = stride;
        new_axis = new_axis.wrapping_add(1);
    };
    for item in items {
        match *item {
            SliceItem::Index(index) => {
                let (length, stride) = (shape[axis], strides[axis]);
                let index = from_end(axis, index, length)?;
                offset = offset.wrapping_add(stride.wrapping_mul(index.cast_signed()));
            }
            SliceItem::Slice(slice) => {
                let span = slice.resolve(shape[axis]).ok_or(LayoutError::ZeroStep { axis })?;
                let stride = strides[axis];
                offset = offset.wrapping_add(stride.wrapping_mul(span.start.cast_signed()));
                // A step whose product wraps leaves at most one index, so the stride it gives means nothing.
                keep(span.count, stride.wrapping_mul(span.step));
            }
            SliceItem::NewAxis => {
                keep(1, 0);
                continue;
            }
            SliceItem::Ellipsis => {
                let whole = if ellipses > 0 { core::mem::take(&mut left) } else { 1 };
                ellipses = 0;
                (axis..axis.wrapping_add(whole)).for_each(|axis| keep(shape[axis], strides[axis]));
                axis = axis.wrapping_add(whole);
                continue;
            }
        }
        axis = axis.wrapping_add(1);
    }
    (axis..ndim).for_each(|axis| keep(shape[axis], strides[axis]));
    // L2 bounds the offset of an index; without elements there is none.
    Ok(if selected.is_empty() { 0 } else { offset })
}
