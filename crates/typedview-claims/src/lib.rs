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
//!
//! # Examples
//!
//! ```
//! use std::ptr;
//! use typedview::Strided;
//! use typedview_claims::{Claim, Mode, Table};
//!
//! unsafe extern "C" fn show(text: *mut u8, capacity: usize) -> usize {
//!     let spec = b"double[:]";
//!     assert!(spec.len() <= capacity);
//!     // SAFETY: the caller guarantees that there is room for `capacity` bytes.
//!     unsafe { text.copy_from_nonoverlapping(spec.as_ptr(), spec.len()) };
//!     spec.len()
//! }
//!
//! // Thread 1 writes every second one of eight doubles at the address 1000. Thread 2 wants to lock all of them.
//! let (mut every_other, mut all) = (Claim::vacant(), Claim::vacant());
//! every_other.set(1000, &Strided::new([4], [16], 8)?, 8, Mode::LOCAL_WRITE, 1, show).unwrap();
//! all.set(1000, &Strided::new([8], [8], 8)?, 8, Mode::SHARED, 2, show).unwrap();
//! assert!(every_other.conflicts(&all, false));
//!
//! let table = Table::leak(false);
//! // SAFETY: only this thread uses the table, and the claim does not move while it is there.
//! unsafe { table.enter::<false>(&mut every_other, ptr::null()) }.unwrap();
//! // SAFETY: only this thread uses the table, and the claim is refused.
//! let conflict = unsafe { table.enter::<false>(&mut all, ptr::null()) }.unwrap_err();
//! assert_eq!((conflict.mode(), conflict.thread()), (Mode::LOCAL_WRITE, 1));
//! assert_eq!(conflict.shown(), "double[:]");
//! // SAFETY: the claim is in the table, and only this thread uses it.
//! unsafe { table.leave::<false>(&every_other) };
//! # Ok::<(), typedview::Error>(())
//! ```

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
