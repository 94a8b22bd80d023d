//! `ViewMut`: a view to read and write memory that nobody else touches while the view lives.

use super::{CellViewMut, View};
use crate::element::{Element, Single};
use crate::error::fallible;
use crate::error::{Error, or_panic};
use crate::layout::{C, Layout, lendable};
use crate::raw::Raw;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A typed, strided view to read and write memory that nobody else touches while the view lives. It is like `&mut [T]`
/// with a shape.
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
/// There cannot be two of the same memory at once:
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

    /// Makes a view of the memory whose first element is at `ptr`.
    ///
    /// `ptr` need not be aligned, and may be null if the layout is empty.
    ///
    /// # Panics
    ///
    /// If elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure that, for `'a`, the bytes that the layout reaches from `ptr` are inside one allocation.
    /// The bytes of its elements, except padding, must be alive, initialised, writable, and accessed by nobody else. If axes hold
    /// pointers, the same must hold for the pointers and for the memory behind them, and no two elements may overlap.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Strided, ViewMut};
    ///
    /// let mut data = [1, 2, 3, 4];
    /// let every_other = Strided::new([2], [8], 4)?;
    /// // SAFETY: the layout reaches the elements 0 and 2 of the array, which nobody else uses while the view lives.
    /// let mut view = unsafe { ViewMut::from_raw_parts(data.as_mut_ptr(), every_other) };
    /// view.fill(0);
    /// assert_eq!(data, [0, 2, 0, 4]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub unsafe fn from_raw_parts(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller guarantees everything that `try_from_raw_parts` requires, because the two require the
        // same.
        or_panic(unsafe { Self::try_from_raw_parts(ptr, layout) })
    }

    /// Does what [`from_raw_parts`](Self::from_raw_parts) does, and returns the error instead of panicking.
    ///
    /// # Errors
    ///
    /// Fails when elements of the layout may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure everything that [`from_raw_parts`](Self::from_raw_parts) requires.
    pub unsafe fn try_from_raw_parts(ptr: *mut T, layout: L) -> Result<Self, Error> {
        lendable(&layout, size_of::<T>())?;
        // SAFETY: the caller guarantees everything that `from_raw_parts` requires. No two elements overlap: the caller
        // guarantees it if axes hold pointers, and `lendable` has checked it otherwise.
        Ok(unsafe { Self::from_raw_parts_unchecked(ptr, layout) })
    }

    /// Makes a view of the memory whose first element is at `ptr`, without a check that the elements do not overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure everything that [`from_raw_parts`](Self::from_raw_parts) requires, and that no two
    /// elements overlap.
    ///
    /// See [`from_raw_parts`](Self::from_raw_parts) for an example.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts_unchecked(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller guarantees that the layout stays inside one allocation (V1), that the elements are
        // initialised and alive (V2), and that they do not overlap and are accessed through this view only (V4).
        Self::from_raw(unsafe { Raw::new(ptr.cast(), layout) })
    }

    /// Returns a view of the same elements with a shorter lifetime. This view can be used again afterwards.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// let mut data = [0; 4];
    /// let mut table = ViewMut::from_slice(&mut data, [2, 2]);
    /// table.reborrow().transpose().row(0).fill(1);
    /// table.set([1, 1], 2);
    /// assert_eq!(data, [1, 0, 1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn reborrow(&mut self) -> ViewMut<'_, T, L> {
        // INVARIANT: `self` is borrowed exclusively as long as the result lives, so `self` is not used while the result
        // lives (V4).
        ViewMut::from_raw(self.raw.clone())
    }

    /// Returns a view to read the same elements, which borrows this view.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// let mut data = [1, 2, 3];
    /// let mut view = ViewMut::from(&mut data);
    /// let sum = view.view().iter().sum();
    /// view.set(0, sum);
    /// assert_eq!(data, [6, 2, 3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: only `self` may touch the memory (V4), and it writes nothing while it is borrowed, so nobody
        // writes the memory while the result lives (V3).
        View::from_raw(self.raw.clone())
    }

    /// Returns a cell view of the same elements. A cell view can be cloned, and the clones refer to the same memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// let mut data = [1, 2, 3];
    /// let cells = ViewMut::from(&mut data).into_cells();
    /// let same = cells;
    /// same.set(0, 10);
    /// assert_eq!(cells.at(0), 10);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_cells(self) -> CellViewMut<'a, T, L> {
        // INVARIANT: only `self` may touch the memory (V4), and `self` is consumed. So only the result and its clones
        // touch it, on one thread, and no reference to it is used (V5).
        CellViewMut::from_raw(self.raw)
    }

    /// Returns the elements as one slice, or `None` if they are not C-contiguous, not aligned, or have padding.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// let mut data = [3, 1, 2];
    /// let mut view = ViewMut::from(&mut data);
    /// view.as_mut_slice().unwrap().sort();
    /// assert!(view.slice_axis(0, typedview::Slice::from(..).step_by(2)).as_mut_slice().is_none());
    /// assert_eq!(data, [1, 2, 3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_slice(&mut self) -> Option<&mut [T]> {
        // SAFETY: the pointer and the length are those of one aligned block in C order, without padding. It stays
        // inside one allocation (V1), its elements are initialised and alive (V2), and nobody else touches them while
        // the slice lives (V4).
        self.raw.slice_parts_mut().map(|(ptr, size)| unsafe { core::slice::from_raw_parts_mut(ptr, size) })
    }

    /// Returns the elements as one slice, which borrows this view.
    ///
    /// # Errors
    ///
    /// Fails when the elements are not C-contiguous, not aligned, or have padding.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Slice, ViewMut};
    ///
    /// let mut data = [3, 1, 2];
    /// let mut every_other = ViewMut::from(&mut data).slice_axis(0, Slice::from(..).step_by(2));
    /// let error = every_other.try_as_mut_slice().unwrap_err();
    /// assert_eq!(error.to_string(), "shape (2,) with strides (8,) is not C-contiguous");
    /// ```
    #[inline]
    pub fn try_as_mut_slice(&mut self) -> Result<&mut [T], Error> {
        self.reborrow().try_into_mut_slice()
    }

    /// Returns the elements as one slice that lives as long as the memory, if they are C-contiguous, aligned and without
    /// padding.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::ViewMut;
    ///
    /// fn last_row<'a>(table: ViewMut<'a, i32, typedview::C<2>>) -> &'a mut [i32] {
    ///     let last = table.shape()[0] - 1;
    ///     table.row(last).into_mut_slice().unwrap()
    /// }
    ///
    /// let mut data = [1, 2, 3, 4];
    /// last_row(ViewMut::from_slice(&mut data, [2, 2])).reverse();
    /// assert_eq!(data, [1, 2, 4, 3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_mut_slice(self) -> Option<&'a mut [T]> {
        // SAFETY: the parts are those of an aligned block of initialised elements (V1, V2), which nobody else touches for `'a`
        // (V4).
        self.raw.slice_parts_mut().map(|(ptr, size)| unsafe { core::slice::from_raw_parts_mut(ptr, size) })
    }

    /// Returns the elements as one slice with the lifetime `'a` of the memory. The view is consumed.
    ///
    /// # Errors
    ///
    /// Fails when the elements are not C-contiguous, not aligned, or have padding.
    ///
    /// See [`into_mut_slice`](Self::into_mut_slice) and [`try_as_mut_slice`](Self::try_as_mut_slice) for examples.
    #[inline]
    pub fn try_into_mut_slice(self) -> Result<&'a mut [T], Error> {
        let (ptr, size) = self.raw.try_slice_parts_mut()?;
        // SAFETY: the pointer and the length are those of one aligned block in C order, without padding. It stays
        // inside one allocation (V1), its elements are initialised and alive (V2), and nobody else touches them while
        // the slice lives (V4).
        Ok(unsafe { core::slice::from_raw_parts_mut(ptr, size) })
    }
}

