//! Walking: every element once, in index order, a run at a time.
//! The loops that iteration, filling and copying out are made of.

use super::Raw;
use crate::element::Element;
use crate::layout::{Layout, Run, advance};

/// The byte offsets of all elements in index order: where the next one is and how many are left.
#[derive(Clone, Debug)]
pub(crate) struct Walk<T, L: Layout> {
    raw: Raw<T, L>,
    index: L::Extents,
    /// Byte offset of the next element; that of an index inside the shape while `in_run > 0`.
    offset: isize,
    /// Elements left in this run.
    in_run: usize,
    /// Elements left in later runs.
    beyond: usize,
}

impl<T: Element, L: Layout> Walk<T, L> {
    #[inline]
    pub(crate) fn new(raw: Raw<T, L>) -> Self {
        let size = raw.layout.size();
        let in_run = if size == 0 { 0 } else { Self::run(&raw).length };
        let index = raw.layout.origin();
        Self { raw, index, offset: 0, in_run, beyond: size - in_run }
    }

    #[inline]
    fn run(raw: &Raw<T, L>) -> Run {
        raw.layout.run(size_of::<T>())
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.in_run + self.beyond
    }

    fn enter_run(&mut self) {
        let Run { length, axes, .. } = Self::run(&self.raw);
        let shape = self.raw.layout.shape();
        advance(self.index.as_mut(), shape, shape.len() - axes);
        self.offset = self.raw.layout.offset(self.index.as_ref(), size_of::<T>());
        self.in_run = length;
        self.beyond -= length;
    }
}

impl<T: Element, L: Layout> Iterator for Walk<T, L> {
    type Item = isize;

    #[inline]
    fn next(&mut self) -> Option<isize> {
        if self.in_run == 0 {
            if self.beyond == 0 {
                return None;
            }
            self.enter_run();
        }
        self.in_run -= 1;
        let offset = self.offset;
        self.offset = offset.wrapping_add(Self::run(&self.raw).stride);
        Some(offset)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }

    /// Contiguous runs get a loop of their own: the constant stride is what lets it vectorise.
    #[inline]
    fn fold<A, F: FnMut(A, isize) -> A>(mut self, mut accumulator: A, mut f: F) -> A {
        let itemsize = size_of::<T>().cast_signed();
        let stride = Self::run(&self.raw).stride;
        loop {
            let start = self.offset;
            if stride == itemsize {
                for i in 0..self.in_run.cast_signed() {
                    accumulator = f(accumulator, start + i * itemsize);
                }
            } else {
                for i in 0..self.in_run.cast_signed() {
                    accumulator = f(accumulator, start + i * stride);
                }
            }
            if self.beyond == 0 {
                return accumulator;
            }
            self.enter_run();
        }
    }
}
