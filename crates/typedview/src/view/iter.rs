//! Iteration by value, in index order, from both ends.

use crate::element::Element;
use crate::layout::{Layout, advance};
use crate::raw::{PtrIter, Raw};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// The elements of a view in index order, by value.
///
/// `fold`, and what is built on it (`sum`, `for_each`, `max`), runs over contiguous memory in a loop that vectorises.
#[derive(Clone)]
pub struct Iter<'a, T: Element, L: Layout> {
    walk: PtrIter<T, L>,
    memory: PhantomData<&'a [T]>,
}

impl<T: Element, L: Layout> Iter<'_, T, L> {
    /// # Safety
    ///
    /// V1, V2, and V3, V4 or V5 for as long as the lifetime of the result.
    #[inline]
    pub(super) unsafe fn new(raw: Raw<T, L>) -> Self {
        Self { walk: PtrIter::new(raw), memory: PhantomData }
    }
}

impl<T: Element, L: Layout> Iterator for Iter<'_, T, L> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        // SAFETY: the promise to `new`; the place is one of its elements.
        self.walk.next().map(|place| unsafe { Raw::<T, L>::read(place) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }

    #[inline]
    fn fold<A, F: FnMut(A, T) -> A>(self, initial: A, mut f: F) -> A {
        // SAFETY: the promise to `new`; the place is one of its elements.
        self.walk.fold(initial, |accumulator, place| f(accumulator, unsafe { Raw::<T, L>::read(place) }))
    }
}

impl<T: Element, L: Layout> DoubleEndedIterator for Iter<'_, T, L> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        // SAFETY: the promise to `new`; the place is one of its elements.
        self.walk.next_back().map(|place| unsafe { Raw::<T, L>::read(place) })
    }
}

impl<T: Element, L: Layout> ExactSizeIterator for Iter<'_, T, L> {}
impl<T: Element, L: Layout> FusedIterator for Iter<'_, T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Iter<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iter({} left)", self.len())
    }
}

/// The elements of a view in index order, each with its index.
#[derive(Clone)]
pub struct IndexedIter<'a, T: Element, L: Layout> {
    elements: Iter<'a, T, L>,
    index: L::PerAxis<usize>,
    layout: L,
}

impl<'a, T: Element, L: Layout> IndexedIter<'a, T, L> {
    #[inline]
    pub(super) fn new(elements: Iter<'a, T, L>, layout: &L) -> Self {
        Self { elements, index: layout.origin(), layout: layout.clone() }
    }
}

impl<T: Element, L: Layout> Iterator for IndexedIter<'_, T, L> {
    type Item = (L::PerAxis<usize>, T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let element = self.elements.next()?;
        let index = self.index.clone();
        advance(self.index.as_mut(), self.layout.shape(), self.layout.ndim());
        Some((index, element))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.elements.size_hint()
    }
}

impl<T: Element, L: Layout> ExactSizeIterator for IndexedIter<'_, T, L> {}
impl<T: Element, L: Layout> FusedIterator for IndexedIter<'_, T, L> {}

impl<T: Element, L: Layout> fmt::Debug for IndexedIter<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexedIter({} left)", self.len())
    }
}
