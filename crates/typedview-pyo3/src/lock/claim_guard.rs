//! Claims of this extension: how they enter the table of the process, wait for that, and leave it.
//! The claim of a view is in the slot of that view. A lock that is made from a view has a second slot, only for its
//! claim.

use super::process::{known_table, table};
use crate::slot::Vacant;
use pyo3::prelude::*;
use std::ptr::{self, NonNull};
use std::time::{Duration, Instant};
use typedview_claims::{Claim, Conflict, Wait, Waiter};

/// Whether other threads may run Python code at the same time as this one.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// The reason why a claim is not in the table.
#[derive(Debug)]
pub(crate) enum ClaimError {
    /// Another claim conflicts with it.
    Conflict(Conflict),
    /// There is no table, or the handler of a signal has raised an exception.
    Raised(PyErr),
}

/// Enters a claim into the table. It does not conflict with `own`, the claim that it is made under, which may be null.
///
/// # Safety
///
/// The caller must ensure that the claim is in no table, and that it does not move until it has left the table.
#[inline(always)]
pub(crate) unsafe fn enter(
    py: Python<'_>,
    claim: NonNull<Claim>,
    own: *const Claim,
) -> Result<(), ClaimError> {
    let table = table(py).map_err(ClaimError::Raised)?;
    // SAFETY: the caller guarantees that the claim is in no table and does not move, and `py` proves that this thread
    // is attached to the interpreter.
    unsafe { table.enter::<FREE_THREADED>(claim.as_ptr(), own) }.map_err(ClaimError::Conflict)
}

/// Returns whether there may be locks in the table, where a GIL keeps other threads out. Without a GIL, it is always true.
#[cfg(feature = "view")]
#[inline]
pub(crate) fn has_locks(py: Python<'_>) -> bool {
    table(py).map_or(true, |table| FREE_THREADED || table.has_locks())
}

/// Removes a claim from the table.
///
/// # Safety
///
/// The caller must ensure that the claim is in the table.
#[inline(always)]
pub(crate) unsafe fn leave(_py: Python<'_>, claim: NonNull<Claim>) {
    // SAFETY: the claim is in the table, so `table` has returned that table before.
    let table = unsafe { known_table() };
    // SAFETY: the claim is in the table, so it is alive (K2).
    let claim = unsafe { claim.as_ref() };
    // SAFETY: the claim is in the table, and this thread is attached to the interpreter.
    unsafe { table.leave::<FREE_THREADED>(claim) };
}

/// Enters a claim as soon as no other claim conflicts with it. Threads that wait are served in order of arrival.
///
/// This thread is detached from the interpreter while it waits, and handles signals in between.
///
/// # Errors
///
/// Fails when the claim has not been entered within `timeout`, and when the handler of a signal raises an exception.
/// Fails at once when the thread with the conflicting claim waits for this thread or is this thread.
///
/// # Safety
///
/// The caller must ensure everything that [`enter`] requires.
pub(crate) unsafe fn enter_within(
    py: Python<'_>,
    claim: NonNull<Claim>,
    timeout: Duration,
) -> Result<(), ClaimError> {
    let table = table(py).map_err(ClaimError::Raised)?;
    let start = Instant::now();
    let waiter = Waiter::new(claim.as_ptr());
    // SAFETY: the caller guarantees that the claim does not move. The waiter does not move until it has been served or
    // has given up.
    match unsafe { table.queue(&waiter) } {
        Wait::Entered => return Ok(()),
        Wait::Refused(conflict) => return Err(ClaimError::Conflict(conflict)),
        Wait::Waiting => {}
    }
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        // SAFETY: the waiter is in the queue or has been served.
        let sleep = || unsafe { table.sleep(&waiter, milliseconds(left)) };
        if !left.is_zero() && py.detach(sleep) {
            return Ok(());
        }
        let signals = py.check_signals();
        if signals.is_ok() && !left.is_zero() {
            continue;
        }
        // SAFETY: the waiter is in the queue or has been served at the last moment, and this thread is attached to the
        // interpreter.
        let entered = unsafe { table.give_up(&waiter) };
        return match signals {
            Ok(()) => entered.map_err(ClaimError::Conflict),
            Err(exception) => {
                if entered.is_ok() {
                    // SAFETY: `give_up` has succeeded, so the claim is in the table.
                    unsafe { leave(py, claim) };
                }
                Err(ClaimError::Raised(exception))
            }
        };
    }
}

/// Returns how long to sleep before signals are checked again.
///
/// The time is short enough that a signal is soon handled. It is never 0, because the last sleeps would become a busy
/// loop.
fn milliseconds(left: Duration) -> u64 {
    u64::try_from(left.as_millis()).unwrap_or(u64::MAX).clamp(1, 50)
}

/// The claim of a lock, which is removed from the table when this value is dropped.
///
/// - K6. The claim in the slot is in the table.
pub(crate) struct ClaimGuard(Vacant);

impl ClaimGuard {
    /// Enters the claim that `describe` makes, which does not conflict with the claim `own`. Returns `None` when `describe` makes
    /// no claim.
    #[inline]
    pub(crate) fn enter(
        py: Python<'_>,
        own: Option<NonNull<Claim>>,
        describe: impl FnOnce(&mut Claim) -> Option<()>,
    ) -> Option<Result<Self, ClaimError>> {
        let slot = described(py, describe)?;
        // SAFETY: the claim is in no table, and it stays in its slot until it has left the table.
        let entered = unsafe { enter(py, slot.claim(), own.map_or(ptr::null(), |own| own.as_ptr())) };
        // INVARIANT K6: `enter` has just put the claim in this slot into the table.
        Some(entered.map(|()| Self(slot)))
    }

    /// The claim in the table.
    #[cfg(feature = "view")]
    pub(crate) fn claim(&self) -> NonNull<Claim> {
        self.0.claim()
    }

    /// Does what [`enter`](Self::enter) does, and waits for at most `timeout` until other claims do not conflict.
    pub(crate) fn enter_within(
        py: Python<'_>,
        timeout: Duration,
        describe: impl FnOnce(&mut Claim) -> Option<()>,
    ) -> Option<Result<Self, ClaimError>> {
        let slot = described(py, describe)?;
        // SAFETY: the claim is in no table, and it stays in its slot until it has left the table.
        let entered = unsafe { enter_within(py, slot.claim(), timeout) };
        // INVARIANT K6: `enter_within` has put the claim in this slot into the table.
        Some(entered.map(|()| Self(slot)))
    }
}

/// Returns a slot with the claim that `describe` makes, which is in no table yet.
#[inline]
fn described(py: Python<'_>, describe: impl FnOnce(&mut Claim) -> Option<()>) -> Option<Vacant> {
    let slot = Vacant::take(py);
    // SAFETY: the slot was vacant, so its claim is in no table, and there is no other reference to the claim (P1).
    describe(unsafe { slot.claim().as_mut() })?;
    Some(slot)
}

impl Drop for ClaimGuard {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a slot stays on its thread, and that thread is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim of a guard is in the table until the guard is dropped (K6).
        unsafe { leave(py, self.0.claim()) };
    }
}
