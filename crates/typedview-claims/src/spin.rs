//! A lock for a few instructions, which can be broken in a child process.
//! Apart from `std::sync::Mutex`, which cannot be, and which is three times as large.

use std::sync::atomic::{AtomicU32, Ordering};

/// Held by one thread at a time, for work that neither waits nor runs code of others.
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

    /// Gives the lock back; in a child process also that of a thread that is gone.
    pub(crate) fn unlock(&self) {
        self.0.store(0, Ordering::Release);
    }
}
