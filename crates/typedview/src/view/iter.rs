//! Iteration by value, in index order.

use crate::element::Element;
use crate::layout::Layout;
use crate::raw::{Raw, Walk};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// The elements of a view in index order, by value.
///
/// `fold`, and what is built on it (`sum`, `for_each`, `max`), runs over contiguous memory in a loop that vectorises.
#[derive(Clone)]
pub struct Iter<'a, T: Element, L: Layout> {
    raw: Raw<T, L>,
    walk: Walk<T, L>,
    memory: PhantomData<&'a [T]>,
}

impl<T: Element, L: Layout> Iter<'_, T, L> {
    #[inline]
    pub(super) fn new(raw: Raw<T, L>) -> Self {
        Self { walk: Walk::new(raw.clone()), raw, memory: PhantomData }
    }
}

impl<T: Element, L: Layout> Iterator for Iter<'_, T, L> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        // SAFETY: the invariants of the view that is borrowed; the offset comes from a walk over its layout.
        self.walk.next().map(|offset| unsafe { self.raw.read(offset) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.walk.left();
        (left, Some(left))
    }

    #[inline]
    fn fold<A, F: FnMut(A, T) -> A>(self, initial: A, mut f: F) -> A {
        let raw = self.raw;
        // SAFETY: the invariants of the view that is borrowed; the offset comes from a walk over its layout.
        self.walk.fold(initial, |accumulator, offset| f(accumulator, unsafe { raw.read(offset) }))
    }
}

impl<T: Element, L: Layout> ExactSizeIterator for Iter<'_, T, L> {}
impl<T: Element, L: Layout> FusedIterator for Iter<'_, T, L> {}

impl<T: Element, L: Layout> fmt::Debug for Iter<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iter({} of {} left)", self.walk.left(), self.raw.layout().size())
    }
}
