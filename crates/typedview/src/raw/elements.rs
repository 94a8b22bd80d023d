//! Elements of raw views: read, write, borrow as a slice.
//! Reading is by value and needs no alignment; slices need it and say so.

use super::Raw;
use crate::element::Element;
use crate::error::{Error, LayoutError};
use crate::layout::{ElementIndex, Layout, Order, contains, out_of_bounds};

impl<T: Element, L: Layout> Raw<T, L> {
    /// The byte offset of `index`, or `None` outside the shape.
    #[inline]
    pub(crate) fn offset(&self, index: impl ElementIndex<L>) -> Option<isize> {
        let index = index.axes();
        contains(&self.layout, index).then(|| self.layout.offset(index, Self::ITEMSIZE))
    }

    /// The byte offset of `index`.
    #[inline]
    pub(crate) fn try_offset(&self, index: impl ElementIndex<L>) -> Result<isize, Error> {
        self.offset(index).ok_or_else(|| out_of_bounds(self.layout.clone(), index))
    }

    /// The element at a byte offset.
    ///
    /// # Safety
    ///
    /// `offset` is that of an index inside the shape; the memory is alive, initialised and not being written.
    #[inline]
    pub(crate) unsafe fn read(&self, offset: isize) -> T {
        // SAFETY: R1.
        let ptr = unsafe { self.ptr.offset(offset) };
        // SAFETY: the caller; E1 makes any bytes a value.
        unsafe { ptr.cast::<T>().read_unaligned() }
    }

    /// Sets the element at a byte offset.
    ///
    /// # Safety
    ///
    /// `offset` is that of an index inside the shape; the memory is alive, writable and not in use elsewhere.
    #[inline]
    pub(crate) unsafe fn write(&self, offset: isize, value: T) {
        // SAFETY: R1.
        let ptr = unsafe { self.ptr.offset(offset) };
        // SAFETY: the caller; E2: no uninitialised byte is written.
        unsafe { ptr.cast::<T>().write_unaligned(value) }
    }

    /// The elements as one slice in index order, pointer and length, when they are C-contiguous and aligned.
    #[inline]
    pub(crate) fn slice_parts(&self) -> Option<(*mut T, usize)> {
        let (ptr, size) = (self.as_ptr(), self.layout.size());
        if !self.layout.is_contiguous(Order::C, Self::ITEMSIZE) {
            None
        } else if size == 0 {
            // An empty exporter may be at an odd address.
            Some((core::ptr::dangling_mut(), 0))
        } else {
            ptr.is_aligned().then_some((ptr, size))
        }
    }

    /// As [`slice_parts`](Self::slice_parts), or which of the two conditions fails.
    #[inline]
    pub(crate) fn try_slice_parts(&self) -> Result<(*mut T, usize), Error> {
        self.slice_parts().ok_or_else(|| self.why_no_slice())
    }

    #[cold]
    fn why_no_slice(&self) -> Error {
        if self.layout.is_contiguous(Order::C, Self::ITEMSIZE) {
            return LayoutError::Misaligned { align: align_of::<T>(), address: self.as_ptr().addr() }.into();
        }
        let (shape, strides) = (self.layout.shape().into(), self.layout.strides(Self::ITEMSIZE));
        LayoutError::NotContiguous { order: "C", shape, strides: strides.as_ref().into() }.into()
    }
}
