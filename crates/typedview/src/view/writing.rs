//! What the writable views do to their elements.
//! A [`CellViewMut`] writes through `&self`, as a `Cell` does; a [`ViewMut`] through `&mut self`.

/// Gives a view its writes.
macro_rules! writing {
    ($view:ident, $self:ident, [$($receiver:tt)*], $source:ident) => {
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            fallible! {
                /// Sets the element at `index`.
                fails "If `index` is out of bounds; the error names the first such axis."
                pub fn set / try_set ([$self: $($receiver)*], index: impl ElementIndex<L>, value: T) {
                    let place = $self.raw.try_find(index)?;
                    // SAFETY: the index is inside the shape (V1), and the element can be written (V2, and V4 or V5).
                    unsafe { Raw::<T, L>::write(place, value) };
                    Ok(())
                } panics {
                    // Not by `find`, for the same reason as in `at`.
                    if !contains($self.raw.layout(), index.axes()) {
                        refuse(out_of_bounds($self.raw.layout().clone(), index));
                    }
                    // SAFETY: the index is inside the shape, as was just checked.
                    unsafe { $self.set_unchecked(index, value) }
                }
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

            fallible! {
                /// Sets the element at `index` to a function of its value: C's `x[i] += 1`.
                fails "If `index` is out of bounds; the error names the first such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::ViewMut;
                ///
                /// let mut data = [1, 2, 3];
                /// ViewMut::from(&mut data).update(1, |x| x + 10);
                /// assert_eq!(data, [1, 12, 3]);
                /// ```
                pub fn update / try_update (
                    [$self: $($receiver)*], index: impl ElementIndex<L>, value: impl FnOnce(T) -> T,
                ) {
                    let place = $self.raw.try_find(index)?;
                    // SAFETY: the index is inside the shape (V1), and the element can be read (V2, and V4 or V5).
                    let value = value(unsafe { Raw::<T, L>::read(place) });
                    // SAFETY: the element can still be written (V2, and V4 or V5): the closure may have touched it, but it has
                    // returned.
                    unsafe { Raw::<T, L>::write(place, value) };
                    Ok(())
                }
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

            fallible! {
                /// Copies the elements of `source` into this view. If the two overlap, the result is as if `source` had been copied
                /// to other memory first.
                ///
                /// As in Cython, axes of length 1 of the source are repeated, missing axes in front are added, and superfluous
                /// axes of length 1 are dropped. If elements of this view overlap each other, it is unspecified which value
                /// they end up with.
                fails "If the shapes differ, or the two overlap in a way that needs a temporary copy which cannot be allocated. Nothing is written then."
                pub fn copy_from / try_copy_from [M: Layout] (
                    [$self: $($receiver)*], source: &$source<'_, T, M>,
                ) {
                    // SAFETY: the elements of `source` can be read and those of `self` written (V2 of both, V4 or V5 of `self`,
                    // V3 or V5 of `source`).
                    unsafe { copy::copy(&$self.raw, &source.raw) }
                }
            }
        }
    };
}

use super::fallible::fallible;
use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy;
use crate::element::Element;
use crate::error::refuse;
use crate::layout::{ElementIndex, Layout, contains, out_of_bounds};
use crate::raw::Raw;

writing!(ViewMut, self, [&mut self], View);
writing!(CellViewMut, self, [&self], CellView);
