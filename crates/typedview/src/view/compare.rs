//! Comparison of views by value: two views are equal if their shapes are equal and all their elements are equal.

/// Implements `PartialEq` and `Eq` for views. Views with different layouts can be compared.
macro_rules! compare {
    ($($view:ident),*) => {$(
        /// Two views are equal if their shapes are equal and all their elements are equal. Their layouts may differ.
        ///
        /// # Examples
        ///
        /// ```
        /// use typedview::View;
        ///
        /// let view = View::from(&[[1, 2], [2, 1]]);
        /// assert_eq!(view, view.transpose());
        /// ```
        impl<T: Element + PartialEq, L: Layout, M: Layout> PartialEq<$view<'_, T, M>> for $view<'_, T, L> {
            fn eq(&self, other: &$view<'_, T, M>) -> bool {
                self.shape() == other.shape() && self.iter().eq(other.iter())
            }
        }

        impl<T: Element + Eq, L: Layout> Eq for $view<'_, T, L> {}
    )*};
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::layout::Layout;

compare!(View, ViewMut, CellView, CellViewMut);
