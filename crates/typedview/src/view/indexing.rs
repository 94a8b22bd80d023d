//! Indexing with `[]`: references to single elements, where nobody else writes the memory and the elements are aligned.

use super::{View, ViewMut};
use crate::element::Element;
use crate::error::{LayoutError, panic_with};
use crate::layout::{ElementIndex, Layout};
use crate::raw::reject_padding;
use core::ops::{Index, IndexMut};
use core::ptr::NonNull;

/// `x[[i, j]]`: a reference to one element.
///
/// [`at`](View::at) returns the element by value, and needs no alignment.
///
/// # Panics
///
/// If the index is out of bounds, or the element is not aligned, such as a field of a packed record.
///
/// # Examples
///
/// ```
/// use typedview::{View, ViewMut};
///
/// let mut data = [1, 2, 3, 4];
/// assert_eq!(View::from(&[[1, 2], [3, 4]])[[1, 0]], 3);
/// let mut view = ViewMut::from(&mut data);
/// view[2] += 10;
/// assert_eq!(data, [1, 2, 13, 4]);
/// ```
impl<T: Element, L: Layout, I: ElementIndex<L>> Index<I> for View<'_, T, L> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, index: I) -> &T {
        let ptr = aligned::<T>(self.raw.find_or_panic(index));
        // SAFETY: `ptr` points to an element (V1) and is aligned. The element is initialised and alive (V2), and nobody
        // writes it while the view lives (V3).
        unsafe { ptr.as_ref() }
    }
}

/// `x[[i, j]]`: a reference to one element, as of a [`View`].
impl<T: Element, L: Layout, I: ElementIndex<L>> Index<I> for ViewMut<'_, T, L> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, index: I) -> &T {
        let ptr = aligned::<T>(self.raw.find_or_panic(index));
        // SAFETY: `ptr` points to an element (V1) and is aligned. The element is initialised and alive (V2), and nobody
        // writes it while the view is borrowed (V4).
        unsafe { ptr.as_ref() }
    }
}

/// `x[[i, j]] = y`: a reference for writing. Elements with padding have none: use [`set`](ViewMut::set).
///
/// # Panics
///
/// As reading; also if the elements have padding, because a write through a reference could make it uninitialised.
impl<T: Element, L: Layout, I: ElementIndex<L>> IndexMut<I> for ViewMut<'_, T, L> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: I) -> &mut T {
        if let Err(error) = reject_padding::<T>() {
            panic_with(error);
        }
        let mut ptr = aligned::<T>(self.raw.find_or_panic(index));
        // SAFETY: `ptr` points to an element (V1) and is aligned. The element is initialised and alive (V2), and nobody
        // else touches it while the view is borrowed exclusively (V4). It has no padding.
        unsafe { ptr.as_mut() }
    }
}

/// Returns the pointer to an element, which must be aligned.
#[inline]
#[track_caller]
fn aligned<T: Element>(ptr: NonNull<u8>) -> NonNull<T> {
    let element = ptr.cast::<T>();
    if !element.is_aligned() {
        panic_with(LayoutError::Misaligned { align: align_of::<T>(), address: ptr.addr().get() }.into());
    }
    element
}
