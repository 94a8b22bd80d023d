//! The words for a use of memory that stands in the way of another one, in all exceptions that refuse a claim.

use super::this_thread;
use typedview_claims::{Conflict, Mode};

/// Returns the word for what a holder in this mode does.
pub(crate) fn purpose(mode: Mode) -> &'static str {
    if mode.writes() { "writing" } else { "reading" }
}

/// Returns what the other party does: "locked for writing as double[:] on another thread".
#[cold]
pub(crate) fn other_use(other: &Conflict) -> String {
    let state = match (other.waits(), other.mode().is_lock()) {
        (false, false) => "in use",
        (false, true) => "locked",
        (true, false) => "about to be used",
        (true, true) => "about to be locked",
    };
    let thread = if other.thread() == this_thread() { "" } else { " on another thread" };
    format!("{state} for {} as {}{thread}", purpose(other.mode()), other.shown())
}

/// Returns what to do if the two parties would wait for each other, and nothing if they would not.
pub(crate) fn advice_in_turn(other: &Conflict) -> Option<&'static str> {
    other
        .waits_in_turn()
        .then_some(", which waits for memory that this thread has; take the same memory first everywhere")
}
