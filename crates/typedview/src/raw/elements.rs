//! Elements of raw views: find, read, write, borrow as a slice.
//! Reading is by value and needs no alignment; slices need it and say so.

use super::{Raw, follow};
use crate::element::Element;
use crate::error::{Error, LayoutError};
use crate::layout::{self, ElementIndex, Layout, Order, contains, out_of_bounds};
use core::ptr::NonNull;

impl<T: Element, L: Layout> Raw<T, L> {
    /// Where the element at `index` is.
    ///
    /// # Safety
    ///
    /// `index` is inside the shape, with a number for each axis.
    #[inline]
    pub(crate) unsafe fn place(&self, index: &[usize]) -> NonNull<u8> {
        if !L::INDIRECT {
            // SAFETY: R1.
            return unsafe { self.ptr.offset(layout::offset(&self.layout, index, Self::ITEMSIZE)) };
        }
        let mut place = self.ptr;
        for (axis, (&i, &suboffset)) in index.iter().zip(self.layout.suboffsets()).enumerate() {
            let offset = self.layout.stride(axis, Self::ITEMSIZE).wrapping_mul(i.cast_signed());
            // SAFETY: R1, or R2 behind a pointer.
            place = unsafe { place.offset(offset) };
            if suboffset >= 0 {
                // SAFETY: R2.
                place = unsafe { follow(place, suboffset) };
            }
        }
        place
    }

    /// Where the element at `index` is, or `None` outside the shape.
    #[inline]
    pub(crate) fn find(&self, index: impl ElementIndex<L>) -> Option<NonNull<u8>> {
        // SAFETY: the index is inside the shape.
        contains(&self.layout, index.axes()).then(|| unsafe { self.place(index.axes()) })
    }

    /// Where the element at `index` is.
    #[inline]
    pub(crate) fn try_find(&self, index: impl ElementIndex<L>) -> Result<NonNull<u8>, Error> {
        self.find(index).ok_or_else(|| out_of_bounds(self.layout.clone(), index))
    }

    /// The element at a place.
    ///
    /// # Safety
    ///
    /// `place` is that of an element; its memory is alive, initialised and not being written.
    #[inline]
    pub(crate) unsafe fn read(place: NonNull<u8>) -> T {
        // SAFETY: the caller; E1 makes any bytes a value.
        unsafe { place.cast::<T>().read_unaligned() }
    }

    /// Sets the element at a place.
    ///
    /// # Safety
    ///
    /// `place` is that of an element; its memory is alive, writable and not in use elsewhere.
    #[inline]
    pub(crate) unsafe fn write(place: NonNull<u8>, value: T) {
        // SAFETY: the caller; E2: no uninitialised byte is written.
        unsafe { value.write_to(place.as_ptr()) }
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

    /// As [`slice_parts`](Self::slice_parts), when a `&mut T` may be made of them.
    #[inline]
    pub(crate) fn slice_parts_mut(&self) -> Option<(*mut T, usize)> {
        if T::PADDED { None } else { self.slice_parts() }
    }

    /// As [`slice_parts_mut`](Self::slice_parts_mut), or which of the conditions fails.
    #[inline]
    pub(crate) fn try_slice_parts_mut(&self) -> Result<(*mut T, usize), Error> {
        reject_padding::<T>()?;
        self.try_slice_parts()
    }

    #[cold]
    fn why_no_slice(&self) -> Error {
        if self.layout.is_contiguous(Order::C, Self::ITEMSIZE) {
            return LayoutError::Misaligned { align: align_of::<T>(), address: self.as_ptr().addr() }.into();
        }
        if let Some(axis) = self.layout.suboffsets().iter().position(|&suboffset| suboffset >= 0) {
            return LayoutError::HoldsPointers { axis }.into();
        }
        let (shape, strides) = (self.layout.shape().into(), self.layout.strides(Self::ITEMSIZE));
        LayoutError::NotContiguous { order: "C", shape, strides: strides.as_ref().into() }.into()
    }
}

/// Refuses elements with padding where bytes of it could be left uninitialised, or read.
///
/// # Errors
///
/// Elements have padding.
#[inline]
pub(crate) fn reject_padding<T: Element>() -> Result<(), Error> {
    if T::PADDED { Err(LayoutError::Padded { element: T::NAME.unwrap_or("element") }.into()) } else { Ok(()) }
}

/// Sets the padding of elements to 0.
///
/// # Safety
///
/// `count` aligned, initialised elements from `first` on may be written, and nobody else uses them.
pub(crate) unsafe fn initialise_padding<T: Element>(first: *mut T, count: usize) {
    if !T::PADDED {
        return;
    }
    for i in 0..count {
        // SAFETY: the caller: inside the elements.
        let place = unsafe { first.add(i) };
        // SAFETY: the caller.
        let element = unsafe { place.read() };
        // SAFETY: the caller.
        unsafe { place.write_bytes(0, 1) };
        // SAFETY: the caller; what is left out is 0 now.
        unsafe { element.write_to(place.cast()) };
    }
}
