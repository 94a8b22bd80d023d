//! Reinterpretation: views of the same bytes as elements of another type, of the same or of another size.
//! No element is copied. As in `subviews`, a [`ViewMut`] is consumed.

/// Implements for a view the operations that reinterpret its bytes.
macro_rules! reinterpretations {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: every result has the bytes of `self`, each once, so V1 and V3 to V5 carry over. V2 carries over
        // because `T` has no padding, any bytes are a value of `U` (E1), and writing a `U` leaves initialised bytes
        // (E2), which are values of `T` again (E1).
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            fallible! {
                /// Returns the same bytes as elements of another type, as NumPy's `view(dtype)` does. If the sizes of
                /// the types differ, the last axis becomes longer or shorter.
                fails "If `T` has padding. If the sizes differ, also if the last axis does not exist, has gaps, holds pointers or does not hold a whole number of the new elements, or if the order that [`F`](crate::F) promises would not hold."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let bytes = View::from(&[1u8, 0, 2, 0]);
                /// let words = bytes.reinterpret::<u16>();
                /// assert_eq!(words.to_vec(), [u16::from_ne_bytes([1, 0]), u16::from_ne_bytes([2, 0])]);
                ///
                /// // Elements of the same size fit every layout.
                /// let column = View::from(&[[1.0f64, 2.0], [3.0, 4.0]]).index_axis(1, 0);
                /// assert_eq!(column.reinterpret::<u64>().at(1), 3f64.to_bits());
                /// assert_eq!(
                ///     column.try_reinterpret::<f32>().unwrap_err().to_string(),
                ///     "axis 0: stride 16 is not the itemsize, 8, which elements of another size need",
                /// );
                /// ```
                #[must_use]
                pub fn reinterpret / try_reinterpret [U: Element] ([$self: $($receiver)*],) -> $view<'a, U, L> {
                    $self.raw.try_reinterpret().map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: InsertAxis> $view<'a, T, L> {
            fallible! {
                /// Divides every element into parts of type `U`, on a new last axis. An element of 8 bytes becomes two
                /// of 4 bytes.
                fails "If `T` has padding, if an element is not a whole number of `U`, if the order that [`F`](crate::F) promises would not hold, or if the layout is [`Dyn`](crate::Dyn) and has 64 axes already."
                /// # Examples
                ///
                /// ```
                /// use typedview::View;
                ///
                /// let points = [[1.0f32, 2.0], [3.0, 4.0], [5.0, 6.0]];
                /// let points: View<'_, [f32; 2], _> = View::from(&points[..]);
                /// let table = points.split::<f32>();
                /// assert_eq!((table.shape(), table.at([2, 1])), (&[3, 2][..], 6.0));
                /// assert_eq!(
                ///     points.try_split::<[u8; 3]>().unwrap_err().to_string(),
                ///     "an element of 8 bytes is no whole number of elements of 3 bytes",
                /// );
                /// ```
                #[must_use]
                pub fn split / try_split [U: Element] ([$self: $($receiver)*],) -> $view<'a, U, L::Inserted> {
                    $self.raw.try_split().map($view::from_raw)
                }
            }
        }

        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            fallible! {
                /// Makes one element of every lane of the last axis. It is the reverse of [`split`](Self::split).
                fails "If `T` has padding, if the last axis does not exist, has gaps or holds pointers, or if the bytes of a lane are not those of one `U`."
                /// # Examples
                ///
                /// ```
                /// use typedview::{Big, View};
                ///
                /// let rows = View::from(&[[0u8, 1], [2, 0]]);
                /// assert_eq!(rows.join::<Big<u16>>().to_vec(), [Big::new(1), Big::new(512)]);
                /// assert_eq!(
                ///     rows.try_join::<u32>().unwrap_err().to_string(),
                ///     "2 bytes on the last axis are not one element of 4 bytes",
                /// );
                /// ```
                #[must_use]
                pub fn join / try_join [U: Element] ([$self: $($receiver)*],) -> $view<'a, U, L::SqueezedAxis> {
                    $self.raw.try_join().map($view::from_raw)
                }
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::fallible;
use crate::layout::{InsertAxis, Layout, RemoveAxis};

reinterpretations!(View, self, [&self]);
reinterpretations!(CellView, self, [&self]);
reinterpretations!(CellViewMut, self, [&self]);
reinterpretations!(ViewMut, self, [self]);
