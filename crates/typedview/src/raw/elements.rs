//! Elements of raw views: how to find one, read it, write it, and borrow all of them as a slice.
//! Elements are read and written by value, which needs no alignment. Slices need aligned elements, and check this.

use super::{Raw, follow};
use crate::element::Element;
use crate::error::{Error, LayoutError, panic_with};
use crate::layout::{self, ElementIndex, Layout, Order, contains, out_of_bounds};
use core::ptr::NonNull;

impl<T: Element, L: Layout> Raw<T, L> {
    /// Returns a pointer to the element at `index`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `index` has one number for each axis, and that it is inside the shape.
    #[inline]
    pub(crate) unsafe fn element_ptr(&self, index: &[usize]) -> NonNull<u8> {
        if !L::INDIRECT || self.layout.suboffsets().is_empty() {
            // SAFETY: the caller guarantees that `index` is inside the shape, so the offset stays inside the allocation
            // (R1).
            return unsafe { self.ptr.offset(layout::offset(&self.layout, index, Self::ITEMSIZE)) };
        }
        let mut ptr = self.ptr;
        for (axis, (&i, &suboffset)) in index.iter().zip(self.layout.suboffsets()).enumerate() {
            let offset = self.layout.stride(axis, Self::ITEMSIZE).wrapping_mul(i.cast_signed());
            // SAFETY: the caller guarantees that `index` is inside the shape, so the offset stays inside the allocation
            // of the view (R1), or inside the one that the last followed pointer leads to (R2).
            ptr = unsafe { ptr.offset(offset) };
            if suboffset >= 0 {
                // SAFETY: this axis has a suboffset that is not negative, so `ptr` points to a pointer that is alive
                // and initialised (R2).
                ptr = unsafe { follow(ptr, suboffset) };
            }
        }
        ptr
    }

    /// Returns a pointer to the element at `index`, or `None` if the index is outside the shape.
    #[inline]
    pub(crate) fn find(&self, index: impl ElementIndex<L>) -> Option<NonNull<u8>> {
        // SAFETY: `contains` has found that the index is inside the shape and has a number for each axis. A second call
        // of `axes` returns the same numbers, because `ElementIndex` is sealed.
        contains(&self.layout, index.axes()).then(|| unsafe { self.element_ptr(index.axes()) })
    }

    /// Returns a pointer to the element at `index`, or an error if the index is outside the shape.
    #[inline]
    pub(crate) fn try_find(&self, index: impl ElementIndex<L>) -> Result<NonNull<u8>, Error> {
        self.find(index).ok_or_else(|| out_of_bounds(self.layout.clone(), index))
    }

    /// Does what [`try_find`](Self::try_find) does, and panics with the text of the error instead of returning it.
    ///
    /// It does not call `find`, because the `None` of `find` is a null pointer, and a loop would then test every pointer for
    /// null (measured with the stencil of `bench/kernels`: 1.7 times the time). It is not `inline(always)`, because the checks
    /// would then be simplified before the loop around them is known, and the loop would not be vectorised.
    #[inline]
    #[track_caller]
    pub(crate) fn find_or_panic(&self, index: impl ElementIndex<L>) -> NonNull<u8> {
        if !contains(&self.layout, index.axes()) {
            panic_with(out_of_bounds(self.layout.clone(), index));
        }
        // SAFETY: `contains` has found that the index is inside the shape and has a number for each axis. A second call
        // of `axes` returns the same numbers, because `ElementIndex` is sealed.
        unsafe { self.element_ptr(index.axes()) }
    }

    /// Reads the element that `ptr` points to.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `ptr` points to an element, and that its memory is alive, is initialised, and is
    /// not being written.
    #[inline]
    pub(crate) unsafe fn read(ptr: NonNull<u8>) -> T {
        // SAFETY: the caller guarantees that the memory is alive, initialised and not being written. Every bit pattern
        // is a valid value of the element (E1).
        unsafe { ptr.cast::<T>().read_unaligned() }
    }

    /// Writes the element that `ptr` points to.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `ptr` points to an element, and that its memory is alive, is writable, and is not
    /// in use elsewhere.
    #[inline]
    pub(crate) unsafe fn write(ptr: NonNull<u8>, value: T) {
        // SAFETY: the caller guarantees that the memory is alive, writable and not in use elsewhere. `write_to` writes
        // no byte of padding, so it writes no uninitialised byte (E2).
        unsafe { value.write_to(ptr.as_ptr()) }
    }

    /// Returns pointer and length of the elements as one slice in index order, or `None` if they are not C-contiguous
    /// or not aligned.
    #[inline]
    pub(crate) fn slice_parts(&self) -> Option<(*mut T, usize)> {
        let (ptr, size) = (self.as_ptr(), self.layout.size());
        if !self.layout.is_contiguous(Order::C, Self::ITEMSIZE) {
            None
        } else if size == 0 {
            // The memory of an empty exporter may begin at an odd address, so its pointer is not used for the slice.
            Some((core::ptr::dangling_mut(), 0))
        } else {
            ptr.is_aligned().then_some((ptr, size))
        }
    }

    /// Returns the same as [`slice_parts`](Self::slice_parts), or an error that names the condition that fails.
    #[inline]
    pub(crate) fn try_slice_parts(&self) -> Result<(*mut T, usize), Error> {
        self.slice_parts().ok_or_else(|| self.why_no_slice())
    }

    /// Returns the same as [`slice_parts`](Self::slice_parts), but `None` if elements have padding, because a `&mut T`
    /// must not be made of such elements.
    #[inline]
    pub(crate) fn slice_parts_mut(&self) -> Option<(*mut T, usize)> {
        if T::PADDED { None } else { self.slice_parts() }
    }

    /// Returns the same as [`slice_parts_mut`](Self::slice_parts_mut), or an error that names the condition that fails.
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

/// Refuses elements with padding. It is called where bytes of padding could be left uninitialised, or could be read.
///
/// # Errors
///
/// Fails when the elements have padding.
#[inline]
pub(crate) fn reject_padding<T: Element>() -> Result<(), Error> {
    if T::PADDED { Err(LayoutError::Padded { element: T::NAME.unwrap_or("element") }.into()) } else { Ok(()) }
}

/// Sets the padding of `count` elements to 0, beginning with the one that `first` points to.
///
/// # Safety
///
/// The caller must ensure that the elements are aligned and initialised, that they may be written, and that nobody else
/// uses them.
pub(crate) unsafe fn initialise_padding<T: Element>(first: *mut T, count: usize) {
    if !T::PADDED {
        return;
    }
    for i in 0..count {
        // SAFETY: the caller guarantees that there are `count` elements, and `i` is less than `count`.
        let ptr = unsafe { first.add(i) };
        // SAFETY: the caller guarantees that the element is aligned and initialised, and that nobody else uses it.
        let element = unsafe { ptr.read() };
        // SAFETY: the caller guarantees that the element is aligned, may be written, and is not used by anybody else.
        unsafe { ptr.write_bytes(0, 1) };
        // SAFETY: the caller guarantees that the element may be written. `write_to` leaves out the padding (E2), whose
        // bytes stay 0.
        unsafe { element.write_to(ptr.cast()) };
    }
}
