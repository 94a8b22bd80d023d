//! The same bytes as other elements: as many, fewer or more on the last axis, or with an axis more or less.
//! As in `subviews`, nothing moves, and a [`ViewMut`] is used up.

/// Gives a view its reinterpretations.
macro_rules! reinterpreting {
    ($view:ident, $self:ident, [$($receiver:tt)*]) => {
        // INVARIANT: the bytes of every result are those of `self`, each once: V1, V3 to V5 carry over, and V2 by E1 and E2
        // of both types, which make any bytes a `U`, and those of a `U` that is written a `T`.
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            /// The same bytes as elements of another type, NumPy's `view(dtype)`: where the sizes differ, the last axis gets
            /// longer or shorter.
            ///
            /// # Errors
            ///
            /// The sizes differ, and the last axis has gaps or holds pointers, or its bytes are no whole number of such
            /// elements, or there are no axes, or [`F`](crate::F) is no longer true.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let bytes = View::from(&[1u8, 0, 2, 0]);
            /// let words = bytes.try_reinterpret::<u16>()?;
            /// assert_eq!(words.to_vec(), [u16::from_ne_bytes([1, 0]), u16::from_ne_bytes([2, 0])]);
            ///
            /// // Elements of one size, whatever the layout.
            /// let column = View::from(&[[1.0f64, 2.0], [3.0, 4.0]]).index_axis(1, 0);
            /// assert_eq!(column.try_reinterpret::<u64>()?.at(1), 3f64.to_bits());
            /// assert_eq!(
            ///     column.try_reinterpret::<f32>().unwrap_err().to_string(),
            ///     "axis 0: stride 16 is not the itemsize, 8, which elements of another size need",
            /// );
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            pub fn try_reinterpret<U: Element>($($receiver)*) -> Result<$view<'a, U, L>, Error> {
                $self.raw.try_reinterpret().map($view::from_raw)
            }
        }

        impl<'a, T: Element, L: InsertAxis> $view<'a, T, L> {
            /// The parts of the elements: each is so many `U` on a new last axis.
            ///
            /// # Errors
            ///
            /// The size of an element is no whole number of `U`, at least one.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::View;
            ///
            /// let points = [[1.0f32, 2.0], [3.0, 4.0], [5.0, 6.0]];
            /// let points: View<'_, [f32; 2], _> = View::from(&points[..]);
            /// let table = points.try_split::<f32>()?;
            /// assert_eq!((table.shape(), table.at([2, 1])), (&[3, 2][..], 6.0));
            /// assert_eq!(
            ///     points.try_split::<[u8; 3]>().unwrap_err().to_string(),
            ///     "an element of 8 bytes is no whole number of elements of 3 bytes",
            /// );
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            pub fn try_split<U: Element>($($receiver)*) -> Result<$view<'a, U, L::Split>, Error> {
                $self.raw.try_split().map($view::from_raw)
            }
        }

        impl<'a, T: Element, L: RemoveAxis> $view<'a, T, L> {
            /// Each lane of the last axis as one element, which is the other way round than [`try_split`](Self::try_split).
            ///
            /// # Errors
            ///
            /// The bytes on the last axis are not those of one `U`, the axis has gaps or holds pointers, or there is none.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Big, View};
            ///
            /// let rows = View::from(&[[0u8, 1], [2, 0]]);
            /// assert_eq!(rows.try_join::<Big<u16>>()?.to_vec(), [Big::new(1), Big::new(512)]);
            /// assert_eq!(
            ///     rows.try_join::<u32>().unwrap_err().to_string(),
            ///     "2 bytes on the last axis are not one element of 4 bytes",
            /// );
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            pub fn try_join<U: Element>($($receiver)*) -> Result<$view<'a, U, L::Row>, Error> {
                $self.raw.try_join().map($view::from_raw)
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::error::Error;
use crate::layout::{InsertAxis, Layout, RemoveAxis};

reinterpreting!(View, self, [&self]);
reinterpreting!(CellView, self, [&self]);
reinterpreting!(CellViewMut, self, [&self]);
reinterpreting!(ViewMut, self, [self]);
