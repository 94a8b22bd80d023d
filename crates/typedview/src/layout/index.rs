//! Indices of single elements: one number an axis, counted from 0.
//! Checked once, here; what comes out is a byte offset inside the reach.

use super::sealed::Index;
use super::{C, Dyn, F, Indirect, Layout, Strided};
use crate::error::{Error, IndexError};

/// An index of one element of a layout: `[i, j]`, and plain `i` for one axis.
///
/// # Rationale
///
/// The trait is sealed: an index is asked for its numbers twice, to check them and to use them.
pub trait ElementIndex<L: Layout>: Copy + Index {
    /// One number an axis.
    #[doc(hidden)]
    fn axes(&self) -> &[usize];
}

impl<const N: usize> Index for [usize; N] {}
impl Index for &[usize] {}
impl Index for usize {}

macro_rules! arrays {
    ($($layout:ident),*) => {$(
        impl<const N: usize> ElementIndex<$layout<N>> for [usize; N] {
            #[inline]
            fn axes(&self) -> &[usize] {
                self
            }
        }
    )*};
}

arrays!(C, F, Strided, Indirect);

impl<const N: usize> ElementIndex<Dyn> for [usize; N] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

impl ElementIndex<Dyn> for &[usize] {
    #[inline]
    fn axes(&self) -> &[usize] {
        self
    }
}

impl<L> ElementIndex<L> for usize
where
    L: Layout<PerAxis<usize> = [usize; 1]>,
{
    #[inline]
    fn axes(&self) -> &[usize] {
        core::slice::from_ref(self)
    }
}

/// Whether every number of `index` is inside the shape.
#[inline]
pub(crate) fn contains<L: Layout>(layout: &L, index: &[usize]) -> bool {
    let shape = layout.shape();
    // Where the type knows the number of axes, the index has as many.
    (L::NDIM.is_some() || index.len() == shape.len()) && index.iter().zip(shape).all(|(i, extent)| i < extent)
}

/// The refusal of an index that is not inside the shape.
///
/// Takes copies: a reference to the layout, even on this path, would keep a view in memory that a loop holds in
/// registers, with every bounds check in the loop (hillshade of `bench/kernels`: 3.9 times the time).
#[cold]
#[inline(never)]
pub(crate) fn out_of_bounds<L: Layout>(layout: L, index: impl ElementIndex<L>) -> Error {
    let (shape, index) = (layout.shape(), index.axes());
    if shape.len() != index.len() {
        return IndexError::Count { found: index.len(), ndim: shape.len() }.into();
    }
    let axis = shape.iter().zip(index).position(|(extent, i)| i >= extent).unwrap_or_default();
    let length = shape.get(axis).copied().unwrap_or_default();
    let index = index.get(axis).copied().unwrap_or_default();
    IndexError::TooFar { axis, index, length }.into()
}
