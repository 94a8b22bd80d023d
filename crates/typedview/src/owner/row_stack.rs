//! `RowStack`: rows that were allocated one by one, with a table of pointers that makes them one view: C's `double **`.

use crate::copy::room;
use crate::element::Element;
use crate::error::{LayoutError, fallible};
use crate::layout::{Indirect, Layout};
use crate::raw::Raw;
use alloc::vec::Vec;
use core::fmt;

/// Separately allocated rows of one length, viewed as one table without a copy. They can be taken back as they were.
///
/// - O3. `table[i]` points to the first element of `rows[i]`, which has `layout.shape()[1]` elements.
///
/// # Examples
///
/// ```
/// use typedview::RowStack;
///
/// let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]];
/// let mut stack = RowStack::new(rows);
/// assert_eq!(stack.view().at([2, 1]), 6.0);
/// stack.view_mut().slice_axis(1, 1..).fill(0.0);
/// assert_eq!(stack.into_rows(), [[1.0, 0.0], [3.0, 0.0], [5.0, 0.0]]);
/// ```
pub struct RowStack<T> {
    rows: Vec<Vec<T>>,
    table: Vec<*mut T>,
    layout: Indirect<2>,
}

impl<T: Element> RowStack<T> {
    fallible! {
        /// Makes a table of rows that all have the same length.
        fails "If a row does not have the length of row 0 (the error names the first such row), if all elements together exceed the address space, or if there is not enough memory for the pointers."
        /// # Examples
        ///
        /// ```
        /// use typedview::RowStack;
        ///
        /// assert_eq!(RowStack::new(vec![vec![1, 2], vec![3, 4]]).view().shape(), [2, 2]);
        /// let error = RowStack::try_new(vec![vec![1, 2], vec![3]]).unwrap_err();
        /// assert_eq!(error.to_string(), "row 1 has 1 elements, row 0 has 2");
        /// ```
        #[must_use]
        pub fn new / try_new (rows: Vec<Vec<T>>) -> Self {
            let mut rows = rows;
            let columns = rows.first().map_or(0, Vec::len);
            if let Some(row) = rows.iter().position(|row| row.len() != columns) {
                return Err(LayoutError::RowLength { row, length: rows[row].len(), wanted: columns }.into());
            }
            let layout = Indirect::of_rows(rows.len(), columns, size_of::<T>())?;
            let mut table = room(rows.len())?;
            table.extend(rows.iter_mut().map(Vec::as_mut_ptr));
            Ok(Self { rows, table, layout })
        }
    }

    /// Returns the rows as they were given, with everything that has been written since.
    ///
    /// See [`RowStack`] for an example.
    #[must_use]
    pub fn into_rows(self) -> Vec<Vec<T>> {
        self.rows
    }

    /// Returns the table as a raw view, which promises nothing about the elements. The module `view` makes views of it.
    pub(crate) fn raw(&self) -> Raw<T, Indirect<2>> {
        // SAFETY: the table has one pointer for each row, so the offsets of the rows stay inside it (R1). Each pointer
        // leads to as many elements as there are columns (R2, O3).
        unsafe { Raw::new(self.table.as_ptr().cast_mut().cast(), self.layout) }
    }
}

// SAFETY: the pointers lead to memory that the stack owns (O3), and the elements are `Send`.
unsafe impl<T: Element> Send for RowStack<T> {}
// SAFETY: `&RowStack` gives access only for reading, and the elements are `Sync`.
unsafe impl<T: Element> Sync for RowStack<T> {}

impl<T: Element> fmt::Debug for RowStack<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rows, columns] = [0, 1].map(|axis| self.layout.shape()[axis]);
        write!(f, "RowStack({}[{rows}, {columns}])", T::DTYPE)
    }
}
