//! Comparing views by value: equal when the shapes are, and every element.

/// Gives a view its comparisons, across layouts.
macro_rules! compare {
    ($($view:ident),*) => {$(
        /// Equal when the shapes are, and every element; the layouts may differ.
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
