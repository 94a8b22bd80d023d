//! Reading: the methods of all four views that return facts about the layout, or elements by value.

/// Implements for a view the methods that describe its layout and read its elements by value.
macro_rules! reading {
    ($view:ident, $self:ident, $memory:lifetime) => {
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// The layout: shape and strides.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{C, View};
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// assert_eq!(*view.layout(), C::new([2, 3], 4)?);
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            #[must_use]
            pub fn layout(&self) -> &L {
                self.raw.layout()
            }

            /// The shape: for each axis, the number of indices.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
            /// assert_eq!((view.shape(), view.ndim(), view.size()), (&[2, 3][..], 2, 6));
            /// assert_eq!((view.itemsize(), view.nbytes(), view.is_empty()), (8, 48, false));
            /// ```
            #[inline]
            #[must_use]
            pub fn shape(&self) -> &[usize] {
                self.raw.layout().shape()
            }

            /// The strides: for each axis, the number of bytes from an index to the next one.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1_i32, 2, 3], [4, 5, 6]]);
            /// assert_eq!(view.strides(), [12, 4]);
            /// assert_eq!(view.transpose().strides(), [4, 12]);
            /// ```
            #[inline]
            #[must_use]
            pub fn strides(&self) -> L::PerAxis<isize> {
                self.raw.layout().strides(size_of::<T>())
            }

            /// The number of axes.
            ///
            /// See [`shape`](Self::shape) for an example.
            #[inline]
            #[must_use]
            pub fn ndim(&self) -> usize {
                self.raw.layout().ndim()
            }

            /// The number of elements.
            ///
            /// See [`shape`](Self::shape) for an example.
            #[inline]
            #[must_use]
            pub fn size(&self) -> usize {
                self.raw.layout().size()
            }

            /// Returns whether the view has no elements.
            ///
            /// See [`shape`](Self::shape) for an example.
            #[inline]
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.raw.layout().is_empty()
            }

            /// The number of bytes of one element.
            ///
            /// See [`shape`](Self::shape) for an example.
            #[inline]
            #[must_use]
            pub fn itemsize(&self) -> usize {
                size_of::<T>()
            }

            /// The number of bytes of all elements together.
            ///
            /// See [`shape`](Self::shape) for an example.
            #[inline]
            #[must_use]
            pub fn nbytes(&self) -> usize {
                self.size() * size_of::<T>()
            }

            /// Returns whether the elements fill one block in `order`. The strides of axes of length 1 do not matter,
            /// and an empty view is contiguous.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Order, View};
            ///
            /// let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
            /// assert!(view.is_contiguous(Order::C) && view.transpose().is_contiguous(Order::F));
            /// assert!(!view.slice_axis(1, ..2).is_contiguous(Order::C));
            /// ```
            #[inline]
            #[must_use]
            pub fn is_contiguous(&self, order: Order) -> bool {
                self.raw.layout().is_contiguous(order, size_of::<T>())
            }

            /// Returns a pointer to the first element. It may be dangling if the view is empty.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let numbers = [1, 2, 3];
            /// assert_eq!(View::from(&numbers).slice_axis(0, 1..).as_ptr(), &raw const numbers[1]);
            /// ```
            #[inline]
            #[must_use]
            pub fn as_ptr(&self) -> *const T {
                self.raw.as_ptr()
            }

            /// Returns the element at `index`, or `None` if `index` is out of bounds.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[1, 2, 3]);
            /// assert_eq!((view.get(2), view.get(3)), (Some(3), None));
            /// ```
            #[inline]
            #[must_use]
            pub fn get(&self, index: impl ElementIndex<L>) -> Option<T> {
                // SAFETY: `find` returns a pointer only if the index is inside the shape, so it points to an element
                // (V1). The element is initialised and alive (V2), and nobody writes it during the read (V3, V4 or V5).
                self.raw.find(index).map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
            }

            fallible! {
                /// Returns the element at `index`.
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
                    // SAFETY: `try_find` returns a pointer only if the index is inside the shape, so it points to an
                    // element (V1). The element is initialised and alive (V2), and nobody writes it during the read
                    // (V3, V4 or V5).
                    $self.raw.try_find(index).map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
                } panics {
                    let ptr = $self.raw.find_or_panic(index);
                    // SAFETY: the index is inside the shape, so `ptr` points to an element (V1). The element is initialised
                    // and alive (V2), and nobody writes it during the read (V3, V4 or V5).
                    unsafe { Raw::<T, L>::read(ptr) }
                }
            }

            /// Returns the element at `index`, without a check of the index.
            ///
            /// # Safety
            ///
            /// The caller must ensure that `index` has one number for each axis and is inside the shape.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let view = View::from(&[[1, 2], [3, 4]]);
            /// // SAFETY: both axes have length 2.
            /// assert_eq!(unsafe { view.at_unchecked([1, 0]) }, 3);
            /// ```
            #[inline]
            #[must_use]
            pub unsafe fn at_unchecked(&self, index: impl ElementIndex<L>) -> T {
                // SAFETY: the caller guarantees that the index is inside the shape, so its offset stays inside the
                // allocation (V1).
                let ptr = unsafe { self.raw.element_ptr(index.axes()) };
                // SAFETY: `ptr` points to an element, which is initialised and alive (V2), and nobody writes it
                // during the read (V3, V4 or V5).
                unsafe { Raw::<T, L>::read(ptr) }
            }

            /// Returns an iterator over the elements, by value, in index order: the last axis varies fastest.
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
                // SAFETY: the invariants of this view hold during the lifetime of the iterator: the layout stays inside
                // the allocation (V1), the elements are initialised and alive (V2), and nobody writes an element while
                // it is read (V3, V4 or V5).
                unsafe { Iter::new(self.raw.clone()) }
            }

            /// Returns an iterator over the elements, by value, in index order. It returns each element with its index.
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
                /// Returns a copy of the elements in index order.
                fails "If the copy cannot be allocated: a view may repeat an element more often than any memory can hold."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// assert_eq!(View::from(&[[1, 2], [3, 4]]).transpose().to_vec(), [1, 3, 2, 4]);
                /// ```
                #[must_use]
                pub fn to_vec / try_to_vec ([$self: &$self],) -> Vec<T> {
                    // SAFETY: every element is initialised and alive (V2), and nobody writes an element during the call
                    // (V3, V4 or V5).
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

        /// Shows the element type, the shape and the order, but not the elements: `View(double[4, 3], C)`.
        impl<T: Element, L: Layout> fmt::Debug for $view<'_, T, L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt_view::<T, L>(f, stringify!($view), self.raw.layout())
            }
        }
    };
}

use super::{CellView, CellViewMut, IndexedIter, Iter, View, ViewMut};
use crate::copy;
use crate::element::Element;
use crate::error::fallible;
use crate::layout::{ElementIndex, Layout, Order};
use crate::raw::Raw;
use crate::spec::fmt_view;
use alloc::vec::Vec;
use core::fmt;

reading!(View, self, 'a);
reading!(ViewMut, self, '_);
reading!(CellView, self, 'a);
reading!(CellViewMut, self, 'a);
