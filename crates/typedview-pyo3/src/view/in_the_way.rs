//! Refusals of a claim: who is in the way, in which use, and what to do about it.
//! Apart because they name two parties, where every other refusal names the memory.

#[cfg(feature = "rust-numpy-locks")]
use crate::interop::rust_numpy_locks::{Taken, Unborrowed};
use crate::lock::{Mode, Unregistered};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use typedview::Spec;

fn purpose(mode: Mode) -> &'static str {
    match mode {
        Mode::LocalRead | Mode::Shared => "reading",
        Mode::LocalWrite | Mode::Exclusive => "writing",
    }
}

/// The refusal of a lock on memory that has no range.
#[cold]
pub(super) fn behind_pointers(spec: fn() -> Spec, mode: Mode) -> PyErr {
    PyBufferError::new_err(format!(
        "cannot lock {} for {}: memory behind pointers may be anywhere; copy it to lock it",
        spec(),
        purpose(mode),
    ))
}

/// The refusal of a claim, naming both parties.
#[cold]
pub(super) fn conflict(what: &str, spec: fn() -> Spec, mode: Mode, unregistered: Unregistered) -> PyErr {
    let other = match unregistered {
        Unregistered::Met(other) => other,
        Unregistered::Raised(exception) => return exception,
    };
    let state = match other.mode {
        Mode::LocalRead => "in use for reading",
        Mode::LocalWrite => "in use for writing",
        Mode::Shared => "locked for reading",
        Mode::Exclusive => "locked for writing",
    };
    let thread = if other.is_of_this_thread() { "" } else { " on another thread" };
    PyBufferError::new_err(format!(
        "cannot {what} {} for {}: its memory is {state} as {}{thread}; \
         pass memory that does not overlap, or a copy",
        spec(),
        purpose(mode),
        other.shown(),
    ))
}

/// The refusal of a view that rust-numpy is in the way of.
#[cfg(feature = "rust-numpy-locks")]
#[cold]
pub(super) fn borrowed(spec: fn() -> Spec, write: bool, unborrowed: Unborrowed) -> PyErr {
    let spec = spec();
    let text = match unborrowed {
        Unborrowed::Raised(exception) => return exception,
        Unborrowed::Taken(Taken::Borrowed) if write => format!(
            "cannot take {spec} for writing: its array is in use through rust-numpy; pass another array, or a copy"
        ),
        Unborrowed::Taken(Taken::Borrowed) => format!(
            "cannot take {spec} for reading: its array is in use for writing through rust-numpy; \
             pass another array, or a copy"
        ),
        Unborrowed::Taken(Taken::Readonly) => format!(
            "cannot take {spec} for writing: it is a view of a readonly array, which rust-numpy does not lend; pass a copy"
        ),
    };
    PyBufferError::new_err(text)
}
