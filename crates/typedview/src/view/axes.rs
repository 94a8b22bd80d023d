//! Axes: views whose axes are reversed, permuted, inserted, removed, merged, reshaped or broadcast.
//! No element is copied. As in `subviews`, a [`ViewMut`] is consumed.

/// Implements for a view the operations that rearrange its axes.
macro_rules! axes {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result has all or some of the elements of `self`, each at most once, so V1 to V5 carry over.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// Returns the same elements, with a layout that promises no order: [`Strided`](crate::Strided), unless the
            /// layout is [`Dyn`](crate::Dyn) or [`Indirect`](crate::Indirect) and stays the same.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Strided, View};
            ///
            /// let views: [View<'_, i32, Strided<1>>; 2] = [View::from(&[1, 2]).to_strided(), View::from(&[3]).to_strided()];
            /// assert_eq!(views.map(|view| view.iter().sum::<i32>()), [3, 3]);
            /// ```
            #[inline]
            #[must_use]
            pub fn to_strided($($receiver)*) -> $view<'a, T, L::General> {
                $view::from_raw($self.raw.to_general())
            }

            fallible! {
                /// Returns the same elements, with a layout that promises more, such as [`C`](crate::C).
                fails "If the elements do not lie as the new layout promises, or the ndim differs."
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
                #[must_use]
                pub fn to_layout / try_to_layout [M: Layout] ([$self: $($receiver)*],) -> $view<'a, T, M> {
                    $self.raw.try_to_layout().map($view::from_raw)
                }

                /// Returns the same elements, with the indices of one axis reversed.
                fails "If there is no such axis, or an [`Indirect`](crate::Indirect) layout cannot describe the result."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// assert_eq!(View::from(&[1, 2, 3]).flip(0).to_vec(), [3, 2, 1]);
                /// ```
                #[must_use]
                pub fn flip / try_flip ([$self: $($receiver)*], axis: usize) -> $view<'a, T, L::General> {
                    $self.raw.try_flip(axis).map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: InsertAxis> $view<'a, T, L> {
            fallible! {
                /// Returns the same elements, with an axis of length 1 inserted before `axis`. A contiguous layout
                /// stays contiguous.
                fails "If `axis` is greater than the ndim, or the layout is [`Dyn`](crate::Dyn) and has 64 axes already."
                /// # Examples
                ///
                /// ```
                /// use typedview::{C, View};
                ///
                /// let column: View<'_, i32, C<2>> = View::from(&[1, 2, 3]).insert_axis(1);
                /// assert_eq!(column.shape(), [3, 1]);
                /// ```
                #[must_use]
                pub fn insert_axis / try_insert_axis ([$self: $($receiver)*], axis: usize) -> $view<'a, T, L::Inserted> {
                    $self.raw.try_insert_axis(axis).map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            fallible! {
                /// Returns the same elements, without `axis`, whose length must be 1. A contiguous layout stays
                /// contiguous.
                fails "If there is no such axis, its length is not 1, or an [`Indirect`](crate::Indirect) layout cannot describe the result."
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
                #[must_use]
                pub fn remove_axis / try_remove_axis ([$self: $($receiver)*], axis: usize) -> $view<'a, T, L::SqueezedAxis> {
                    $self.raw.try_remove_axis(axis).map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            /// Returns the same elements, with the axes in reverse order. `C` becomes `F`.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{F, View};
            ///
            /// let transposed: View<'_, i32, F<2>> = View::from(&[[1, 2, 3], [4, 5, 6]]).transpose();
            /// assert_eq!((transposed.shape(), transposed.at([2, 1])), (&[3, 2][..], 6));
            /// ```
            #[inline]
            #[must_use]
            pub fn transpose($($receiver)*) -> $view<'a, T, L::Transposed> {
                $view::from_raw($self.raw.transpose())
            }

            /// Returns the same elements, with an ndim that is known at run time only.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Dyn, View};
            ///
            /// let views: [View<'_, i32, Dyn>; 2] = [View::from(&[1, 2]).to_dyn(), View::from(&[[3], [4]]).to_dyn()];
            /// assert_eq!(views.map(|view| view.ndim()), [1, 2]);
            /// ```
            #[inline]
            #[must_use]
            pub fn to_dyn($($receiver)*) -> $view<'a, T, Dyn> {
                $view::from_raw($self.raw.to_dyn())
            }

            /// Returns the same elements, without the axes of length 1.
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

            fallible! {
                /// Returns the same elements, with axis `order[i]` as axis `i`.
                fails "If `order` does not have one number for each axis, or names an axis twice or one that does not exist."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
                /// assert_eq!(view.permute(&[2, 0, 1]).shape(), [4, 2, 3]);
                /// assert_eq!(view.try_permute(&[0, 1, 1]).unwrap_err().to_string(), "axis 1 is given twice");
                /// ```
                #[must_use]
                pub fn permute / try_permute ([$self: $($receiver)*], order: &[usize]) -> $view<'a, T, L::General> {
                    $self.raw.try_permute(order).map($view::from_raw)
                }

                /// Returns the same elements, with axis `from` moved to be axis `to`. The other axes keep their order.
                fails "If there is no such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
                /// assert_eq!(view.move_axis(0, 2).shape(), [3, 4, 2]);
                /// ```
                #[must_use]
                pub fn move_axis / try_move_axis ([$self: $($receiver)*], from: usize, to: usize) -> $view<'a, T, L::General> {
                    $self.raw.try_move_axis(from, to).map($view::from_raw)
                }

                /// Returns the same elements, with two axes exchanged.
                fails "If there is no such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from_slice(&[0; 24], [2, 3, 4]);
                /// assert_eq!(view.swap_axes(0, 2).shape(), [4, 3, 2]);
                /// ```
                #[must_use]
                pub fn swap_axes / try_swap_axes ([$self: $($receiver)*], first: usize, second: usize)
                    -> $view<'a, T, L::General>
                {
                    $self.raw.try_swap_axes(first, second).map($view::from_raw)
                }

                /// Returns the same elements in the same index order, with another shape. A layout in C order stays in
                /// C order. If the shape is a slice, the layout of the result is a [`Dyn`].
                fails "If the number of elements differs, or the elements would have to be copied."
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
                ///
                /// // A shape that is known at run time.
                /// let shape = vec![3, 1, 2];
                /// assert_eq!(view.reshape(&shape[..]).shape(), [3, 1, 2]);
                /// ```
                #[must_use]
                pub fn reshape / try_reshape [S: Shape] ([$self: $($receiver)*], shape: S)
                    -> $view<'a, T, S::Reshaped<L>>
                {
                    $self.raw.try_reshape(shape).map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: RemoveAxis + Direct> $view<'a, T, L> {
            fallible! {
                /// Returns the elements whose index is the same on both axes. The two axes become one, which is the
                /// last axis of the result.
                fails "If there is no such axis, or both are the same axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// assert_eq!(view.diagonal(0, 1).to_vec(), [1, 5]);
                /// ```
                #[must_use]
                pub fn diagonal / try_diagonal ([$self: $($receiver)*], first: usize, second: usize)
                    -> $view<'a, T, L::IndexedAxis>
                {
                    $self.raw.try_diagonal(first, second).map($view::from_raw)
                }
            }
        }
    };
}

