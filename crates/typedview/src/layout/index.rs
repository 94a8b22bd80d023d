//! Indices of single elements: one number an axis, counted from 0.
//! Checked once, here; what comes out is a byte offset inside the reach.

use super::{C, F, Layout, Strided};
use crate::error::{Error, IndexError};

/// An index of one element of a layout: `[i, j]`, and plain `i` for one axis.
pub trait ElementIndex<L: Layout>: Copy {
    /// One number an axis.
    #[doc(hidden)]
    fn axes(&self) -> &[usize];
}

impl<const N: usize> ElementIndex<C<N>> for [usize; N] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

impl<const N: usize> ElementIndex<F<N>> for [usize; N] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

impl<const N: usize> ElementIndex<Strided<N>> for [usize; N] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

impl<L> ElementIndex<L> for usize
where
    L: Layout<Extents = [usize; 1]>,
{
    #[inline]
    fn axes(&self) -> &[usize] {
        core::slice::from_ref(self)
    }
}

/// Whether every number of `index` is inside the shape.
#[inline]
pub(crate) fn contains<L: Layout>(layout: &L, index: &[usize]) -> bool {
    index.iter().zip(layout.shape()).all(|(i, extent)| i < extent)
}

/// The refusal of an index that is not inside the shape.
#[cold]
#[inline(never)]
pub(crate) fn out_of_bounds(shape: &[usize], index: &[usize]) -> Error {
    let outside = shape.iter().zip(index).position(|(extent, i)| i >= extent).unwrap_or_default();
    let length = shape.get(outside).copied().unwrap_or_default();
    let index = index.get(outside).map_or(0, |i| i.cast_signed());
    IndexError::OutOfBounds { axis: outside, index, length }.into()
}
