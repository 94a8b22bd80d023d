//! Entering and leaving: what the functions of the table do.
//!
//! Under a GIL a claim is held against the others and then entered, in one step for everybody else. Without one it is entered
//! first, tentatively, and then held against the others: of two that enter at once, at least one finds the other.

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

/// `Table::enter`.
pub(crate) unsafe extern "C" fn enter(
    table: &Table,
    claim: *mut Claim,
    own: *const Claim,
    conflict: *mut Conflict,
) -> u32 {
    // SAFETY: the claim is in no table and stays where it is, and this thread may work on the table.
    let entered = unsafe { table.enter_now(claim, own) }.and_then(|()| {
        // SAFETY: the claim is in the table now, so it is alive.
        let entered = unsafe { &*claim };
        // SAFETY: this thread may work on the table.
        unsafe { table.let_waiters_pass(entered) }
    });
    answer(entered, conflict)
}

/// `Table::leave`.
pub(crate) unsafe extern "C" fn leave(table: &Table, claim: &Claim) {
    // SAFETY: the claim is in the table, and this thread may work on it.
    unsafe { table.remove(claim) };
    // SAFETY: this thread may work on the table.
    unsafe { table.serve() };
}

/// `Table::queue`.
pub(crate) unsafe extern "C" fn queue(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    let queue = &table.inside().queue;
    queue.with(|waiters| {
        queue.push(waiters, waiter);
        table.count_locks(1);
        let last = waiters.len() - 1;
        // SAFETY: the claim of a waiter is alive, and nobody else changes it.
        let claim = unsafe { &*waiter.claim };
        let entered = table.held_back(claim, &waiters[..last]).map_or(Ok(()), Err).and_then(|()| {
            // SAFETY: the claim stays where it is, and this thread may work on the table.
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

/// `Table::sleep`.
pub(crate) unsafe extern "C" fn sleep(table: &Table, waiter: &Waiter, milliseconds: u64) -> u32 {
    let served = table.inside().queue.sleep(waiter, Duration::from_millis(milliseconds));
    if served { ENTERED } else { WAITING }
}

/// `Table::give_up`.
pub(crate) unsafe extern "C" fn give_up(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    let gave_up = table.inside().queue.with(|waiters| {
        let place = waiters.iter().position(|&other| ptr::eq(other, waiter))?;
        waiters.remove(place);
        table.count_locks(-1);
        // SAFETY: the claim of a waiter is alive, and nobody else changes it.
        let claim = unsafe { &*waiter.claim };
        let in_the_way = table.find_conflict(claim, ptr::null());
        in_the_way.or_else(|| table.held_back(claim, &waiters[..place]))
    });
    let Some(in_the_way) = gave_up else {
        if waiter.is_served() {
            return ENTERED;
        }
        // Without a GIL whoever was in the way may have left in this moment.
        // SAFETY: the claim is in no table and stays where it is, and this thread may work on the table.
        return answer(unsafe { table.enter_now(waiter.claim, ptr::null()) }, conflict);
    };
    // SAFETY: this thread may work on the table.
    unsafe { table.serve() };
    answer(Err(in_the_way), conflict)
}

fn answer(entered: Result<(), Conflict>, conflict: *mut Conflict) -> u32 {
    match entered {
        Ok(()) => ENTERED,
        Err(found) => {
            // SAFETY: the one who calls gives room for a conflict (K4).
            unsafe { conflict.write(found) };
            REFUSED
        }
    }
}

/// Keeps who is in the way: a lock rather than the view that it was made of, and somebody on the own thread rather than
/// others, since those would be waited for in vain.
fn note(found: &mut Option<Conflict>, other: &Claim, new: &Claim) -> ControlFlow<()> {
    let is_own_thread = other.thread == new.thread;
    let says_more = |found: &Conflict| other.mode.is_lock() && !found.mode.is_lock();
    if is_own_thread || found.as_ref().is_none_or(says_more) {
        *found = Some(Conflict::with(other, HAS));
    }
    if is_own_thread { Break(()) } else { Continue(()) }
}

/// What without a GIL becomes of a claim that has been entered tentatively.
enum Tentative {
    Stays,
    /// Somebody has entered for good.
    Conflicts(Conflict),
    /// Somebody else is tentative too, and has the right of way.
    GivesWay,
    /// Somebody else is tentative too, and will give way.
    HasTheRightOfWay,
}

impl Table {
    pub(crate) fn inside(&self) -> &Inside {
        // SAFETY: it lives as long as the table (K4).
        unsafe { &*self.inside }
    }

    fn threads_run_at_once(&self) -> bool {
        self.threads_run_at_once != 0
    }

    /// Counts locks and waiters under a GIL, where others look at the number.
    fn count_locks(&self, difference: isize) {
        if !self.threads_run_at_once() {
            self.locks.set(self.locks.get().wrapping_add_signed(difference));
        }
    }

    /// Shows `visit` the claims that conflict with `new`, but for `own`.
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
            // SAFETY: this thread is attached, and nobody changes the list meanwhile.
            for other in unsafe { self.recent.iter() }.filter(|other| new.conflicts(other, false)) {
                visit_others(other)?;
            }
            if self.inside().in_grid.get() == 0 {
                return Continue(());
            }
        }
        // SAFETY: under a GIL this thread is attached; nobody who visits comes back to the grid.
        unsafe { self.inside().grid.visit_conflicts(new, &mut visit_others) }
    }

    /// Somebody in the way: on the thread of the new claim where there is one, which it would wait for in vain.
    fn find_conflict(&self, new: &Claim, own: *const Claim) -> Option<Conflict> {
        let mut found = None;
        let _ = self.visit_conflicts(new, own, &mut |other| note(&mut found, other, new));
        found
    }

    /// Enters a claim if nobody in the table is in the way.
    ///
    /// # Safety
    ///
    /// The claim is in no table, and stays where it is until it has left this one. This thread may work on the table.
    unsafe fn enter_now(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        // SAFETY: the caller says that the claim is alive.
        let new = unsafe { &*claim };
        if new.footprint.is_empty() {
            new.state.store(NOWHERE, Ordering::Relaxed);
            return Ok(());
        }
        if self.threads_run_at_once() {
            // SAFETY: the caller promises the same.
            return unsafe { self.enter_beside_others(claim, own) };
        }
        if let Some(conflict) = self.find_conflict(new, own) {
            return Err(conflict);
        }
        if self.recent_count.get() == RECENT {
            self.move_to_grid();
        }
        new.state.store(IN_RECENT, Ordering::Relaxed);
        // SAFETY: this thread is attached; the claim stays where it is.
        unsafe { self.recent.push(claim) };
        self.recent_count.set(self.recent_count.get() + 1);
        self.count_locks(isize::from(new.mode.is_lock()));
        Ok(())
    }

    /// Makes room in the short list: what has been there for so long will stay longer.
    fn move_to_grid(&self) {
        let inside = self.inside();
        // SAFETY: this thread is attached, and nobody else changes the list.
        while let Some(claim) = unsafe { self.recent.first() } {
            // SAFETY: this thread is attached.
            unsafe { unlink(claim) };
            if claim.footprint.is_empty() {
                claim.state.store(NOWHERE, Ordering::Relaxed);
                continue;
            }
            claim.state.store(IN_GRID, Ordering::Relaxed);
            // SAFETY: this thread is attached; a claim in the table stays where it is (K2).
            unsafe { inside.grid.insert(ptr::from_ref(claim).cast_mut()) };
            inside.in_grid.set(inside.in_grid.get() + 1);
        }
        self.recent_count.set(0);
    }

    /// As [`enter_now`](Self::enter_now), where others may enter at the same time.
    ///
    /// # Safety
    ///
    /// As there.
    unsafe fn enter_beside_others(&self, claim: *mut Claim, own: *const Claim) -> Result<(), Conflict> {
        let grid = &self.inside().grid;
        // SAFETY: the caller says that the claim is alive.
        let new = unsafe { &*claim };
        loop {
            new.state.store(TENTATIVE, Ordering::Relaxed);
            // SAFETY: the claim is in no list, and stays where it is.
            unsafe { grid.insert(claim) };
            let outcome = loop {
                // Before looking: whoever has not seen this claim yet will be seen by it.
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
            // SAFETY: it has just been inserted.
            unsafe { grid.remove(new) };
            if let Tentative::Conflicts(conflict) = outcome {
                return Err(conflict);
            }
            std::thread::yield_now();
        }
    }

    fn try_to_stay(&self, new: &Claim, own: *const Claim) -> Tentative {
        let (mut conflict, mut gives_way, mut has_the_right_of_way) = (None, false, false);
        let _ = self.visit_conflicts(new, own, &mut |other| {
            if other.state.load(Ordering::Acquire) == TENTATIVE {
                // Any order will do, as long as both see the same.
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

    /// Takes a claim out again if somebody has been waiting for its memory.
    ///
    /// # Safety
    ///
    /// The claim is in the table, and this thread may work on that.
    unsafe fn let_waiters_pass(&self, claim: &Claim) -> Result<(), Conflict> {
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return Ok(());
        }
        let Some(conflict) = queue.with(|waiters| self.held_back(claim, waiters)) else {
            return Ok(());
        };
        // SAFETY: the claim is in the table.
        unsafe { leave(self, claim) };
        Err(conflict)
    }

    /// Somebody who has been waiting longer for memory that `new` claims.
    ///
    /// Not somebody who waits for the thread of `new`: they would wait for each other.
    fn held_back(&self, new: &Claim, waiters: &[*const Waiter]) -> Option<Conflict> {
        waiters.iter().find_map(|&waiter| {
            // SAFETY: the waiter is in line, and the lock of the queue is held.
            let claim = unsafe { claim_of(waiter) };
            let conflicts = claim.thread != new.thread
                && claim.conflicts(new, self.threads_run_at_once())
                && !self.is_blocked_by_thread_of(new, claim);
            conflicts.then(|| Conflict::with(claim, WAITS))
        })
    }

    /// Whether the thread of `new` has another claim in the table that is in the way of `claim`.
    fn is_blocked_by_thread_of(&self, new: &Claim, claim: &Claim) -> bool {
        let mut find = |other: &Claim| if other.thread == new.thread { Break(()) } else { Continue(()) };
        self.visit_conflicts(claim, new, &mut find).is_break()
    }

    /// Somebody in the way of the waiter at `place` who does not leave before that waiter's own thread has.
    fn in_vain(&self, place: usize, waiters: &[*const Waiter]) -> Option<Conflict> {
        // SAFETY: the waiter is in line, and the lock of the queue is held.
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

    /// Whether the waiter at `place` cannot be served before `thread` lets go of something.
    fn waits_for(
        &self,
        place: usize,
        thread: usize,
        waiters: &[*const Waiter],
        visited: &mut [bool],
    ) -> bool {
        visited[place] = true;
        // SAFETY: the waiters are in line, and the lock of the queue is held.
        let claim_at = |place: usize| unsafe { claim_of(waiters[place]) };
        let claim = claim_at(place);
        let mut threads = Vec::new();
        let waits = self.visit_conflicts(claim, ptr::null(), &mut |other| {
            threads.push(other.thread);
            if other.thread == thread { Break(()) } else { Continue(()) }
        });
        // Those in the way may wait themselves, and so may those who have been waiting longer.
        waits.is_break()
            || (0..waiters.len()).any(|other| {
                let is_in_the_way = threads.contains(&claim_at(other).thread)
                    || other < place && self.held_back(claim, &waiters[other..=other]).is_some();
                is_in_the_way && !visited[other] && self.waits_for(other, thread, waiters, visited)
            })
    }

    /// Takes a claim out.
    ///
    /// # Safety
    ///
    /// It is in the table, and this thread may work on that.
    unsafe fn remove(&self, claim: &Claim) {
        let inside = self.inside();
        match claim.state.load(Ordering::Relaxed) {
            NOWHERE => return,
            IN_RECENT => {
                // SAFETY: this thread is attached, and the claim is in the short list.
                unsafe { unlink(claim) };
                self.recent_count.set(self.recent_count.get() - 1);
            }
            _ => {
                // SAFETY: the claim is in the grid.
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

    /// Enters the claims of those who wait and now can, in order of arrival.
    ///
    /// # Safety
    ///
    /// This thread may work on the table.
    unsafe fn serve(&self) {
        // After a claim has left: whoever has queued without seeing that is seen here.
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return;
        }
        let mut anybody = false;
        queue.with(|waiters| {
            let mut place = 0;
            while let Some(&waiter) = waiters.get(place) {
                // SAFETY: the waiter is in line, and the lock of the queue is held.
                let claim = unsafe { claim_of(waiter) };
                let held_back = self.held_back(claim, &waiters[..place]).is_some();
                // SAFETY: a waiter in line is alive (K5).
                let waiter = unsafe { &*waiter };
                // SAFETY: the claim is in no table and stays where it is.
                if held_back || unsafe { self.enter_now(waiter.claim, ptr::null()) }.is_err() {
                    place += 1;
                    continue;
                }
                waiters.remove(place);
                self.count_locks(-1);
                // Last: its thread may go on from here.
                waiter.served.store(1, Ordering::Release);
                anybody = true;
            }
        });
        if anybody {
            queue.wake();
        }
    }
}
