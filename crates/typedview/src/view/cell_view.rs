//! `CellView`: a view to read memory that others may write between two reads.

use crate::element::Element;
use crate::layout::{C, Layout};
use crate::raw::Raw;
use core::cell::Cell;
use core::marker::PhantomData;

/// A typed, strided view to read memory that others may write between two reads. It is like `&[Cell<T>]` with a shape,
/// but cannot write.
///
/// Elements are copied out. The view never makes a reference to the memory, so any number of cell views may overlap.
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
/// It cannot go to another thread, because another thread could write an element in the middle of a read:
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

    /// Makes a view of the memory whose first element is at `ptr`.
    ///
    /// `ptr` need not be aligned, and may be null if the layout is empty.
    ///
    /// # Safety
    ///
    /// The caller must ensure that, for `'a`, the bytes that the layout reaches from `ptr` are inside one allocation.
    /// The bytes of its elements, except padding, must be alive and initialised. The caller must also ensure that nobody writes an element while it is read, and that no
    /// `&mut` reference to the memory is used during `'a`.
    /// If axes hold pointers, the same must hold for the memory behind them, and the pointers must be alive and not written.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, CellView};
    ///
    /// let data = [1, 2, 3, 4];
    /// // SAFETY: the array has these elements, and nobody writes it while the view lives.
    /// let view = unsafe { CellView::from_raw_parts(data.as_ptr(), C::new([2, 2], 4)?) };
    /// assert_eq!(view.at([1, 0]), 3);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(ptr: *const T, layout: L) -> Self {
        // SAFETY: the caller guarantees that the layout stays inside one allocation (V1), that the elements are
        // initialised and alive (V2), and that nobody writes an element while it is read (V5).
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
        // SAFETY: a slice of cells is one block of initialised elements that are alive for `'a` (V1, V2). Shared cells
        // stay on their thread and lend no references, so no element is written while it is read (V5).
        unsafe { Self::from_raw_parts(cells.as_ptr().cast(), C::of_slice(cells)) }
    }
}
