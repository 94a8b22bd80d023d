//! Footprints: the bytes that the elements of a layout occupy, in a form in which two of them can be compared.
//! This file has integers only. A footprint may contain more bytes than the elements do, and never contains fewer.

use typedview::{Layout, Reach};

/// The number of axes that a footprint keeps separately. Further axes are merged into these.
const AXES: usize = 4;

/// A set of runs of `run` bytes each. One run begins at `lowest`. The others begin any number of steps above it, within the
/// span of each step.
///
/// - K1. Every byte of every element is inside one of the runs, and inside `lowest..highest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Footprint {
    lowest: usize,
    highest: usize,
    run: usize,
    /// The number of steps and spans that are used.
    axes: usize,
    /// The distance between neighbouring indices of an axis, which is not 0.
    steps: [usize; AXES],
    /// The distance between the first and the last index of that axis.
    spans: [usize; AXES],
}

impl Footprint {
    /// The footprint of no bytes.
    pub const EMPTY: Self =
        Self { lowest: 0, highest: 0, run: 0, axes: 0, steps: [0; AXES], spans: [0; AXES] };

    /// Sets the footprint to that of the elements of `layout`, of which the first is at address `first`.
    ///
    /// Returns `None` when the elements wrap around the address space. The footprint has no meaning then.
    // The fields are written one by one, in place. A value that is built first and then moved would be loaded again right
    // after it was stored, and the processor would have to wait for the store.
    #[inline(always)]
    #[must_use]
    pub fn set<L: Layout>(&mut self, first: usize, layout: &L, itemsize: usize) -> Option<()> {
        self.axes = 0;
        self.lowest = first;
        if L::ORDER.is_block() {
            // The elements are one block, whose number of bytes fits `isize` (L1).
            let nbytes = layout.size().wrapping_mul(itemsize);
            self.highest = first.checked_add(nbytes)?;
            self.run = nbytes;
            return Some(());
        }
        self.run = itemsize;
        if layout.is_empty() || itemsize == 0 {
            self.highest = first;
            return Some(());
        }
        if L::INDIRECT && layout.suboffsets().iter().any(|&suboffset| suboffset >= 0) {
            // The memory behind pointers may be at any address.
            (self.lowest, self.highest, self.run) = (0, usize::MAX, usize::MAX);
            return Some(());
        }
        let mut reach = Reach::of_element(itemsize)?;
        for (axis, &extent) in layout.shape().iter().enumerate() {
            let stride = layout.stride(axis, itemsize);
            if extent > 1 && stride != 0 {
                let span = reach.add_axis(extent, stride)?;
                self.add_axis(stride.unsigned_abs(), span.unsigned_abs());
            }
        }
        (self.lowest, self.highest) = reach.addresses(first)?;
        Some(())
    }

    #[inline(always)]
    fn add_axis(&mut self, step: usize, span: usize) {
        match (self.steps.get_mut(self.axes), self.spans.get_mut(self.axes)) {
            (Some(to_step), Some(to_span)) => {
                (*to_step, *to_span) = (step, span);
                self.axes += 1;
            }
            _ => self.add_surplus_axis(step, span),
        }
    }

    /// Merges the axes with the two smallest steps, so that there is room for one more axis.
    #[cold]
    fn add_surplus_axis(&mut self, mut step: usize, mut span: usize) {
        // These are two passes of a bubble sort. The smallest step ends up in `step`, and the second smallest in the last axis.
        for axis in 0..AXES {
            if self.steps[axis] < step {
                core::mem::swap(&mut self.steps[axis], &mut step);
                core::mem::swap(&mut self.spans[axis], &mut span);
            }
        }
        for axis in 0..AXES - 1 {
            if self.steps[axis] < self.steps[AXES - 1] {
                self.steps.swap(axis, AXES - 1);
                self.spans.swap(axis, AXES - 1);
            }
        }
        // A sum of multiples of two numbers is a multiple of their greatest common divisor.
        self.steps[AXES - 1] = gcd(self.steps[AXES - 1], step);
        self.spans[AXES - 1] = self.spans[AXES - 1].saturating_add(span);
    }

    /// The lowest address of an element.
    #[must_use]
    pub fn lowest(&self) -> usize {
        self.lowest
    }

    /// The first address above all elements.
    #[must_use]
    pub fn highest(&self) -> usize {
        self.highest
    }

    /// Whether the footprint has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lowest == self.highest
    }

    /// Whether the footprint is the whole address space, as it is for memory behind pointers.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        (self.lowest, self.highest) == (0, usize::MAX)
    }

    fn axes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.steps.into_iter().zip(self.spans).take(self.axes)
    }

    /// Whether two footprints may have a byte in common. `false` is certain; `true` may be wrong.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = self.is_empty()
            || other.is_empty()
            || self.lowest >= other.highest
            || other.lowest >= self.highest;
        let mut steps = self.axes().chain(other.axes()).map(|(step, _)| step);
        !apart && !steps.any(|step| self.is_beside(other, step))
    }

    /// Whether two footprints lie side by side in every period, where the steps of at least `least` bytes count as periods.
    ///
    /// Columns of one table do so: the period is a row, and each block of columns is a window in it.
    fn is_beside(&self, other: &Self, least: usize) -> bool {
        let periods = self.axes().chain(other.axes()).map(|(step, _)| step).filter(|&step| step >= least);
        let period = periods.fold(0, gcd);
        // The bytes that the smaller steps span, counted from the first run of a period.
        let window = |footprint: &Self| {
            let inside = footprint.axes().filter(|&(step, _)| step < least).map(|(_, span)| span);
            inside.fold(footprint.run, usize::saturating_add)
        };
        // Both remainders are less than a stride, which fits `isize`, so the sum does not overflow.
        let distance = (other.lowest % period + period - self.lowest % period) % period;
        window(self) <= distance && window(other) <= period - distance
    }
}

fn gcd(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
