//! Subviews: slices, rows, lanes and other views of some of the elements of a view.
//! No element is copied, and nothing is locked. Nothing is allocated either, except the shape and the strides of a
//! [`Dyn`] layout with more than 8 axes. A [`ViewMut`] is consumed, because two of them must not refer to the same
//! memory. Call `reborrow` first to keep it.

/// Implements for a view the operations that select some of its elements.
macro_rules! subviews {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result selects a subset of the elements of `self`, and two parts of one result have no
        // element in common, so V1 to V5 carry over.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            fallible! {
                /// Selects elements with an expression of [`s!`](crate::s), which means what it means in Python.
                fails "If an index is out of bounds, a step is 0, there are more items than axes, or a [`Dyn`](crate::Dyn) or [`Indirect`](crate::Indirect) layout cannot describe the result."
                /// # Examples
                ///
                /// ```
                /// use typedview::{View, s};
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// assert_eq!(view.slice(s![1, ..-1]).to_vec(), [4, 5]);
                /// assert_eq!(
                ///     view.try_slice(s![2, ..]).unwrap_err().to_string(),
                ///     "axis 0: index 2 is out of bounds for length 2",
                /// );
                /// ```
                #[must_use]
                pub fn slice / try_slice [S: Items<L, OnlyIndices>] ([$self: $($receiver)*], items: S)
                    -> $view<'a, T, S::Layout>
                {
                    slice($self.raw.clone(), items).map($view::from_raw)
                }

                /// Selects `start:stop:step` of one axis, which means what it means in Python.
                fails "If there is no such axis, the step is 0, or an [`Indirect`](crate::Indirect) layout cannot describe the result."
                /// # Examples
                ///
                /// ```
                /// use typedview::{Slice, View};
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// assert_eq!(view.slice_axis(1, 1..).to_vec(), [2, 3, 5, 6]);
                /// assert_eq!(view.slice_axis(0, Slice::from(..).step_by(-1)).to_vec(), [4, 5, 6, 1, 2, 3]);
                /// ```
                #[must_use]
                pub fn slice_axis / try_slice_axis ([$self: $($receiver)*], axis: usize, slice: impl Into<Slice>)
                    -> $view<'a, T, L::General>
                {
                    $self.raw.try_slice_axis(axis, slice.into()).map($view::from_raw)
                }

                /// Divides the view in two: the elements before `index` of `axis`, and the others. Both can be used at
                /// the same time.
                fails "If there is no such axis, `index` is greater than its length, or an [`Indirect`](crate::Indirect) layout cannot describe the result."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let (left, right) = View::from(&[[1, 2, 3], [4, 5, 6]]).split_at(1, 1);
                /// assert_eq!((left.to_vec(), right.to_vec()), (vec![1, 4], vec![2, 3, 5, 6]));
                /// ```
                #[must_use]
                pub fn split_at / try_split_at ([$self: $($receiver)*], axis: usize, index: usize)
                    -> ($view<'a, T, L::General>, $view<'a, T, L::General>)
                {
                    let (first, second) = $self.raw.try_split_at(axis, index)?;
                    Ok(($view::from_raw(first), $view::from_raw(second)))
                }
            }

            /// Selects one field of every record. The macro [`field!`](crate::field) names the field.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[cfg(feature = "derive")] {
            /// use typedview::{Element, View, field};
            ///
            /// #[derive(Clone, Copy, Element)]
            /// #[repr(C, packed)]
            /// struct Trade {
            ///     count: u8,
            ///     price: f64,
            /// }
            ///
            /// let trades = [Trade { count: 3, price: 2.5 }, Trade { count: 1, price: 4.0 }];
            /// let prices = View::from(&trades).field(field!(Trade, price));
            /// assert_eq!(prices.strides(), [9]);
            /// assert_eq!(prices.to_vec(), [2.5, 4.0]);
            /// # }
            /// ```
            #[inline]
            #[must_use]
            pub fn field<U: Element>($($receiver)*, field: FieldOf<T, U>) -> $view<'a, U, L::General> {
                $view::from_raw($self.raw.field(field))
            }
        }

        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            fallible! {
                /// Returns the elements at `index` of axis 0. A row of `C<2>` is a `C<1>`.
                fails "If `index` is out of bounds."
                /// # Examples
                ///
                /// ```
                /// use typedview::{C, View};
                ///
                /// let row: View<'_, i32, C<1>> = View::from(&[[1, 2, 3], [4, 5, 6]]).row(1);
                /// assert_eq!(row.as_slice(), Some(&[4, 5, 6][..]));
                /// ```
                #[must_use]
                pub fn row / try_row ([$self: $($receiver)*], index: usize) -> $view<'a, T, L::Row> {
                    $self.raw.try_row(index).map($view::from_raw)
                }
            }

            /// Returns an iterator over the rows.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// let sums: Vec<i32> = view.rows().map(|row| row.iter().sum()).collect();
            /// assert_eq!(sums, [6, 15]);
            /// ```
            #[inline]
            #[must_use]
            pub fn rows($($receiver)*) -> SubviewIter<Rows<T, L>, $view<'a, T, L::Row>> {
                SubviewIter::rows($self.raw.clone())
            }

            fallible! {
                /// Returns an iterator over chunks of `rows` rows each. The last chunk may have fewer. A chunk of
                /// `C<2>` is a `C<2>`.
                fails "If `rows` is 0."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[1, 2, 3, 4, 5]);
                /// let sums: Vec<i32> = view.chunks(2).map(|chunk| chunk.iter().sum()).collect();
                /// assert_eq!(sums, [3, 7, 5]);
                /// ```
                #[must_use]
                pub fn chunks / try_chunks ([$self: $($receiver)*], rows: usize)
                    -> SubviewIter<Chunks<T, L>, $view<'a, T, L::Rows>>
                {
                    SubviewIter::try_chunks($self.raw.clone(), rows)
                }

                /// Divides the view in two: the rows before `index`, and the others. Both can be used at the same time.
                fails "If `index` is greater than the number of rows."
                /// # Examples
                ///
                /// ```
                /// use typedview::ViewMut;
                ///
                /// let mut data = [1, 2, 3, 4];
                /// let (mut left, right) = ViewMut::from(&mut data).split_rows(2);
                /// left.copy_from(&right.view());
                /// assert_eq!(data, [3, 4, 3, 4]);
                /// ```
                #[must_use]
                pub fn split_rows / try_split_rows ([$self: $($receiver)*], index: usize)
                    -> ($view<'a, T, L::Rows>, $view<'a, T, L::Rows>)
                {
                    let (first, second) = $self.raw.try_split_rows(index)?;
                    Ok(($view::from_raw(first), $view::from_raw(second)))
                }

                /// Selects a range of rows. A range of rows of `C<2>` is a `C<2>`. Ends out of bounds are clamped, as
                /// in Python.
                fails "If the view has no axes, which only [`Dyn`](crate::Dyn) allows."
                /// # Examples
                ///
                /// ```
                /// use typedview::{C, View};
                ///
                /// let view = View::from(&[[1, 2], [3, 4], [5, 6]]);
                /// let last_two: View<'_, i32, C<2>> = view.slice_rows(-2..);
                /// assert_eq!(last_two.as_slice(), Some(&[3, 4, 5, 6][..]));
                /// ```
                #[must_use]
                pub fn slice_rows / try_slice_rows ([$self: $($receiver)*], range: impl Into<RowRange>)
                    -> $view<'a, T, L::Rows>
                {
                    $self.raw.try_slice_rows(range.into().0).map($view::from_raw)
                }

                /// Returns the elements at `index` of `axis`, without that axis. A negative index counts from the end.
                fails "If there is no such axis, `index` is out of bounds, or an [`Indirect`](crate::Indirect) layout cannot describe the result."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// assert_eq!(view.index_axis(1, -1).to_vec(), [3, 6]);
                /// ```
                #[must_use]
                pub fn index_axis / try_index_axis ([$self: $($receiver)*], axis: usize, index: impl Position)
                    -> $view<'a, T, L::IndexedAxis>
                {
                    $self.raw.try_index_axis(axis, index.to_signed()).map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            fallible! {
                /// Returns an iterator over the lanes along `axis`: a view with one axis for each index on the other
                /// axes, in index order.
                fails "If there is no such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// let sums: Vec<i32> = view.lanes(0).map(|column| column.iter().sum()).collect();
                /// assert_eq!(sums, [5, 7, 9]);
                /// ```
                #[must_use]
                pub fn lanes / try_lanes ([$self: $($receiver)*], axis: usize)
                    -> SubviewIter<Lanes<T, L>, $view<'a, T, Strided<1>>>
                {
                    SubviewIter::try_lanes($self.raw.clone(), axis)
                }
            }
        }

        impl<'a, T: Element> $view<'a, T, Dyn> {
            fallible! {
                /// Selects elements with a list of items, one for each axis. It does what [`slice`](Self::slice) does,
                /// for items that are known only at run time.
                fails "If an index is out of bounds, a step is 0, or there are more items than axes."
                #[must_use]
                pub fn select / try_select ([$self: $($receiver)*], items: &[SliceItem]) -> $view<'a, T, Dyn> {
                    $self.raw.try_select(items).map($view::from_raw)
                } panics {
                    // The result is written straight into its final location, because moving a `Dyn` out of a `Result`
                    // right after it was written costs a stall.
                    let mut selected = $view::from_raw($self.raw.first_element());
                    match $self.raw.select_into(items, &mut selected.raw) {
                        Ok(()) => selected,
                        Err(error) => panic_with(error),
                    }
                }
            }
        }
    };
}

