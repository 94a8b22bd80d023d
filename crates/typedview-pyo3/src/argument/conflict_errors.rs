//! The exceptions that refuse a claim: they say who uses the memory, in which way, and what to do about it.
//! They are in a file of their own because they name two parties, while all other refusals name the memory.

#[cfg(feature = "rust-numpy-locks")]
use crate::interop::rust_numpy_locks::{BorrowConflict, BorrowError};
use crate::lock::{ClaimError, advice_in_turn, other_use, purpose};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use typedview::Spec;
use typedview_claims::Mode;

/// Returns the exception that refuses a lock on memory behind pointers, which may be anywhere.
#[cold]
pub(crate) fn behind_pointers(spec: fn() -> Spec, mode: Mode) -> PyErr {
    PyBufferError::new_err(format!(
        "cannot lock {} for {}: memory behind pointers may be anywhere; copy it to lock it",
        spec(),
        purpose(mode),
    ))
}

/// Returns the exception that refuses a claim because of another one. It names both parties.
#[cold]
pub(crate) fn conflict(what: &str, spec: fn() -> Spec, mode: Mode, error: ClaimError) -> PyErr {
    let other = match error {
        ClaimError::Conflict(other) => other,
        ClaimError::Raised(exception) => return exception,
    };
    let advice = advice_in_turn(&other).unwrap_or("; pass memory that does not overlap, or a copy");
    PyBufferError::new_err(format!(
        "cannot {what} {} for {}: its memory is {}{advice}",
        spec(),
        purpose(mode),
        other_use(&other),
    ))
}

/// Returns the exception that refuses a view because rust-numpy has lent its array or does not lend it for writing.
#[cfg(feature = "rust-numpy-locks")]
#[cold]
pub(crate) fn borrowed(spec: fn() -> Spec, write: bool, unborrowed: BorrowError) -> PyErr {
    let spec = spec();
    let text = match unborrowed {
        BorrowError::Raised(exception) => return exception,
        BorrowError::BorrowConflict(BorrowConflict::Borrowed) if write => format!(
            "cannot take {spec} for writing: its array is in use through rust-numpy; pass another array, or a copy"
        ),
        BorrowError::BorrowConflict(BorrowConflict::Borrowed) => format!(
            "cannot take {spec} for reading: its array is in use for writing through rust-numpy; \
             pass another array, or a copy"
        ),
        BorrowError::BorrowConflict(BorrowConflict::Readonly) => format!(
            "cannot take {spec} for writing: it is a view of a readonly array, which rust-numpy does not lend; pass a copy"
        ),
    };
    PyBufferError::new_err(text)
}
