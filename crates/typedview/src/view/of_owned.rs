//! Views of memory that is owned: borrowed from their owner.

use super::{View, ViewMut};
use crate::element::Element;
use crate::layout::{Indirect, Layout};
use crate::owner::{Owned, RowStack, Shared};

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

impl<T: Element, L: Layout> Shared<T, L> {
    /// The elements, to read.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: O2, and `self` is borrowed: V1 to V3.
        View::from_raw(self.raw())
    }

    /// A part of the elements, or the same ones in another layout, that keeps the memory alive by itself.
    #[must_use]
    pub fn map<M: Layout>(
        &self,
        part: impl for<'a> FnOnce(View<'a, T, L>) -> View<'a, T, M>,
    ) -> Shared<T, M> {
        // What comes back views this memory, or memory that lives for ever.
        self.with_raw(part(self.view()).raw)
    }
}

impl<T: Element> RowStack<T> {
    /// The rows as one table, to read.
    #[must_use]
    pub fn view(&self) -> View<'_, T, Indirect<2>> {
        // INVARIANT: O3, and `self` is borrowed: V1 to V3.
        View::from_raw(self.raw())
    }

    /// The rows as one table, to read and write.
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, Indirect<2>> {
        // INVARIANT: O3, and `self` is borrowed exclusively: V1, V2, V4.
        ViewMut::from_raw(self.raw())
    }
}
