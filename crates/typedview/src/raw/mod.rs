//! Raw views: a pointer and a layout, without a lifetime and without a promise about the bytes.
//! The only pointer arithmetic of the library; views put lifetimes and aliasing rules on top.

mod elements;
mod ptr_iter;
mod subviews;

pub(crate) use elements::{initialise_padding, reject_padding};
pub(crate) use ptr_iter::PtrIter;

use crate::element::Element;
use crate::layout::{Direct, Layout, Reach};
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A pointer and a layout.
///
/// Invariant, established by [`Raw::new`] and kept by every safe function:
///
/// - R1. `ptr + offset` is inside one allocation, or one past it, for every offset that the layout gives an index
///   inside its shape. An empty layout promises nothing but a pointer that is not null.
/// - R2. Where an axis holds pointers, they are alive and initialised, nobody writes them, and R1 holds for what each of
///   them, moved by the suboffset, points at.
#[derive(Debug)]
pub struct Raw<T, L> {
    ptr: NonNull<u8>,
    layout: L,
    element: PhantomData<T>,
}

impl<T, L: Clone> Clone for Raw<T, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self { ptr: self.ptr, layout: self.layout.clone(), element: PhantomData }
    }
}

impl<T, L: Copy> Copy for Raw<T, L> {}

impl<T: Element, L: Layout> Raw<T, L> {
    pub(crate) const ITEMSIZE: usize = size_of::<T>();

    /// Puts a pointer and a layout together; a null pointer of an empty layout becomes a dangling one.
    ///
    /// # Safety
    ///
    /// R1 and R2.
    #[inline]
    pub(crate) unsafe fn new(ptr: *mut u8, layout: L) -> Self {
        let ptr = NonNull::new(ptr).unwrap_or_else(|| NonNull::<T>::dangling().cast());
        Self { ptr, layout, element: PhantomData }
    }

    #[inline]
    pub(crate) fn layout(&self) -> &L {
        &self.layout
    }

    #[inline]
    pub(crate) fn as_ptr(&self) -> *mut T {
        self.ptr.cast().as_ptr()
    }

    /// The raw view that starts `offset` bytes further on.
    ///
    /// # Safety
    ///
    /// R1 for the result: `offset` is that of an index inside the shape, or 0.
    #[inline]
    unsafe fn moved<M: Layout>(&self, offset: isize, layout: M) -> Raw<T, M> {
        // SAFETY: R1 of self and the caller: the target is inside the same allocation.
        let ptr = unsafe { self.ptr.offset(offset) };
        Raw { ptr, layout, element: PhantomData }
    }
}

impl<T: Element, L: Direct> Raw<T, L> {
    /// The addresses the elements occupy, as `lowest..highest`.
    pub(crate) fn addresses(&self) -> (usize, usize) {
        let Reach { lowest, highest } = self.layout.reach(Self::ITEMSIZE);
        let address = self.ptr.addr().get();
        (address.wrapping_add_signed(lowest), address.wrapping_add_signed(highest))
    }
}

/// The pointer found at `place`, moved by `suboffset`.
///
/// # Safety
///
/// R2: `place` is on an axis that holds pointers, which has this suboffset.
#[inline]
unsafe fn follow(place: NonNull<u8>, suboffset: isize) -> NonNull<u8> {
    // SAFETY: R2: alive and initialised. An exporter may keep its pointers anywhere, so they are read unaligned.
    let target = unsafe { place.cast::<NonNull<u8>>().read_unaligned() };
    // SAFETY: R2: what lies behind the suboffset is inside the allocation that the pointer points at.
    unsafe { target.offset(suboffset) }
}
