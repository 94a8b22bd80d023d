//! Forks: a child process removes the claims of its parent's other threads, because those threads do not exist in it.

use super::thread::this_thread;
use std::ffi::c_int;
use std::sync::OnceLock;
use typedview_claims::Table;

unsafe extern "C" {
    /// POSIX: registers functions that the system calls whenever this process forks.
    fn pthread_atfork(
        prepare: unsafe extern "C" fn(),
        parent: unsafe extern "C" fn(),
        child: unsafe extern "C" fn(),
    ) -> c_int;
}

/// The table that this extension has published. Another extension watches over the table that it has published itself.
static WATCHED: OnceLock<&'static Table> = OnceLock::new();

/// Registers the functions below for a table that this extension has published.
pub(super) fn watch(table: &'static Table) {
    WATCHED.get_or_init(|| {
        // SAFETY: the functions stay loaded, because extensions are never unloaded. When the system has no memory to
        // register them, a child process keeps all claims.
        _ = unsafe { pthread_atfork(before, after_in_parent, after_in_child) };
        table
    });
}

unsafe extern "C" fn before() {
    if let Some(table) = WATCHED.get() {
        // SAFETY: this extension has published the table, a fork from Python is made by an attached thread, and the system
        // calls one of the functions below next.
        unsafe { table.before_fork() };
    }
}

unsafe extern "C" fn after_in_parent() {
    if let Some(table) = WATCHED.get() {
        // SAFETY: the system has called `before` on this thread, before the fork.
        unsafe { table.after_fork_in_parent() };
    }
}

unsafe extern "C" fn after_in_child() {
    if let Some(table) = WATCHED.get() {
        // SAFETY: the system has called `before` in the parent, and a child process has only one thread.
        unsafe { table.after_fork_in_child(this_thread()) };
    }
}