/// Implements broadcasting for the two views that only read. In its result, one element may be at several indices,
/// which V4 forbids for a [`ViewMut`].
macro_rules! broadcasting {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every index of the result has the offset of an element of `self`, so V1 to V3 and V5 carry over.
        impl<'a, T: Element, L: Direct> $view<'a, T, L> {
            fallible! {
                /// Repeats the elements so that the view has `shape`. Axes of length 1 that are repeated, and missing
                /// axes in front, get stride 0. If the shape is a slice, the layout of the result is a [`Dyn`].
                fails "If an axis has neither length 1 nor the length that `shape` asks for, the view has more axes than `shape`, or the elements of `shape` exceed the address space."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let row = View::from(&[1, 2, 3]);
                /// let table = row.broadcast_to([2, 3]);
                /// assert_eq!(table.to_vec(), [1, 2, 3, 1, 2, 3]);
                /// assert_eq!(row.broadcast_to(&vec![2, 1, 3][..]).shape(), [2, 1, 3]);
                /// assert_eq!(
                ///     row.try_broadcast_to([3, 2]).unwrap_err().to_string(),
                ///     "cannot broadcast shape (3,) to (3, 2)",
                /// );
                /// ```
                #[must_use]
                pub fn broadcast_to / try_broadcast_to [S: Shape] ([$self: $($receiver)*], shape: S)
                    -> $view<'a, T, S::Strided>
                {
                    $self.raw.try_broadcast(shape).map($view::from_raw)
                }
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::fallible;
use crate::layout::{Direct, Dyn, InsertAxis, Layout, RemoveAxis, Shape};

axes!(View, self, [&self]);
axes!(CellView, self, [&self]);
axes!(CellViewMut, self, [&self]);
axes!(ViewMut, self, [self]);

broadcasting!(View, self, [&self]);
broadcasting!(CellView, self, [&self]);
