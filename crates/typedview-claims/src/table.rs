//! The table: the interface that extensions share, through which a claim enters, leaves and waits.
//!
//! Local claims live as long as a call, and usually no lock is in the table. Under a GIL such claims are in a short
//! list, which each extension changes itself. Everything else is done by the functions of the extension that published
//! the table. When the short list is full, its claims move to the grid.

use crate::claim::{Claim, Mode, Show};
use crate::grid::Grid;
use crate::list::{List, unlink};
use crate::queue::{Queue, Waiter};
use std::cell::Cell;
use std::fmt;
use std::mem::MaybeUninit;
use std::sync::atomic::Ordering::Relaxed;

/// The conflict that prevents a claim: what an error message says about the other claim, which is in the table or in
/// the queue.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Conflict {
    pub(crate) mode: Mode,
    pub(crate) wait: u32,
    pub(crate) thread: usize,
    pub(crate) show: Show,
}

/// A value of `Conflict::wait`: the other holder has the memory.
pub(crate) const HAS: u32 = 0;
/// A value of `Conflict::wait`: the other thread does not have the memory yet, but asked for it earlier.
pub(crate) const WAITS: u32 = 1;
/// A value of `Conflict::wait`: the other thread has the memory or asked for it earlier. It waits, perhaps through
/// further threads, for memory that the refused thread has.
pub(crate) const WAITS_IN_TURN: u32 = 2;

impl Conflict {
    /// Returns the conflict with `claim`.
    pub(crate) fn with(claim: &Claim, wait: u32) -> Self {
        Self { mode: claim.mode, wait, thread: claim.thread, show: claim.show }
    }

    /// The mode of the other claim: what its holder does with the memory.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether the other thread does not have the memory yet, but asked for it earlier.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.wait == WAITS
    }

    /// Whether the other thread itself waits, perhaps through further threads, for memory that the refused thread has.
    #[must_use]
    pub fn waits_in_turn(&self) -> bool {
        self.wait == WAITS_IN_TURN
    }

    /// The number of the other thread.
    #[must_use]
    pub fn thread(&self) -> usize {
        self.thread
    }

    /// The spec that the other holder asked for, as text.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = [0; 256];
        // SAFETY: `text` has room for the number of bytes that is passed, and the extension that contains the function
        // stays loaded.
        let length = unsafe { (self.show)(text.as_mut_ptr(), text.len()) };
        String::from_utf8_lossy(&text[..length.min(text.len())]).into_owned()
    }
}

/// The outcome of a request to wait for a claim.
#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// The claim is in the table.
    Entered,
    /// The claim is not in the table yet, and its waiter is in the queue.
    Waiting,
    /// The claim is not in the table and will not enter it, because the conflicting thread waits for this thread or is
    /// this thread.
    Refused(Conflict),
}

/// An answer of the functions of the table: the claim is in the table.
pub(crate) const ENTERED: u32 = 0;
/// An answer of the functions of the table: the claim is not in the table, and the conflict has been written.
pub(crate) const REFUSED: u32 = 1;
/// An answer of the functions of the table: the claim is not in the table yet.
pub(crate) const WAITING: u32 = 2;

/// The number of claims that the short list can hold. When there are locks, a new claim is compared with each of them.
pub(crate) const RECENT: u32 = 8;

/// A value of `Claim::state`: the claim is in no list, because it has no bytes that could conflict with another claim.
pub(crate) const NOWHERE: u32 = 0;
/// A value of `Claim::state`: the claim is in the short list.
pub(crate) const IN_RECENT: u32 = 1;
/// A value of `Claim::state`: the claim is in the grid.
pub(crate) const IN_GRID: u32 = 2;
/// A value of `Claim::state`: the claim is in the grid, but it has not been decided yet whether it may stay there.
pub(crate) const TENTATIVE: u32 = 3;

/// The table of claims that all extensions of a process share.
///
/// - K4. A published table lives as long as the process. Its fields keep the meaning that they have in version 1. A
///   later version may have more fields at the end, which its `size` shows.
#[repr(C)]
pub struct Table {
    pub(crate) version: u32,
    pub(crate) size: u32,
    /// 0 where a GIL lets one thread at a time work on the table, namely the thread that is attached to the
    /// interpreter.
    pub(crate) threads_run_at_once: u32,
    pub(crate) recent_count: Cell<u32>,
    pub(crate) recent: List,
    /// The number of locks in the table plus the number of waiters, counted under a GIL only. While it is 0, local
    /// claims conflict with nothing.
    pub(crate) locks: Cell<usize>,
    pub(crate) inside: *const Inside,
    pub(crate) enter: unsafe extern "C" fn(&Table, *mut Claim, own: *const Claim, *mut Conflict) -> u32,
    pub(crate) leave: unsafe extern "C" fn(&Table, &Claim),
    pub(crate) queue: unsafe extern "C" fn(&Table, &Waiter, *mut Conflict) -> u32,
    pub(crate) sleep: unsafe extern "C" fn(&Table, &Waiter, milliseconds: u64) -> u32,
    pub(crate) give_up: unsafe extern "C" fn(&Table, &Waiter, *mut Conflict) -> u32,
}

/// The part of the table that only the extension that published it uses.
#[derive(Debug)]
pub(crate) struct Inside {
    pub(crate) grid: Grid,
    /// The number of claims in the grid, counted under a GIL only.
    pub(crate) in_grid: Cell<usize>,
    pub(crate) queue: Queue,
}

// SAFETY: the fields that are not made for threads change only under a GIL, by the thread that is attached to the
// interpreter (K3), or in a child process, which has only one thread.
unsafe impl Sync for Table {}
// SAFETY: no field of the table belongs to a particular thread.
unsafe impl Send for Table {}

