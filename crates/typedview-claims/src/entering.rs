//! Entering and leaving: how a claim is compared with the others, added to the table and removed from it.
//!
//! Under a GIL a claim is compared with the others and then entered. Other threads see this as one step. Without a GIL
//! the claim is first entered tentatively and then compared with the others. When two claims enter at once, at least
//! one of them finds the other.
//!
//! In this crate, a thread "may work on the table" when it is attached to the interpreter. Without a GIL each thread may.

use crate::claim::Claim;
use crate::list::unlink;
use crate::table::{Conflict, HAS, IN_GRID, IN_RECENT, Inside, NOWHERE, RECENT, TENTATIVE, Table};
use std::ops::ControlFlow::{self, Break, Continue};
use std::ptr;
use std::sync::atomic::{Ordering, fence};

/// Keeps the conflict that an error message should name, and breaks when there can be no better one.
///
/// A lock is better than the view from which it was made. A claim on the own thread is better than claims on other
/// threads, because the own thread would wait for it in vain.
fn note(found: &mut Option<Conflict>, other: &Claim, new: &Claim) -> ControlFlow<()> {
    let is_own_thread = other.thread == new.thread;
    let says_more = |found: &Conflict| other.mode.is_lock() && !found.mode.is_lock();
    if is_own_thread || found.as_ref().is_none_or(says_more) {
        *found = Some(Conflict::with(other, HAS));
    }
    if is_own_thread { Break(()) } else { Continue(()) }
}

/// The outcome for a claim that has been entered tentatively, without a GIL.
enum Tentative {
    /// The claim conflicts with no other one.
    Stays,
    /// A claim that has been entered, and not only tentatively, is in the way.
    Conflicts(Conflict),
    /// Another tentative claim is in the way and takes precedence.
    GivesWay,
    /// Another tentative claim is in the way and will leave.
    HasTheRightOfWay,
}

impl Table {
    /// The private part of the table.
    pub(crate) fn inside(&self) -> &Inside {
        // SAFETY: `inside` points to a value that is never freed, so it lives as long as the table (K4).
        unsafe { &*self.inside }
    }

    pub(crate) fn threads_run_at_once(&self) -> bool {
        self.threads_run_at_once != 0
    }

    /// Adds `difference` to the number of locks and waiters. They are counted only under a GIL, where extensions read
    /// the number.
    pub(crate) fn count_locks(&self, difference: isize) {
        if !self.threads_run_at_once() {
            self.locks.set(self.locks.get().wrapping_add_signed(difference));
        }
    }

    /// Calls `visit` with the claims that conflict with `new`, except `own`, until `visit` breaks. `visit` must not use
    /// the grid.
    pub(crate) fn visit_conflicts(
        &self,
        new: &Claim,
        own: *const Claim,
        visit: &mut dyn FnMut(&Claim) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if new.footprint.is_empty() {
            return Continue(());
        }
        let mut visit_others = |other: &Claim| {
            if ptr::eq(other, own) || ptr::eq(other, new) { Continue(()) } else { visit(other) }
        };
        if !self.threads_run_at_once() {
            // SAFETY: this thread works on the table under a GIL, so it is attached to the interpreter (K3), and nobody
            // changes the list during the iteration.
            for other in unsafe { self.recent.iter() }.filter(|other| new.conflicts(other, false)) {
                visit_others(other)?;
            }
            if self.inside().in_grid.get() == 0 {
                return Continue(());
            }
        }
        // SAFETY: under a GIL this thread is attached to the interpreter, and no `visit` function uses the grid.
        unsafe { self.inside().grid.visit_conflicts(new, &mut visit_others) }
    }

    /// Returns a conflict of `new` with a claim in the table. A claim on the thread of `new` is preferred, because that
    /// thread would wait for it in vain.
    pub(crate) fn find_conflict(&self, new: &Claim, own: *const Claim) -> Option<Conflict> {
        let mut found = None;
        let _ = self.visit_conflicts(new, own, &mut |other| note(&mut found, other, new));
        found
    }

    /// Enters a claim if it conflicts with no claim in the table except `own`. Otherwise it returns the conflict.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in no table, that it does not move until it has left this one, and that
    /// this thread may work on the table.
    pub(crate) unsafe fn enter_now(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        // SAFETY: the caller guarantees that the claim is alive.
        let new = unsafe { &*claim };
        if new.footprint.is_empty() {
            new.state.store(NOWHERE, Ordering::Relaxed);
            return Ok(());
        }
        if self.threads_run_at_once() {
            // SAFETY: the caller guarantees the same to this function as `enter_beside_others` requires.
            return unsafe { self.enter_beside_others(claim, own) };
        }
        if let Some(conflict) = self.find_conflict(new, own) {
            return Err(conflict);
        }
        if self.recent_count.get() == RECENT {
            self.move_to_grid();
        }
        new.state.store(IN_RECENT, Ordering::Relaxed);
        // SAFETY: this thread is attached to the interpreter (K3), and the caller guarantees that the claim does not
        // move.
        unsafe { self.recent.push(claim) };
        self.recent_count.set(self.recent_count.get() + 1);
        self.count_locks(isize::from(new.mode.is_lock()));
        Ok(())
    }