/// Implements `windows` for the views that may have elements in common with another view. A [`ViewMut`] has no
/// `windows`, because two of them must not have an element in common.
macro_rules! windows {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: each window selects a subset of the elements of `self`, so V1 to V3 and V5 carry over.
        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            fallible! {
                /// Returns an iterator over windows of `rows` rows each. Each window begins one row after the window
                /// before it.
                fails "If `rows` is 0."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[1, 5, 2, 4]);
                /// let steps: Vec<i32> = view.windows(2).map(|pair| pair.at(1) - pair.at(0)).collect();
                /// assert_eq!(steps, [4, -3, 2]);
                /// ```
                #[must_use]
                pub fn windows / try_windows ([$self: $($receiver)*], rows: usize)
                    -> SubviewIter<Windows<T, L>, $view<'a, T, L::Rows>>
                {
                    SubviewIter::try_windows($self.raw.clone(), rows)
                }
            }
        }
    };
}

use super::slicing::{Items, OnlyIndices, Position, slice};
use super::{CellView, CellViewMut, Chunks, Lanes, Rows, SubviewIter, View, ViewMut, Windows};
use crate::element::{Element, FieldOf};
use crate::error::fallible;
use crate::error::panic_with;
use crate::layout::{Direct, Dyn, Layout, RemoveAxis, RowRange, Slice, SliceItem, Strided};

subviews!(View, self, [&self]);
subviews!(CellView, self, [&self]);
subviews!(CellViewMut, self, [&self]);
subviews!(ViewMut, self, [self]);

windows!(View, self, [&self]);
windows!(CellView, self, [&self]);
windows!(CellViewMut, self, [&self]);
