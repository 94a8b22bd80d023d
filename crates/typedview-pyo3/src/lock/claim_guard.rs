//! Claims of this extension: entering the table of the process, waiting for that, and leaving it.
//! A view's claim stands in the view's own slot; a lock that is made of a view has a slot for its claim alone.

use super::process::{known_table, table};
use crate::slot::Vacant;
use pyo3::prelude::*;
use std::ptr::NonNull;
use std::time::{Duration, Instant};
use typedview_claims::{Claim, Conflict, Wait, Waiter};

/// Whether other threads may run Python code while this one does.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// Why a claim is not in the table.
#[derive(Debug)]
pub(crate) enum ClaimError {
    /// Somebody is in the way.
    Conflict(Conflict),
    /// There is no table, or a signal has raised an exception.
    Raised(PyErr),
}

/// Enters a claim that is made under `own`, which may be null.
///
/// # Safety
///
/// The claim is in no table, and stays where it is until it has left.
#[inline(always)]
pub(crate) unsafe fn enter(
    py: Python<'_>,
    claim: NonNull<Claim>,
    own: *const Claim,
) -> Result<(), ClaimError> {
    let table = table(py).map_err(ClaimError::Raised)?;
    // SAFETY: the caller says that the claim stays; this thread is attached.
    unsafe { table.enter::<FREE_THREADED>(claim.as_ptr(), own) }.map_err(ClaimError::Conflict)
}

/// Takes a claim out.
///
/// # Safety
///
/// It is in the table.
#[inline(always)]
pub(crate) unsafe fn leave(_py: Python<'_>, claim: NonNull<Claim>) {
    // SAFETY: the claim has entered the table that `table` has found.
    let table = unsafe { known_table() };
    // SAFETY: the claim is in the table, so it is alive.
    let claim = unsafe { claim.as_ref() };
    // SAFETY: the claim is in the table, and this thread is attached.
    unsafe { table.leave::<FREE_THREADED>(claim) };
}

/// Enters a claim as soon as nobody is in the way, detached from the interpreter meanwhile, in order of arrival.
///
/// Fails when it has not succeeded within `timeout`, and at once when whoever is in the way waits for this thread. Signals
/// are handled meanwhile.
///
/// # Safety
///
/// As [`enter`].
pub(crate) unsafe fn enter_within(
    py: Python<'_>,
    claim: NonNull<Claim>,
    timeout: Duration,
) -> Result<(), ClaimError> {
    let table = table(py).map_err(ClaimError::Raised)?;
    let start = Instant::now();
    let waiter = Waiter::new(claim.as_ptr());
    // SAFETY: the caller says that the claim stays; the waiter does until it has been served or has given up.
    match unsafe { table.queue(&waiter) } {
        Wait::Entered => return Ok(()),
        Wait::Refused(conflict) => return Err(ClaimError::Conflict(conflict)),
        Wait::Waiting => {}
    }
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        // SAFETY: the waiter is in line or has been served.
        let sleep = || unsafe { table.sleep(&waiter, milliseconds(left)) };
        if !left.is_zero() && py.detach(sleep) {
            return Ok(());
        }
        let signals = py.check_signals();
        if signals.is_ok() && !left.is_zero() {
            continue;
        }
        // SAFETY: the waiter is in line, or has been served in the last moment.
        let entered = unsafe { table.give_up(&waiter) };
        return match signals {
            Ok(()) => entered.map_err(ClaimError::Conflict),
            Err(exception) => {
                if entered.is_ok() {
                    // SAFETY: the claim is in the table.
                    unsafe { leave(py, claim) };
                }
                Err(ClaimError::Raised(exception))
            }
        };
    }
}

/// How long to sleep at a stretch: not so long that a signal goes unheard, and not so short that the last stretch spins.
fn milliseconds(left: Duration) -> u64 {
    u64::try_from(left.as_millis()).unwrap_or(u64::MAX).clamp(1, 50)
}

/// The claim of a lock, taken out of the table when dropped.
///
/// - K6. The claim in its slot is in the table.
pub(crate) struct ClaimGuard(Vacant);

impl ClaimGuard {
    /// Enters the claim that `describe` makes, under `own`; gives `None` where it makes none.
    #[inline]
    pub(crate) fn enter(
        py: Python<'_>,
        own: NonNull<Claim>,
        describe: impl FnOnce(&mut Claim) -> Option<()>,
    ) -> Option<Result<Self, ClaimError>> {
        let slot = Vacant::take(py);
        // SAFETY: the slot was vacant, so its claim is in no table, and nobody else has it.
        describe(unsafe { slot.claim().as_mut() })?;
        // SAFETY: the claim stays in its slot until it has left.
        let entered = unsafe { enter(py, slot.claim(), own.as_ptr()) };
        // INVARIANT K6.
        Some(entered.map(|()| Self(slot)))
    }
}

impl Drop for ClaimGuard {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a slot stays on its thread, which is attached (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim is in the table (K6).
        unsafe { leave(py, self.0.claim()) };
    }
}
