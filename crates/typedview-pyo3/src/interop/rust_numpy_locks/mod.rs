//! `rust-numpy-locks`: views of NumPy's arrays, told to the table that rust-numpy keeps.
//!
//! `capsule` is that table, which rust-numpy's extensions share, `found` where it is, `root` the array that stands for all
//! views of its memory, `entry` what typedview holds of one in the table, `borrow` a view's part in it.
//!
//! # Rationale
//!
//! A view is told when it arrives, not when it is locked: a local writer under a `&[T]` of rust-numpy is as bad as a lock,
//! and a lock never does more than the view it is made of. For rust-numpy two writers of one array conflict, for typedview
//! local ones do not; so what is registered is one borrow for all of typedview's views of an array.

mod borrow;
mod capsule;
mod entry;
mod found;
mod root;

pub(crate) use borrow::{Borrow, Unborrowed};
pub(crate) use capsule::Taken;
