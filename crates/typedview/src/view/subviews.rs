//! Views of a part of a view: slices, rows, other axes; same memory, no allocation, no lock.
//! A [`ViewMut`] is used up by them, since two of one memory must not exist; `reborrow` it first to keep it.

/// Gives a view the operations that make another view of its memory.
macro_rules! subviews {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result names a subset of the elements of `self`, so V1 to V5 carry over.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// The same elements with the axes reversed; `C` becomes `F`.
            #[inline]
            #[must_use]
            pub fn transpose($($receiver)*) -> $view<'a, T, L::Transposed> {
                $view::from_raw($self.raw.transpose())
            }

            /// The same elements without the promise of an order: any layout becomes [`Strided`](crate::Strided).
            #[inline]
            #[must_use]
            pub fn to_strided($($receiver)*) -> $view<'a, T, L::General> {
                $view::from_raw($self.raw.to_general())
            }

            /// The same elements with a layout that promises more.
            ///
            /// # Errors
            ///
            /// The promise does not hold, or the ndim differs.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{C, View};
            ///
            /// let view = View::from(&[1, 2, 3, 4]).to_strided();
            /// assert!(view.try_to_layout::<C<1>>().is_ok());
            /// let gaps = view.slice_axis(0, typedview::Slice::from(..).step_by(2));
            /// assert_eq!(
            ///     gaps.try_to_layout::<C<1>>().unwrap_err().to_string(),
            ///     "shape (2,) with strides (8,) is not C-contiguous",
            /// );
            /// ```
            #[inline]
            pub fn try_to_layout<M: Layout>($($receiver)*) -> Result<$view<'a, T, M>, Error> {
                $self.raw.try_to_layout().map($view::from_raw)
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

            /// `start:stop:step` of one axis, with Python's meaning.
            ///
            /// # Panics
            ///
            /// There is no such axis; the step is 0.
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn slice_axis($($receiver)*, axis: usize, slice: impl Into<Slice>) -> $view<'a, T, L::General> {
                $self.try_slice_axis(axis, slice).unwrap_or_else(|error| refuse(error))
            }
        }

        impl<'a, T: Element, L: Axes> $view<'a, T, L> {
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
            pub fn rows($($receiver)*) -> Rows<T, L, $view<'a, T, L::Row>> {
                Rows::new($self.raw.clone())
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
            ) -> Result<$view<'a, T, L::Dropped>, Error> {
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
            pub fn index_axis($($receiver)*, axis: usize, index: isize) -> $view<'a, T, L::Dropped> {
                $self.try_index_axis(axis, index).unwrap_or_else(|error| refuse(error))
            }
        }

        impl<'a, T: Element, const N: usize> $view<'a, T, C<N>> {
            /// The same elements under another shape.
            ///
            /// # Errors
            ///
            /// The number of elements differs.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[1, 2, 3, 4, 5, 6]);
            /// assert_eq!(view.try_reshape([2, 3])?.at([1, 0]), 4);
            /// assert_eq!(
            ///     view.try_reshape([4, 2]).unwrap_err().to_string(),
            ///     "shape (4, 2) has 8 elements, the memory has 6",
            /// );
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            pub fn try_reshape<const M: usize>($($receiver)*, shape: [usize; M]) -> Result<$view<'a, T, C<M>>, Error> {
                $self.raw.try_reshape(shape).map($view::from_raw)
            }

            /// The same bytes as elements of another type; the last axis gets longer or shorter.
            ///
            /// # Errors
            ///
            /// The bytes on the last axis are no whole number of such elements.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let bytes = View::from(&[1u8, 0, 2, 0]);
            /// let words = bytes.try_reinterpret::<u16>()?;
            /// assert_eq!(words.to_vec(), [u16::from_ne_bytes([1, 0]), u16::from_ne_bytes([2, 0])]);
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            pub fn try_reinterpret<U: Element>($($receiver)*) -> Result<$view<'a, U, C<N>>, Error> {
                // E1 and E2 of both types: any bytes are a `U`, and writing a `U` leaves a valid `T`.
                $self.raw.try_reinterpret().map($view::from_raw)
            }
        }
    };
}

use super::{CellView, CellViewMut, Rows, View, ViewMut};
use crate::element::Element;
use crate::error::{Error, refuse};
use crate::layout::{Axes, C, Layout, RowRange, Slice};

subviews!(View, self, [&self]);
subviews!(CellView, self, [&self]);
subviews!(CellViewMut, self, [&self]);
subviews!(ViewMut, self, [self]);
