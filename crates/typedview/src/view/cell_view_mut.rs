//! `CellViewMut`: a view to read and write memory that others may read and write between two accesses.

use super::CellView;
use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use core::cell::Cell;
use core::marker::PhantomData;

/// A typed, strided view to read and write memory that others may read and write between two accesses. It is like
/// `&[Cell<T>]` with a shape.
///
/// It corresponds to Cython's `double[:]`. Elements are copied in and out, and two views may overlap.
///
/// # Examples
///
/// ```
/// use typedview::ViewMut;
///
/// let mut data = vec![1, 2, 3, 4];
/// let cells = ViewMut::from(&mut data).into_cells();
/// cells.slice_axis(0, 1..).copy_from(&cells.slice_axis(0, ..-1).to_cell_view());
/// assert_eq!(data, [1, 1, 2, 3]);
/// ```
///
/// It cannot go to another thread:
///
/// ```compile_fail,E0277
/// use typedview::ViewMut;
///
/// let data: &'static mut [i32] = Box::leak(vec![1, 2, 3].into());
/// let cells = ViewMut::from(data).into_cells();
/// std::thread::spawn(move || cells.set(0, 5));
/// ```
pub struct CellViewMut<'a, T: Element, L: Layout> {
    pub(super) raw: Raw<T, L>,
    memory: PhantomData<&'a [Cell<T>]>,
}

impl<'a, T: Element, L: Layout> CellViewMut<'a, T, L> {
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
    /// The bytes of its elements, except padding, must be alive, initialised and writable. The caller must also ensure that nobody else touches an element while it is
    /// read or written, and that no reference to the memory is used during `'a`.
    /// If axes hold pointers, the same must hold for the memory behind them, and the pointers must be alive and not written.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, CellViewMut};
    ///
    /// let mut data = [1, 2, 3, 4];
    /// // SAFETY: the array has these elements, and nobody else uses it while the view lives.
    /// let view = unsafe { CellViewMut::from_raw_parts(data.as_mut_ptr(), C::new([2, 2], 4)?) };
    /// view.row(0).fill(view.at([1, 1]));
    /// assert_eq!(data, [4, 4, 3, 4]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller guarantees that the layout stays inside one allocation (V1), that the elements are
        // initialised and alive (V2), and that nobody else touches an element while it is read or written (V5).
        Self::from_raw(unsafe { Raw::new(ptr.cast(), layout) })
    }

    /// Returns a view of the same elements that can only read them.
    ///
    /// See [`CellView`] for an example.
    #[inline]
    #[must_use]
    pub fn to_cell_view(&self) -> CellView<'a, T, L> {
        // INVARIANT: the result has the same elements, and a `CellView` requires less than a `CellViewMut` does (V5).
        CellView::from_raw(self.raw.clone())
    }
}

impl<T: Element, L: Layout> Clone for CellViewMut<'_, T, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self::from_raw(self.raw.clone())
    }
}

impl<T: Element, L: Layout + Copy> Copy for CellViewMut<'_, T, L> {}

impl<'a, T: Element> From<&'a [Cell<T>]> for CellViewMut<'a, T, C<1>> {
    #[inline]
    fn from(cells: &'a [Cell<T>]) -> Self {
        // SAFETY: a slice of cells is one block of initialised, writable elements that are alive for `'a` (V1, V2).
        // Shared cells stay on their thread and lend no references, so nobody else touches an element during an access
        // (V5).
        unsafe { Self::from_raw_parts(cells.as_ptr().cast_mut().cast(), C::of_slice(cells)) }
    }
}

impl<'a, T: Element, L: Layout> From<CellViewMut<'a, T, L>> for CellView<'a, T, L> {
    #[inline]
    fn from(cells: CellViewMut<'a, T, L>) -> Self {
        cells.to_cell_view()
    }
}
