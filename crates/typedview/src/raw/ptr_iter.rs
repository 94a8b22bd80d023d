//! Walking: every element once, in index order, a run at a time.
//! The loops that iteration, filling and copying out are made of.

use super::Raw;
use crate::element::Element;
use crate::layout::{Layout, Run, advance, retreat};
use core::ptr::NonNull;

/// The places of all elements in index order: where the next one is and how many are left.
#[derive(Clone, Debug)]
pub(crate) struct PtrIter<T, L: Layout> {
    raw: Raw<T, L>,
    /// The index of the run at the front: 0 on the axes it covers.
    front: L::PerAxis<usize>,
    /// Place of the next element; inside the memory while `in_front > 0`.
    next: NonNull<u8>,
    /// Elements left in the run at the front.
    in_front: usize,
    /// Elements left in whole runs after it.
    whole: usize,
    /// The run at the back, once something has been taken from there: how much of it is left, and its index.
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
            // SAFETY: the layout has elements, so index 0 is inside the shape.
            (raw.layout.run(size_of::<T>()).length, unsafe { raw.place(front.as_ref()) })
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

    /// Goes to the next run; false when there is none.
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
        self.place_run();
        true
    }

    fn place_run(&mut self) {
        let outer = self.raw.layout.ndim() - self.run().axes;
        advance(self.front.as_mut(), self.raw.layout.shape(), outer);
        // SAFETY: there is a run at this index, so it is inside the shape.
        self.next = unsafe { self.raw.place(self.front.as_ref()) };
    }

    /// The place of the element `at` of the run whose first element is at `first`.
    ///
    /// # Safety
    ///
    /// `at` is less than the length of the run.
    #[inline]
    unsafe fn in_run(&self, first: NonNull<u8>, at: usize) -> NonNull<u8> {
        // SAFETY: R1, or R2 behind a pointer: a run stays inside one allocation.
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
        let place = self.next;
        if self.in_front > 0 {
            // SAFETY: the run has another element.
            self.next = unsafe { self.in_run(place, 1) };
        }
        Some(place)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }

    /// Contiguous runs get a loop of their own: the constant stride is what lets it vectorise.
    #[inline]
    fn fold<A, F: FnMut(A, NonNull<u8>) -> A>(mut self, mut accumulator: A, mut f: F) -> A {
        let itemsize = size_of::<T>();
        let contiguous = self.run().stride == itemsize.cast_signed();
        loop {
            let first = self.next;
            if contiguous {
                for i in 0..self.in_front {
                    // SAFETY: `i` is inside the run.
                    accumulator = f(accumulator, unsafe { first.add(i * itemsize) });
                }
            } else {
                for i in 0..self.in_front {
                    // SAFETY: `i` is inside the run.
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
                // SAFETY: there is a run at this index, so it is inside the shape.
                let first = unsafe { self.raw.place(index.as_ref()) };
                let at = *left;
                // SAFETY: the run has more than `at` elements.
                Some(unsafe { self.in_run(first, at) })
            }
            _ if self.in_front > 0 => {
                self.in_front -= 1;
                // SAFETY: that many elements were left in this run from `next` on.
                Some(unsafe { self.in_run(self.next, self.in_front) })
            }
            _ => None,
        }
    }
}
