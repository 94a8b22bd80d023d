//! `PtrIter`: an iterator over pointers to all elements of a raw view, in index order, one run at a time.
//! Iteration over a view, filling a view and copying out of a view use it.

use super::Raw;
use crate::element::Element;
use crate::layout::{Layout, Run, advance, retreat};
use core::ptr::NonNull;

/// The pointers to all elements in index order: the run at the front, and how many elements are left.
#[derive(Clone, Debug)]
pub(crate) struct PtrIter<T, L: Layout> {
    raw: Raw<T, L>,
    /// The index of the run at the front. It is 0 on the axes that a run covers.
    front: L::PerAxis<usize>,
    /// The pointer to the first element of the run at the front, if there are elements.
    first: NonNull<u8>,
    /// The elements that are left in the run at the front: from number `at` up to `end`, without it.
    at: usize,
    end: usize,
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
        let (end, first) = if size == 0 {
            (0, raw.ptr)
        } else {
            // SAFETY: the layout has elements, so the index that is 0 on every axis is inside the shape.
            (raw.layout.run(size_of::<T>()).length, unsafe { raw.element_ptr(front.as_ref()) })
        };
        Self { raw, front, first, at: 0, end, whole: size - end, back: None }
    }

    #[inline]
    fn run(&self) -> Run {
        self.raw.layout.run(size_of::<T>())
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.end - self.at + self.whole + self.back.as_ref().map_or(0, |back| back.0)
    }

    /// Moves the front to the next run. Returns false if there is none.
    #[inline]
    fn enter_run(&mut self) -> bool {
        // The compiler would not find out that the one run is never followed by another.
        if L::ONE_RUN {
            return false;
        }
        let length = match (self.whole, &mut self.back) {
            (0, Some((left, _))) => core::mem::take(left),
            (0, None) => 0,
            _ => {
                let length = self.run().length;
                self.whole -= length;
                length
            }
        };
        (self.at, self.end) = (0, length);
        if length == 0 {
            return false;
        }
        self.enter_front();
        true
    }

    fn enter_front(&mut self) {
        let outer = self.raw.layout.ndim() - self.run().axes;
        advance(self.front.as_mut(), self.raw.layout.shape(), outer);
        // SAFETY: at least one element is left in the run at this index, so the index is inside the shape.
        self.first = unsafe { self.raw.element_ptr(self.front.as_ref()) };
    }

    /// Returns a pointer to element number `at` of the run that begins with `first`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `first` points to the first element of a run that has more than `at` elements.
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
        if self.at == self.end && !self.enter_run() {
            return None;
        }
        let at = self.at;
        self.at += 1;
        // SAFETY: `at` is less than `end`, so the run at the front has this element.
        Some(unsafe { self.in_run(self.first, at) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }

    /// Skips whole runs at once.
    #[inline]
    fn nth(&mut self, mut n: usize) -> Option<NonNull<u8>> {
        while n >= self.end - self.at {
            n -= self.end - self.at;
            self.at = self.end;
            if !self.enter_run() {
                return None;
            }
        }
        self.at += n;
        self.next()
    }

    /// Contiguous runs have a loop of their own, because a loop with a constant stride vectorises.
    #[inline]
    fn fold<A, F: FnMut(A, NonNull<u8>) -> A>(mut self, mut accumulator: A, mut f: F) -> A {
        let itemsize = size_of::<T>();
        let contiguous = self.run().stride == itemsize.cast_signed();
        loop {
            let first = self.first;
            if contiguous {
                for i in self.at..self.end {
                    // SAFETY: `i` is less than `end`, so the run at the front has this element, and its elements are adjacent.
                    accumulator = f(accumulator, unsafe { first.add(i * itemsize) });
                }
            } else {
                for i in self.at..self.end {
                    // SAFETY: `i` is less than `end`, so the run at the front has this element.
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
            _ if self.at < self.end => {
                self.end -= 1;
                // SAFETY: `end` was the number after the last element left, so the run at the front has this element.
                Some(unsafe { self.in_run(self.first, self.end) })
            }
            _ => None,
        }
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<NonNull<u8>> {
        if L::ONE_RUN {
            self.end -= n.min(self.end - self.at);
            return self.next_back();
        }
        for _ in 0..n {
            self.next_back()?;
        }
        self.next_back()
    }
}
