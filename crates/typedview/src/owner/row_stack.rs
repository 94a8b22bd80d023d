//! Rows that were allocated one by one, and the table of pointers that makes them one view: C's `double **`.

use crate::copy::room;
use crate::element::Element;
use crate::error::{Error, LayoutError};
use crate::layout::{Indirect, Layout};
use crate::raw::Raw;
use alloc::vec::Vec;
use core::fmt;

/// Separately allocated rows of one length, viewed as a table without a copy, and given back as they were.
///
/// - O3. `table[i]` points at the elements of `rows[i]`, of which there are `layout.shape()[1]`.
///
/// # Examples
///
/// ```
/// use typedview::RowStack;
///
/// let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]];
/// let mut stack = RowStack::try_new(rows)?;
/// assert_eq!(stack.view().at([2, 1]), 6.0);
/// stack.view_mut().slice_axis(1, 1..).fill(0.0);
/// assert_eq!(stack.into_rows(), [[1.0, 0.0], [3.0, 0.0], [5.0, 0.0]]);
/// # Ok::<(), typedview::Error>(())
/// ```
pub struct RowStack<T> {
    rows: Vec<Vec<T>>,
    table: Vec<*mut T>,
    layout: Indirect<2>,
}

impl<T: Element> RowStack<T> {
    /// Takes rows that all have the same length.
    ///
    /// # Errors
    ///
    /// The first row whose length differs from that of row 0; all elements together exceed the address space; there is no
    /// memory for the pointers.
    pub fn try_new(mut rows: Vec<Vec<T>>) -> Result<Self, Error> {
        let columns = rows.first().map_or(0, Vec::len);
        if let Some(row) = rows.iter().position(|row| row.len() != columns) {
            return Err(LayoutError::RowLength { row, length: rows[row].len(), wanted: columns }.into());
        }
        let layout = Indirect::of_rows(rows.len(), columns, size_of::<T>())?;
        let mut table = room(rows.len())?;
        table.extend(rows.iter_mut().map(Vec::as_mut_ptr));
        Ok(Self { rows, table, layout })
    }

    /// The rows as they were given, with what has been written since.
    #[must_use]
    pub fn into_rows(self) -> Vec<Vec<T>> {
        self.rows
    }

    /// The table, without a promise; its views are made in `view`.
    pub(crate) fn raw(&self) -> Raw<T, Indirect<2>> {
        // SAFETY: O3: one pointer a row (R1), each to as many elements as there are columns (R2).
        unsafe { Raw::new(self.table.as_ptr().cast_mut().cast(), self.layout) }
    }
}

// SAFETY: O3: the pointers lead to memory that the stack owns, of elements that are `Send`.
unsafe impl<T: Element> Send for RowStack<T> {}
// SAFETY: `&RowStack` only reads, and elements are `Sync`.
unsafe impl<T: Element> Sync for RowStack<T> {}

impl<T: Element> fmt::Debug for RowStack<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rows, columns] = [0, 1].map(|axis| self.layout.shape()[axis]);
        write!(f, "RowStack({}[{rows}, {columns}])", T::DTYPE)
    }
}
