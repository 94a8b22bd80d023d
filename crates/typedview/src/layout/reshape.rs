//! Reshaping: the layout of the same elements with another shape.
//! No element is moved, so a layout cannot have every shape.

use super::{Direct, Layout, size_of_shape};
use crate::error::{Error, LayoutError};
use core::iter::Peekable;

/// Returns the layout of the same elements, in the same index order, with another shape.
///
/// Neighbouring axes that one stride can walk are merged into one run, and each run is divided into axes of the new
/// shape. An axis of the new shape that would need elements of two runs is refused. The rule is NumPy's.
pub(crate) fn reshape<L: Direct, const M: usize>(
    layout: &L,
    shape: [usize; M],
    itemsize: usize,
) -> Result<L::Reshaped<M>, Error> {
    let (size, found) = (size_of_shape(&shape, itemsize)?, layout.size());
    if size != found {
        return Err(LayoutError::SizeDiffers { wanted: shape.into(), size, found }.into());
    }
    let strides = if size == 0 { Some([0; M]) } else { reshaped_strides(layout, shape, itemsize) };
    let refuse = || LayoutError::NeedsCopy {
        shape: layout.shape().into(),
        strides: layout.strides(itemsize).as_ref().into(),
        wanted: shape.into(),
    };
    L::Reshaped::from_strides(&shape, &strides.ok_or_else(refuse)?, itemsize)
}

/// Returns the strides of `shape` over the elements of `layout`, or `None` if an axis would need two runs.
///
/// The layout has as many elements as `shape`, and at least one.
fn reshaped_strides<L: Layout, const M: usize>(
    layout: &L,
    shape: [usize; M],
    itemsize: usize,
) -> Option<[isize; M]> {
    let strides = layout.strides(itemsize);
    let axes = layout.shape().iter().copied().zip(strides.as_ref().iter().copied());
    let mut old = axes.rev().filter(|axis| axis.0 != 1).peekable();
    let mut strides = [itemsize.cast_signed(); M];
    // The rest of the current run. Runs are divided from the last axis to the first.
    let (mut extent, mut stride) = (1usize, itemsize.cast_signed());
    for (axis, &wanted) in shape.iter().enumerate().rev() {
        if wanted == 1 {
            continue;
        }
        if extent == 1 {
            (extent, stride) = next_run(&mut old)?;
        }
        if extent.checked_rem(wanted) != Some(0) {
            return None;
        }
        strides[axis] = stride;
        stride = stride.wrapping_mul(wanted.cast_signed());
        extent = extent.checked_div(wanted)?;
    }
    Some(strides)
}

/// Returns the next axis of the iterator, merged with the axes that follow it there and that the same stride can walk.
fn next_run(axes: &mut Peekable<impl Iterator<Item = (usize, isize)>>) -> Option<(usize, isize)> {
    let (mut extent, stride) = axes.next()?;
    while let Some((beyond, _)) =
        axes.next_if(|&(_, outer)| outer == stride.wrapping_mul(extent.cast_signed()))
    {
        extent = extent.wrapping_mul(beyond);
    }
    Some((extent, stride))
}
