//! `View`: a view to read memory that nobody writes while the view lives.

use super::CellView;
use crate::element::{Element, Single};
use crate::error::Error;
use crate::error::fallible;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use core::marker::PhantomData;

/// A typed, strided view to read memory that nobody writes while the view lives. It is like `&[T]` with a shape.
///
/// # Examples
///
/// ```
/// use typedview::{C, View};
///
/// fn sum_of_column(table: View<'_, f64, C<2>>, column: isize) -> f64 {
///     table.index_axis(1, column).iter().sum()
/// }
///
/// let table = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(sum_of_column(table, -1), 6.0);
/// ```
///
/// A view cannot outlive the memory that it refers to:
///
/// ```compile_fail,E0597
/// use typedview::View;
///
/// let view = {
///     let data = vec![1.0, 2.0];
///     View::from(&data)
/// };
/// assert_eq!(view.at(0), 1.0);
/// ```
pub struct View<'a, T: Element, L: Layout> {
    pub(super) raw: Raw<T, L>,
    memory: PhantomData<&'a [T]>,
}

impl<'a, T: Element, L: Layout> View<'a, T, L> {
    #[inline]
    pub(crate) fn from_raw(raw: Raw<T, L>) -> Self {
        Self { raw, memory: PhantomData }
    }

    /// Makes a view of the memory whose first element is at `ptr`.
    ///
    /// `ptr` need not be aligned, and may be null if the layout is empty.
    ///
    /// # Safety
    ///
    /// The caller must ensure that, for `'a`, the bytes that the layout reaches from `ptr` are inside one allocation.
    /// The bytes of its elements, except padding, must be alive, initialised, and written by nobody.
    /// If axes hold pointers, the same must hold for the memory behind them, and the pointers must be alive and not written.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Strided, View};
    ///
    /// let data = [1, 2, 3, 4];
    /// let backwards = Strided::new([4], [-4], 4)?;
    /// // SAFETY: from the last element, the layout reaches all elements of the array, which nobody writes.
    /// let view = unsafe { View::from_raw_parts(&raw const data[3], backwards) };
    /// assert_eq!(view.to_vec(), [4, 3, 2, 1]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(ptr: *const T, layout: L) -> Self {
        // SAFETY: the caller guarantees that the layout stays inside one allocation (V1), that the elements are
        // initialised and alive (V2), and that nobody writes them during `'a` (V3).
        Self::from_raw(unsafe { Raw::new(ptr.cast_mut().cast(), layout) })
    }

    /// Returns the elements as one slice, or `None` if they are not C-contiguous or not aligned.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::View;
    ///
    /// let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!(table.row(1).as_slice(), Some(&[4, 5, 6][..]));
    /// assert_eq!(table.index_axis(1, 0).as_slice(), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> Option<&'a [T]> {
        // SAFETY: the pointer and the length are those of one aligned block in C order. It stays inside one allocation
        // (V1), its elements are initialised and alive for `'a` (V2), and nobody writes them during `'a` (V3).
        self.raw.slice_parts().map(|(ptr, size)| unsafe { core::slice::from_raw_parts(ptr, size) })
    }

    /// Returns the elements as one slice.
    ///
    /// # Errors
    ///
    /// Fails when the elements are not C-contiguous or not aligned.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::View;
    ///
    /// let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
    /// let error = table.index_axis(1, 0).try_as_slice().unwrap_err();
    /// assert_eq!(error.to_string(), "shape (2,) with strides (12,) is not C-contiguous");
    /// ```
    #[inline]
    pub fn try_as_slice(&self) -> Result<&'a [T], Error> {
        let (ptr, size) = self.raw.try_slice_parts()?;
        // SAFETY: the pointer and the length are those of one aligned block in C order. It stays inside one allocation
        // (V1), its elements are initialised and alive for `'a` (V2), and nobody writes them during `'a` (V3).
        Ok(unsafe { core::slice::from_raw_parts(ptr, size) })
    }
}

impl<'a, T: Element, const N: usize> View<'a, T, C<N>> {
    fallible! {
        /// Makes a view of a slice, with a shape.
        fails "If the shape has another number of elements than the slice."
        /// # Examples
        ///
        /// ```
        /// use typedview::View;
        ///
        /// let view = View::from_slice(&[1, 2, 3, 4, 5, 6], [2, 3]);
        /// assert_eq!(view.at([1, 2]), 6);
        /// ```
        #[must_use]
        pub fn from_slice / try_from_slice (slice: &'a [T], shape: [usize; N]) -> Self {
            // A layout can describe every slice whose elements have bytes. Elements of 0 bytes can be too many for it,
            // and `View::from` would then panic, so this is checked first.
            C::new([slice.len()], size_of::<T>())?;
            View::from(slice).try_reshape(shape)
        }
    }
}

impl<T: Element, L: Layout> Clone for View<'_, T, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self::from_raw(self.raw.clone())
    }
}

impl<T: Element, L: Layout + Copy> Copy for View<'_, T, L> {}

// SAFETY: nobody writes the memory while the view lives (V3), and the elements are `Sync`, so any thread may read them.
unsafe impl<T: Element, L: Layout> Send for View<'_, T, L> {}
// SAFETY: `&View` gives access only for reading, nobody writes the memory (V3), and the elements are `Sync`.
unsafe impl<T: Element, L: Layout> Sync for View<'_, T, L> {}

impl<'a, T: Element> From<&'a [T]> for View<'a, T, C<1>> {
    #[inline]
    fn from(slice: &'a [T]) -> Self {
        // SAFETY: a slice is one block of initialised elements that are alive for `'a`, during which nobody writes
        // them.
        unsafe { Self::from_raw_parts(slice.as_ptr(), C::of_slice(slice)) }
    }
}

impl<'a, T: Element> From<&'a alloc::vec::Vec<T>> for View<'a, T, C<1>> {
    #[inline]
    fn from(vec: &'a alloc::vec::Vec<T>) -> Self {
        Self::from(vec.as_slice())
    }
}

impl<'a, T: Single, const N: usize> From<&'a [T; N]> for View<'a, T, C<1>> {
    #[inline]
    fn from(array: &'a [T; N]) -> Self {
        Self::from(array.as_slice())
    }
}

impl<'a, T: Single, const N: usize, const M: usize> From<&'a [[T; M]; N]> for View<'a, T, C<2>> {
    #[inline]
    fn from(rows: &'a [[T; M]; N]) -> Self {
        Self::from_slice(rows.as_flattened(), [N, M])
    }
}

impl<'a, T: Single, const N: usize, const M: usize, const K: usize> From<&'a [[[T; K]; M]; N]>
    for View<'a, T, C<3>>
{
    #[inline]
    fn from(tables: &'a [[[T; K]; M]; N]) -> Self {
        Self::from_slice(tables.as_flattened().as_flattened(), [N, M, K])
    }
}

impl<'a, T: Element, L: Layout> From<View<'a, T, L>> for CellView<'a, T, L> {
    #[inline]
    fn from(view: View<'a, T, L>) -> Self {
        // INVARIANT: nobody writes the memory during `'a` (V3), so nobody writes an element while it is read, and no
        // reference is used for writing (V5).
        CellView::from_raw(view.raw)
    }
}
