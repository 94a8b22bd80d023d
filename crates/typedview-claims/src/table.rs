//! The table: what extensions share, and how a claim enters, leaves and waits.
//!
//! Local claims live as long as a call, and usually there is no lock anywhere. Under a GIL such claims stand in a short list
//! that each extension changes in place; whatever else happens is done by the functions of the extension that has published
//! the table. Where the short list is full its claims move into the grid.

use crate::claim::{Claim, Mode, Show};
use crate::entering;
use crate::grid::Grid;
use crate::list::{List, unlink};
use crate::queue::{Queue, Waiter};
use std::cell::Cell;
use std::fmt;
use std::mem::MaybeUninit;
use std::sync::atomic::Ordering::Relaxed;

/// Somebody in the way of a claim: what a refusal says of them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Conflict {
    pub(crate) mode: Mode,
    pub(crate) wait: u32,
    pub(crate) thread: usize,
    pub(crate) show: Show,
}

/// `Conflict::wait`: they have the memory.
pub(crate) const HAS: u32 = 0;
/// `Conflict::wait`: they do not have it yet, but asked for it before.
pub(crate) const WAITS: u32 = 1;
/// `Conflict::wait`: they have it, and wait for memory that the thread has which they are in the way of.
pub(crate) const WAITS_IN_TURN: u32 = 2;

impl Conflict {
    pub(crate) fn with(claim: &Claim, wait: u32) -> Self {
        Self { mode: claim.mode, wait, thread: claim.thread, show: claim.show }
    }

    /// What they do with the memory.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether they do not have the memory yet, but asked for it before.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.wait == WAITS
    }

    /// Whether they wait themselves for memory that the thread has which they are in the way of.
    #[must_use]
    pub fn waits_in_turn(&self) -> bool {
        self.wait == WAITS_IN_TURN
    }

    /// The number of their thread.
    #[must_use]
    pub fn thread(&self) -> usize {
        self.thread
    }

    /// What they asked for.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = [0; 256];
        // SAFETY: there is room for so many bytes, and the extension that has the function stays loaded.
        let length = unsafe { (self.show)(text.as_mut_ptr(), text.len()) };
        String::from_utf8_lossy(&text[..length.min(text.len())]).into_owned()
    }
}

/// What has become of somebody who wanted to wait.
#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// The claim is in the table.
    Entered,
    /// Not yet.
    Waiting,
    /// It is not, and will not be: whoever is in the way waits for this thread, or is this thread.
    Refused(Conflict),
}

/// What the functions of the table answer.
pub(crate) const ENTERED: u32 = 0;
pub(crate) const REFUSED: u32 = 1;
pub(crate) const WAITING: u32 = 2;

/// How many claims stand in the short list, against each of which a new one is held when there are locks.
pub(crate) const RECENT: u32 = 8;

/// `Claim::state`: in no list, because there are no bytes that could be in anybody's way.
pub(crate) const NOWHERE: u32 = 0;
/// `Claim::state`: in the short list.
pub(crate) const IN_RECENT: u32 = 1;
/// `Claim::state`: in the grid.
pub(crate) const IN_GRID: u32 = 2;
/// `Claim::state`: in the grid, but it is not known yet whether it may stay there.
pub(crate) const TENTATIVE: u32 = 3;

/// The table of claims that all extensions of a process share.
///
/// - K4. A published table lives as long as the process. Its fields mean what they mean in version 1; a later version may have
///   more of them at the end, and says so by `size`.
#[repr(C)]
pub struct Table {
    version: u32,
    size: u32,
    /// 0 where a GIL lets one thread at a time work on the table: the one that is attached to the interpreter.
    pub(crate) threads_run_at_once: u32,
    pub(crate) recent_count: Cell<u32>,
    pub(crate) recent: List,
    /// How many locks are in the table, and how many wait. While there are none, local claims conflict with nothing.
    pub(crate) locks: Cell<usize>,
    pub(crate) inside: *const Inside,
    enter: unsafe extern "C" fn(&Table, *mut Claim, own: *const Claim, *mut Conflict) -> u32,
    leave: unsafe extern "C" fn(&Table, &Claim),
    queue: unsafe extern "C" fn(&Table, &Waiter, *mut Conflict) -> u32,
    sleep: unsafe extern "C" fn(&Table, &Waiter, milliseconds: u64) -> u32,
    give_up: unsafe extern "C" fn(&Table, &Waiter, *mut Conflict) -> u32,
}

/// What only the extension that has published the table looks into.
#[derive(Debug)]
pub(crate) struct Inside {
    pub(crate) grid: Grid,
    /// How many claims are in the grid, counted under a GIL only.
    pub(crate) in_grid: Cell<usize>,
    pub(crate) queue: Queue,
}

