//! Permuting: the layout with its axes in another order, and the layout of the diagonal of two axes.
//! Every offset of the result is an offset of the source, so the result keeps L1 and L2.

use super::sealed::{SetAxis, Token};
use super::{Layout, PerAxis, RemoveAxis, extent_of};
use crate::error::{Error, IndexError, LayoutError};

/// Returns the layout whose axis `i` is axis `order[i]` of `layout`.
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

/// Returns the order of `ndim` axes after axis `from` has been moved to position `to`.
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

/// Returns the layout in which the diagonal of two axes replaces both of them. The diagonal is the last axis.
pub(crate) fn diagonal<L: RemoveAxis>(
    layout: &L,
    (first, second): (usize, usize),
    itemsize: usize,
) -> Result<L::IndexedAxis, Error> {
    let extent = extent_of(layout, first)?.min(extent_of(layout, second)?);
    if first == second {
        return Err(LayoutError::RepeatedAxis { axis: first }.into());
    }
    // The index (1, 1) has an offset, so the sum of both strides fits (L2). If the sum wraps, the diagonal has at most
    // one index, and the stride has no meaning.
    let stride = layout.stride(first, itemsize).wrapping_add(layout.stride(second, itemsize));
    let mut diagonal = layout.without_axis(Token(()), second, itemsize);
    let axis = if first < second { first } else { first.wrapping_sub(1) };
    diagonal.set_axis(Token(()), axis, extent, stride);
    let last = diagonal.ndim().wrapping_sub(1);
    permute(&diagonal, &permutation(diagonal.ndim(), axis, last)?, itemsize)
}
