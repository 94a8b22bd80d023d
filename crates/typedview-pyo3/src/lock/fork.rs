//! Forks: in a child process the threads of its parent are gone, and so are their claims.

use super::process::known_table;
use super::thread::this_thread;
use std::ffi::c_int;
use std::sync::Once;
use typedview_claims::Table;

unsafe extern "C" {
    /// POSIX: functions that are called whenever this process forks.
    fn pthread_atfork(
        prepare: unsafe extern "C" fn(),
        parent: unsafe extern "C" fn(),
        child: unsafe extern "C" fn(),
    ) -> c_int;
}

/// Takes care of a table that this extension has published, and that [`known_table`] gives.
pub(super) fn watch(_table: &'static Table) {
    static WATCHED: Once = Once::new();
    // SAFETY: the functions stay loaded, as extensions do. Without memory for them a child keeps all claims.
    WATCHED.call_once(|| _ = unsafe { pthread_atfork(before, after_in_parent, after_in_child) });
}

unsafe extern "C" fn before() {
    // SAFETY: the table was known when this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: the system calls one of the functions below next.
    unsafe { table.before_fork() };
}

unsafe extern "C" fn after_in_parent() {
    // SAFETY: the table was known when this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: the system has called `before`.
    unsafe { table.after_fork_in_parent() };
}

unsafe extern "C" fn after_in_child() {
    // SAFETY: the table was known when this function was registered.
    let table = unsafe { known_table() };
    // SAFETY: the system has called `before`, and a child process has one thread.
    unsafe { table.after_fork_in_child(this_thread()) };
}
