//! Claims: memory that a holder uses, what the holder does with it, and whether two claims conflict.
//! The struct is a part of the interface that extensions share. The table that holds claims is in `table`.

use crate::footprint::Footprint;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32};
use typedview::Layout;

/// What the holder of a claim does with the memory.
///
/// This is an integer and not an enum, because a later version may know more modes. An unknown mode conflicts with
/// everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Mode(u32);

impl Mode {
    /// The holder reads elements by value, on its own thread, while that is attached to the interpreter.
    pub const LOCAL_READ: Self = Self(0);
    /// The holder reads and writes elements by value, on its own thread, while that is attached to the interpreter.
    pub const LOCAL_WRITE: Self = Self(1);
    /// The holder may have `&[T]`, on any thread.
    pub const SHARED: Self = Self(2);
    /// The holder may have `&mut [T]`, on any thread.
    pub const EXCLUSIVE: Self = Self(3);

    /// The modes that this version knows.
    pub const ALL: [Self; 4] = [Self::LOCAL_READ, Self::LOCAL_WRITE, Self::SHARED, Self::EXCLUSIVE];

    /// Returns the mode with this number, which may come from any version of the interface.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Returns the mode itself, or [`EXCLUSIVE`](Self::EXCLUSIVE) for an unknown mode.
    pub(crate) const fn known(self) -> Self {
        if self.0 < Self::EXCLUSIVE.0 { self } else { Self::EXCLUSIVE }
    }

    /// Returns the number of the known mode that this mode counts as. It is an index into lists that have one entry per
    /// mode.
    pub(crate) const fn index(self) -> usize {
        self.known().0 as usize
    }

    /// Whether the holder may have references. A reference promises the compiler that nobody writes the memory (`&T`) or touches
    /// it (`&mut T`).
    #[inline(always)]
    #[must_use]
    pub const fn is_lock(self) -> bool {
        self.0 >= Self::SHARED.0
    }

    /// Whether the holder may write.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::LOCAL_READ | Self::SHARED)
    }

    /// Whether holders with these modes exclude each other where their footprints overlap.
    ///
    /// Local access is by value, on a thread that is attached to the interpreter. The GIL keeps other threads out, so
    /// two local holders do not exclude each other. If they `may_run_at_once`, on different threads without a GIL, a local
    /// writer excludes every other local holder. A writer would break the promise that a reference makes to the compiler.
    pub(crate) fn excludes(self, other: Self, may_run_at_once: bool) -> bool {
        match (self.known(), other.known()) {
            (Self::EXCLUSIVE, _) | (_, Self::EXCLUSIVE) => true,
            (Self::LOCAL_WRITE, Self::SHARED) | (Self::SHARED, Self::LOCAL_WRITE) => true,
            (Self::LOCAL_WRITE, _) | (_, Self::LOCAL_WRITE) => may_run_at_once,
            _ => false,
        }
    }
}

/// Writes the spec that a holder asked for, as UTF-8, to `text`, which has room for `capacity` bytes. Returns the
/// number of bytes that it has written. The caller must ensure that there is such room.
pub type Show = unsafe extern "C" fn(text: *mut u8, capacity: usize) -> usize;

/// A claim on memory that a holder uses. The holder stores the claim, and the table links it to its neighbours in a
/// list.
#[derive(Debug)]
#[repr(C)]
pub struct Claim {
    /// The next claim in the same list.
    pub(crate) next: AtomicPtr<Claim>,
    /// The address of the pointer to this claim. That pointer is the `next` field of the previous claim or the head of
    /// the list.
    pub(crate) link: AtomicPtr<AtomicPtr<Claim>>,
    /// A number that says into which list the table has put the claim. Only the code of the table interprets it.
    pub(crate) state: AtomicU32,
    pub(crate) mode: Mode,
    /// The number of the holder's thread.
    pub(crate) thread: usize,
    /// Writes the spec that the holder asked for, when an error message has to name it.
    pub(crate) show: Show,
    pub(crate) footprint: Footprint,
}

impl Claim {
    /// Returns a claim on no memory, which is not in a table.
    #[must_use]
    pub const fn vacant() -> Self {
        unsafe extern "C" fn show_nothing(_text: *mut u8, _capacity: usize) -> usize {
            0
        }
        Self {
            next: AtomicPtr::new(ptr::null_mut()),
            link: AtomicPtr::new(ptr::null_mut()),
            state: AtomicU32::new(0),
            mode: Mode::LOCAL_READ,
            thread: 0,
            show: show_nothing,
            footprint: Footprint::EMPTY,
        }
    }

    /// Makes this the claim of `thread` on the elements of `layout`, of which the first is at the address `first`.
    ///
    /// Returns `None` when the elements wrap around the address space. The claim must not be in a table.
    #[inline(always)]
    #[must_use]
    pub fn set<L: Layout>(
        &mut self,
        first: usize,
        layout: &L,
        itemsize: usize,
        mode: Mode,
        thread: usize,
        show: Show,
    ) -> Option<()> {
        self.mode = mode;
        self.thread = thread;
        self.show = show;
        self.footprint.set(first, layout, itemsize)
    }

    /// Changes the mode of the claim, which stays on the same memory. The claim must not be in a table.
    pub fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// The footprint: the bytes that the claim covers.
    #[must_use]
    pub fn footprint(&self) -> &Footprint {
        &self.footprint
    }

    /// Whether both have the same mode and the same footprint.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.mode == other.mode && self.footprint == other.footprint
    }

    /// Whether the two claims cannot be allowed at the same time. Where there is a GIL, `threads_run_at_once` is
    /// `false`.
    #[must_use]
    pub fn conflicts(&self, other: &Self, threads_run_at_once: bool) -> bool {
        let at_once = threads_run_at_once && self.thread != other.thread;
        self.mode.excludes(other.mode, at_once) && self.footprint.overlaps(&other.footprint)
    }
}
