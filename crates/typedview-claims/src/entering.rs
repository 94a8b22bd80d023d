//! Entering and leaving: the functions behind the table, which enter claims, let them wait and remove them.
//!
//! Under a GIL a claim is compared with the others and then entered. Other threads see this as one step. Without a GIL
//! the claim is first entered tentatively and then compared with the others. When two claims enter at once, at least
//! one of them finds the other.
//!
//! Below, a thread "may work on the table" when it is attached to the interpreter. Without a GIL each thread may.

use crate::claim::Claim;
use crate::list::unlink;
use crate::queue::{Waiter, claim_of};
use crate::table::{
    Conflict, ENTERED, HAS, IN_GRID, IN_RECENT, Inside, NOWHERE, RECENT, REFUSED, TENTATIVE, Table, WAITING,
    WAITS, WAITS_IN_TURN,
};
use std::ops::ControlFlow::{self, Break, Continue};
use std::ptr;
use std::sync::atomic::{Ordering, fence};
use std::time::Duration;

/// The function behind `Table::enter`.
pub(crate) unsafe extern "C" fn enter(
    table: &Table,
    claim: *mut Claim,
    own: *const Claim,
    conflict: *mut Conflict,
) -> u32 {
    // SAFETY: the caller guarantees that the claim is in no table and does not move, and that this thread may work on
    // the table.
    let entered = unsafe { table.enter_now(claim, own) }.and_then(|()| {
        // SAFETY: the claim has just been entered into the table, so it is alive (K2).
        let entered = unsafe { &*claim };
        // SAFETY: the claim is in the table, and the caller guarantees that this thread may work on the table.
        unsafe { table.let_waiters_pass(entered) }
    });
    answer(entered, conflict)
}

/// The function behind `Table::leave`.
pub(crate) unsafe extern "C" fn leave(table: &Table, claim: &Claim) {
    // SAFETY: the caller guarantees that the claim is in the table, and that this thread may work on the table.
    unsafe { table.remove(claim) };
    // SAFETY: the caller guarantees that this thread may work on the table.
    unsafe { table.serve() };
}

/// The function behind `Table::queue`.
pub(crate) unsafe extern "C" fn queue(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    let queue = &table.inside().queue;
    queue.with(|waiters| {
        queue.push(waiters, waiter);
        table.count_locks(1);
        let last = waiters.len() - 1;
        // SAFETY: the caller guarantees that the claim of the waiter is alive, and that nobody else changes it.
        let claim = unsafe { &*waiter.claim };
        let entered = table.held_back(claim, &waiters[..last]).map_or(Ok(()), Err).and_then(|()| {
            // SAFETY: the caller guarantees that the claim is in no table and does not move, and that this thread may
            // work on the table.
            unsafe { table.enter_now(waiter.claim, ptr::null()) }
        });
        let answered = match entered {
            Ok(()) => {
                waiter.served.store(1, Ordering::Release);
                ENTERED
            }
            Err(_) => match table.in_vain(last, waiters) {
                Some(forever) => answer(Err(forever), conflict),
                None => return WAITING,
            },
        };
        waiters.pop();
        table.count_locks(-1);
        answered
    })
}

/// The function behind `Table::sleep`.
pub(crate) unsafe extern "C" fn sleep(table: &Table, waiter: &Waiter, milliseconds: u64) -> u32 {
    let served = table.inside().queue.sleep(waiter, Duration::from_millis(milliseconds));
    if served { ENTERED } else { WAITING }
}

/// The function behind `Table::give_up`.
pub(crate) unsafe extern "C" fn give_up(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    let gave_up = table.inside().queue.with(|waiters| {
        let place = waiters.iter().position(|&other| ptr::eq(other, waiter))?;
        waiters.remove(place);
        table.count_locks(-1);
        // SAFETY: the caller guarantees that the claim of the waiter is alive, and that nobody else changes it.
        let claim = unsafe { &*waiter.claim };
        let in_the_way = table.find_conflict(claim, ptr::null());
        in_the_way.or_else(|| table.held_back(claim, &waiters[..place]))
    });
    let Some(in_the_way) = gave_up else {
        if waiter.is_served() {
            return ENTERED;
        }
        // No conflict was found, although the waiter was not served. Without a GIL the conflicting claim may have left
        // just before the search, so the claim is tried once more.
        // SAFETY: the waiter has not been served, so its claim is in no table. The caller guarantees that the claim
        // does not move, and that this thread may work on the table.
        return answer(unsafe { table.enter_now(waiter.claim, ptr::null()) }, conflict);
    };
    // SAFETY: the caller guarantees that this thread may work on the table.
    unsafe { table.serve() };
    answer(Err(in_the_way), conflict)
}

