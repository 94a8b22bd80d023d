//! Conversions without a check: towards layouts that promise less.

/// Gives a view its way from layouts that promise more.
macro_rules! convert {
    ($($view:ident),*) => {$(
        convert!($view: C => Strided by to_general);
        convert!($view: F => Strided by to_general);
        convert!($view: C => Indirect by to_indirect);
        convert!($view: F => Indirect by to_indirect);
        convert!($view: Strided => Indirect by to_indirect);
    )*};
    ($view:ident: $from:ident => $into:ident by $convert:ident) => {
        impl<'a, T: Element, const N: usize> From<$view<'a, T, $from<N>>> for $view<'a, T, $into<N>> {
            #[inline]
            fn from(view: $view<'a, T, $from<N>>) -> Self {
                // INVARIANT: the same elements, so V1 to V5 carry over.
                $view::from_raw(view.raw.$convert())
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::layout::{C, F, Indirect, Strided};

convert!(View, ViewMut, CellView, CellViewMut);
