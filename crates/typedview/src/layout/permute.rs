//! Permuting: axes in another order, backwards, or two of them as one diagonal.
//! Every result keeps all offsets of its source, or some of them, so L1 and L2 carry over.

use super::sealed::{SetAxis, Token};
use super::{Layout, PerAxis, RemoveAxis, extent_of};
use crate::error::{Error, IndexError, LayoutError};

/// The layout whose axis `i` is axis `order[i]` of `layout`.
pub(crate) fn permute<L: Layout>(layout: &L, order: &[usize], itemsize: usize) -> Result<L::General, Error> {
    let ndim = layout.ndim();
    if order.len() != ndim {
        return Err(LayoutError::NdimDiffers { wanted: ndim, found: order.len() }.into());
    }
    let mut permuted = layout.to_general(itemsize);
    for (axis, &source) in order.iter().enumerate() {
        let extent = extent_of(layout, source)?;
        if order.get(..axis).is_some_and(|before| before.contains(&source)) {
            return Err(LayoutError::RepeatedAxis { axis: source }.into());
        }
        permuted.set_axis(Token(()), axis, extent, layout.stride(source, itemsize));
    }
    Ok(permuted)
}

/// The order of `ndim` axes after `from` has been taken out and put back at `to`.
pub(crate) fn permutation(ndim: usize, from: usize, to: usize) -> Result<PerAxis<usize>, Error> {
    for axis in [from, to] {
        if axis >= ndim {
            return Err(IndexError::NoSuchAxis { axis, ndim }.into());
        }
    }
    let mut order: PerAxis<usize> = (0..ndim).collect();
    if from < to {
        order[from..=to].rotate_left(1);
    } else {
        order[to..=from].rotate_right(1);
    }
    Ok(order)
}

/// The diagonal of two axes, as the last axis of a layout with one axis less.
pub(crate) fn diagonal<L: RemoveAxis>(
    layout: &L,
    (first, second): (usize, usize),
    itemsize: usize,
) -> Result<L::IndexedAxis, Error> {
    let extent = extent_of(layout, first)?.min(extent_of(layout, second)?);
    if first == second {
        return Err(LayoutError::RepeatedAxis { axis: first }.into());
    }
    // L2: the index (i, i) has an offset, so both strides together fit, unless there is at most one index.
    let stride = layout.stride(first, itemsize).wrapping_add(layout.stride(second, itemsize));
    let mut diagonal = layout.without_axis(second, itemsize);
    let axis = if first < second { first } else { first.wrapping_sub(1) };
    diagonal.set_axis(Token(()), axis, extent, stride);
    let last = diagonal.ndim().wrapping_sub(1);
    permute(&diagonal, &permutation(diagonal.ndim(), axis, last)?, itemsize)
}
