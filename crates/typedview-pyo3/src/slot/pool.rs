//! The pool of free slots: as many as have ever been in use at once.
//! A slot stays on its thread, so that no thread needs to know of another's.

use super::Slot;
use crate::attached::attached;
use pyo3::prelude::*;
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use typedview_claims::Claim;

attached!(static FREE: Cell<*mut Slot> = Cell::new(ptr::null_mut()));

/// A slot that nobody else has.
#[inline(always)]
pub(super) fn take(py: Python<'_>) -> NonNull<Slot> {
    FREE.with(py, |free| match NonNull::new(free.get()) {
        Some(slot) => {
            // SAFETY: a slot in the pool is nobody's, and was written when it was given.
            free.set(unsafe { (*slot.as_ptr()).next });
            slot
        }
        None => build(),
    })
}

/// Takes back a slot that nobody uses any more.
#[inline(always)]
pub(super) fn give(py: Python<'_>, slot: NonNull<Slot>) {
    FREE.with(py, |free| {
        // SAFETY: it is nobody's now.
        unsafe { (*slot.as_ptr()).next = free.get() };
        free.set(slot.as_ptr());
    });
}

/// A slot more than there ever were; it goes to the pool later, and is never freed.
#[cold]
#[inline(never)]
fn build() -> NonNull<Slot> {
    NonNull::from(Box::leak(Box::new(Slot {
        export: MaybeUninit::uninit(),
        claim: Claim::vacant(),
        first: ptr::null_mut(),
        payload: MaybeUninit::uninit(),
        next: ptr::null_mut(),
    })))
}
