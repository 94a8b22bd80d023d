//! `FastLayout`: a layout made in one pass over the shape and strides of an exporter, which are borrowed and unchecked.
//! It is the fast path of every protocol. What it does not take is described in full, and refused in words, elsewhere.

use std::slice;
use typedview::{Element, Layout};

/// A layout, and what has to be compared with the length that the exporter gives.
#[derive(Debug)]
pub(crate) struct FastLayout<L> {
    pub(crate) layout: L,
    /// The number of bytes of all elements.
    pub(crate) nbytes: usize,
}

impl<L: Layout> FastLayout<L> {
    /// Makes the layout of elements `T`, or returns `None` if the numbers are not those of a layout `L`.
    #[inline(always)]
    pub(crate) fn of<T: Element>(shape: &[isize], strides: &[isize]) -> Option<Self> {
        if L::NDIM.is_some_and(|ndim| ndim != shape.len()) {
            return None;
        }
        // SAFETY: `usize` and `isize` have the same size and alignment. A negative extent becomes one that exceeds
        // `isize`, which every layout refuses.
        let shape = unsafe { slice::from_raw_parts(shape.as_ptr().cast::<usize>(), shape.len()) };
        let layout = L::from_strides(shape, strides, size_of::<T>()).ok()?;
        // The number of bytes fits `isize` (L1).
        let nbytes = layout.size().wrapping_mul(size_of::<T>());
        Some(Self { layout, nbytes })
    }
}
