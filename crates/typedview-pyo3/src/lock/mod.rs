//! Locks: who may touch which memory, known to everybody in the process.
//!
//! `typedview-claims` has the table of claims and its rules. Here are `process`, where all extensions of a process find one
//! table, `fork`, what becomes of it in a child process, `claim_guard`, entering and leaving it, `thread`, who does, and
//! `guard`, what a user holds.

mod claim_guard;
#[cfg(unix)]
mod fork;
mod guard;
mod process;
mod thread;

pub(crate) use claim_guard::{ClaimError, ClaimGuard, enter, enter_within, leave};
pub(crate) use guard::Keeper;
pub use guard::{ReadLock, WriteLock};
#[cfg(feature = "rust-numpy-locks")]
pub(crate) use process::interpreter_dictionary;
pub(crate) use thread::this_thread;
