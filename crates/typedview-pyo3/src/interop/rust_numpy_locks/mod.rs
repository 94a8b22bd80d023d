//! `rust-numpy-locks`: registers views of NumPy arrays in the table of borrows that rust-numpy keeps.
//!
//! `capsule` defines that table, which all extensions that use rust-numpy share. `rust_numpy` finds the table. `roots` lists what
//! typedview holds of each array at the end of a chain of bases, and `borrow` is the share of one view in that. rust-numpy
//! is shown a stand-in for such an array: see `ndarray/stand_in.rs`.
//!
//! # Rationale
//!
//! A view is registered when its claim is entered, not when it is locked. A local writer under a `&[T]` of rust-numpy does as
//! much harm as a lock, and a lock never allows more than the view that it was made from.
//!
//! For rust-numpy, two writers of one array conflict. For typedview, local writers do not conflict. Therefore one
//! borrow is registered for all of typedview's views of an array.

mod borrow;
mod capsule;
mod roots;
mod rust_numpy;

pub(crate) use borrow::{Borrow, BorrowError};
pub(crate) use capsule::BorrowConflict;
