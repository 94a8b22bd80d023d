//! The same elements with other axes: reversed, permuted, inserted, removed, cut anew.
//! As in `subviews`, nothing moves, and a [`ViewMut`] is used up.

/// Gives a view the operations that rearrange its axes.
macro_rules! axes {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result names the elements of `self`, or some of them, each once: V1 to V5 carry over.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
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

            /// The same elements with one axis walked backwards.
            ///
            /// # Errors
            ///
            /// There is no such axis.
            #[inline]
            pub fn try_flip($($receiver)*, axis: usize) -> Result<$view<'a, T, L::General>, Error> {
                $self.raw.try_flip(axis).map($view::from_raw)
            }

            /// The same elements with one axis walked backwards.
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
            /// assert_eq!(View::from(&[1, 2, 3]).flip(0).to_vec(), [3, 2, 1]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn flip($($receiver)*, axis: usize) -> $view<'a, T, L::General> {
                or_refuse($self.try_flip(axis))
            }
        }

        impl<'a, T: Element, L: InsertAxis> $view<'a, T, L> {
            /// The same elements with an axis of length 1 before `axis`; a block stays a block.
            ///
            /// # Errors
            ///
            /// `axis` is more than the ndim.
            #[inline]
            pub fn try_insert_axis($($receiver)*, axis: usize) -> Result<$view<'a, T, L::Inserted>, Error> {
                $self.raw.try_insert_axis(axis).map($view::from_raw)
            }

            /// The same elements with an axis of length 1 before `axis`; a block stays a block.
            ///
            /// # Panics
            ///
            /// `axis` is more than the ndim.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{C, View};
            ///
            /// let column: View<'_, i32, C<2>> = View::from(&[1, 2, 3]).insert_axis(1);
            /// assert_eq!(column.shape(), [3, 1]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn insert_axis($($receiver)*, axis: usize) -> $view<'a, T, L::Inserted> {
                or_refuse($self.try_insert_axis(axis))
            }
        }

        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            /// The same elements without `axis`, whose length is 1; a block stays a block.
            ///
            /// # Errors
            ///
            /// There is no such axis, or its length is not 1.
            #[inline]
            pub fn try_remove_axis($($receiver)*, axis: usize) -> Result<$view<'a, T, L::SqueezedAxis>, Error> {
                $self.raw.try_remove_axis(axis).map($view::from_raw)
            }

            /// The same elements without `axis`, whose length is 1; a block stays a block.
            ///
            /// # Panics
            ///
            /// There is no such axis, or its length is not 1.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let column = View::from_slice(&[1, 2, 3], [3, 1]);
            /// assert_eq!(column.remove_axis(1).as_slice(), Some(&[1, 2, 3][..]));
            /// assert_eq!(
            ///     column.try_remove_axis(0).unwrap_err().to_string(),
            ///     "axis 0: length 3 is not 1, so the axis cannot be removed",
            /// );
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn remove_axis($($receiver)*, axis: usize) -> $view<'a, T, L::SqueezedAxis> {
                or_refuse($self.try_remove_axis(axis))
            }
        }

        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            /// The same elements with the axes reversed; `C` becomes `F`.
            #[inline]
            #[must_use]
            pub fn transpose($($receiver)*) -> $view<'a, T, L::Transposed> {
                $view::from_raw($self.raw.transpose())
            }

            /// The same elements with an ndim that is known at run time only.
            #[inline]
            #[must_use]
            pub fn to_dyn($($receiver)*) -> $view<'a, T, Dyn> {
                $view::from_raw($self.raw.to_dyn())
            }

            /// The same elements without the axes of length 1.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// assert_eq!(View::from_slice(&[1, 2, 3], [1, 3, 1]).squeeze().shape(), [3]);
            /// ```
            #[inline]
            #[must_use]
            pub fn squeeze($($receiver)*) -> $view<'a, T, Dyn> {
                $view::from_raw($self.raw.squeeze())
            }

            /// The same elements with axis `order[i]` as axis `i`.
            ///
            /// # Errors
            ///
            /// `order` has another length than the ndim, names an axis that is not there, or one twice.
            #[inline]
            pub fn try_permute($($receiver)*, order: &[usize]) -> Result<$view<'a, T, L::General>, Error> {
                $self.raw.try_permute(order).map($view::from_raw)
            }

            /// The same elements with axis `order[i]` as axis `i`.
            ///
            /// # Panics
            ///
            /// `order` has another length than the ndim, names an axis that is not there, or one twice.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
            /// assert_eq!(view.permute(&[2, 0, 1]).shape(), [4, 2, 3]);
            /// assert_eq!(view.try_permute(&[0, 1, 1]).unwrap_err().to_string(), "axis 1 is given twice");
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn permute($($receiver)*, order: &[usize]) -> $view<'a, T, L::General> {
                or_refuse($self.try_permute(order))
            }

            /// The same elements with axis `from` taken out and put back as axis `to`.
            ///
            /// # Errors
            ///
            /// There is no such axis.
            #[inline]
            pub fn try_move_axis($($receiver)*, from: usize, to: usize) -> Result<$view<'a, T, L::General>, Error> {
                $self.raw.try_move_axis(from, to).map($view::from_raw)
            }

            /// The same elements with axis `from` taken out and put back as axis `to`.
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
            /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
            /// assert_eq!(view.move_axis(0, 2).shape(), [3, 4, 2]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn move_axis($($receiver)*, from: usize, to: usize) -> $view<'a, T, L::General> {
                or_refuse($self.try_move_axis(from, to))
            }

            /// The same elements with two axes exchanged.
            ///
            /// # Errors
            ///
            /// There is no such axis.
            #[inline]
            pub fn try_swap_axes($($receiver)*, first: usize, second: usize) -> Result<$view<'a, T, L::General>, Error> {
                $self.raw.try_swap_axes(first, second).map($view::from_raw)
            }

            /// The same elements with two axes exchanged.
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
            /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
            /// assert_eq!(view.swap_axes(0, 2).shape(), [4, 3, 2]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn swap_axes($($receiver)*, first: usize, second: usize) -> $view<'a, T, L::General> {
                or_refuse($self.try_swap_axes(first, second))
            }

            /// The same elements, in the same index order, under another shape; a block in C order stays one.
            ///
            /// # Errors
            ///
            /// The number of elements differs, or elements would have to move.
            #[inline]
            pub fn try_reshape<const M: usize>($($receiver)*, shape: [usize; M]) -> Result<$view<'a, T, L::Reshaped<M>>, Error> {
                $self.raw.try_reshape(shape).map($view::from_raw)
            }

            /// The same elements, in the same index order, under another shape; a block in C order stays one.
            ///
            /// # Panics
            ///
            /// The number of elements differs, or elements would have to move.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[1, 2, 3, 4, 5, 6]);
            /// let table = view.reshape([2, 3]);
            /// assert_eq!(table.at([1, 0]), 4);
            /// assert_eq!(
            ///     view.try_reshape([4, 2]).unwrap_err().to_string(),
            ///     "shape (4, 2) has 8 elements, the memory has 6",
            /// );
            /// assert_eq!(
            ///     table.transpose().try_reshape([6]).unwrap_err().to_string(),
            ///     "shape (3, 2) with strides (4, 12) cannot have shape (6,) without a copy",
            /// );
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn reshape<const M: usize>($($receiver)*, shape: [usize; M]) -> $view<'a, T, L::Reshaped<M>> {
                or_refuse($self.try_reshape(shape))
            }
        }

        impl<'a, T: Element, L: RemoveAxis + Direct> $view<'a, T, L> {
            /// The elements whose index is the same on both axes, as the last axis.
            ///
            /// # Errors
            ///
            /// There is no such axis, or the two are one.
            #[inline]
            pub fn try_diagonal($($receiver)*, first: usize, second: usize) -> Result<$view<'a, T, L::IndexedAxis>, Error> {
                $self.raw.try_diagonal(first, second).map($view::from_raw)
            }

            /// The elements whose index is the same on both axes, as the last axis.
            ///
            /// # Panics
            ///
            /// There is no such axis, or the two are one.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// assert_eq!(view.diagonal(0, 1).to_vec(), [1, 5]);
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn diagonal($($receiver)*, first: usize, second: usize) -> $view<'a, T, L::IndexedAxis> {
                or_refuse($self.try_diagonal(first, second))
            }
        }
    };
}

