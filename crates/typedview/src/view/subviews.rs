//! Views of a part of a view: slices, rows, lanes; same memory, no allocation, no lock.
//! A [`ViewMut`] is used up by them, since two of one memory must not exist; `reborrow` it first to keep it.

/// Gives a view the operations that make another view of some of its elements.
macro_rules! subviews {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result names a subset of the elements of `self`, so V1 to V5 carry over.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// The elements that [`s!`](crate::s) selects, with Python's meaning.
            ///
            /// # Errors
            ///
            /// An index is out of bounds, a step is 0, there are more items than axes.
            #[inline]
            pub fn try_slice<S: Items<L, Lead>>($($receiver)*, items: S) -> Result<$view<'a, T, S::Layout>, Error> {
                slice($self.raw.clone(), items).map($view::from_raw)
            }

            /// The elements that [`s!`](crate::s) selects, with Python's meaning.
            ///
            /// # Panics
            ///
            /// An index is out of bounds, a step is 0, there are more items than axes.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn slice<S: Items<L, Lead>>($($receiver)*, items: S) -> $view<'a, T, S::Layout> {
                match slice($self.raw.clone(), items) {
                    Ok(raw) => $view::from_raw(raw),
                    Err(error) => refuse(error),
                }
            }

            /// `start:stop:step` of one axis, with Python's meaning.
            ///
            /// # Errors
            ///
            /// There is no such axis; the step is 0.
            #[inline]
            pub fn try_slice_axis(
                $($receiver)*,
                axis: usize,
                slice: impl Into<Slice>,
            ) -> Result<$view<'a, T, L::General>, Error> {
                $self.raw.try_slice_axis(axis, slice.into()).map($view::from_raw)
            }

            /// The elements before `index` of `axis`, and the others; all of them may be used at once.
            ///
            /// # Errors
            ///
            /// There is no such axis, or `index` is more than its length.
            #[inline]
            pub fn try_split_at(
                $($receiver)*,
                axis: usize,
                index: usize,
            ) -> Result<($view<'a, T, L::General>, $view<'a, T, L::General>), Error> {
                let (first, second) = $self.raw.try_split_at(axis, index)?;
                Ok(($view::from_raw(first), $view::from_raw(second)))
            }

            /// The elements before `index` of `axis`, and the others; all of them may be used at once.
            ///
            /// # Panics
            ///
            /// There is no such axis, or `index` is more than its length.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let (left, right) = View::from(&[[1, 2, 3], [4, 5, 6]]).split_at(1, 1);
            /// assert_eq!((left.to_vec(), right.to_vec()), (vec![1, 4], vec![2, 3, 5, 6]));
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn split_at(
                $($receiver)*,
                axis: usize,
                index: usize,
            ) -> ($view<'a, T, L::General>, $view<'a, T, L::General>) {
                or_refuse($self.try_split_at(axis, index))
            }

            /// `start:stop:step` of one axis, with Python's meaning.
            ///
            /// # Panics
            ///
            /// There is no such axis; the step is 0.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn slice_axis($($receiver)*, axis: usize, slice: impl Into<Slice>) -> $view<'a, T, L::General> {
                or_refuse($self.try_slice_axis(axis, slice))
            }

            /// One field of every record, which [`field!`](crate::field) names.
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
            /// The elements at `index` of axis 0; a row of `C<2>` is `C<1>`.
            ///
            /// # Errors
            ///
            /// `index` is out of bounds.
            #[inline]
            pub fn try_row($($receiver)*, index: usize) -> Result<$view<'a, T, L::Row>, Error> {
                $self.raw.try_row(index).map($view::from_raw)
            }

            /// The elements at `index` of axis 0; a row of `C<2>` is `C<1>`.
            ///
            /// # Panics
            ///
            /// `index` is out of bounds.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn row($($receiver)*, index: usize) -> $view<'a, T, L::Row> {
                match $self.raw.try_row(index) {
                    Ok(raw) => $view::from_raw(raw),
                    Err(error) => refuse(error),
                }
            }

            /// The rows from first to last.
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
            pub fn rows($($receiver)*) -> Parts<Rows<T, L>, $view<'a, T, L::Row>> {
                Parts::rows($self.raw.clone())
            }

            /// The rows, `rows` at a time, the last chunk perhaps less; a chunk of `C<2>` is `C<2>`.
            ///
            /// # Errors
            ///
            /// `rows` is 0.
            #[inline]
            pub fn try_chunks($($receiver)*, rows: usize) -> Result<Parts<Chunks<T, L>, $view<'a, T, L::Rows>>, Error> {
                Parts::try_chunks($self.raw.clone(), rows)
            }

            /// The rows, `rows` at a time, the last chunk perhaps less; a chunk of `C<2>` is `C<2>`.
            ///
            /// # Panics
            ///
            /// `rows` is 0.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[1, 2, 3, 4, 5]);
            /// let sums: Vec<i32> = view.chunks(2).map(|chunk| chunk.iter().sum()).collect();
            /// assert_eq!(sums, [3, 7, 5]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn chunks($($receiver)*, rows: usize) -> Parts<Chunks<T, L>, $view<'a, T, L::Rows>> {
                or_refuse($self.try_chunks(rows))
            }

            /// The rows before `index` of axis 0, and the others; all of them may be used at once.
            ///
            /// # Errors
            ///
            /// `index` is more than the number of rows.
            #[inline]
            pub fn try_split_rows(
                $($receiver)*,
                index: usize,
            ) -> Result<($view<'a, T, L::Rows>, $view<'a, T, L::Rows>), Error> {
                let (first, second) = $self.raw.try_split_rows(index)?;
                Ok(($view::from_raw(first), $view::from_raw(second)))
            }

            /// The rows before `index` of axis 0, and the others; all of them may be used at once.
            ///
            /// # Panics
            ///
            /// `index` is more than the number of rows.
            ///
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
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn split_rows($($receiver)*, index: usize) -> ($view<'a, T, L::Rows>, $view<'a, T, L::Rows>) {
                or_refuse($self.try_split_rows(index))
            }

            /// A range of rows; one of `C<2>` is `C<2>` still.
            ///
            /// # Panics
            ///
            /// Never: positions outside are clamped, as in Python.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{C, View};
            ///
            /// let view = View::from(&[[1, 2], [3, 4], [5, 6]]);
            /// let last_two: View<'_, i32, C<2>> = view.slice_rows(-2..);
            /// assert_eq!(last_two.as_slice(), Some(&[3, 4, 5, 6][..]));
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn slice_rows($($receiver)*, range: impl Into<RowRange>) -> $view<'a, T, L::Rows> {
                match $self.raw.try_slice_rows(range.into().0) {
                    Ok(raw) => $view::from_raw(raw),
                    Err(error) => refuse(error),
                }
            }

            /// The elements at `index` of `axis`, which is dropped; a negative index counts from the end.
            ///
            /// # Errors
            ///
            /// There is no such axis; `index` is out of bounds.
            #[inline]
            pub fn try_index_axis(
                $($receiver)*,
                axis: usize,
                index: isize,
            ) -> Result<$view<'a, T, L::IndexedAxis>, Error> {
                $self.raw.try_index_axis(axis, index).map($view::from_raw)
            }

            /// The elements at `index` of `axis`, which is dropped; a negative index counts from the end.
            ///
            /// # Panics
            ///
            /// There is no such axis; `index` is out of bounds.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// assert_eq!(view.index_axis(1, -1).to_vec(), [3, 6]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn index_axis($($receiver)*, axis: usize, index: isize) -> $view<'a, T, L::IndexedAxis> {
                or_refuse($self.try_index_axis(axis, index))
            }
        }

        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            /// The views along `axis`, one for each index on the other axes, in index order.
            ///
            /// # Errors
            ///
            /// There is no such axis.
            #[inline]
            pub fn try_lanes(
                $($receiver)*,
                axis: usize,
            ) -> Result<Parts<Lanes<T, L>, $view<'a, T, Strided<1>>>, Error> {
                Parts::try_lanes($self.raw.clone(), axis)
            }

            /// The views along `axis`, one for each index on the other axes, in index order.
            ///
            /// # Panics
            ///
            /// There is no such axis.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// let sums: Vec<i32> = view.lanes(0).map(|column| column.iter().sum()).collect();
            /// assert_eq!(sums, [5, 7, 9]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn lanes($($receiver)*, axis: usize) -> Parts<Lanes<T, L>, $view<'a, T, Strided<1>>> {
                or_refuse($self.try_lanes(axis))
            }
        }

        impl<'a, T: Element> $view<'a, T, Dyn> {
            /// The elements that a list of items selects, one item an axis.
            ///
            /// # Errors
            ///
            /// An index is out of bounds, a step is 0, there are more items than axes.
            pub fn try_select($($receiver)*, items: &[Selection]) -> Result<$view<'a, T, Dyn>, Error> {
                $self.raw.try_select(items).map($view::from_raw)
            }

            /// The elements that a list of items selects, one item an axis.
            ///
            /// # Panics
            ///
            /// An index is out of bounds, a step is 0, there are more items than axes.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn select($($receiver)*, items: &[Selection]) -> $view<'a, T, Dyn> {
                // In place, not through a `Result`: what has just been written is slow to move.
                let mut selected = $view::from_raw($self.raw.first_element());
                match $self.raw.select_into(items, &mut selected.raw) {
                    Ok(()) => selected,
                    Err(error) => refuse(error),
                }
            }
        }
    };
}

