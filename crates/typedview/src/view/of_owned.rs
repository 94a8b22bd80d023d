//! Views of memory that is owned: borrowed from their owner.

use super::{View, ViewMut};
use crate::element::Element;
use crate::layout::Layout;
use crate::owner::Owned;

impl<T: Element, L: Layout> Owned<T, L> {
    /// The elements, to read.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: O1, and `self` is borrowed: V1 to V3.
        View::from_raw(self.raw())
    }

    /// The elements, to read and write.
    #[inline]
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, L> {
        // INVARIANT: O1, and `self` is borrowed exclusively: V1, V2, V4.
        ViewMut::from_raw(self.raw())
    }
}
