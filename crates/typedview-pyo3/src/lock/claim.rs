//! Claims: memory that somebody uses, what its holder does with it, and whether two of them conflict.
//! Integers only, in the form that extensions built apart agree on; the table that holds them stands in `table`.

use std::ffi::c_ulong;
use std::ptr;

/// What the holder of a claim does with the memory.
// The numbers are part of the capsule's interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Mode {
    /// Reads elements by value, on its thread, with the interpreter attached.
    LocalRead = 0,
    /// Reads and writes elements by value, on its thread, with the interpreter attached.
    LocalWrite = 1,
    /// May have `&[T]`, on any thread.
    Shared = 2,
    /// May have `&mut [T]`, on any thread.
    Exclusive = 3,
}

impl Mode {
    /// Whether the holder may have references, which is a promise to the compiler.
    pub(crate) fn is_lock(self) -> bool {
        matches!(self, Self::Shared | Self::Exclusive)
    }
}

/// Writes what a holder asked for, as UTF-8, into a place of so many bytes; gives how many were written.
pub(crate) type Show = unsafe extern "C" fn(text: *mut u8, capacity: usize) -> usize;

/// Where elements lie: `itemsize` bytes each, in `lowest..highest`, whole strides away from `first`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Place {
    pub(crate) first: usize,
    pub(crate) lowest: usize,
    pub(crate) highest: usize,
    /// Two numbers that every distance between elements is a sum of multiples of; 0 and 0 for a single element.
    // Their common divisor is what matters; finding it is left to the rare claim that gets so far.
    pub(crate) steps: [usize; 2],
    pub(crate) itemsize: usize,
}

/// The memory that somebody uses; it stands where its holder keeps it, linked to its neighbours in the table.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Claim {
    pub(super) next: *mut Claim,
    pub(super) previous: *mut Claim,
    pub(crate) place: Place,
    pub(crate) mode: Mode,
    pub(crate) thread: c_ulong,
    /// Names what the holder asked for, when a refusal has to.
    pub(crate) show: Show,
}

impl Place {
    /// Every address: where memory behind pointers lies.
    pub(crate) const ANYWHERE: Self =
        Self { first: 0, lowest: 0, highest: usize::MAX, steps: [1, 0], itemsize: 1 };

    /// Whether this is every address.
    pub(crate) fn is_anywhere(&self) -> bool {
        self.lowest < self.highest
            && (self.lowest, self.highest) == (Self::ANYWHERE.lowest, Self::ANYWHERE.highest)
    }

    /// Whether an element of one may touch a byte of an element of the other.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let empty = self.lowest == self.highest || other.lowest == other.highest;
        if empty || self.lowest >= other.highest || other.lowest >= self.highest {
            return false;
        }
        let step = self.steps.into_iter().chain(other.steps).fold(0, gcd);
        if step == 0 {
            return true;
        }
        // Elements of both lie at multiples of `step`, this far apart: interleaved ones may never meet.
        let apart = (other.first % step + step - self.first % step) % step;
        apart < self.itemsize || step - apart < other.itemsize
    }
}

impl Claim {
    /// A claim that is not in the table yet.
    #[inline]
    pub(crate) fn new(place: Place, mode: Mode, thread: c_ulong, show: Show) -> Self {
        Self { next: ptr::null_mut(), previous: ptr::null_mut(), place, mode, thread, show }
    }

    /// What the holder asked for.
    pub(crate) fn shown(&self) -> String {
        let mut text = [0; 256];
        // SAFETY: the place has so many bytes, and the extension of the holder stays loaded.
        let length = unsafe { (self.show)(text.as_mut_ptr(), text.len()) };
        String::from_utf8_lossy(&text[..length.min(text.len())]).into_owned()
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
        modes_conflict && self.place.overlaps(&other.place)
    }
}

pub(super) fn gcd(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
