//! Registered claims: a place in the shared table, given back when dropped.
//! Apart from the guards because local views have one too.

use super::capsule::Interface;
use super::claim::{Claim, Mode, Place, Show};
use super::table::NONE;
use pyo3::ffi;
use pyo3::prelude::*;
use std::marker::PhantomData;
use std::time::Duration;

/// A claim in the table, removed when dropped.
///
/// It stays on the thread that made it, attached to the interpreter; giving it back cannot fail.
#[derive(Debug)]
pub(crate) struct Registered {
    place: usize,
    on_this_thread: PhantomData<*const ()>,
}

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
    #[inline]
    pub(crate) fn new(mode: Mode, place: Place, show: Show) -> Self {
        // SAFETY: always allowed.
        let thread = unsafe { ffi::PyThread_get_thread_ident() };
        Self { place, mode, thread, show }
    }

    /// Whether this thread made it.
    pub(crate) fn is_of_this_thread(&self) -> bool {
        // SAFETY: always allowed.
        self.thread == unsafe { ffi::PyThread_get_thread_ident() }
    }
}

/// Registers a claim made under `own`.
#[inline]
pub(crate) fn register(
    py: Python<'_>,
    claim: &Claim,
    own: Option<&Registered>,
) -> Result<Registered, Unregistered> {
    let interface = Interface::get(py).map_err(Unregistered::Raised)?;
    let place = interface.insert(py, claim, own.map_or(NONE, |own| own.place)).map_err(Unregistered::Met)?;
    Ok(Registered { place, on_this_thread: PhantomData })
}

/// Registers a claim made under `own` as soon as nothing is in the way, detached meanwhile.
pub(crate) fn register_in_time(
    py: Python<'_>,
    claim: &Claim,
    own: Option<&Registered>,
    timeout: Duration,
) -> Result<Registered, Unregistered> {
    let interface = Interface::get(py).map_err(Unregistered::Raised)?;
    let own = own.map_or(NONE, |own| own.place);
    let place = interface.insert_in_time(py, claim, own, timeout).map_err(Unregistered::Met)?;
    Ok(Registered { place, on_this_thread: PhantomData })
}

impl Drop for Registered {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a registered claim is neither `Send` nor `Sync`: it is dropped where it was made, attached.
        let py = unsafe { Python::assume_attached() };
        if let Ok(interface) = Interface::get(py) {
            interface.remove(py, self.place);
        }
    }
}
