//! Views of owned memory: the methods of `Owned`, `Shared` and `RowStack` that lend their elements as views.

use super::{View, ViewMut};
use crate::element::Element;
use crate::layout::{Indirect, Layout};
use crate::owner::{Owned, RowStack, Shared};

impl<T: Element, L: Layout> Owned<T, L> {
    /// Returns a view to read the elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let table = Owned::from_vec(vec![1, 2, 3, 4], [2, 2]);
    /// assert_eq!(table.view().row(1).to_vec(), [3, 4]);
    /// ```
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: the layout describes initialised elements that only `self` may touch (O1). `self` is borrowed as
        // long as the view lives, so V1 to V3 hold.
        View::from_raw(self.raw())
    }

    /// Returns a view to read and write the elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Owned;
    ///
    /// let mut table = Owned::from_vec(vec![1, 2, 3, 4], [2, 2]);
    /// table.view_mut().set([0, 1], 20);
    /// assert_eq!(table.view().to_vec(), [1, 20, 3, 4]);
    /// ```
    #[inline]
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, L> {
        // INVARIANT: the layout describes initialised elements that only `self` may touch and that do not overlap (O1).
        // `self` is borrowed exclusively as long as the view lives, so V1, V2 and V4 hold.
        ViewMut::from_raw(self.raw())
    }
}

impl<T: Element, L: Layout> Shared<T, L> {
    /// Returns a view to read the elements.
    ///
    /// See [`Shared`] for an example.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // INVARIANT: the layout describes initialised elements of memory that nobody writes (O2). `self` is borrowed,
        // so the memory is alive as long as the view lives, and V1 to V3 hold.
        View::from_raw(self.raw())
    }

    /// Returns a `Shared` of the elements that `part` selects. It can have another layout, and it keeps the memory
    /// alive.
    ///
    /// See [`Shared`] for an example.
    #[must_use]
    pub fn map<M: Layout>(
        &self,
        part: impl for<'a> FnOnce(View<'a, T, L>) -> View<'a, T, M>,
    ) -> Shared<T, M> {
        let part = part(self.view()).raw;
        // SAFETY: `part` must work for every lifetime, so its result is a view of this memory, or of memory that is never
        // freed. Nobody writes either of them (O2, V3).
        unsafe { self.with_raw(part) }
    }
}

impl<T: Element> RowStack<T> {
    /// Returns a view to read the rows as one table.
    ///
    /// See [`RowStack`] for an example.
    #[must_use]
    pub fn view(&self) -> View<'_, T, Indirect<2>> {
        // INVARIANT: each pointer of the table leads to a row that `self` owns (O3). `self` is borrowed as long as the
        // view lives, so V1 to V3 hold.
        View::from_raw(self.raw())
    }

    /// Returns a view to read and write the rows as one table.
    ///
    /// See [`RowStack`] for an example.
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, Indirect<2>> {
        // INVARIANT: each pointer of the table leads to a row of its own that `self` owns (O3). `self` is borrowed
        // exclusively as long as the view lives, so V1, V2 and V4 hold.
        ViewMut::from_raw(self.raw())
    }
}