// SAFETY: what is not made for threads is touched under a GIL alone, by the thread that is attached (K3).
unsafe impl Sync for Table {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Table {}

impl Table {
    /// A table without claims, which is never freed.
    #[must_use]
    pub fn leak(threads_run_at_once: bool) -> &'static Self {
        let grid = Grid::new(threads_run_at_once);
        let inside = Inside { grid, in_grid: Cell::new(0), queue: Queue::new() };
        Box::leak(Box::new(Self {
            version: 1,
            size: size_of::<Self>() as u32,
            threads_run_at_once: u32::from(threads_run_at_once),
            recent_count: Cell::new(0),
            recent: List::new(),
            locks: Cell::new(0),
            inside: Box::leak(Box::new(inside)),
            enter: entering::enter,
            leave: entering::leave,
            queue: entering::queue,
            sleep: entering::sleep,
            give_up: entering::give_up,
        }))
    }

    /// The number of the interface.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Enters a claim that is made under `own`, which may be null, or tells who is in the way.
    ///
    /// # Errors
    ///
    /// The new claim conflicts with one in the table, or with one that has been waiting longer.
    ///
    /// # Safety
    ///
    /// The claim is in no table, and stays where it is until it has left this one. Under a GIL this thread is attached to the
    /// interpreter. `THREADS_RUN_AT_ONCE` is what the table was made with.
    #[inline(always)]
    pub unsafe fn enter<const THREADS_RUN_AT_ONCE: bool>(
        &self,
        claim: *mut Claim,
        own: *const Claim,
    ) -> Result<(), Conflict> {
        let recent = self.recent_count.get();
        // SAFETY: the caller says that the claim is alive.
        let new = unsafe { &*claim };
        let is_usual = !new.mode.is_lock() && self.locks.get() == 0 && recent < RECENT;
        if !THREADS_RUN_AT_ONCE && is_usual {
            new.state.store(IN_RECENT, Relaxed);
            // SAFETY: this thread is attached; the caller says that the claim stays where it is.
            unsafe { self.recent.push(claim) };
            self.recent_count.set(recent + 1);
            return Ok(());
        }
        // SAFETY: the caller promises all that `enter` asks for.
        unsafe { self.enter_otherwise(claim, own) }
    }

    #[cold]
    unsafe fn enter_otherwise(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller promises all that `enter` asks for.
        match unsafe { (self.enter)(self, claim, own, conflict.as_mut_ptr()) } {
            ENTERED => Ok(()),
            // SAFETY: a refusal comes with the conflict (K4).
            _ => Err(unsafe { conflict.assume_init() }),
        }
    }

    /// Takes a claim out.
    ///
    /// # Safety
    ///
    /// It is in this table. Under a GIL this thread is attached. `THREADS_RUN_AT_ONCE` is what the table was made with.
    #[inline(always)]
    pub unsafe fn leave<const THREADS_RUN_AT_ONCE: bool>(&self, claim: &Claim) {
        let is_usual = claim.state.load(Relaxed) == IN_RECENT && self.locks.get() == 0;
        if !THREADS_RUN_AT_ONCE && is_usual {
            // SAFETY: this thread is attached, and the claim is in the short list.
            unsafe { unlink(claim) };
            self.recent_count.set(self.recent_count.get() - 1);
            return;
        }
        // SAFETY: the caller promises all that `leave` asks for.
        unsafe { (self.leave)(self, claim) }
    }

    /// Gets in line for the claim of `waiter`.
    ///
    /// Whoever gets [`Wait::Waiting`] [sleeps](Self::sleep), and [gives up](Self::give_up) at last if nothing comes of it.
    ///
    /// # Safety
    ///
    /// As [`enter`](Self::enter). While it waits the waiter stays where it is, and nobody else has a reference to its claim.
    pub unsafe fn queue(&self, waiter: &Waiter) -> Wait {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller promises all that the function asks for.
        match unsafe { (self.queue)(self, waiter, conflict.as_mut_ptr()) } {
            ENTERED => Wait::Entered,
            WAITING => Wait::Waiting,
            // SAFETY: a refusal comes with the conflict (K4).
            _ => Wait::Refused(unsafe { conflict.assume_init() }),
        }
    }

    /// Sleeps until `waiter` has its claim, or for so many milliseconds; gives whether it has.
    ///
    /// Called detached from the interpreter.
    ///
    /// # Safety
    ///
    /// The waiter is in line.
    #[must_use]
    pub unsafe fn sleep(&self, waiter: &Waiter, milliseconds: u64) -> bool {
        // SAFETY: the caller promises all that the function asks for.
        unsafe { (self.sleep)(self, waiter, milliseconds) == ENTERED }
    }

    /// Leaves the line.
    ///
    /// # Errors
    ///
    /// Who is in the way; none when the claim has been entered in the last moment.
    ///
    /// # Safety
    ///
    /// The waiter is in line, or has its claim. Under a GIL this thread is attached.
    pub unsafe fn give_up(&self, waiter: &Waiter) -> Result<(), Conflict> {
        let mut conflict = MaybeUninit::uninit();
        // SAFETY: the caller promises all that the function asks for.
        match unsafe { (self.give_up)(self, waiter, conflict.as_mut_ptr()) } {
            ENTERED => Ok(()),
            // SAFETY: a refusal comes with the conflict (K4).
            _ => Err(unsafe { conflict.assume_init() }),
        }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table(version {}, {} locks)", self.version, self.locks.get())
    }
}