impl<'a, T: Element, const N: usize> ViewMut<'a, T, C<N>> {
    fallible! {
        /// Makes a view of a slice, with a shape.
        fails "If the shape has another number of elements than the slice."
        /// # Examples
        ///
        /// ```
        /// use typedview::ViewMut;
        ///
        /// let mut data = [1, 2, 3, 4, 5, 6];
        /// ViewMut::from_slice(&mut data, [2, 3]).set([1, 0], 40);
        /// assert_eq!(data, [1, 2, 3, 40, 5, 6]);
        /// ```
        #[must_use]
        pub fn from_slice / try_from_slice (slice: &'a mut [T], shape: [usize; N]) -> Self {
            // A layout can describe every slice whose elements have bytes. Elements of 0 bytes can be too many for it,
            // and `ViewMut::from` would then panic, so this is checked first.
            C::new([slice.len()], size_of::<T>())?;
            ViewMut::from(slice).try_reshape(shape)
        }
    }
}

// SAFETY: nobody else touches the memory while the view lives (V4), and the elements are `Send`.
unsafe impl<T: Element, L: Layout> Send for ViewMut<'_, T, L> {}
// SAFETY: `&ViewMut` gives access only for reading, and the elements are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for ViewMut<'_, T, L> {}

impl<'a, T: Element> From<&'a mut [T]> for ViewMut<'a, T, C<1>> {
    #[inline]
    fn from(slice: &'a mut [T]) -> Self {
        let layout = C::of_slice(slice);
        // SAFETY: a slice is one block (V1) of initialised elements that are alive for `'a` (V2). They do not overlap,
        // and nobody else touches them during `'a` (V4).
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
