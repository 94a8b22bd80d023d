//! Selecting: a list of slice items, applied to a layout whose ndim is known at run time.
//! One pass over the items writes the axes of the result. For layouts of fixed ndim, the types in `view/slicing` do
//! this.

use super::{Dyn, Layout, Slice, from_end};
use crate::error::{Error, IndexError, LayoutError};

/// One item of a list of slice items that is known at run time only: Python's `view[1:, ..., 0, None]`.
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
    /// One index on an axis, which is removed. A negative index counts from the end.
    Index(isize),
    /// A range on an axis: `start:stop:step`.
    Slice(Slice),
    /// A new axis of length 1.
    NewAxis,
    /// All axes that the other items leave, each as a whole. A second ellipsis is one whole axis, as in Cython.
    Ellipsis,
}

/// Writes the layout that results from `items` into `selected`, and returns the offset of its first element.
///
/// `selected` must have no axes. The result is written in place, because a `Dyn` has 160 bytes, and it is slow to move
/// them right after they have been written.
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
    // The number of whole axes that the first ellipsis stands for. Without an ellipsis, it is the number of last axes
    // that no item names.
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
                // If the product wraps, the step is so large that at most one index is left, and the stride has no
                // meaning.
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
    // The offset of an index fits (L2). Without elements there is no index, so the offset is 0.
    Ok(if selected.is_empty() { 0 } else { offset })
}

/// Returns the number of axes that the first ellipsis stands for, if there is one, or fails if there are more items than axes.
pub(crate) fn count_missing(items: &[SliceItem], ndim: usize) -> Result<Option<usize>, Error> {
    let count = |is: fn(&SliceItem) -> bool| items.iter().filter(|item| is(item)).count();
    let ellipses = count(|item| matches!(item, SliceItem::Ellipsis));
    let named = count(|item| matches!(item, SliceItem::Index(_) | SliceItem::Slice(_)));
    // A second ellipsis is one whole axis.
    let taken = named.wrapping_add(ellipses.saturating_sub(1));
    let left = ndim.checked_sub(taken).ok_or(IndexError::Count { found: taken, ndim })?;
    Ok((ellipses > 0).then_some(left))
}
