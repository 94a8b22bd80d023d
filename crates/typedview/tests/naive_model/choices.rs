//! Choices: the random numbers of one test case, drawn one after the other.
//! They are separate so that proptest shrinks them like any list.

use proptest::prelude::*;
use std::cell::Cell;
use typedview::Slice;

/// The parts of `start:stop:step` as Python writes it.
pub(crate) type Positions = (Option<isize>, Option<isize>, isize);

#[derive(Clone, Debug)]
pub(crate) struct Choices {
    numbers: Vec<u16>,
    drawn: Cell<usize>,
}

impl Choices {
    pub(crate) fn below(&self, limit: usize) -> usize {
        let drawn = self.drawn.replace(self.drawn.get() + 1);
        let round = drawn / self.numbers.len();
        (usize::from(self.numbers[drawn % self.numbers.len()]) + 7 * round) % limit
    }

    /// Returns true once in `count` times.
    pub(crate) fn once_in(&self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn position(&self) -> Option<isize> {
        (!self.once_in(4)).then(|| self.below(13) as isize - 6)
    }

    pub(crate) fn positions(&self) -> Positions {
        (self.position(), self.position(), [1, -1, 2, -2, 3, -3][self.below(6)])
    }

    /// Returns a random order of the numbers below `count`.
    pub(crate) fn order(&self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for i in (1..count).rev() {
            order.swap(i, i - self.below(i + 1));
        }
        order
    }
}

pub(crate) fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u16>(), 61).prop_map(|numbers| Choices { numbers, drawn: Cell::new(0) })
}

/// Generates shapes of `fewest` to `most` axes. The more axes there are, the shorter they are.
pub(crate) fn shapes(fewest: usize, most: usize) -> impl Strategy<Value = Vec<usize>> {
    (fewest..=most).prop_flat_map(|ndim| {
        let longest: usize = [5, 7, 5, 4, 3, 2, 2][ndim.min(6)];
        prop::collection::vec(prop_oneof![1 => 0..=1usize, 7 => 1..=longest], ndim)
    })
}

/// Generates shapes of more axes than a layout stores without an allocation.
pub(crate) fn many_axes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![2 => Just(1usize), 1 => Just(2usize)], 9..=12)
}

pub(crate) fn slice((start, stop, step): Positions) -> Slice {
    Slice::new(start, stop, step)
}

/// Returns the positions of Python's `range(length)[start:stop:step]`, counted one by one.
pub(crate) fn chosen(length: usize, (start, stop, step): Positions) -> Vec<usize> {
    let n = length as isize;
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let position = |i: isize| if i < 0 { (i + n).max(low) } else { i.min(high) };
    let (first, last) = if step > 0 { (0, n) } else { (n - 1, -1) };
    let mut i = start.map_or(first, position);
    let stop = stop.map_or(last, position);
    let mut indices = vec![];
    while if step > 0 { i < stop } else { i > stop } {
        indices.push(i as usize);
        i += step;
    }
    indices
}
