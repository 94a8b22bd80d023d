//! The table of claims: it records which views use which memory of a process, and which uses exclude each other.
//!
//! This crate is the part of `typedview-pyo3` that does not need Python, so that Rust tests can reach it. Every view of
//! Python memory is a [`Claim`] in one [`Table`]. All extensions of a process share that table, no matter who built
//! them. [`Table`] and [`Claim`] are therefore a C interface.
//!
//! | file | what it contains |
//! |---|---|
//! | `footprint` | the bytes that the elements of a layout occupy, and whether two footprints have a byte in common |
//! | `claim` | a footprint, what its holder does with the memory, and when two claims conflict |
//! | `list` | lists of claims, linked through the claims themselves |
//! | `grid` | claims filed by address, so that a claim is compared with its neighbours only |
//! | `queue` | the threads that wait for a claim, in order of arrival |
//! | `table` | the interface that extensions share |
//! | `functions` | the functions that a new table points to |
//! | `entering` | how a claim is compared with the others, added to the table and removed from it |
//! | `waiting` | which waiters hold a claim back, which would wait in vain, and who is served |
//! | `fork` | what happens to the table when the process forks |
//! | `spin` | the lock of the queue and of each bucket of the grid |
//!
//! # The interface
//!
//! Extensions that were built separately agree on the following, and on nothing else:
//!
//! - The fields of [`Table`] and [`Claim`], which are plain integers and pointers. A later version may add fields at
//!   the end of [`Table`], which its `size` shows. No field changes its meaning.
//! - A mode that the reader does not know counts as [`Mode::EXCLUSIVE`], which conflicts with everything.
//! - A claim enters and leaves through the functions that the table points to. Under a GIL the usual case, in which no
//!   lock and only few views are in the table, does not call them: [`Table::enter`] and [`Table::leave`] are compiled
//!   into each extension and handle that case themselves.
//!
//! Only the extension that published the table decides how these functions find a conflict.

mod claim;
mod entering;
mod footprint;
mod fork;
mod functions;
mod grid;
mod list;
mod queue;
mod spin;
mod table;
mod waiting;

pub use claim::{Claim, Mode, Show};
pub use footprint::Footprint;
pub use queue::Waiter;
pub use table::{Conflict, Table, Wait};
