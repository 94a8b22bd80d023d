//! Overlap inside one layout: whether two indices can touch one byte.
//! This is checked before elements are lent for writing, and when the order of a copy is chosen. The check is
//! conservative: it also refuses a few unusual layouts whose elements do not overlap.

use super::{Layout, sort_axes};
use crate::error::{Error, LayoutError};
use alloc::vec::Vec;

/// Returns whether no two indices of the layout touch one byte.
///
/// # Limitations
///
/// The condition is sufficient, but not necessary: axes that interleave (`shape (3, 2)`, `strides (16, 24)`,
/// itemsize 8) count as overlapping.
pub(crate) fn is_injective(shape: &[usize], strides: &[isize], itemsize: usize) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let axes = || shape.iter().zip(strides).filter(|(n, _)| **n > 1).map(|(&n, s)| (s.unsigned_abs(), n));
    // Most layouts have their axes in C order or in F order. Only other layouts are sorted, because sorting allocates.
    nest(axes().rev(), itemsize) || nest(axes(), itemsize) || {
        let mut sorted: Vec<(usize, usize)> = axes().collect();
        sort_axes(&mut sorted, |axis, other| axis < other);
        nest(sorted.into_iter(), itemsize)
    }
}

/// Returns whether each stride is at least as large as the block that the axes before it span.
#[inline]
fn nest(mut axes: impl Iterator<Item = (usize, usize)>, itemsize: usize) -> bool {
    let mut block = itemsize;
    axes.all(|(stride, extent)| {
        let apart = stride >= block;
        block = block.wrapping_add(stride.wrapping_mul(extent.wrapping_sub(1)));
        apart
    })
}

/// Fails if the elements cannot be lent for writing, because two of them may overlap.
///
/// A layout with pointers is not checked, because a layout does not know where the pointers lead.
#[inline]
pub(crate) fn lendable<L: Layout>(layout: &L, itemsize: usize) -> Result<(), Error> {
    if L::ORDER.is_block() {
        return Ok(());
    }
    let strides = layout.strides(itemsize);
    if !L::INDIRECT && !is_injective(layout.shape(), strides.as_ref(), itemsize) {
        let (shape, strides) = (layout.shape().into(), strides.as_ref().into());
        return Err(LayoutError::Overlaps { shape, strides }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_contiguous_memory_do_not_overlap() {
        assert!(is_injective(&[4, 3], &[24, 8], 8));
        assert!(is_injective(&[2, 3], &[-48, 16], 8));
        assert!(is_injective(&[3, 4], &[8, 24], 8));
    }

    #[test]
    fn a_repeated_axis_and_a_sliding_window_overlap() {
        assert!(!is_injective(&[4], &[0], 8));
        assert!(!is_injective(&[3, 3], &[8, 8], 8));
        assert!(!is_injective(&[4], &[4], 8));
    }

    #[test]
    fn single_and_no_elements_do_not_overlap() {
        assert!(is_injective(&[1, 1], &[0, isize::MIN], 8));
        assert!(is_injective(&[0, 4], &[0, 0], 8));
    }
}
