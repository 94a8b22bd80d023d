//! Indices of single elements: one number for each axis, counted from 0.
//! An index is checked here, once. The byte offset of an index that passes the check is inside the reach.

use super::sealed::Index;
use super::{C, Dyn, F, Indirect, Layout, Pitched, Strided};
use crate::error::{Error, IndexError};

/// An index of one element of a layout: `[i, j]`, or just `i` for one axis.
///
/// # Rationale
///
/// The trait is sealed, because the numbers of an index are read twice: once to check them and once to use them. Both
/// reads must return the same numbers.
pub trait ElementIndex<L: Layout>: Copy + Index {
    /// One number for each axis.
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

arrays!(C, F, Pitched, Strided, Indirect);

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

/// Returns whether `index` has one number for each axis, and every number is inside the shape.
#[inline]
pub(crate) fn contains<L: Layout>(layout: &L, index: &[usize]) -> bool {
    let shape = layout.shape();
    // If the type of the layout knows the ndim, the type of the index already has the same number of axes.
    (L::NDIM.is_some() || index.len() == shape.len()) && index.iter().zip(shape).all(|(i, extent)| i < extent)
}

/// Returns the error for an index that is not inside the shape.
///
/// The arguments are passed by value. A reference to the layout, even on this cold path, would force the view into
/// memory. A loop could then not keep it in registers, and would do every bounds check in each iteration (measured with
/// hillshade of `bench/kernels`: 3.9 times the time).
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
