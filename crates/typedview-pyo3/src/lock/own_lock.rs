//! Locks that Python code holds: under one, the thread that has it uses the memory by value, through any view of this extension.
//! They are separate from the locks of Rust functions, which lend references and exclude their own thread as well.

use super::claim_guard::{ClaimError, enter, enter_within, leave};
use pyo3::prelude::*;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;
use typedview_claims::{Claim, Footprint};

/// A lock that Python code holds. Any thread may drop it.
#[derive(Debug)]
pub(crate) struct OwnLock(NonNull<Claim>);

// SAFETY: the pointer is only compared with those of the list.
unsafe impl Send for OwnLock {}
// SAFETY: the pointer is only compared with those of the list.
unsafe impl Sync for OwnLock {}

/// A claim of Python code.
///
/// - K8. The claim is in the table, and was made by `Box::into_raw`. It does not change, and is freed once it has left the list and the
///   table.
struct Held {
    claim: NonNull<Claim>,
    /// The thread that holds it. The number in the claim does not tell threads apart that follow each other.
    thread: ThreadId,
    /// How many locks share it: a thread can lock the same memory again.
    count: usize,
}

// SAFETY: the claim does not change while it is in the list (K8).
unsafe impl Send for Held {}

/// All claims that Python code holds through this extension.
static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());
/// The length of the list, so that it is only locked if there is one.
static COUNT: AtomicUsize = AtomicUsize::new(0);

fn held() -> MutexGuard<'static, Vec<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the claim of a lock that Python code holds on this thread, and that overlaps the memory with this footprint.
#[inline]
pub(crate) fn own_lock(footprint: impl FnOnce() -> Option<Footprint>) -> Option<NonNull<Claim>> {
    if COUNT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let (thread, footprint) = (thread::current().id(), footprint()?);
    let overlaps = |lock: &&Held| {
        // SAFETY: a claim in the list is alive, and does not change (K8).
        lock.thread == thread && unsafe { lock.claim.as_ref() }.footprint().overlaps(&footprint)
    };
    held().iter().rev().find(overlaps).map(|lock| lock.claim)
}

impl OwnLock {
    /// Enters the claim that `describe` makes, and waits for at most `timeout` if there is one. Returns `None` if it makes no claim.
    pub(crate) fn enter(
        py: Python<'_>,
        timeout: Option<Duration>,
        describe: impl FnOnce(&mut Claim) -> Option<()>,
    ) -> Option<Result<Self, ClaimError>> {
        let mut claim = Box::new(Claim::vacant());
        describe(&mut claim)?;
        let thread = thread::current().id();
        let is_same = |lock: &&mut Held| {
            // SAFETY: a claim in the list is alive, and does not change (K8).
            lock.thread == thread && unsafe { lock.claim.as_ref() }.is_like(&claim)
        };
        if let Some(lock) = held().iter_mut().find(is_same) {
            lock.count += 1;
            return Some(Ok(Self(lock.claim)));
        }
        let claim = NonNull::from(Box::leak(claim));
        let entered = match timeout {
            // SAFETY: the claim is in no table, and it stays at its address until it has left the table.
            None => unsafe { enter(py, claim, ptr::null()) },
            // SAFETY: the claim is in no table, and it stays at its address until it has left the table.
            Some(timeout) => unsafe { enter_within(py, claim, timeout) },
        };
        if let Err(error) = entered {
            // SAFETY: the claim was leaked above, and is in no table.
            drop(unsafe { Box::from_raw(claim.as_ptr()) });
            return Some(Err(error));
        }
        let mut list = held();
        // INVARIANT K8: the claim has just been entered, and was leaked from its box.
        list.push(Held { claim, thread, count: 1 });
        COUNT.store(list.len(), Ordering::Relaxed);
        Some(Ok(Self(claim)))
    }
}

impl Drop for OwnLock {
    fn drop(&mut self) {
        let mut list = held();
        let Some(place) = list.iter().position(|lock| lock.claim == self.0) else { return };
        list[place].count -= 1;
        if list[place].count > 0 {
            return;
        }
        let claim = list.swap_remove(place).claim;
        COUNT.store(list.len(), Ordering::Relaxed);
        drop(list);
        // While the interpreter shuts down nobody can be attached, and the table keeps the claim.
        Python::try_attach(|py| {
            // SAFETY: the claim is in the table (K8), and this thread is attached to the interpreter.
            unsafe { leave(py, claim) };
            // SAFETY: the claim was leaked from its box, and has left the list and the table (K8).
            drop(unsafe { Box::from_raw(claim.as_ptr()) });
        });
    }
}
