//! Locks: who may touch which memory, known to everybody in the process.
//! `claim` is integers, `table` a list of claims behind a mutex, `guard` what a user holds.

mod claim;
mod guard;
mod table;

pub(crate) use claim::{Claim, Mode};
pub use guard::{ReadLock, WriteLock};
pub(crate) use table::{Registered, register};
