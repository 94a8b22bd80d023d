//! Iterators over the elements of a view: `Iter` and `IndexedIter` return elements by value, in index order.

use crate::element::Element;
use crate::layout::{Layout, advance};
use crate::raw::{PtrIter, Raw};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// An iterator over the elements of a view, by value, in index order. It can be used from both ends.
///
/// `fold` visits contiguous memory in a loop that vectorises. So do the methods that are built on `fold`, such as
/// `sum`, `for_each` and `max`.
///
/// # Examples
///
/// ```
/// use typedview::View;
///
/// let mut elements = View::from(&[[1, 2], [3, 4]]).iter();
/// assert_eq!((elements.next(), elements.next_back(), elements.len()), (Some(1), Some(4), 2));
/// ```
#[derive(Clone)]
pub struct Iter<'a, T: Element, L: Layout> {
    walk: PtrIter<T, L>,
    memory: PhantomData<&'a [T]>,
}

impl<T: Element, L: Layout> Iter<'_, T, L> {
    /// Makes an iterator over all elements of `raw`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the invariants of a view hold for `raw` during the lifetime of the result: the
    /// layout stays inside one allocation (V1), the elements are initialised and alive (V2), and nobody writes an
    /// element while it is read (V3, V4 or V5).
    #[inline]
    pub(super) unsafe fn new(raw: Raw<T, L>) -> Self {
        Self { walk: PtrIter::new(raw), memory: PhantomData }
    }
}

impl<T: Element, L: Layout> Iterator for Iter<'_, T, L> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        // SAFETY: `ptr` points to an element. The caller of `new` guarantees that it is initialised and alive, and
        // that nobody writes it during the read.
        self.walk.next().map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<T> {
        // SAFETY: `ptr` points to an element. The caller of `new` guarantees that it is initialised and alive, and
        // that nobody writes it during the read.
        self.walk.nth(n).map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
    }

    #[inline]
    fn fold<A, F: FnMut(A, T) -> A>(self, initial: A, mut f: F) -> A {
        // SAFETY: `ptr` points to an element. The caller of `new` guarantees that it is initialised and alive, and
        // that nobody writes it during the read.
        self.walk.fold(initial, |accumulator, ptr| f(accumulator, unsafe { Raw::<T, L>::read(ptr) }))
    }
}

impl<T: Element, L: Layout> DoubleEndedIterator for Iter<'_, T, L> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        // SAFETY: `ptr` points to an element. The caller of `new` guarantees that it is initialised and alive, and
        // that nobody writes it during the read.
        self.walk.next_back().map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<T> {
        // SAFETY: `ptr` points to an element. The caller of `new` guarantees that it is initialised and alive, and
        // that nobody writes it during the read.
        self.walk.nth_back(n).map(|ptr| unsafe { Raw::<T, L>::read(ptr) })
    }
}

impl<T: Element, L: Layout> ExactSizeIterator for Iter<'_, T, L> {}
impl<T: Element, L: Layout> FusedIterator for Iter<'_, T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Iter<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iter({} left)", self.len())
    }
}

/// An iterator over the elements of a view, by value, in index order. It returns each element with its index.
///
/// See [`View::indexed_iter`](crate::View::indexed_iter) for an example.
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
