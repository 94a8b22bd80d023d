//! The pool of free slots: as many as have ever been in use at once.
//! Under the GIL one for all threads; without it one for each, as a slot stays on its thread.

use super::Slot;
use pyo3::prelude::*;
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

/// The first free slot, which knows the next.
struct Pool(Cell<*mut Slot>);

#[cfg(not(Py_GIL_DISABLED))]
mod shared {
    use super::{Cell, Pool, ptr};

    // SAFETY: only those who hold the GIL get at it.
    unsafe impl Sync for Pool {}

    static POOL: Pool = Pool(Cell::new(ptr::null_mut()));

    #[inline]
    pub(super) fn with<X>(work: impl FnOnce(&Pool) -> X) -> X {
        work(&POOL)
    }
}

#[cfg(Py_GIL_DISABLED)]
mod shared {
    use super::{Cell, Pool, ptr};

    thread_local! {
        static POOL: Pool = const { Pool(Cell::new(ptr::null_mut())) };
    }

    #[inline]
    pub(super) fn with<X>(work: impl FnOnce(&Pool) -> X) -> X {
        POOL.with(work)
    }
}

/// A slot that nobody else has.
#[inline]
pub(super) fn take(_py: Python<'_>) -> NonNull<Slot> {
    shared::with(|pool| match NonNull::new(pool.0.get()) {
        Some(slot) => {
            // SAFETY: a slot in the pool is nobody's, and was written when it was given.
            pool.0.set(unsafe { (*slot.as_ptr()).next });
            slot
        }
        None => build(),
    })
}

/// Takes back a slot that nobody uses any more.
#[inline]
pub(super) fn give(_py: Python<'_>, slot: NonNull<Slot>) {
    shared::with(|pool| {
        // SAFETY: it is nobody's now.
        unsafe { (*slot.as_ptr()).next = pool.0.get() };
        pool.0.set(slot.as_ptr());
    });
}

/// A slot more than there ever were; it goes to the pool later, and is never freed.
#[cold]
#[inline(never)]
fn build() -> NonNull<Slot> {
    NonNull::from(Box::leak(Box::new(Slot {
        export: MaybeUninit::uninit(),
        claim: MaybeUninit::uninit(),
        first: ptr::null_mut(),
        facts: MaybeUninit::uninit(),
        next: ptr::null_mut(),
    })))
}
