//! Forks: a child process removes the claims of its parent's other threads, because those threads do not exist in it.

use super::process::known_table;
use super::thread::this_thread;
use std::ffi::c_int;
use std::sync::Once;
use typedview_claims::Table;

unsafe extern "C" {
    /// POSIX: registers functions that the system calls whenever this process forks.
    fn pthread_atfork(
        prepare: unsafe extern "C" fn(),
        parent: unsafe extern "C" fn(),
        child: unsafe extern "C" fn(),
    ) -> c_int;
}

/// Registers the functions below for a table that this extension has published, and that [`known_table`] returns.
pub(super) fn watch(_table: &'static Table) {
    static WATCHED: Once = Once::new();
    // SAFETY: the functions stay loaded, because extensions are never unloaded. When the system has no memory to
    // register them, a child process keeps all claims.
    WATCHED.call_once(|| _ = unsafe { pthread_atfork(before, after_in_parent, after_in_child) });
}

unsafe extern "C" fn before() {
    // SAFETY: `table` had returned the table before this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: this extension has published the table, a fork from Python is made by an attached thread, and the system
    // calls one of the functions below next.
    unsafe { table.before_fork() };
}

unsafe extern "C" fn after_in_parent() {
    // SAFETY: `table` had returned the table before this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: the system has called `before` on this thread, before the fork.
    unsafe { table.after_fork_in_parent() };
}

unsafe extern "C" fn after_in_child() {
    // SAFETY: `table` had returned the table before this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: the system has called `before` in the parent, and a child process has only one thread.
    unsafe { table.after_fork_in_child(this_thread()) };
}
