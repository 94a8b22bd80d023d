//! `ViewMut`: memory that nobody else touches while the view lives.

use super::fallible::fallible;
use super::{CellViewMut, View};
use crate::element::{Element, Single};
use crate::error::{Error, or_refuse};
use crate::layout::{C, Layout, lendable};
use crate::raw::Raw;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A typed, strided view of memory that nobody else touches meanwhile: `&mut [T]` with a shape.
///
/// # Examples
///
/// ```
/// use typedview::ViewMut;
///
/// let mut data = vec![0; 6];
/// let mut view = ViewMut::from_slice(&mut data, [2, 3]);
/// view.set([0, 1], 5);
/// view.reborrow().row(1).fill(7);
/// assert_eq!(data, [0, 5, 0, 7, 7, 7]);
/// ```
///
/// There is never a second one of the same memory:
///
/// ```compile_fail,E0499
/// use typedview::ViewMut;
///
/// let mut data = vec![0; 6];
/// let first = ViewMut::from(&mut data);
/// let second = ViewMut::from(&mut data);
/// drop(first);
/// ```
pub struct ViewMut<'a, T: Element, L: Layout> {
    pub(super) raw: Raw<T, L>,
    memory: PhantomData<&'a mut [T]>,
}

impl<'a, T: Element, L: Layout> ViewMut<'a, T, L> {
    #[inline]
    pub(crate) fn from_raw(raw: Raw<T, L>) -> Self {
        Self { raw, memory: PhantomData }
    }

    /// A view of memory that starts at `ptr`.
    ///
    /// `ptr` need not be aligned, and may be null if the layout is empty.
    ///
    /// # Panics
    ///
    /// If elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure that, for `'a`, the bytes that the layout reaches from `ptr` are inside one allocation, alive,
    /// initialised, writable, and accessed by nobody else. If axes hold pointers, no two elements may overlap.
    #[must_use]
    #[track_caller]
    pub unsafe fn from_raw_parts(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller makes the promises that `try_from_raw_parts` asks for.
        or_refuse(unsafe { Self::try_from_raw_parts(ptr, layout) })
    }

    /// Does what [`from_raw_parts`](Self::from_raw_parts) does, and returns the error instead of panicking.
    ///
    /// # Errors
    ///
    /// If elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`from_raw_parts`](Self::from_raw_parts) asks for.
    pub unsafe fn try_from_raw_parts(ptr: *mut T, layout: L) -> Result<Self, Error> {
        lendable(&layout, size_of::<T>())?;
        // SAFETY: the caller promises the rest, and `lendable` has found that no two elements overlap.
        Ok(unsafe { Self::from_raw_parts_unchecked(ptr, layout) })
    }

    /// A view of memory that starts at `ptr`, whose elements do not overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`from_raw_parts`](Self::from_raw_parts) asks for, and that no two elements overlap.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts_unchecked(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller promises that the layout fits the memory (V1), which is alive, initialised (V2) and accessed
        // through this view only (V4).
        Self::from_raw(unsafe { Raw::new(ptr.cast(), layout) })
    }

    /// The same view for a shorter time.
    #[inline]
    #[must_use]
    pub fn reborrow(&mut self) -> ViewMut<'_, T, L> {
        ViewMut::from_raw(self.raw.clone())
    }

    /// The same elements to read, while this view is borrowed.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: V3 follows from V4 while `self` is borrowed.
        View::from_raw(self.raw.clone())
    }

    /// The same elements as cells, of which there may be as many views as wanted.
    #[inline]
    #[must_use]
    pub fn into_cells(self) -> CellViewMut<'a, T, L> {
        // INVARIANT: V5 follows from V4, and `self` is used up.
        CellViewMut::from_raw(self.raw)
    }

    /// The elements as one slice, when they are C-contiguous, aligned and without padding.
    #[inline]
    #[must_use]
    pub fn as_mut_slice(&mut self) -> Option<&mut [T]> {
        // SAFETY: V1, V2, V4, and the parts are those of an aligned block.
        self.raw.slice_parts_mut().map(|(ptr, size)| unsafe { core::slice::from_raw_parts_mut(ptr, size) })
    }

    /// The elements as one slice.
    ///
    /// # Errors
    ///
    /// They are not C-contiguous, not aligned, or have padding.
    #[inline]
    pub fn try_as_mut_slice(&mut self) -> Result<&mut [T], Error> {
        self.reborrow().try_into_mut_slice()
    }

    /// The elements as one slice, for as long as the memory.
    ///
    /// # Errors
    ///
    /// They are not C-contiguous, not aligned, or have padding.
    #[inline]
    pub fn try_into_mut_slice(self) -> Result<&'a mut [T], Error> {
        let (ptr, size) = self.raw.try_slice_parts_mut()?;
        // SAFETY: V1, V2, V4, and the parts are those of an aligned block.
        Ok(unsafe { core::slice::from_raw_parts_mut(ptr, size) })
    }
}

impl<'a, T: Element, const N: usize> ViewMut<'a, T, C<N>> {
    fallible! {
        /// A view of a slice, with a shape.
        fails "If the shape has another number of elements than the slice."
        #[must_use]
        pub fn from_slice / try_from_slice (slice: &'a mut [T], shape: [usize; N]) -> Self {
            // Only elements without bytes can be too many for a layout.
            C::new([slice.len()], size_of::<T>())?;
            ViewMut::from(slice).try_reshape(shape)
        }
    }
}

// SAFETY: V4: memory that nobody else touches, of elements that are `Send`.
unsafe impl<T: Element, L: Layout> Send for ViewMut<'_, T, L> {}
// SAFETY: `&ViewMut` only reads, and elements are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for ViewMut<'_, T, L> {}

impl<'a, T: Element> From<&'a mut [T]> for ViewMut<'a, T, C<1>> {
    #[inline]
    fn from(slice: &'a mut [T]) -> Self {
        let layout = C::of_slice(slice);
        // SAFETY: a slice is one block of initialised elements that nobody else touches for 'a: V1, V2, V4.
        Self::from_raw(unsafe { Raw::new(slice.as_mut_ptr().cast(), layout) })
    }
}

impl<'a, T: Element> From<&'a mut Vec<T>> for ViewMut<'a, T, C<1>> {
    #[inline]
    fn from(vec: &'a mut Vec<T>) -> Self {
        Self::from(vec.as_mut_slice())
    }
}

impl<'a, T: Single, const N: usize> From<&'a mut [T; N]> for ViewMut<'a, T, C<1>> {
    #[inline]
    fn from(array: &'a mut [T; N]) -> Self {
        Self::from(array.as_mut_slice())
    }
}

impl<'a, T: Single, const N: usize, const M: usize> From<&'a mut [[T; M]; N]> for ViewMut<'a, T, C<2>> {
    #[inline]
    fn from(rows: &'a mut [[T; M]; N]) -> Self {
        Self::from_slice(rows.as_flattened_mut(), [N, M])
    }
}

impl<'a, T: Single, const N: usize, const M: usize, const K: usize> From<&'a mut [[[T; K]; M]; N]>
    for ViewMut<'a, T, C<3>>
{
    #[inline]
    fn from(tables: &'a mut [[[T; K]; M]; N]) -> Self {
        Self::from_slice(tables.as_flattened_mut().as_flattened_mut(), [N, M, K])
    }
}
