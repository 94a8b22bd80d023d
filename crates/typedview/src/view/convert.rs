//! Conversions: `From` between views of different layouts. The new layout promises less, so nothing is checked.

/// Implements `From` for a view, from each layout that promises more than its own.
macro_rules! convert {
    ($($view:ident),*) => {$(
        convert!($view: C => Pitched by to_ranged_axis);
        convert!($view: C => Strided by to_general);
        convert!($view: Pitched => Strided by to_general);
        convert!($view: F => Strided by to_general);
        convert!($view: C => Indirect by to_indirect);
        convert!($view: F => Indirect by to_indirect);
        convert!($view: Pitched => Indirect by to_indirect);
        convert!($view: Strided => Indirect by to_indirect);
    )*};
    ($view:ident: $from:ident => $into:ident by $convert:ident) => {
        impl<'a, T: Element, const N: usize> From<$view<'a, T, $from<N>>> for $view<'a, T, $into<N>> {
            #[inline]
            fn from(view: $view<'a, T, $from<N>>) -> Self {
                // INVARIANT: the result has the same elements as `view`, which is consumed, so V1 to V5 carry over.
                $view::from_raw(view.raw.$convert())
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::layout::{C, F, Indirect, Pitched, Strided};

convert!(View, ViewMut, CellView, CellViewMut);