/// Gives a view whose parts may overlap its windows.
macro_rules! windows {
    ($($view:ident),*) => {$(
        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            /// `rows` rows at a time, each window one row further on.
            ///
            /// # Errors
            ///
            /// `rows` is 0.
            #[inline]
            pub fn try_windows(&self, rows: usize) -> Result<Parts<Windows<T, L>, $view<'a, T, L::Rows>>, Error> {
                Parts::try_windows(self.raw.clone(), rows)
            }

            /// `rows` rows at a time, each window one row further on.
            ///
            /// # Panics
            ///
            /// `rows` is 0.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[1, 5, 2, 4]);
            /// let steps: Vec<i32> = view.windows(2).map(|pair| pair.at(1) - pair.at(0)).collect();
            /// assert_eq!(steps, [4, -3, 2]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn windows(&self, rows: usize) -> Parts<Windows<T, L>, $view<'a, T, L::Rows>> {
                or_refuse(self.try_windows(rows))
            }
        }
    )*};
}

use super::slicing::{Items, Lead, slice};
use super::{CellView, CellViewMut, Chunks, Lanes, Parts, Rows, View, ViewMut, Windows};
use crate::element::{Element, FieldOf};
use crate::error::{Error, or_refuse, refuse};
use crate::layout::{Direct, Dyn, Layout, RemoveAxis, RowRange, Selection, Slice, Strided};

subviews!(View, self, [&self]);
subviews!(CellView, self, [&self]);
subviews!(CellViewMut, self, [&self]);
subviews!(ViewMut, self, [self]);

windows!(View, CellView, CellViewMut);
