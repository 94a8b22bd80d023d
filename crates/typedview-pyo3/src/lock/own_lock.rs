//! Locks that Python code holds: under one, the thread that has it uses the memory by value, through any view of this extension.
//! They are separate from the locks of Rust functions, which lend references and exclude their own thread as well.

use super::this_thread;
use crate::attached::attached;
use pyo3::prelude::*;
use std::cell::RefCell;
use std::ptr::NonNull;
use typedview_claims::Claim;

/// The claims that Python code holds, with the numbers of their threads.
struct Own(RefCell<Vec<(usize, NonNull<Claim>)>>);

// SAFETY: the pointers are only handed to the table, by the thread that has made the claim.
unsafe impl Sync for Own {}

attached!(static OWN: Own = Own(RefCell::new(Vec::new())));

/// Returns the claim of the last lock that Python code holds on this thread, if there is one.
#[inline]
pub(crate) fn own_lock(py: Python<'_>) -> Option<NonNull<Claim>> {
    let thread = this_thread();
    OWN.with(py, |own| own.0.borrow().iter().rev().find(|lock| lock.0 == thread).map(|lock| lock.1))
}

/// Notes that this thread holds the lock with this claim, which is in the table.
pub(crate) fn add_own_lock(py: Python<'_>, claim: NonNull<Claim>) {
    OWN.with(py, |own| own.0.borrow_mut().push((this_thread(), claim)));
}

/// Notes that the lock with this claim has ended.
pub(crate) fn remove_own_lock(py: Python<'_>, claim: NonNull<Claim>) {
    OWN.with(py, |own| own.0.borrow_mut().retain(|lock| lock.1 != claim));
}