impl Table {
    /// The version of the interface.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether there are locks in the table, or claims that wait. Without a GIL they are not counted here, and the answer means nothing.
    ///
    /// Under a GIL, the caller must be attached to the interpreter: the number can change as soon as it is not.
    #[inline]
    #[must_use]
    pub fn has_locks(&self) -> bool {
        self.locks.get() > 0
    }

    /// Enters a claim into the table. It does not conflict with `own`, the claim that it is made under, which may be
    /// null.
    ///
    /// # Errors
    ///
    /// Fails when the new claim conflicts with a claim in the table, or with one that has been waiting longer.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in no table, and that it does not move until it has left this one.
    /// Under a GIL the caller must also ensure that this thread is attached to the interpreter. `THREADS_RUN_AT_ONCE`
    /// must be the value with which the table was made.
    #[inline(always)]
    pub unsafe fn enter<const THREADS_RUN_AT_ONCE: bool>(
        &self,
        claim: *mut Claim,
        own: *const Claim,
    ) -> Result<(), Conflict> {
        let recent = self.recent_count.get();
        // SAFETY: the caller guarantees that the claim is alive.
        let new = unsafe { &*claim };
        let is_usual = !new.mode.is_lock() && self.locks.get() == 0 && recent < RECENT;
        if !THREADS_RUN_AT_ONCE && is_usual {
            new.state.store(IN_RECENT, Relaxed);
            // SAFETY: the caller guarantees that this thread is attached to the interpreter (K3), and that the claim
            // does not move.
            unsafe { self.recent.push(claim) };
            self.recent_count.set(recent + 1);
            return Ok(());
        }
        // SAFETY: the caller guarantees everything that `enter` requires, which is what `enter_otherwise` requires.
        unsafe { self.enter_otherwise(claim, own) }
    }

    /// Enters a claim by the function of the extension that published the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure everything that [`enter`](Self::enter) requires.
    #[cold]
    unsafe fn enter_otherwise(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller guarantees everything that `enter` requires, and `conflict` has room for a conflict.
        match unsafe { (self.enter)(self, claim, own, conflict.as_mut_ptr()) } {
            ENTERED => Ok(()),
            // SAFETY: a function of the table that refuses a claim has written the conflict (K4).
            _ => Err(unsafe { conflict.assume_init() }),
        }
    }

    /// Removes a claim from the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in this table. Under a GIL the caller must also ensure that this thread
    /// is attached to the interpreter. `THREADS_RUN_AT_ONCE` must be the value with which the table was made.
    #[inline(always)]
    pub unsafe fn leave<const THREADS_RUN_AT_ONCE: bool>(&self, claim: &Claim) {
        let is_usual = claim.state.load(Relaxed) == IN_RECENT && self.locks.get() == 0;
        if !THREADS_RUN_AT_ONCE && is_usual {
            // SAFETY: the claim is in the short list, and the caller guarantees that this thread is attached to the
            // interpreter (K3).
            unsafe { unlink(claim) };
            self.recent_count.set(self.recent_count.get() - 1);
            return;
        }
        // SAFETY: the caller guarantees everything that `leave` requires.
        unsafe { (self.leave)(self, claim) }
    }

    /// Enters the claim of `waiter`, or adds `waiter` to the queue.
    ///
    /// A caller that gets [`Wait::Waiting`] calls [`sleep`](Self::sleep). If the waiter is not served, the caller calls
    /// [`give_up`](Self::give_up) in the end.
    ///
    /// # Safety
    ///
    /// The caller must ensure everything that [`enter`](Self::enter) requires. While the waiter is in the queue, it
    /// must not move, and nobody else may have a reference to its claim.
    pub unsafe fn queue(&self, waiter: &Waiter) -> Wait {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller guarantees everything that `queue` requires, and `conflict` has room for a conflict.
        match unsafe { (self.queue)(self, waiter, conflict.as_mut_ptr()) } {
            ENTERED => Wait::Entered,
            WAITING => Wait::Waiting,
            // SAFETY: a function of the table that refuses a claim has written the conflict (K4).
            _ => Wait::Refused(unsafe { conflict.assume_init() }),
        }
    }

    /// Sleeps until `waiter` has its claim, for at most `milliseconds`. Returns whether it has the claim.
    ///
    /// It is called while this thread is detached from the interpreter.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the waiter is in the queue or has been served.
    #[must_use]
    pub unsafe fn sleep(&self, waiter: &Waiter, milliseconds: u64) -> bool {
        // SAFETY: the caller guarantees that the waiter is in the queue or has been served.
        unsafe { (self.sleep)(self, waiter, milliseconds) == ENTERED }
    }

    /// Removes `waiter` from the queue.
    ///
    /// # Errors
    ///
    /// Fails with the conflict that prevents the claim. It succeeds when the claim has been entered, possibly at the
    /// last moment.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the waiter is in the queue or has its claim. Under a GIL the caller must also ensure
    /// that this thread is attached to the interpreter.
    pub unsafe fn give_up(&self, waiter: &Waiter) -> Result<(), Conflict> {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller guarantees everything that `give_up` requires, and `conflict` has room for a conflict.
        match unsafe { (self.give_up)(self, waiter, conflict.as_mut_ptr()) } {
            ENTERED => Ok(()),
            // SAFETY: a function of the table that refuses a claim has written the conflict (K4).
            _ => Err(unsafe { conflict.assume_init() }),
        }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The other fields change only under a GIL, which the caller may not hold.
        write!(f, "Table(version {})", self.version)
    }
}
