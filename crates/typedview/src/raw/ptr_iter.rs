//! `PtrIter`: an iterator over pointers to all elements of a raw view, in index order, one run at a time.
//! Iteration over a view, filling a view and copying out of a view use it.

use super::Raw;
use crate::element::Element;
use crate::layout::{Layout, Run, advance, retreat};
use core::ptr::NonNull;

/// The pointers to all elements in index order: the pointer to the next element, and how many elements are left.
#[derive(Clone, Debug)]
pub(crate) struct PtrIter<T, L: Layout> {
    raw: Raw<T, L>,
    /// The index of the run at the front. It is 0 on the axes that a run covers.
    front: L::PerAxis<usize>,
    /// The pointer to the next element. It is inside the memory while `in_front > 0`.
    next: NonNull<u8>,
    /// The number of elements that are left in the run at the front.
    in_front: usize,
    /// The number of elements in the whole runs after the run at the front and before the run at the back.
    whole: usize,
    /// The run at the back: the number of elements that are left in it, and its index. `None` until an element has been
    /// taken from the back.
    back: Option<(usize, L::PerAxis<usize>)>,
}

impl<T: Element, L: Layout> PtrIter<T, L> {
    #[inline]
    pub(crate) fn new(raw: Raw<T, L>) -> Self {
        let size = raw.layout.size();
        let front = raw.layout.origin();
        let (in_front, next) = if size == 0 {
            (0, raw.ptr)
        } else {
            // SAFETY: the layout has elements, so the index that is 0 on every axis is inside the shape.
            (raw.layout.run(size_of::<T>()).length, unsafe { raw.element_ptr(front.as_ref()) })
        };
        Self { raw, front, next, in_front, whole: size - in_front, back: None }
    }

    #[inline]
    fn run(&self) -> Run {
        self.raw.layout.run(size_of::<T>())
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.in_front + self.whole + self.back.as_ref().map_or(0, |back| back.0)
    }

    /// Moves the front to the next run. Returns false if there is none.
    #[inline]
    fn enter_run(&mut self) -> bool {
        let in_front = match (self.whole, &mut self.back) {
            (0, Some((left, _))) => core::mem::take(left),
            (0, None) => 0,
            _ => {
                let length = self.run().length;
                self.whole -= length;
                length
            }
        };
        self.in_front = in_front;
        if in_front == 0 {
            return false;
        }
        self.enter_front();
        true
    }

    fn enter_front(&mut self) {
        let outer = self.raw.layout.ndim() - self.run().axes;
        advance(self.front.as_mut(), self.raw.layout.shape(), outer);
        // SAFETY: at least one element is left in the run at this index, so the index is inside the shape.
        self.next = unsafe { self.raw.element_ptr(self.front.as_ref()) };
    }

    /// Returns a pointer to the element that comes `at` elements after `first` in the same run.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `first` points to an element of a run, and that this run has more than `at` elements
    /// from `first` on.
    #[inline]
    unsafe fn in_run(&self, first: NonNull<u8>, at: usize) -> NonNull<u8> {
        // SAFETY: the caller guarantees that the run has this element. A run stays inside one allocation, the one of
        // the view (R1) or one that a pointer leads to (R2).
        unsafe { first.offset(self.run().stride.wrapping_mul(at.cast_signed())) }
    }
}

impl<T: Element, L: Layout> Iterator for PtrIter<T, L> {
    type Item = NonNull<u8>;

    #[inline]
    fn next(&mut self) -> Option<NonNull<u8>> {
        if self.in_front == 0 && !self.enter_run() {
            return None;
        }
        self.in_front -= 1;
        let ptr = self.next;
        if self.in_front > 0 {
            // SAFETY: `in_front` is greater than 0, so the run has one more element after `ptr`.
            self.next = unsafe { self.in_run(ptr, 1) };
        }
        Some(ptr)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }

    /// Contiguous runs have a loop of their own, because a loop with a constant stride vectorises.
    #[inline]
    fn fold<A, F: FnMut(A, NonNull<u8>) -> A>(mut self, mut accumulator: A, mut f: F) -> A {
        let itemsize = size_of::<T>();
        let contiguous = self.run().stride == itemsize.cast_signed();
        loop {
            let first = self.next;
            if contiguous {
                for i in 0..self.in_front {
                    // SAFETY: `i` is less than the number of elements left in the run, whose elements are adjacent.
                    accumulator = f(accumulator, unsafe { first.add(i * itemsize) });
                }
            } else {
                for i in 0..self.in_front {
                    // SAFETY: `i` is less than the number of elements left in the run from `first` on.
                    accumulator = f(accumulator, unsafe { self.in_run(first, i) });
                }
            }
            if !self.enter_run() {
                return accumulator;
            }
        }
    }
}

impl<T: Element, L: Layout> DoubleEndedIterator for PtrIter<T, L> {
    fn next_back(&mut self) -> Option<NonNull<u8>> {
        let Run { length, axes, .. } = self.run();
        let outer = self.raw.layout.ndim() - axes;
        let spent = self.back.as_ref().is_none_or(|back| back.0 == 0);
        if spent && self.whole > 0 {
            let shape = self.raw.layout.shape();
            let index = match self.back.take() {
                Some((_, mut index)) => {
                    retreat(index.as_mut(), shape, outer);
                    index
                }
                None => {
                    let mut index = self.raw.layout.origin();
                    for (i, extent) in index.as_mut().iter_mut().zip(shape).take(outer) {
                        *i = extent - 1;
                    }
                    index
                }
            };
            self.whole -= length;
            self.back = Some((length, index));
        }
        match &mut self.back {
            Some((left, index)) if *left > 0 => {
                *left -= 1;
                // SAFETY: at least one element was left in the run at this index, so the index is inside the shape.
                let first = unsafe { self.raw.element_ptr(index.as_ref()) };
                let at = *left;
                // SAFETY: the run has more than `at` elements, because `at` is the number that was left, minus 1.
                Some(unsafe { self.in_run(first, at) })
            }
            _ if self.in_front > 0 => {
                self.in_front -= 1;
                // SAFETY: `in_front + 1` elements were left in this run from `next` on, so this one is inside the run.
                Some(unsafe { self.in_run(self.next, self.in_front) })
            }
            _ => None,
        }
    }
}
