//! Forks: what happens to the table when the process forks. A child process has the table of its parent, but only one
//! of the parent's threads.

use crate::table::{IN_RECENT, Table};
use std::sync::atomic::Ordering;

impl Table {
    /// Keeps other threads away from the table, so that a child process finds it in a consistent state.
    ///
    /// # Safety
    ///
    /// The caller must ensure that this extension has published the table, that this thread is attached to the
    /// interpreter, and that this thread calls [`after_fork_in_parent`](Self::after_fork_in_parent) or
    /// [`after_fork_in_child`](Self::after_fork_in_child) next.
    pub unsafe fn before_fork(&self) {
        if self.threads_run_at_once != 0 {
            self.inside().queue.lock();
            self.inside().grid.lock_all();
        }
    }

    /// Lets other threads use the table again.
    ///
    /// # Safety
    ///
    /// The caller must ensure that [`before_fork`](Self::before_fork) has been called.
    pub unsafe fn after_fork_in_parent(&self) {
        self.unlock_all();
    }

    /// Releases the locks that [`before_fork`](Self::before_fork) has taken.
    fn unlock_all(&self) {
        if self.threads_run_at_once != 0 {
            self.inside().grid.unlock_all();
            self.inside().queue.unlock();
        }
    }

    /// Removes the claims and waiters of all threads except `thread`, which is the only thread in the child process.
    ///
    /// # Safety
    ///
    /// The caller must ensure that [`before_fork`](Self::before_fork) has been called in the parent, and that there is
    /// no other thread.
    pub unsafe fn after_fork_in_child(&self, thread: usize) {
        let inside = self.inside();
        self.unlock_all();
        let (mut in_recent, mut in_grid, mut locks) = (0, 0, 0);
        let mut stays = |claim: &crate::Claim| {
            let stays = claim.thread == thread;
            if stays && claim.state.load(Ordering::Relaxed) == IN_RECENT {
                in_recent += 1;
            } else if stays {
                in_grid += 1;
            }
            locks += usize::from(stays && claim.mode.is_lock());
            stays
        };
        // SAFETY: the caller guarantees that there is no other thread that could use the list (K3).
        unsafe { self.recent.retain(&mut stays) };
        // SAFETY: the caller guarantees that there is no other thread that could use the grid.
        unsafe { inside.grid.retain(&mut stays) };
        // SAFETY: there is no other thread, and the lock of the queue has been released above.
        unsafe { inside.queue.retain_thread(thread) };
        self.recent_count.set(in_recent);
        inside.in_grid.set(in_grid);
        // Waiters are counted as locks.
        self.locks.set(locks + inside.queue.length());
    }
}
