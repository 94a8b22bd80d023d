//! What the writable views do to their elements.
//! A [`CellViewMut`] writes through `&self`, as a `Cell` does; a [`ViewMut`] through `&mut self`.

/// Gives a view its writes.
macro_rules! writing {
    ($view:ident, $self:ident, [$($receiver:tt)*], $source:ident) => {
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// Sets the element at `index`.
            ///
            /// # Errors
            ///
            /// The first axis on which `index` is out of bounds.
            #[inline]
            pub fn try_set($($receiver)*, index: impl ElementIndex<L>, value: T) -> Result<(), Error> {
                let place = $self.raw.try_find(index)?;
                // SAFETY: V1, V2, and V4 or V5; the index is inside the shape.
                unsafe { Raw::<T, L>::write(place, value) };
                Ok(())
            }

            /// Sets the element at `index`.
            ///
            /// # Panics
            ///
            /// `index` is out of bounds.
            #[inline]
            #[track_caller]
            pub fn set($($receiver)*, index: impl ElementIndex<L>, value: T) {
                // Not by `find`, as in `at`.
                if !contains($self.raw.layout(), index.axes()) {
                    refuse(out_of_bounds($self.raw.layout().clone(), index));
                }
                // SAFETY: V1, V2, and V4 or V5; the index is inside the shape.
                unsafe { $self.set_unchecked(index, value) }
            }

            /// Sets the element at `index`, unchecked.
            ///
            /// # Safety
            ///
            /// `index` is inside the shape.
            #[inline]
            pub unsafe fn set_unchecked($($receiver)*, index: impl ElementIndex<L>, value: T) {
                // SAFETY: V1; the caller keeps the index inside the shape.
                let place = unsafe { $self.raw.place(index.axes()) };
                // SAFETY: V2, and V4 or V5.
                unsafe { Raw::<T, L>::write(place, value) }
            }

            /// Sets the element at `index` to a function of what it is.
            ///
            /// # Errors
            ///
            /// The first axis on which `index` is out of bounds.
            #[inline]
            pub fn try_update(
                $($receiver)*,
                index: impl ElementIndex<L>,
                value: impl FnOnce(T) -> T,
            ) -> Result<(), Error> {
                let place = $self.raw.try_find(index)?;
                // SAFETY: V1, V2, and V4 or V5; the index is inside the shape.
                let value = value(unsafe { Raw::<T, L>::read(place) });
                // SAFETY: as above; `value` may have touched the element, and is through with it.
                unsafe { Raw::<T, L>::write(place, value) };
                Ok(())
            }

            /// Sets the element at `index` to a function of what it is: C's `x[i] += 1`.
            ///
            /// # Panics
            ///
            /// `index` is out of bounds.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::ViewMut;
            ///
            /// let mut data = [1, 2, 3];
            /// ViewMut::from(&mut data).update(1, |x| x + 10);
            /// assert_eq!(data, [1, 12, 3]);
            /// ```
            #[inline]
            #[track_caller]
            pub fn update($($receiver)*, index: impl ElementIndex<L>, value: impl FnOnce(T) -> T) {
                or_refuse($self.try_update(index, value))
            }

            /// The address of the first element; dangling when there are none.
            #[inline]
            #[must_use]
            pub fn as_mut_ptr($($receiver)*) -> *mut T {
                $self.raw.as_ptr()
            }

            /// Sets every element to `value`.
            pub fn fill($($receiver)*, value: T) {
                // SAFETY: V2, and V4 or V5.
                unsafe { copy::fill(&$self.raw, value) }
            }

            /// Copies the elements of `source`, as if they had been copied away first.
            ///
            /// Axes of length 1 of the source are repeated; missing ones in front are added, and superfluous ones of
            /// length 1 dropped, as in Cython. Where elements of the target overlap each other, which one stays is not
            /// specified.
            ///
            /// # Errors
            ///
            /// The shapes differ; there is no memory for a copy of the source, where the two overlap. Nothing has been written
            /// then.
            pub fn try_copy_from<M: Layout>($($receiver)*, source: &$source<'_, T, M>) -> Result<(), Error> {
                // SAFETY: V2 of both, V4 or V5 of `self`, V3 or V5 of `source`.
                unsafe { copy::copy(&$self.raw, &source.raw) }
            }

            /// Copies the elements of `source`, as if they had been copied away first.
            ///
            /// Axes of length 1 of the source are repeated; missing ones in front are added, and superfluous ones of
            /// length 1 dropped, as in Cython. Where elements of the target overlap each other, which one stays is not
            /// specified.
            ///
            /// # Panics
            ///
            /// The shapes differ; there is no memory for a copy of the source, where the two overlap. Nothing has been written
            /// then.
            #[track_caller]
            pub fn copy_from<M: Layout>($($receiver)*, source: &$source<'_, T, M>) {
                or_refuse($self.try_copy_from(source))
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy;
use crate::element::Element;
use crate::error::{Error, or_refuse, refuse};
use crate::layout::{ElementIndex, Layout, contains, out_of_bounds};
use crate::raw::Raw;

writing!(ViewMut, self, [&mut self], View);
writing!(CellViewMut, self, [&self], CellView);
