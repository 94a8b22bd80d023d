//! Locks: who may touch which memory, known to everybody in the process.
//! `claim` is integers, `place` where they come from, `table` a list of them, `capsule` the one table that extensions
//! built apart share, `registered` entering and leaving it, `thread` who does,
//! `waiters` those who wait for that, `guard` what a user holds.

mod capsule;
mod claim;
mod guard;
mod place;
mod registered;
mod table;
mod thread;
mod waiters;

#[cfg(feature = "rust-numpy-locks")]
pub(crate) use capsule::interpreter_dictionary;
pub(crate) use claim::{Claim, Mode, Place, Show};
pub use guard::{ReadLock, WriteLock};
pub(crate) use registered::{Registered, Unregistered, enter, leave};
