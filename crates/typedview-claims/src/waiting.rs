//! Waiting: which waiters hold a claim back, which would wait in vain, and who is served when a claim leaves.
//! The waiters themselves are in `queue`.

use crate::claim::Claim;
use crate::queue::{Waiter, claim_of};
use crate::table::{Conflict, Table, WAITS, WAITS_IN_TURN};
use std::ops::ControlFlow::{Break, Continue};
use std::ptr;
use std::sync::atomic::{Ordering, fence};

impl Table {
    /// Removes a claim again if another thread has been waiting for its memory, and then returns the conflict with that
    /// thread.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the table, and that this thread may work on the table.
    pub(crate) unsafe fn let_waiters_pass(&self, claim: &Claim) -> Result<(), Conflict> {
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return Ok(());
        }
        let Some(conflict) = queue.with(|waiters| self.held_back(claim, waiters)) else {
            return Ok(());
        };
        // SAFETY: the caller guarantees that the claim is in the table, and that this thread may work on the table.
        unsafe { self.remove(claim) };
        // SAFETY: the caller guarantees that this thread may work on the table.
        unsafe { self.serve() };
        Err(conflict)
    }

    /// Returns the conflict with a thread that has been waiting longer for memory that `new` claims.
    ///
    /// A waiter that waits for the thread of `new` is skipped, because the two would wait for each other.
    pub(crate) fn held_back(&self, new: &Claim, waiters: &[*const Waiter]) -> Option<Conflict> {
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
    pub(crate) fn in_vain(&self, place: usize, waiters: &[*const Waiter]) -> Option<Conflict> {
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

    /// Enters the claims of all waiters that no longer have a conflict, in order of arrival.
    ///
    /// # Safety
    ///
    /// The caller must ensure that this thread may work on the table.
    pub(crate) unsafe fn serve(&self) {
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
