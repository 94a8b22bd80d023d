//! Claims: memory that somebody uses, what its holder does with it, and whether two of them conflict.
//! The struct is a part of the interface that extensions share; the table that holds claims stands in `table`.

use crate::footprint::Footprint;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32};
use typedview::Layout;

/// What the holder of a claim does with the memory.
///
/// An integer and no enum: a later version may know more modes. An unknown one conflicts with everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Mode(u32);

impl Mode {
    /// Reads elements by value, on its thread, with the interpreter attached.
    pub const LOCAL_READ: Self = Self(0);
    /// Reads and writes elements by value, on its thread, with the interpreter attached.
    pub const LOCAL_WRITE: Self = Self(1);
    /// May have `&[T]`, on any thread.
    pub const SHARED: Self = Self(2);
    /// May have `&mut [T]`, on any thread.
    pub const EXCLUSIVE: Self = Self(3);

    /// The modes that this version knows.
    pub const ALL: [Self; 4] = [Self::LOCAL_READ, Self::LOCAL_WRITE, Self::SHARED, Self::EXCLUSIVE];

    /// The mode with this number, of whatever version.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The mode itself, or what an unknown one counts as.
    pub(crate) const fn known(self) -> Self {
        if self.0 < Self::EXCLUSIVE.0 { self } else { Self::EXCLUSIVE }
    }

    /// Which of the known modes this is, for lists by mode.
    pub(crate) const fn index(self) -> usize {
        self.known().0 as usize
    }

    /// Whether the holder may have references, which is a promise to the compiler.
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

    /// Whether holders with these modes exclude each other where their elements overlap.
    ///
    /// Local access is by value with the interpreter attached, so two local holders never exclude each other, unless there
    /// is no GIL to keep the other thread out. References are a promise to the compiler, which a writer would break.
    pub(crate) fn excludes(self, other: Self, threads_run_at_once: bool) -> bool {
        match (self.known(), other.known()) {
            (Self::EXCLUSIVE, _) | (_, Self::EXCLUSIVE) => true,
            (Self::LOCAL_WRITE, Self::SHARED) | (Self::SHARED, Self::LOCAL_WRITE) => true,
            (Self::LOCAL_WRITE, _) | (_, Self::LOCAL_WRITE) => threads_run_at_once,
            _ => false,
        }
    }
}

/// Writes what a holder asked for, as UTF-8, to `text`, which has room for `capacity` bytes; gives how many were written.
pub type Show = unsafe extern "C" fn(text: *mut u8, capacity: usize) -> usize;

/// The memory that somebody uses. It stands where its holder keeps it, and is linked to its neighbours in the table.
#[derive(Debug)]
#[repr(C)]
pub struct Claim {
    /// The next claim of the same list.
    pub(crate) next: AtomicPtr<Claim>,
    /// Where the pointer to this claim stands: in the claim before it, or at the head of the list.
    pub(crate) link: AtomicPtr<AtomicPtr<Claim>>,
    /// Where the table has put the claim: a number that only the table gives a meaning.
    pub(crate) state: AtomicU32,
    pub(crate) mode: Mode,
    pub(crate) thread: usize,
    /// Names what the holder asked for, when a refusal has to.
    pub(crate) show: Show,
    pub(crate) footprint: Footprint,
}

impl Claim {
    /// A claim of nothing, which is not in a table.
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

    /// Makes this the claim of `thread` on the elements of `layout`, the first of them at `first`.
    ///
    /// Gives `None` when they wrap around the address space. The claim must not be in a table.
    #[inline(always)]
    #[must_use]
    pub fn describe<L: Layout>(
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
        self.footprint.describe(first, layout, itemsize)
    }

    /// Makes this a claim on the same memory for another use. The claim must not be in a table.
    pub fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// Which bytes the claim is on.
    #[must_use]
    pub fn footprint(&self) -> &Footprint {
        &self.footprint
    }

    /// Whether both holders cannot be allowed at once. Where there is a GIL, `threads_run_at_once` is `false`.
    #[must_use]
    pub fn conflicts(&self, other: &Self, threads_run_at_once: bool) -> bool {
        let at_once = threads_run_at_once && self.thread != other.thread;
        self.mode.excludes(other.mode, at_once) && self.footprint.overlaps(&other.footprint)
    }
}