/// Gives a view that may be repeated its broadcasting; a [`ViewMut`] must not have an element twice.
macro_rules! broadcasting {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            /// The elements repeated to `shape`: axes of length 1, and axes that are missing in front, get stride 0.
            ///
            /// # Errors
            ///
            /// An axis is neither 1 nor as long as wanted, or there are too many.
            #[inline]
            pub fn try_broadcast_to<const M: usize>($($receiver)*, shape: [usize; M]) -> Result<$view<'a, T, Strided<M>>, Error> {
                $self.raw.try_broadcast(shape).map($view::from_raw)
            }

            /// The elements repeated to `shape`: axes of length 1, and axes that are missing in front, get stride 0.
            ///
            /// # Panics
            ///
            /// An axis is neither 1 nor as long as wanted, or there are too many.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let row = View::from(&[1, 2, 3]);
            /// let table = row.broadcast_to([2, 3]);
            /// assert_eq!(table.to_vec(), [1, 2, 3, 1, 2, 3]);
            /// assert_eq!(
            ///     row.try_broadcast_to([3, 2]).unwrap_err().to_string(),
            ///     "cannot broadcast shape (3,) to (3, 2)",
            /// );
            /// ```
            #[inline]
            #[must_use]
            #[track_caller]
            pub fn broadcast_to<const M: usize>($($receiver)*, shape: [usize; M]) -> $view<'a, T, Strided<M>> {
                or_refuse($self.try_broadcast_to(shape))
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::{Error, or_refuse};
use crate::layout::{Direct, Dyn, InsertAxis, Layout, RemoveAxis, Strided};

axes!(View, self, [&self]);
axes!(CellView, self, [&self]);
axes!(CellViewMut, self, [&self]);
axes!(ViewMut, self, [self]);

broadcasting!(View, self, [&self]);
broadcasting!(CellView, self, [&self]);
