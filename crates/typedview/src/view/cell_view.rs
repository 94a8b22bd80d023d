//! `CellView`: memory that others may write between two reads.

use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use core::cell::Cell;
use core::marker::PhantomData;

/// A typed, strided view of memory that others may write between two reads: `&[Cell<T>]` with a shape, to read.
///
/// Values come out by copy; no reference into the memory is ever made, so any number of cell views may overlap.
///
/// # Examples
///
/// ```
/// use typedview::ViewMut;
///
/// let mut data = vec![1, 2, 3];
/// let cells = ViewMut::from(&mut data).into_cells();
/// let (reader, writer) = (cells.to_cell_view(), cells);
/// writer.set(1, 20);
/// assert_eq!(reader.at(1), 20);
/// ```
///
/// It stays on its thread, since a write elsewhere could come in the middle of a read:
///
/// ```compile_fail,E0277
/// use typedview::{CellView, View};
///
/// let cells = CellView::from(View::from(&[1, 2, 3]));
/// std::thread::spawn(move || cells.at(0));
/// ```
pub struct CellView<'a, T: Element, L: Layout> {
    pub(super) raw: Raw<T, L>,
    memory: PhantomData<&'a [Cell<T>]>,
}

impl<T: Element, L: Layout> CellView<'_, T, L> {
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
    /// For as long as `'a` the bytes that the layout reaches from `ptr` are inside one allocation, alive and
    /// initialised; nobody writes an element while it is read, and no `&mut` to the memory is in use.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(ptr: *const T, layout: L) -> Self {
        // SAFETY: the caller: V1, V2, V5.
        Self::from_raw(unsafe { Raw::new(ptr.cast_mut().cast(), layout) })
    }
}

impl<T: Element, L: Layout> Clone for CellView<'_, T, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self::from_raw(self.raw.clone())
    }
}

impl<T: Element, L: Layout + Copy> Copy for CellView<'_, T, L> {}

impl<'a, T: Element> From<&'a [Cell<T>]> for CellView<'a, T, C<1>> {
    #[inline]
    fn from(cells: &'a [Cell<T>]) -> Self {
        // SAFETY: a slice of cells is one block of initialised elements; a cell lends no references.
        unsafe { Self::from_raw_parts(cells.as_ptr().cast(), C::of_slice(cells)) }
    }
}
