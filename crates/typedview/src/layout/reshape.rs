//! Reshaping: the layout of the same elements with another shape.
//! No element is moved, so a layout cannot have every shape.

use super::{Direct, Layout, Shape, size_of_shape};
use crate::error::{Error, LayoutError};
use core::iter::Peekable;

/// Returns the layout of the same elements, in the same index order, with another shape.
///
/// Neighbouring axes that one stride can walk are merged into one run, and each run is divided into axes of the new
/// shape. An axis of the new shape that would need elements of two runs is refused. The rule is NumPy's.
pub(crate) fn reshape<L: Direct, S: Shape>(
    layout: &L,
    shape: S,
    itemsize: usize,
) -> Result<S::Reshaped<L>, Error> {
    let wanted = shape.as_ref();
    let mut strides = shape.strides(itemsize.cast_signed())?;
    let (size, found) = (size_of_shape(wanted, itemsize)?, layout.size());
    if size != found {
        return Err(LayoutError::SizeDiffers { wanted: wanted.into(), size, found }.into());
    }
    if size == 0 {
        strides.as_mut().fill(0);
    } else if !reshape_strides(layout, wanted, strides.as_mut(), itemsize) {
        return Err(LayoutError::NeedsCopy {
            shape: layout.shape().into(),
            strides: layout.strides(itemsize).as_ref().into(),
            wanted: wanted.into(),
        }
        .into());
    }
    S::Reshaped::<L>::from_strides(wanted, strides.as_ref(), itemsize)
}

/// Writes the strides of `shape` over the elements of `layout` to `strides`, which must contain the itemsize. Returns false if an
/// axis would need two runs.
///
/// The layout has as many elements as `shape`, and at least one.
fn reshape_strides<L: Layout>(layout: &L, shape: &[usize], strides: &mut [isize], itemsize: usize) -> bool {
    let old_strides = layout.strides(itemsize);
    let axes = layout.shape().iter().copied().zip(old_strides.as_ref().iter().copied());
    let mut old = axes.rev().filter(|axis| axis.0 != 1).peekable();
    // The rest of the current run. Runs are divided from the last axis to the first.
    let (mut extent, mut stride) = (1usize, itemsize.cast_signed());
    for (&wanted, new_stride) in shape.iter().zip(strides).rev() {
        if wanted == 1 {
            continue;
        }
        if extent == 1 {
            let Some(run) = next_run(&mut old) else { return false };
            (extent, stride) = run;
        }
        let (Some(rest), Some(0)) = (extent.checked_div(wanted), extent.checked_rem(wanted)) else {
            return false;
        };
        *new_stride = stride;
        stride = stride.wrapping_mul(wanted.cast_signed());
        extent = rest;
    }
    true
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
