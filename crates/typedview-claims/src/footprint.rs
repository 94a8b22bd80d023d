//! Footprints: which bytes the elements of a layout occupy, in a form that two of them can be compared in.
//! Integers only. A footprint may contain more bytes than the elements do, never fewer.

use typedview::{Layout, Order};

/// How many axes a footprint keeps apart; more are taken together.
const AXES: usize = 4;

/// Stretches of `run` bytes: one at `lowest`, the others any number of steps above it, within the span of each step.
///
/// - K1. Every byte of every element is inside one of the stretches, and inside `lowest..highest`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Footprint {
    lowest: usize,
    highest: usize,
    run: usize,
    /// How many of the steps and spans count.
    axes: usize,
    /// The distance between neighbours on an axis, which is not 0.
    steps: [usize; AXES],
    /// The distance between the first and the last on that axis.
    spans: [usize; AXES],
}

impl Footprint {
    /// Of no bytes.
    pub const EMPTY: Self =
        Self { lowest: 0, highest: 0, run: 0, axes: 0, steps: [0; AXES], spans: [0; AXES] };

    /// Describes the elements of `layout`, the first of them at `first`.
    ///
    /// Gives `None`, and leaves a footprint that means nothing, when they wrap around the address space.
    // In place, and field by field: a value that is built first and then moved is loaded again before it has been stored,
    // for which the processor waits.
    #[inline(always)]
    #[must_use]
    pub fn describe<L: Layout>(&mut self, first: usize, layout: &L, itemsize: usize) -> Option<()> {
        self.axes = 0;
        self.lowest = first;
        if L::ORDER != Order::Strided {
            // One block. L1 of the layout bounds the product.
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
            // Memory behind pointers may be anywhere.
            (self.lowest, self.highest, self.run) = (0, usize::MAX, usize::MAX);
            return Some(());
        }
        let (mut lowest, mut highest) = (first, first.checked_add(itemsize)?);
        for (axis, &extent) in layout.shape().iter().enumerate() {
            let stride = layout.stride(axis, itemsize);
            if extent > 1 && stride != 0 {
                // L2 of the layout bounds the product.
                let last = stride.wrapping_mul(extent.wrapping_sub(1).cast_signed());
                if last < 0 {
                    lowest = lowest.checked_add_signed(last)?;
                } else {
                    highest = highest.checked_add_signed(last)?;
                }
                self.add_axis(stride.unsigned_abs(), last.unsigned_abs());
            }
        }
        (self.lowest, self.highest) = (lowest, highest);
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

    /// Takes the two smallest of all steps together, so that there is room.
    #[cold]
    fn add_surplus_axis(&mut self, mut step: usize, mut span: usize) {
        // Two passes of a bubble sort: the smallest step ends up in hand, the smallest but one in the last place.
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
        // Sums of multiples of two numbers are multiples of their divisor. Spans are within the address space.
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

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lowest == self.highest
    }

    /// Whether this is every address: that of memory behind pointers.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        (self.lowest, self.highest) == (0, usize::MAX)
    }

    fn axes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.steps.into_iter().zip(self.spans).take(self.axes)
    }

    /// Whether the two may have a byte in common; `false` is certain.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = self.is_empty()
            || other.is_empty()
            || self.lowest >= other.highest
            || other.lowest >= self.highest;
        let mut steps = self.axes().chain(other.axes()).map(|(step, _)| step);
        !apart && !steps.any(|step| self.is_beside(other, step))
    }

    /// Whether the two lie side by side in every period, when steps from `least` on are taken for periods.
    ///
    /// Columns of one table do: the period is a row, and each block of columns is a window in it.
    fn is_beside(&self, other: &Self, least: usize) -> bool {
        let periods = self.axes().chain(other.axes()).map(|(step, _)| step).filter(|&step| step >= least);
        let period = periods.fold(0, gcd);
        // What the smaller steps reach, seen from the first stretch of a period.
        let window = |footprint: &Self| {
            let inside = footprint.axes().filter(|&(step, _)| step < least).map(|(_, span)| span);
            inside.fold(footprint.run, usize::saturating_add)
        };
        // Two remainders of a stride, which fits `isize`.
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
