//! Raw views: a pointer and a layout, without a lifetime and without a promise about the bytes.
//! Pointers are moved by the offsets of a layout here. Only `copy` and `view/zip`, which visit several layouts at once,
//! do this as well. The views of the module `view` add lifetimes and aliasing rules.

mod elements;
mod ptr_iter;
mod subviews;

pub(crate) use elements::{initialise_padding, reject_padding};
pub(crate) use ptr_iter::PtrIter;

use crate::element::Element;
use crate::layout::Layout;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A pointer to the first element, and a layout.
///
/// [`Raw::new`] establishes these invariants, and every safe function keeps them:
///
/// - R1. For every offset that the layout gives to an index inside its shape, `ptr + offset` is inside one allocation,
///   or one past its end. If the layout is empty, the only promise is that the pointer is not null.
/// - R2. If an axis holds pointers, they are alive and initialised, and nobody writes them. R1 holds for the memory
///   that each of them, moved by the suboffset, points to.
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

    /// Returns the raw view of a pointer and a layout. A null pointer, which only an empty layout may have, is replaced
    /// by a dangling pointer.
    ///
    /// # Safety
    ///
    /// The caller must ensure that every offset of the layout stays inside one allocation (R1), and that the pointers
    /// on its axes can be followed (R2).
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

    /// Returns the raw view that starts `offset` bytes after this one.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `offset` is 0, or leads to an index inside the shape or into the element there, and
    /// that R1 and R2 hold for the result.
    #[inline]
    unsafe fn moved<M: Layout>(&self, offset: isize, layout: M) -> Raw<T, M> {
        // SAFETY: the caller guarantees that `offset` is 0, or leads to an index inside the shape or into the element
        // there, so the target is inside the same allocation (R1).
        let ptr = unsafe { self.ptr.offset(offset) };
        Raw { ptr, layout, element: PhantomData }
    }
}

/// Reads the pointer at `ptr`, and returns it moved by `suboffset`.
///
/// # Safety
///
/// The caller must ensure that `ptr` points to a pointer on an axis that holds pointers and has this suboffset (R2).
#[inline]
pub(crate) unsafe fn follow(ptr: NonNull<u8>, suboffset: isize) -> NonNull<u8> {
    // SAFETY: the pointer at `ptr` is alive and initialised, and nobody writes it (R2). An exporter may keep its
    // pointers at any address, so the read is unaligned.
    let target = unsafe { ptr.cast::<NonNull<u8>>().read_unaligned() };
    // SAFETY: the pointer, moved by its suboffset, is still inside the allocation that it points to (R2).
    unsafe { target.offset(suboffset) }
}
