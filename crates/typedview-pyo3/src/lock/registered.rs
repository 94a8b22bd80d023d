//! Registered claims: entering the shared table, and leaving it when dropped.
//! A view's claim stands in the view's own slot; a lock has a slot for its claim alone.

use super::capsule::Interface;
use super::claim::{Claim, Mode, Place, Show};
use super::thread::this_thread;
use crate::slot::Vacant;
use pyo3::prelude::*;
use std::ptr::NonNull;
use std::time::Duration;

/// Why a claim is not in the table.
#[derive(Debug)]
pub(crate) enum Unregistered {
    /// Somebody else's is.
    Met(Claim),
    /// There is no table.
    Raised(PyErr),
}

impl Claim {
    /// A claim of this thread.
    #[inline(always)]
    pub(crate) fn here(place: Place, mode: Mode, show: Show) -> Self {
        Self::new(place, mode, this_thread(), show)
    }

    /// Whether this thread made it.
    pub(crate) fn is_of_this_thread(&self) -> bool {
        self.thread == this_thread()
    }
}

/// Enters a claim made under `own`, which may be null; where there is a timeout, as soon as nothing is in the way,
/// detached meanwhile.
///
/// # Safety
///
/// The claim is in no table, and stays where it is until it has left.
#[inline(always)]
pub(crate) unsafe fn enter(
    py: Python<'_>,
    claim: NonNull<Claim>,
    own: *const Claim,
    timeout: Option<Duration>,
) -> Result<(), Unregistered> {
    let interface = Interface::get(py).map_err(Unregistered::Raised)?;
    match timeout {
        // SAFETY: the caller.
        None => unsafe { interface.enter(py, claim, own) }.map_err(Unregistered::Met),
        // SAFETY: the caller.
        Some(timeout) => unsafe { interface.enter_in_time(py, claim, own, timeout) },
    }
}

/// Takes a claim out.
///
/// # Safety
///
/// It is in the table.
#[inline(always)]
pub(crate) unsafe fn leave(py: Python<'_>, claim: NonNull<Claim>) {
    // SAFETY: the claim has entered by it.
    let interface = unsafe { Interface::known() };
    // SAFETY: the caller.
    unsafe { interface.leave(py, claim) };
}

/// The claim of a lock, taken out of the table when dropped.
///
/// - K5. The claim in its slot is in the table.
pub(crate) struct Registered(Vacant);

impl Registered {
    /// Enters a claim made under `own`; where there is a timeout, as soon as nothing is in the way.
    #[inline]
    pub(crate) fn enter(
        py: Python<'_>,
        claim: Claim,
        own: NonNull<Claim>,
        timeout: Option<Duration>,
    ) -> Result<Self, Unregistered> {
        let slot = Vacant::take(py);
        let place = slot.claim();
        // SAFETY: P1.
        unsafe { place.write(claim) };
        // SAFETY: the claim stays in its slot until it has left.
        unsafe { enter(py, place, own.as_ptr(), timeout) }?;
        // INVARIANT K5.
        Ok(Self(slot))
    }
}

impl Drop for Registered {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: P2.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: K5.
        unsafe { leave(py, self.0.claim()) };
    }
}
