//! The queue: those who wait for a claim, served in order of arrival, and told of it while they sleep.
//! Whether somebody can be served is the business of `table`.

use crate::claim::Claim;
use crate::spin::Spin;
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Somebody who waits for a claim. It stands on the stack of the thread that waits.
#[derive(Debug)]
#[repr(C)]
pub struct Waiter {
    pub(crate) claim: *mut Claim,
    /// 1 as soon as the claim has been entered on behalf of the one who waits.
    pub(crate) served: AtomicU32,
}

impl Waiter {
    /// Somebody who will wait for `claim`, which is in no table.
    #[must_use]
    pub fn new(claim: *mut Claim) -> Self {
        Self { claim, served: AtomicU32::new(0) }
    }

    pub(crate) fn is_served(&self) -> bool {
        self.served.load(Ordering::Acquire) == 1
    }
}

/// The claim of somebody in line.
///
/// # Safety
///
/// The waiter is in line, and the lock of the queue is held for `'a` (K5).
pub(crate) unsafe fn claim_of<'a>(waiter: *const Waiter) -> &'a Claim {
    // SAFETY: a waiter in line is alive.
    let claim = unsafe { (*waiter).claim };
    // SAFETY: so is its claim, which nobody changes meanwhile.
    unsafe { &*claim }
}

// SAFETY: the claim is touched through the table alone, by those who hold the lock of the queue.
unsafe impl Sync for Waiter {}

/// Those who wait.
#[derive(Debug)]
pub(crate) struct Queue {
    lock: Spin,
    /// In order of arrival; touched by the holder of the lock.
    ///
    /// - K5. Each waiter is alive and has not been served. It is taken out before its thread goes on.
    waiters: UnsafeCell<Vec<*const Waiter>>,
    length: AtomicUsize,
    /// Replaced in a child process, where a thread that is gone may have held it.
    sleepers: UnsafeCell<Sleepers>,
}

#[derive(Debug)]
struct Sleepers {
    mutex: Mutex<()>,
    served: Condvar,
}

impl Sleepers {
    const fn new() -> Self {
        Self { mutex: Mutex::new(()), served: Condvar::new() }
    }
}

impl Queue {
    pub(crate) const fn new() -> Self {
        Self {
            lock: Spin::new(),
            waiters: UnsafeCell::new(Vec::new()),
            length: AtomicUsize::new(0),
            sleepers: UnsafeCell::new(Sleepers::new()),
        }
    }

    /// How many wait.
    pub(crate) fn length(&self) -> usize {
        self.length.load(Ordering::SeqCst)
    }

    /// Works on the waiters, which may change; not from within itself.
    pub(crate) fn with<X>(&self, work: impl FnOnce(&mut Vec<*const Waiter>) -> X) -> X {
        self.lock.lock();
        // SAFETY: the lock is held, so this is the only reference.
        let waiters = unsafe { &mut *self.waiters.get() };
        let worked = work(waiters);
        self.length.store(waiters.len(), Ordering::SeqCst);
        self.lock.unlock();
        worked
    }

    /// Adds somebody, at once for all to see: whoever leaves from here on looks after them.
    pub(crate) fn push(&self, waiters: &mut Vec<*const Waiter>, waiter: &Waiter) {
        waiters.push(waiter);
        self.length.store(waiters.len(), Ordering::SeqCst);
    }

    fn sleepers(&self) -> &Sleepers {
        // SAFETY: replaced only in a child process, where nobody sleeps.
        unsafe { &*self.sleepers.get() }
    }

    /// Wakes all who sleep, so that those who have been served find out.
    pub(crate) fn wake(&self) {
        let sleepers = self.sleepers();
        // Whoever has looked before they were served is asleep by now.
        drop(sleepers.mutex.lock().unwrap_or_else(PoisonError::into_inner));
        sleepers.served.notify_all();
    }

    /// Sleeps until `waiter` has been served, or for so long; gives whether it has been.
    pub(crate) fn sleep(&self, waiter: &Waiter, time: Duration) -> bool {
        let sleepers = self.sleepers();
        let guard = sleepers.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        drop(sleepers.served.wait_timeout_while(guard, time, |()| !waiter.is_served()));
        waiter.is_served()
    }

    /// Locks the list, so that a child process finds it whole.
    pub(crate) fn lock(&self) {
        self.lock.lock();
    }

    /// Gives back what [`lock`](Self::lock) has taken.
    pub(crate) fn unlock(&self) {
        self.lock.unlock();
    }

    /// Forgets the waiters of all other threads.
    ///
    /// # Safety
    ///
    /// There is no other thread, and the lock is not held.
    pub(crate) unsafe fn retain_thread(&self, thread: usize) {
        // SAFETY: nobody else is there to use it; what a thread that is gone has left in it is not looked at.
        unsafe { self.sleepers.get().write(Sleepers::new()) };
        self.with(|waiters| {
            // SAFETY: the lock is held; a child process has the memory of all threads of its parent.
            waiters.retain(|&waiter| unsafe { claim_of(waiter) }.thread == thread);
        });
    }
}

// SAFETY: the waiters are touched by the holder of the lock, the sleepers made for threads.
unsafe impl Send for Queue {}
// SAFETY: the waiters are touched by the holder of the lock, the sleepers made for threads.
unsafe impl Sync for Queue {}
