//! Forks: a child process has the table of its parent, but only one of its threads.

use crate::table::{IN_RECENT, Table};
use std::sync::atomic::Ordering;

impl Table {
    /// Keeps other threads off, so that a child process finds the table whole.
    ///
    /// # Safety
    ///
    /// This thread has the table published, is attached to the interpreter, and calls
    /// [`after_fork_in_parent`](Self::after_fork_in_parent) or [`after_fork_in_child`](Self::after_fork_in_child) next.
    pub unsafe fn before_fork(&self) {
        if self.threads_run_at_once != 0 {
            self.inside().queue.lock();
            self.inside().grid.lock_all();
        }
    }

    /// Lets other threads go on.
    ///
    /// # Safety
    ///
    /// [`before_fork`](Self::before_fork) has been called.
    pub unsafe fn after_fork_in_parent(&self) {
        if self.threads_run_at_once != 0 {
            self.inside().grid.unlock_all();
            self.inside().queue.unlock();
        }
    }

    /// Takes out what belongs to other threads than `thread`, which is the only one in the child.
    ///
    /// # Safety
    ///
    /// [`before_fork`](Self::before_fork) has been called in the parent, and there is no other thread.
    pub unsafe fn after_fork_in_child(&self, thread: usize) {
        let inside = self.inside();
        // SAFETY: before the fork, which has kept other threads off, the locks were taken.
        unsafe { self.after_fork_in_parent() };
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
        // SAFETY: nobody else is there to change the list.
        unsafe { self.recent.retain(&mut stays) };
        // SAFETY: there is no other thread.
        unsafe { inside.grid.retain(&mut stays) };
        // SAFETY: there is no other thread, and no lock is held.
        unsafe { inside.queue.retain_thread(thread) };
        self.recent_count.set(in_recent);
        inside.in_grid.set(in_grid);
        self.locks.set(locks + inside.queue.length());
    }
}
