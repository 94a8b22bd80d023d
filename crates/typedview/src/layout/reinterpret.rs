//! Reinterpreting: the layout of the same bytes as elements of another size.
//! It changes only axes at the end, because the bytes of one element are adjacent in every layout.

use super::{InsertAxis, Layout, PerAxis, RemoveAxis, extent_of};
use crate::error::{Error, LayoutError};
use crate::limits::MAX_NDIM;

/// Returns the layout of the same bytes as elements of another size. The last axis becomes longer or shorter. The
/// rule is NumPy's, except that elements may also become smaller by a size that does not divide the old one.
pub(crate) fn reinterpret<L: Layout>(layout: &L, from: usize, to: usize) -> Result<L, Error> {
    if from == to {
        return Ok(layout.clone());
    }
    let Some((axis, extent)) = last_axis(layout) else {
        return Err(LayoutError::NoLastAxis { from, to }.into());
    };
    let nbytes = extent.saturating_mul(from);
    if nbytes.checked_rem(to) != Some(0) || from == 0 {
        return Err(LayoutError::NotWhole { nbytes, itemsize: to }.into());
    }
    packed(layout, axis, from)?;
    let (mut shape, mut strides) = shape_and_strides(layout, from);
    shape[axis] = nbytes.checked_div(to).unwrap_or_default();
    strides[axis] = to.cast_signed();
    L::from_parts(&shape, &strides, layout.suboffsets(), to)
}

/// Returns the layout of the parts of all elements. A new last axis has one index for each part of an element.
pub(crate) fn split<L: InsertAxis>(layout: &L, from: usize, to: usize) -> Result<L::Inserted, Error> {
    let ndim = layout.ndim();
    if L::NDIM.is_none() && ndim >= MAX_NDIM {
        return Err(LayoutError::TooManyAxes { ndim: ndim.wrapping_add(1) }.into());
    }
    let parts = from.checked_div(to).unwrap_or_default();
    if parts == 0 || parts.wrapping_mul(to) != from {
        return Err(LayoutError::NoParts { from, to }.into());
    }
    let (shape, strides) = shape_and_strides(layout, from);
    let shape: PerAxis<usize> = shape.iter().copied().chain([parts]).collect();
    let strides: PerAxis<isize> = strides.iter().copied().chain([to.cast_signed()]).collect();
    let mut suboffsets: PerAxis<isize> = layout.suboffsets().iter().copied().collect();
    if !suboffsets.is_empty() {
        suboffsets = suboffsets.iter().copied().chain([-1]).collect();
    }
    L::Inserted::from_parts(&shape, &strides, &suboffsets, to)
}

/// Returns the layout without the last axis, whose elements together become one element.
pub(crate) fn join<L: RemoveAxis>(layout: &L, from: usize, to: usize) -> Result<L::SqueezedAxis, Error> {
    let axis = layout.ndim().saturating_sub(1);
    let nbytes = extent_of(layout, axis)?.saturating_mul(from);
    if nbytes != to || nbytes == 0 {
        return Err(LayoutError::NotOne { nbytes, itemsize: to }.into());
    }
    packed(layout, axis, from)?;
    let (shape, strides) = shape_and_strides(layout, from);
    let suboffsets = layout.suboffsets();
    L::SqueezedAxis::from_parts(
        &shape[..axis],
        &strides[..axis],
        suboffsets.get(..axis).unwrap_or_default(),
        to,
    )
}

fn last_axis<L: Layout>(layout: &L) -> Option<(usize, usize)> {
    layout.shape().iter().copied().enumerate().next_back()
}

fn shape_and_strides<L: Layout>(layout: &L, itemsize: usize) -> (PerAxis<usize>, PerAxis<isize>) {
    (layout.shape().iter().copied().collect(), layout.strides(itemsize).as_ref().iter().copied().collect())
}

/// Fails if the elements of `axis`, the last axis, are not adjacent. An empty layout always passes.
fn packed<L: Layout>(layout: &L, axis: usize, itemsize: usize) -> Result<(), Error> {
    if layout.is_empty() {
        return Ok(());
    }
    if layout.suboffsets().get(axis).is_some_and(|&suboffset| suboffset >= 0) {
        return Err(LayoutError::HoldsPointers { axis }.into());
    }
    let stride = layout.stride(axis, itemsize);
    if stride != itemsize.cast_signed() && layout.shape()[axis] > 1 {
        return Err(LayoutError::LastAxisHasGaps { axis, stride, itemsize }.into());
    }
    Ok(())
}
