//! The pool of free slots. It has as many slots as have ever been in use at once.
//! A slot stays on its thread, so without a GIL each thread has a pool of its own and does not access that of another.

use super::Slot;
use crate::attached::attached;
use pyo3::prelude::*;
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use typedview_claims::Claim;

attached!(static FREE: Cell<*mut Slot> = Cell::new(ptr::null_mut()));

/// Returns a slot that nothing else uses.
#[inline(always)]
pub(super) fn take(py: Python<'_>) -> NonNull<Slot> {
    FREE.with(py, |free| match NonNull::new(free.get()) {
        Some(slot) => {
            // SAFETY: a slot in the pool is alive and nothing uses it. Its field `next` was written when it was put
            // there.
            free.set(unsafe { (*slot.as_ptr()).next });
            slot
        }
        None => build(),
    })
}

/// Puts a slot back that nothing uses any more.
#[inline(always)]
pub(super) fn give(py: Python<'_>, slot: NonNull<Slot>) {
    FREE.with(py, |free| {
        // SAFETY: the slot is alive and nothing uses it any more, so its field `next` can be written.
        unsafe { (*slot.as_ptr()).next = free.get() };
        free.set(slot.as_ptr());
    });
}

/// Allocates a slot, because all slots are in use. It goes to the pool when it is given back, and is never freed.
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
