//! Plain memory: elements and a layout that are just what a view asks for, seen in one pass over borrowed numbers.
//! The fast path of every argument. What is not plain is described at leisure, and refused in words, elsewhere.

use std::slice;
use typedview::{Element, Layout};

/// The layout of memory that needs no second look.
#[derive(Debug)]
pub(crate) struct Plain<L> {
    pub(crate) layout: L,
    /// The number of bytes of all elements.
    pub(crate) nbytes: usize,
}

impl<L: Layout> Plain<L> {
    /// Takes numbers that nobody has checked for a layout of elements `T`.
    #[inline(always)]
    pub(crate) fn of<T: Element>(shape: &[isize], strides: &[isize]) -> Option<Self> {
        if L::NDIM.is_some_and(|ndim| ndim != shape.len()) {
            return None;
        }
        // SAFETY: `usize` has the layout of `isize`; what is below 0 is an extent beyond `isize` here, which no layout takes.
        let shape = unsafe { slice::from_raw_parts(shape.as_ptr().cast::<usize>(), shape.len()) };
        let layout = L::from_strides(shape, strides, size_of::<T>()).ok()?;
        // L1 bounds the product.
        let nbytes = layout.size().wrapping_mul(size_of::<T>());
        Some(Self { layout, nbytes })
    }
}
