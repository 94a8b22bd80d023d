//! What every view answers: facts about its layout, and its elements by value.

/// Gives a view its facts and its by-value reads.
macro_rules! reading {
    ($view:ident, $self:ident, $memory:lifetime) => {
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// Shape and strides.
            #[inline]
            #[must_use]
            pub fn layout(&self) -> &L {
                self.raw.layout()
            }

            /// The number of indices on each axis.
            #[inline]
            #[must_use]
            pub fn shape(&self) -> &[usize] {
                self.raw.layout().shape()
            }

            /// Bytes from an index to the next, on each axis.
            #[inline]
            #[must_use]
            pub fn strides(&self) -> L::PerAxis<isize> {
                self.raw.layout().strides(size_of::<T>())
            }

            /// The number of axes.
            #[inline]
            #[must_use]
            pub fn ndim(&self) -> usize {
                self.raw.layout().ndim()
            }

            /// The number of elements.
            #[inline]
            #[must_use]
            pub fn size(&self) -> usize {
                self.raw.layout().size()
            }

            /// Whether there are no elements.
            #[inline]
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.raw.layout().is_empty()
            }

            /// The number of bytes of an element.
            #[inline]
            #[must_use]
            pub fn itemsize(&self) -> usize {
                size_of::<T>()
            }

            /// The number of bytes of all elements.
            #[inline]
            #[must_use]
            pub fn nbytes(&self) -> usize {
                self.size() * size_of::<T>()
            }

            /// Whether the elements fill one block in `order`, axes of length 1 aside.
            #[inline]
            #[must_use]
            pub fn is_contiguous(&self, order: Order) -> bool {
                self.raw.layout().is_contiguous(order, size_of::<T>())
            }

            /// The address of the first element; dangling when there are none.
            #[inline]
            #[must_use]
            pub fn as_ptr(&self) -> *const T {
                self.raw.as_ptr()
            }

            /// The element at `index`, or `None` outside the shape.
            #[inline]
            #[must_use]
            pub fn get(&self, index: impl ElementIndex<L>) -> Option<T> {
                // SAFETY: V1, V2 and V3 to V5; the index is inside the shape.
                self.raw.find(index).map(|place| unsafe { Raw::<T, L>::read(place) })
            }

            fallible! {
                /// The element at `index`.
                fails "If `index` is out of bounds; the error names the first such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
                /// assert_eq!(view.at([1, 0]), 4);
                /// ```
                #[must_use]
                pub fn at / try_at ([$self: &$self], index: impl ElementIndex<L>) -> T {
                    // SAFETY: the index is inside the shape (V1), and the element can be read (V2, and V3 to V5).
                    $self.raw.try_find(index).map(|place| unsafe { Raw::<T, L>::read(place) })
                } panics {
                    // Not by `find`: its `None` is a null pointer, and the loop would test every pointer for it (the stencil of
                    // `bench/typedview_bench`: 1.7 times the time).
                    if !contains($self.layout(), index.axes()) {
                        refuse(out_of_bounds($self.layout().clone(), index));
                    }
                    // SAFETY: the index is inside the shape, as was just checked.
                    unsafe { $self.at_unchecked(index) }
                }
            }

            /// The element at `index`, unchecked.
            ///
            /// # Safety
            ///
            /// `index` is inside the shape.
            #[inline]
            #[must_use]
            pub unsafe fn at_unchecked(&self, index: impl ElementIndex<L>) -> T {
                // SAFETY: V1; the caller keeps the index inside the shape.
                let place = unsafe { self.raw.place(index.axes()) };
                // SAFETY: V2 and V3 to V5.
                unsafe { Raw::<T, L>::read(place) }
            }

            /// The elements in index order (last axis fastest), by value.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// assert_eq!(view.transpose().iter().collect::<Vec<_>>(), [1, 4, 2, 5, 3, 6]);
            /// ```
            #[inline]
            #[must_use]
            pub fn iter(&self) -> Iter<$memory, T, L> {
                // SAFETY: V1, V2 and V3 to V5 hold for as long.
                unsafe { Iter::new(self.raw.clone()) }
            }

            /// The elements in index order, each with its index.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[3, 1], [4, 1]]);
            /// let largest = view.indexed_iter().max_by_key(|(_, x)| *x);
            /// assert_eq!(largest, Some(([1, 0], 4)));
            /// ```
            #[inline]
            #[must_use]
            pub fn indexed_iter(&self) -> IndexedIter<$memory, T, L> {
                IndexedIter::new(self.iter(), self.raw.layout())
            }

            fallible! {
                /// A copy of the elements in index order.
                fails "If the copy cannot be allocated: a view may repeat an element more often than any memory can hold."
                #[must_use]
                pub fn to_vec / try_to_vec ([$self: &$self],) -> Vec<T> {
                    // SAFETY: every element can be read (V2, and V3 to V5).
                    unsafe { copy::try_to_vec(&$self.raw) }
                }
            }
        }

        impl<'b, T: Element, L: Layout> IntoIterator for &'b $view<'_, T, L> {
            type Item = T;
            type IntoIter = Iter<'b, T, L>;

            #[inline]
            fn into_iter(self) -> Iter<'b, T, L> {
                self.iter()
            }
        }

        /// Element, shape and order, not the elements: `View(double[4, 3], C)`.
        impl<T: Element, L: Layout> fmt::Debug for $view<'_, T, L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                describe::<T, L>(f, stringify!($view), self.raw.layout())
            }
        }
    };
}

use super::fallible::fallible;
use super::{CellView, CellViewMut, IndexedIter, Iter, View, ViewMut};
use crate::copy;
use crate::element::Element;
use crate::error::refuse;
use crate::layout::{ElementIndex, Layout, Order, contains, out_of_bounds};
use crate::raw::Raw;
use crate::spec::describe;
use alloc::vec::Vec;
use core::fmt;

reading!(View, self, 'a);
reading!(ViewMut, self, '_);
reading!(CellView, self, 'a);
reading!(CellViewMut, self, 'a);
