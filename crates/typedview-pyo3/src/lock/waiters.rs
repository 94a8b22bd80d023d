//! Those who wait for a claim to leave the table, and how they are told.
//! Functions over a struct that only the extension looks into which published it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Whoever waits, until the next departure.
#[derive(Debug)]
pub(super) struct Waiters {
    /// How many claims have left while somebody waited.
    departures: Mutex<usize>,
    departed: Condvar,
}

impl Waiters {
    pub(super) const fn new() -> Self {
        Self { departures: Mutex::new(0), departed: Condvar::new() }
    }

    fn departures(&self) -> MutexGuard<'_, usize> {
        self.departures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) unsafe extern "C" fn watch(waiters: *const Waiters) -> usize {
    // SAFETY: K4.
    let waiters = unsafe { &*waiters };
    *waiters.departures()
}

pub(super) unsafe extern "C" fn wait(waiters: *const Waiters, departures: usize, milliseconds: u64) {
    // SAFETY: K4.
    let waiters = unsafe { &*waiters };
    let time = Duration::from_millis(milliseconds);
    let none_yet = |now: &mut usize| *now == departures;
    drop(waiters.departed.wait_timeout_while(waiters.departures(), time, none_yet));
}

pub(super) unsafe extern "C" fn tell(waiters: *const Waiters) {
    // SAFETY: K4.
    let waiters = unsafe { &*waiters };
    let mut departures = waiters.departures();
    *departures = departures.wrapping_add(1);
    waiters.departed.notify_all();
}
