//! Claims: a range of addresses, what its holder does with it, and whether two of them conflict.
//! Integers only; the table that holds them stands in `table`.

use std::thread::ThreadId;
use typedview::{Found, Reach, Spec};

/// What the holder of a claim does with the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Reads elements by value, on its thread, with the interpreter attached.
    LocalRead,
    /// Reads and writes elements by value, on its thread, with the interpreter attached.
    LocalWrite,
    /// May have `&[T]`, on any thread.
    Shared,
    /// May have `&mut [T]`, on any thread.
    Exclusive,
}

/// The memory that somebody uses: the elements at `first + k * gcd`, inside `lowest..highest`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) mode: Mode,
    /// What the holder asked for, built when a refusal names it.
    pub(crate) spec: fn() -> Spec,
    pub(crate) thread: ThreadId,
    first: usize,
    lowest: usize,
    highest: usize,
    /// Greatest common divisor of the strides that move; 0 for a single element.
    gcd: usize,
    itemsize: usize,
}

impl Claim {
    /// The claim on the memory that `found` describes, whose first element is at `first`.
    pub(crate) fn new(mode: Mode, spec: fn() -> Spec, first: usize, found: &Found<'_>) -> Self {
        let itemsize = found.format.dtype().itemsize();
        // A description has been checked; what cannot be reached cannot conflict.
        let reach =
            Reach::of(found.shape, found.strides, itemsize).unwrap_or(Reach { lowest: 0, highest: 0 });
        let moving = found.shape.iter().zip(found.strides).filter(|(extent, _)| **extent > 1);
        Self {
            mode,
            spec,
            thread: std::thread::current().id(),
            first,
            lowest: first.wrapping_add_signed(reach.lowest),
            highest: first.wrapping_add_signed(reach.highest),
            gcd: moving.fold(0, |divisor, (_, stride)| gcd(divisor, stride.unsigned_abs())),
            itemsize,
        }
    }

    /// Whether both holders cannot be allowed at once.
    ///
    /// Local access is by value with the interpreter attached, so local holders never meet, unless there is no GIL
    /// to keep other threads out. References are a promise to the compiler, and meet everything.
    pub(crate) fn conflicts(&self, other: &Self, free_threaded: bool) -> bool {
        let modes_conflict = match (self.mode, other.mode) {
            (Mode::Exclusive, _) | (_, Mode::Exclusive) => true,
            (Mode::LocalWrite, Mode::Shared) | (Mode::Shared, Mode::LocalWrite) => true,
            (Mode::LocalWrite, _) | (_, Mode::LocalWrite) => free_threaded && self.thread != other.thread,
            (Mode::LocalRead | Mode::Shared, Mode::LocalRead | Mode::Shared) => false,
        };
        modes_conflict && self.overlaps(other)
    }

    /// Whether an element of one may touch a byte of an element of the other.
    fn overlaps(&self, other: &Self) -> bool {
        let empty = self.lowest == self.highest || other.lowest == other.highest;
        if empty || self.lowest >= other.highest || other.lowest >= self.highest {
            return false;
        }
        let gcd = gcd(self.gcd, other.gcd);
        if gcd == 0 {
            return true;
        }
        // Elements of both lie at multiples of `gcd`, this far apart: interleaved ones may never meet.
        let apart = (other.first % gcd + gcd - self.first % gcd) % gcd;
        apart < self.itemsize || gcd - apart < other.itemsize
    }
}

fn gcd(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
