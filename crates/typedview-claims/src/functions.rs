//! The functions of a new table, which every extension calls through its pointers.
//! They are those of the extension that published the table, whichever version of this crate the callers were built with.

use crate::claim::Claim;
use crate::grid::Grid;
use crate::list::List;
use crate::queue::{Queue, Waiter};
use crate::table::{Conflict, ENTERED, Inside, REFUSED, Table, WAITING};
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Table {
    /// Returns a new table without claims, which is never freed.
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
            enter,
            leave,
            queue,
            sleep,
            give_up,
        }))
    }
}

/// The function behind `Table::enter`.
unsafe extern "C" fn enter(
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
        unsafe { table.yield_to_waiters(entered) }
    });
    answer(entered, conflict)
}

/// The function behind `Table::leave`.
unsafe extern "C" fn leave(table: &Table, claim: &Claim) {
    // SAFETY: the caller guarantees that the claim is in the table, and that this thread may work on the table.
    unsafe { table.remove(claim) };
    // SAFETY: the caller guarantees that this thread may work on the table.
    unsafe { table.serve_waiters() };
}

/// The function behind `Table::queue`.
unsafe extern "C" fn queue(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    table.inside().queue.with(|waiters| {
        // SAFETY: the caller guarantees that the waiter and its claim are alive while the waiter is in the queue, and that
        // nobody else changes the claim (K5).
        unsafe { waiters.push(waiter) };
        table.count_locks(1);
        let last = waiters.count() - 1;
        let conflict_with_waiter = table.conflict_with_waiter(waiters.claim(last), waiters, last);
        let entered = conflict_with_waiter.map_or(Ok(()), Err).and_then(|()| {
            // SAFETY: the caller guarantees that the claim is in no table and does not move, and that this thread may
            // work on the table.
            unsafe { table.enter_now(waiter.claim, ptr::null()) }
        });
        let answered = match entered {
            Ok(()) => {
                waiter.served.store(1, Ordering::Release);
                ENTERED
            }
            Err(_) => match table.would_deadlock(last, waiters) {
                Some(forever) => answer(Err(forever), conflict),
                None => return WAITING,
            },
        };
        waiters.remove(last);
        table.count_locks(-1);
        answered
    })
}

/// The function behind `Table::sleep`.
unsafe extern "C" fn sleep(table: &Table, waiter: &Waiter, milliseconds: u64) -> u32 {
    let served = table.inside().queue.sleep(waiter, Duration::from_millis(milliseconds));
    if served { ENTERED } else { WAITING }
}

/// The function behind `Table::give_up`.
unsafe extern "C" fn give_up(table: &Table, waiter: &Waiter, conflict: *mut Conflict) -> u32 {
    let gave_up = table.inside().queue.with(|waiters| {
        let position = waiters.position(waiter)?;
        let claim = waiters.claim(position);
        let found = table.find_conflict(claim, ptr::null());
        let found = found.or_else(|| table.conflict_with_waiter(claim, waiters, position));
        waiters.remove(position);
        table.count_locks(-1);
        found
    });
    let Some(found) = gave_up else {
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
    unsafe { table.serve_waiters() };
    answer(Err(found), conflict)
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
