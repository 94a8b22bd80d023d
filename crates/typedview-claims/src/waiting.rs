//! Waiting: which waiters prevent a claim, which waits would deadlock, and who is served when a claim leaves the table.
//! The waiters themselves are in `queue`.

use crate::claim::Claim;
use crate::queue::Waiters;
use crate::table::{Conflict, Table, WAITS, WAITS_IN_TURN};
use std::ops::ControlFlow::{Break, Continue};
use std::ptr;
use std::sync::atomic::{Ordering, fence};

impl Table {
    /// Undoes the entry of `claim` if another thread has been waiting longer for its memory.
    ///
    /// # Errors
    ///
    /// Returns the conflict with that thread. The claim is not in the table then.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the claim is in the table, and that this thread may work on the table.
    pub(crate) unsafe fn yield_to_waiters(&self, claim: &Claim) -> Result<(), Conflict> {
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return Ok(());
        }
        let Some(conflict) = queue.with(|waiters| self.conflict_with_waiter(claim, waiters, waiters.count()))
        else {
            return Ok(());
        };
        // SAFETY: the caller guarantees that the claim is in the table, and that this thread may work on the table.
        unsafe { self.remove(claim) };
        // SAFETY: the caller guarantees that this thread may work on the table.
        unsafe { self.serve_waiters() };
        Err(conflict)
    }

    /// Returns the conflict with one of the first `count` waiters, which have been waiting longer for memory that `new` claims.
    ///
    /// A waiter that waits for the thread of `new` is skipped, because the two would wait for each other.
    pub(crate) fn conflict_with_waiter(
        &self,
        new: &Claim,
        waiters: &Waiters<'_>,
        count: usize,
    ) -> Option<Conflict> {
        let holds_back = |claim: &&Claim| self.holds_back(claim, new);
        let claim = (0..count).map(|position| waiters.claim(position)).find(holds_back)?;
        Some(Conflict::with(claim, WAITS))
    }

    /// Whether a waiter with the claim `waiting`, who came first, prevents `new`.
    fn holds_back(&self, waiting: &Claim, new: &Claim) -> bool {
        waiting.thread != new.thread
            && waiting.conflicts(new, self.threads_run_at_once())
            && !self.is_blocked_by_thread_of(new, waiting)
    }

    /// Whether the thread of `new` has another claim in the table that conflicts with `claim`.
    fn is_blocked_by_thread_of(&self, new: &Claim, claim: &Claim) -> bool {
        let mut find = |other: &Claim| if other.thread == new.thread { Break(()) } else { Continue(()) };
        self.visit_conflicts(claim, new, &mut find).is_break()
    }

    /// Returns the conflict of a waiter if waiting would deadlock: its own thread holds what it waits for, directly or because
    /// others wait for that thread.
    pub(crate) fn would_deadlock(&self, position: usize, waiters: &Waiters<'_>) -> Option<Conflict> {
        let claim = waiters.claim(position);
        let conflict = self.find_conflict(claim, ptr::null());
        let conflict = conflict.or_else(|| self.conflict_with_waiter(claim, waiters, position))?;
        if conflict.thread == claim.thread {
            return Some(conflict);
        }
        let mut visited = vec![false; waiters.count()];
        let waits_in_turn = self.waits_for(position, claim.thread, waiters, &mut visited);
        waits_in_turn.then_some(Conflict { wait: WAITS_IN_TURN, ..conflict })
    }

    /// Whether the waiter at a position cannot be served before `thread` releases memory.
    fn waits_for(&self, position: usize, thread: usize, waiters: &Waiters<'_>, visited: &mut [bool]) -> bool {
        visited[position] = true;
        let claim = waiters.claim(position);
        let mut threads = Vec::new();
        let waits = self.visit_conflicts(claim, ptr::null(), &mut |other| {
            threads.push(other.thread);
            if other.thread == thread { Break(()) } else { Continue(()) }
        });
        // The threads whose claims conflict may be waiting themselves. A waiter that has been waiting longer may hold
        // this one back.
        waits.is_break()
            || (0..waiters.count()).any(|other| {
                let is_waited_for = threads.contains(&waiters.claim(other).thread)
                    || other < position && self.holds_back(waiters.claim(other), claim);
                is_waited_for && !visited[other] && self.waits_for(other, thread, waiters, visited)
            })
    }

    /// Enters the claims of all waiters that no longer have a conflict, in order of arrival.
    ///
    /// # Safety
    ///
    /// The caller must ensure that this thread may work on the table.
    pub(crate) unsafe fn serve_waiters(&self) {
        // The fence comes after a claim has left the table. It pairs with the store of the length in `Waiters::push`: a thread
        // that has queued itself because it still saw that claim is found by `length` below.
        fence(Ordering::SeqCst);
        let queue = &self.inside().queue;
        if queue.length() == 0 {
            return;
        }
        let mut anybody = false;
        queue.with(|waiters| {
            let mut position = 0;
            while position < waiters.count() {
                let claim = waiters.claim(position);
                let is_held_back = self.conflict_with_waiter(claim, waiters, position).is_some();
                let claim = waiters.waiter(position).claim;
                // SAFETY: the waiter has not been served, so its claim is in no table (K5). The claim does not move, and the
                // caller guarantees that this thread may work on the table.
                if is_held_back || unsafe { self.enter_now(claim, ptr::null()) }.is_err() {
                    position += 1;
                    continue;
                }
                // While it was in the queue, the waiter was counted as a lock.
                self.count_locks(-1);
                // This comes last, because the waiting thread may continue as soon as it sees that it was served.
                waiters.serve(position);
                anybody = true;
            }
        });
        if anybody {
            queue.wake();
        }
    }
}
