//! Reborrowing: the operations of a [`ViewMut`] that leave the view usable, and rows of it that are used at the same time.
//! The operations without `_mut` consume the view, as iterators over a `&mut [T]` do.

use super::slicing::{Items, OnlyIndices};
use super::{CellView, Chunks, SubviewIter, ViewMut};
use crate::element::{Element, FieldOf};
use crate::error::{IndexError, fallible};
use crate::layout::{Layout, RemoveAxis};

impl<T: Element, L: Layout> ViewMut<'_, T, L> {
    fallible! {
        /// Does what [`slice`](Self::slice) does, and borrows this view, which can be used again afterwards.
        fails "As [`slice`](Self::slice)."
        /// # Examples
        ///
        /// ```
        /// use typedview::{ViewMut, s};
        ///
        /// let mut data = [0; 6];
        /// let mut table = ViewMut::from_slice(&mut data, [2, 3]);
        /// table.slice_mut(s![.., 0]).fill(1);
        /// table.slice_mut(s![1, 1..]).fill(2);
        /// assert_eq!(data, [1, 0, 0, 1, 2, 2]);
        /// ```
        #[must_use]
        pub fn slice_mut / try_slice_mut [S: Items<L, OnlyIndices>] ([self: &mut self], items: S)
            -> ViewMut<'_, T, S::Layout>
        {
            self.reborrow().try_slice(items)
        }
    }

    /// Does what [`field`](Self::field) does, and borrows this view, which can be used again afterwards.
    #[inline]
    #[must_use]
    pub fn field_mut<U: Element>(&mut self, field: FieldOf<T, U>) -> ViewMut<'_, U, L::General> {
        self.reborrow().field(field)
    }
}

impl<T: Element, L: RemoveAxis> ViewMut<'_, T, L> {
    fallible! {
        /// Returns the row at `index`, and borrows this view, which can be used again afterwards.
        fails "If `index` is out of bounds."
        /// # Examples
        ///
        /// ```
        /// use typedview::ViewMut;
        ///
        /// let mut data = [1, 2, 3, 4];
        /// let mut table = ViewMut::from_slice(&mut data, [2, 2]);
        /// table.row_mut(0).fill(0);
        /// table.row_mut(1).set(0, 30);
        /// assert_eq!(data, [0, 0, 30, 4]);
        /// ```
        #[must_use]
        pub fn row_mut / try_row_mut ([self: &mut self], index: usize) -> ViewMut<'_, T, L::Row> {
            self.reborrow().try_row(index)
        }

        /// Returns several rows, which can be used at the same time. They borrow this view.
        fails "If an index is out of bounds or given twice."
        /// # Examples
        ///
        /// ```
        /// use typedview::ViewMut;
        ///
        /// let mut data = [1, 2, 3, 4, 5, 6];
        /// let mut table = ViewMut::from_slice(&mut data, [3, 2]);
        /// let [mut first, last] = table.rows_mut([0, 2]);
        /// first.copy_from(&last.view());
        /// assert_eq!(table.try_rows_mut([1, 1]).unwrap_err().to_string(), "axis 0: index 1 is given twice");
        /// assert_eq!(data, [5, 6, 3, 4, 5, 6]);
        /// ```
        #[must_use]
        pub fn rows_mut / try_rows_mut [const K: usize] ([self: &mut self], indices: [usize; K])
            -> [ViewMut<'_, T, L::Row>; K]
        {
            for (at, &index) in indices.iter().enumerate() {
                self.raw.try_row(index)?;
                if indices[..at].contains(&index) {
                    return Err(IndexError::Twice { axis: 0, index }.into());
                }
            }
            // INVARIANT: `self` is borrowed exclusively while the results live. The indices differ, and rows with different
            // indices have no element in common, because no two elements of `self` overlap (V4).
            // SAFETY: each index has been found to be less than the number of rows.
            Ok(indices.map(|index| ViewMut::from_raw(unsafe { self.raw.row_unchecked(index) })))
        }

        /// Does what [`chunks`](Self::chunks) does, and borrows this view, which can be used again afterwards.
        fails "If `rows` is 0."
        #[must_use]
        pub fn chunks_mut / try_chunks_mut ([self: &mut self], rows: usize)
            -> SubviewIter<Chunks<T, L>, ViewMut<'_, T, L::Rows>>
        {
            self.reborrow().try_chunks(rows)
        }
    }
}

impl<'a, T: Element, L: Layout> From<&'a ViewMut<'_, T, L>> for CellView<'a, T, L> {
    #[inline]
    fn from(view: &'a ViewMut<'_, T, L>) -> Self {
        view.view().into()
    }
}
