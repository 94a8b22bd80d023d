//! The queue: the threads that wait for a claim, in order of arrival, and how they sleep until they have been served.
//! Whether a waiter can be served is decided in `waiting`.

use crate::claim::Claim;
use crate::spin::Spin;
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A thread that waits for a claim. The waiter is on the stack of that thread.
#[derive(Debug)]
#[repr(C)]
pub struct Waiter {
    pub(crate) claim: *mut Claim,
    /// 1 as soon as the claim has been entered on behalf of the waiting thread.
    pub(crate) served: AtomicU32,
}

impl Waiter {
    /// Returns a waiter for `claim`, which must be in no table.
    #[must_use]
    pub fn new(claim: *mut Claim) -> Self {
        Self { claim, served: AtomicU32::new(0) }
    }

    pub(crate) fn is_served(&self) -> bool {
        self.served.load(Ordering::Acquire) == 1
    }
}

/// The waiters in order of arrival, while this thread holds the lock of the queue.
///
/// - K7. The lock of the queue is held for `'a`, so every waiter in the list is in the queue.
pub(crate) struct Waiters<'a> {
    list: &'a mut Vec<*const Waiter>,
    length: &'a AtomicUsize,
}

impl Waiters<'_> {
    /// The number of waiters.
    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    /// Adds a waiter. The length is stored with `SeqCst`, which pairs with the fence in `Table::serve_waiters`: a thread that
    /// removes a claim after this point finds the waiter.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the waiter and its claim are alive until the waiter has been removed or served (K5).
    pub(crate) unsafe fn push(&mut self, waiter: &Waiter) {
        self.list.push(waiter);
        self.length.store(self.list.len(), Ordering::SeqCst);
    }

    /// Removes the waiter at a position.
    pub(crate) fn remove(&mut self, position: usize) {
        self.list.remove(position);
    }

    /// Removes the waiter at a position and tells its thread that its claim has been entered.
    pub(crate) fn serve(&mut self, position: usize) {
        let waiter = self.list.remove(position);
        // SAFETY: the thread of the waiter continues only after it has seen the value that is stored here, or after it has
        // removed the waiter under the lock that this thread holds (K7). So the waiter is still alive.
        unsafe { &*waiter }.served.store(1, Ordering::Release);
    }

    /// The position of a waiter, if it is in the queue.
    pub(crate) fn position(&self, waiter: &Waiter) -> Option<usize> {
        self.list.iter().position(|&other| ptr::eq(other, waiter))
    }

    /// The waiter at a position.
    pub(crate) fn waiter(&self, position: usize) -> &Waiter {
        // SAFETY: the waiter is in the queue (K7), so it is alive while `self` is borrowed (K5).
        unsafe { &*self.list[position] }
    }

    /// The claim of the waiter at a position.
    pub(crate) fn claim(&self, position: usize) -> &Claim {
        // SAFETY: the claim of a waiter in the queue is alive. Only its atomic fields change while the waiter is in the queue (K5,
        // K7).
        unsafe { &*self.waiter(position).claim }
    }
}

// SAFETY: only the functions of the table use the claim. While the waiter is in the queue they hold the lock of the
// queue, and otherwise only the waiting thread calls them.
unsafe impl Sync for Waiter {}

/// The waiters, and the means to wake them.
#[derive(Debug)]
pub(crate) struct Queue {
    lock: Spin,
    /// The waiters in order of arrival. Only the holder of the lock uses them.
    ///
    /// - K5. Each waiter is alive and has not been served, and so is its claim, which nobody changes. The waiter is removed
    ///   before its thread continues.
    waiters: UnsafeCell<Vec<*const Waiter>>,
    length: AtomicUsize,
    /// Replaced in a child process, because a thread that no longer exists there may have held the mutex.
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

    /// The number of waiters.
    pub(crate) fn length(&self) -> usize {
        self.length.load(Ordering::SeqCst)
    }

    /// Runs `work` on the waiters under the lock. `work` may change them, and must not call this function.
    pub(crate) fn with<X>(&self, work: impl FnOnce(&mut Waiters<'_>) -> X) -> X {
        self.lock.lock();
        // SAFETY: this thread holds the lock, so this is the only reference to the waiters.
        let list = unsafe { &mut *self.waiters.get() };
        // INVARIANT K7: the lock is held until `work` has returned.
        let mut waiters = Waiters { list, length: &self.length };
        let worked = work(&mut waiters);
        self.length.store(waiters.count(), Ordering::SeqCst);
        self.lock.unlock();
        worked
    }

    fn sleepers(&self) -> &Sleepers {
        // SAFETY: the value is replaced only in a child process, where no thread sleeps.
        unsafe { &*self.sleepers.get() }
    }

    /// Wakes all threads that sleep, so that those that have been served notice it.
    pub(crate) fn wake(&self) {
        let sleepers = self.sleepers();
        // A thread that checked before it was served holds the mutex until it is asleep. Locking the mutex waits for
        // that, so the notification reaches the thread.
        drop(sleepers.mutex.lock().unwrap_or_else(PoisonError::into_inner));
        sleepers.served.notify_all();
    }

    /// Sleeps until `waiter` has been served, for at most `time`. Returns whether it has been served.
    pub(crate) fn sleep(&self, waiter: &Waiter, time: Duration) -> bool {
        let sleepers = self.sleepers();
        let guard = sleepers.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        drop(sleepers.served.wait_timeout_while(guard, time, |()| !waiter.is_served()));
        waiter.is_served()
    }

    /// Locks the waiters, so that a child process finds them in a consistent state.
    pub(crate) fn lock(&self) {
        self.lock.lock();
    }

    /// Releases the lock that [`lock`](Self::lock) has taken.
    pub(crate) fn unlock(&self) {
        self.lock.unlock();
    }

    /// Removes the waiters of all threads except `thread`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that there is no other thread, and that the lock is not held.
    pub(crate) unsafe fn retain_thread(&self, thread: usize) {
        // SAFETY: there is no other thread that could use the value. The old value, which a thread that no longer
        // exists may have left locked, is overwritten and not read.
        unsafe { self.sleepers.get().write(Sleepers::new()) };
        // The waiters are alive, because a child process has the memory of all threads of its parent.
        self.with(|waiters| {
            for position in (0..waiters.count()).rev() {
                if waiters.claim(position).thread != thread {
                    waiters.remove(position);
                }
            }
        });
    }
}

// SAFETY: only the holder of the lock uses the waiters, which are `Sync`. `Sleepers` is replaced only where there is no other
// thread, and a `Mutex` and a `Condvar` may be sent to other threads.
unsafe impl Send for Queue {}
// SAFETY: only the holder of the lock uses the waiters. `Sleepers` is replaced only where there is no other thread, and threads
// may share a `Mutex` and a `Condvar`.
unsafe impl Sync for Queue {}