    /// Makes room in the short list by moving its claims to the grid. Claims that have been there for so long will stay
    /// longer.
    fn move_to_grid(&self) {
        let inside = self.inside();
        // SAFETY: this thread is attached to the interpreter, so nobody else changes the list (K3).
        while let Some(claim) = unsafe { self.recent.first() } {
            // SAFETY: the claim is in the short list, and this thread is attached to the interpreter (K3).
            unsafe { unlink(claim) };
            if claim.footprint.is_empty() {
                claim.state.store(NOWHERE, Ordering::Relaxed);
                continue;
            }
            claim.state.store(IN_GRID, Ordering::Relaxed);
            // SAFETY: the claim has just been unlinked and does not move until it has left the table (K2), and this
            // thread is attached to the interpreter.
            unsafe { inside.grid.insert(ptr::from_ref(claim).cast_mut()) };
            inside.in_grid.set(inside.in_grid.get() + 1);
        }
        self.recent_count.set(0);
    }

    /// Does the same as [`enter_now`](Self::enter_now), where other threads may enter claims at the same time.
    ///
    /// # Safety
    ///
    /// The caller must ensure everything that [`enter_now`](Self::enter_now) requires.
    unsafe fn enter_beside_others(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        let grid = &self.inside().grid;
        // SAFETY: the caller guarantees that the claim is alive.
        let new = unsafe { &*claim };
        loop {
            new.state.store(TENTATIVE, Ordering::Relaxed);
            // SAFETY: the claim is in no list, and the caller guarantees that it does not move.
            unsafe { grid.insert(claim) };
            let outcome = loop {
                // The fence is between entering and searching. If the search of another thread misses this claim,
                // then the search of this thread finds the claim of that thread.
                fence(Ordering::SeqCst);
                match self.try_to_stay(new, own) {
                    Tentative::HasTheRightOfWay => std::thread::yield_now(),
                    outcome => break outcome,
                }
            };
            if let Tentative::Stays = outcome {
                new.state.store(IN_GRID, Ordering::Release);
                return Ok(());
            }
            // SAFETY: this thread has inserted the claim into the grid above, and no other thread removes it.
            unsafe { grid.remove(new) };
            if let Tentative::Conflicts(conflict) = outcome {
                return Err(conflict);
            }
            std::thread::yield_now();
        }
    }

    /// Compares a claim that has been entered tentatively with the others.
    fn try_to_stay(&self, new: &Claim, own: *const Claim) -> Tentative {
        let (mut conflict, mut gives_way, mut has_the_right_of_way) = (None, false, false);
        let _ = self.visit_conflicts(new, own, &mut |other| {
            if other.state.load(Ordering::Acquire) == TENTATIVE {
                // Any order of the two claims will do, as long as both threads use the same one.
                if ptr::from_ref(other) < ptr::from_ref(new) {
                    gives_way = true;
                } else {
                    has_the_right_of_way = true;
                }
                return Continue(());
            }
            note(&mut conflict, other, new)
        });
        match conflict {
            Some(conflict) => Tentative::Conflicts(conflict),
            None if gives_way => Tentative::GivesWay,
            None if has_the_right_of_way => Tentative::HasTheRightOfWay,
            None => Tentative::Stays,
        }
    }

    /// Removes a claim from the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the table, and that this thread may work on the table.
    pub(crate) unsafe fn remove(&self, claim: &Claim) {
        let inside = self.inside();
        match claim.state.load(Ordering::Relaxed) {
            NOWHERE => return,
            IN_RECENT => {
                // SAFETY: the claim is in the short list, which is used only under a GIL, so this thread is attached to
                // the interpreter (K3).
                unsafe { unlink(claim) };
                self.recent_count.set(self.recent_count.get() - 1);
            }
            _ => {
                // SAFETY: the state says that the claim is in the grid, and the caller guarantees that this thread may
                // work on the table.
                unsafe { inside.grid.remove(claim) };
                if !self.threads_run_at_once() {
                    inside.in_grid.set(inside.in_grid.get() - 1);
                    if inside.in_grid.get() == 0 {
                        inside.grid.forget_sizes();
                    }
                }
            }
        }
        self.count_locks(-isize::from(claim.mode.is_lock()));
    }
}
