//! The table of claims: who uses which memory of a process, and which uses exclude each other.
//!
//! A part of `typedview-pyo3` that needs no Python, so that Rust tests reach it. Every view of Python memory is a [`Claim`]
//! in one [`Table`] that all extensions of a process share, whoever built them: [`Table`] and [`Claim`] are a C interface.
//!
//! | file | what it is |
//! |---|---|
//! | `footprint` | which bytes the elements of a layout occupy, and whether two of them have a byte in common |
//! | `claim` | a footprint, what its holder does with it, and when two claims conflict |
//! | `grid` | claims by address, so that a claim is held against its neighbours alone |
//! | `queue` | those who wait for a claim, in order of arrival |
//! | `table` | the interface that extensions share, and the algorithm behind it |
//!
//! # The interface
//!
//! Extensions that were built apart agree on the following, and on nothing else:
//!
//! - the fields of [`Table`] and [`Claim`], which are plain integers and pointers. A later version may add fields at the end
//!   of [`Table`], and tells so by its `size`; no field changes its meaning;
//! - a mode that the one who reads it does not know is [`Mode::EXCLUSIVE`], which conflicts with everything;
//! - a claim enters and leaves by the functions in the table. Under a GIL the usual case, no lock anywhere and few views, is
//!   done in place: [`Table::enter`] and [`Table::leave`] are compiled into each extension.
//!
//! How the functions find a conflict is the business of the extension that has published the table.

mod claim;
mod entering;
mod footprint;
mod fork;
mod grid;
mod list;
mod queue;
mod spin;
mod table;

pub use claim::{Claim, Mode, Show};
pub use footprint::Footprint;
pub use queue::Waiter;
pub use table::{Conflict, Table, Wait};