/// Returns the answer for this result, and writes the conflict, if there is one.
fn answer(entered: Result<(), Conflict>, conflict: *mut Conflict) -> u32 {
    match entered {
        Ok(()) => ENTERED,
        Err(found) => {
            // SAFETY: the extension that calls the function of the table passes a pointer that has room for a
            // conflict (K4).
            unsafe { conflict.write(found) };
            REFUSED
        }
    }
}

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

    fn threads_run_at_once(&self) -> bool {
        self.threads_run_at_once != 0
    }

    /// Adds `difference` to the number of locks and waiters. They are counted only under a GIL, where extensions read
    /// the number.
    fn count_locks(&self, difference: isize) {
        if !self.threads_run_at_once() {
            self.locks.set(self.locks.get().wrapping_add_signed(difference));
        }
    }

    /// Calls `visit` with the claims that conflict with `new`, except `own`, until `visit` breaks. `visit` must not use
    /// the grid.
    fn visit_conflicts(
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
    fn find_conflict(&self, new: &Claim, own: *const Claim) -> Option<Conflict> {
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
    unsafe fn enter_now(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
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

    /// Removes a claim again if another thread has been waiting for its memory, and then returns the conflict with that
    /// thread.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the table, and that this thread may work on the table.
    unsafe fn let_waiters_pass(&self, claim: &Claim) -> Result<(), Conflict> {
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return Ok(());
        }
        let Some(conflict) = queue.with(|waiters| self.held_back(claim, waiters)) else {
            return Ok(());
        };
        // SAFETY: the caller guarantees that the claim is in the table, and that this thread may work on the table.
        unsafe { leave(self, claim) };
        Err(conflict)
    }

    /// Returns the conflict with a thread that has been waiting longer for memory that `new` claims.
    ///
    /// A waiter that waits for the thread of `new` is skipped, because the two would wait for each other.
    fn held_back(&self, new: &Claim, waiters: &[*const Waiter]) -> Option<Conflict> {
        waiters.iter().find_map(|&waiter| {
            // SAFETY: the waiter is in the queue, and this thread holds the lock of the queue (K5).
            let claim = unsafe { claim_of(waiter) };
            let conflicts = claim.thread != new.thread
                && claim.conflicts(new, self.threads_run_at_once())
                && !self.is_blocked_by_thread_of(new, claim);
            conflicts.then(|| Conflict::with(claim, WAITS))
        })
    }

    /// Whether the thread of `new` has another claim in the table that conflicts with `claim`.
    fn is_blocked_by_thread_of(&self, new: &Claim, claim: &Claim) -> bool {
        let mut find = |other: &Claim| if other.thread == new.thread { Break(()) } else { Continue(()) };
        self.visit_conflicts(claim, new, &mut find).is_break()
    }

    /// Returns a conflict of the waiter at position `place` that does not end before the waiter's own thread releases
    /// memory. Waiting for it would be in vain.
    fn in_vain(&self, place: usize, waiters: &[*const Waiter]) -> Option<Conflict> {
        // SAFETY: the waiter is in the queue, and this thread holds the lock of the queue (K5).
        let claim = unsafe { claim_of(waiters[place]) };
        let in_the_way = self.find_conflict(claim, ptr::null());
        let in_the_way = in_the_way.or_else(|| self.held_back(claim, &waiters[..place]))?;
        if in_the_way.thread == claim.thread {
            return Some(in_the_way);
        }
        let mut visited = vec![false; waiters.len()];
        let waits_in_turn = self.waits_for(place, claim.thread, waiters, &mut visited);
        waits_in_turn.then_some(Conflict { wait: WAITS_IN_TURN, ..in_the_way })
    }

    /// Whether the waiter at position `place` cannot be served before `thread` releases memory.
    fn waits_for(
        &self,
        place: usize,
        thread: usize,
        waiters: &[*const Waiter],
        visited: &mut [bool],
    ) -> bool {
        visited[place] = true;
        // SAFETY: all of `waiters` are in the queue, and this thread holds the lock of the queue (K5).
        let claim_at = |place: usize| unsafe { claim_of(waiters[place]) };
        let claim = claim_at(place);
        let mut threads = Vec::new();
        let waits = self.visit_conflicts(claim, ptr::null(), &mut |other| {
            threads.push(other.thread);
            if other.thread == thread { Break(()) } else { Continue(()) }
        });
        // The threads whose claims conflict may be waiting themselves. A waiter that has been waiting longer may hold
        // this one back.
        waits.is_break()
            || (0..waiters.len()).any(|other| {
                let is_in_the_way = threads.contains(&claim_at(other).thread)
                    || other < place && self.held_back(claim, &waiters[other..=other]).is_some();
                is_in_the_way && !visited[other] && self.waits_for(other, thread, waiters, visited)
            })
    }

    /// Removes a claim from the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the table, and that this thread may work on the table.
    unsafe fn remove(&self, claim: &Claim) {
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

    /// Enters the claims of all waiters that no longer have a conflict, in order of arrival.
    ///
    /// # Safety
    ///
    /// The caller must ensure that this thread may work on the table.
    unsafe fn serve(&self) {
        // The fence comes after a claim has left. A thread that has entered the queue without seeing that is seen
        // here.
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return;
        }
        let mut anybody = false;
        queue.with(|waiters| {
            let mut place = 0;
            while let Some(&waiter) = waiters.get(place) {
                // SAFETY: the waiter is in the queue, and this thread holds the lock of the queue (K5).
                let claim = unsafe { claim_of(waiter) };
                let held_back = self.held_back(claim, &waiters[..place]).is_some();
                // SAFETY: the waiter is in the queue, so it is alive (K5).
                let waiter = unsafe { &*waiter };
                // SAFETY: the waiter has not been served, so its claim is in no table. The claim does not move, and the
                // caller guarantees that this thread may work on the table.
                if held_back || unsafe { self.enter_now(waiter.claim, ptr::null()) }.is_err() {
                    place += 1;
                    continue;
                }
                waiters.remove(place);
                self.count_locks(-1);
                // This store comes last, because the waiting thread may continue as soon as it sees the value.
                waiter.served.store(1, Ordering::Release);
                anybody = true;
            }
        });
        if anybody {
            queue.wake();
        }
    }
}
