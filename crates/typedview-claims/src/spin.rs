//! The spin lock: a lock for a few instructions, which a child process can release although another thread has taken
//! it.
//! `std::sync::Mutex` is not used because it cannot be released in that way, and because it is larger (twice as large
//! on Linux).

use std::sync::atomic::{AtomicU32, Ordering};

/// A lock that one thread at a time holds, for work that neither waits nor runs code from outside this crate.
#[derive(Debug)]
pub(crate) struct Spin(AtomicU32);

impl Spin {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    pub(crate) fn lock(&self) {
        while self.0.compare_exchange_weak(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {
            std::thread::yield_now();
        }
    }

    /// Releases the lock. In a child process this also releases a lock of a thread that no longer exists.
    pub(crate) fn unlock(&self) {
        self.0.store(0, Ordering::Release);
    }
}
