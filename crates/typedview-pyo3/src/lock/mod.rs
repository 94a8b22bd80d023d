//! Locks: who may touch which memory, known to everybody in the process.
//! `claim` is integers, `place` where they come from, `table` a list of them, `capsule` the one table that extensions
//! built apart share, `registered` a claim in it, `guard` what a user holds.

mod capsule;
mod claim;
mod guard;
mod place;
mod registered;
mod table;

pub(crate) use claim::{Claim, Mode, Place, Show};
pub use guard::{ReadLock, WriteLock};
pub(crate) use registered::{Registered, Unregistered, register, register_in_time};
