//! Locks: which view may use which memory, in one table of claims that all extensions of a process share.
//!
//! The table and its rules are in `typedview-claims`. The files here connect it with Python:
//!
//! - `process` finds the one table that all extensions of a process share;
//! - `fork` keeps that table consistent in a child process;
//! - `claim_guard` enters claims into the table, waits until a claim can enter, and removes them;
//! - `conflict_words` says what the other party does, in exceptions;
//! - `own_lock` knows the locks that Python code holds;
//! - `thread` returns the number of the current thread.
//!
//! The locks that a user holds are in `view/lock_guards.rs`.

mod claim_guard;
mod conflict_words;
#[cfg(unix)]
mod fork;
#[cfg(feature = "view")]
mod own_lock;
mod process;
mod thread;

#[cfg(feature = "view")]
pub(crate) use claim_guard::has_locks;
pub(crate) use claim_guard::{ClaimError, ClaimGuard, enter, enter_within, leave};
pub(crate) use conflict_words::{advice_in_turn, other_use, purpose};
#[cfg(feature = "view")]
pub(crate) use own_lock::{OwnLock, own_lock};
#[cfg(feature = "rust-numpy-locks")]
pub(crate) use process::shared;
pub(crate) use thread::this_thread;
