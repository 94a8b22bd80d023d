//! `CellViewMut`: memory that others may read and write between two accesses.

use super::CellView;
use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use core::cell::Cell;
use core::marker::PhantomData;

/// A typed, strided view of memory that others may touch between two accesses: `&[Cell<T>]` with a shape.
///
/// Cython's `double[:]`: values go in and come out by copy, and two views may overlap.
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
/// It stays on its thread:
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

    /// A view of memory that starts at `ptr`.
    ///
    /// `ptr` need not be aligned, and may be null when the layout is empty.
    ///
    /// # Safety
    ///
    /// For as long as `'a` the bytes that the layout reaches from `ptr` are inside one allocation, alive,
    /// initialised and writable; nobody touches an element while it is read or written, and no reference to the
    /// memory is in use.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(ptr: *mut T, layout: L) -> Self {
        // SAFETY: the caller: V1, V2, V5.
        Self::from_raw(unsafe { Raw::new(ptr.cast(), layout) })
    }

    /// The same elements to read only.
    #[inline]
    #[must_use]
    pub fn to_cell_view(&self) -> CellView<'a, T, L> {
        // INVARIANT: V5 of a view that reads asks for less.
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
        // SAFETY: a slice of cells is one block of initialised elements, writable; a cell lends no references.
        unsafe { Self::from_raw_parts(cells.as_ptr().cast_mut().cast(), C::of_slice(cells)) }
    }
}

impl<'a, T: Element, L: Layout> From<CellViewMut<'a, T, L>> for CellView<'a, T, L> {
    #[inline]
    fn from(cells: CellViewMut<'a, T, L>) -> Self {
        cells.to_cell_view()
    }
}
