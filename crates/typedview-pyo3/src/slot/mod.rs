//! Slots: heap memory that holds the export, the claim and the layout of one argument from its arrival to its release.
//!
//! An argument is one pointer to its slot, so that nothing is moved right after it has been written. The processor
//! would have to wait for such recent stores before it could load them again (measured: 20 of 31 ns). A `Py_buffer` may
//! point into itself, and a claim is linked to its neighbours in a list, so neither of them may be moved anyway. `pool`
//! keeps the free slots.

mod pool;

use crate::acquire::Export;
use pyo3::prelude::*;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{MaybeUninit, needs_drop};
use std::ptr::{self, NonNull};
use typedview_claims::Claim;

/// The number of words that a slot has for a payload, such as a layout. A larger payload is kept on the heap.
const WORDS: usize = 40;

/// The memory of one argument.
pub(super) struct Slot {
    export: MaybeUninit<Export>,
    claim: Claim,
    first: *mut u8,
    payload: MaybeUninit<[usize; WORDS]>,
    /// The next free slot in the pool, while this slot is free.
    next: *mut Slot,
}

/// A slot that holds no export yet. It is given back to the pool when dropped.
///
/// - P1. The slot belongs to this value alone, and the slot does not move.
/// - P2. This value stays on its thread, because a pointer is neither `Send` nor `Sync`. That thread is attached to the interpreter
///   whenever the value is used.
pub(crate) struct Vacant(NonNull<Slot>);

/// A slot that holds an export and a payload `X` about its memory. Both are given back when this value is dropped.
///
/// - P3. The export, the first element and the payload have been written to the slot.
pub(crate) struct Occupied<X> {
    vacant: Vacant,
    payload: PhantomData<X>,
}

impl Vacant {
    /// Takes a slot from the pool.
    #[inline]
    pub(crate) fn take(py: Python<'_>) -> Self {
        // INVARIANT P1: the pool gives a slot to one caller only, and a slot is a leaked allocation, which never moves.
        // INVARIANT P2: this thread is attached to the interpreter, and the value is not `Send`.
        Self(pool::take(py))
    }

    /// Returns the memory location that the export has to be written to.
    #[inline]
    pub(crate) fn export(&mut self) -> &mut MaybeUninit<Export> {
        // SAFETY: the slot is alive and belongs to this value alone (P1), which is borrowed mutably.
        unsafe { &mut (*self.0.as_ptr()).export }
    }

    /// Returns a pointer to the claim, which stays at this address until the slot is given back.
    #[inline]
    pub(crate) fn claim(&self) -> NonNull<Claim> {
        // SAFETY: the slot is alive and belongs to this value (P1), so the address of its field can be taken.
        let claim = unsafe { &raw mut (*self.0.as_ptr()).claim };
        // SAFETY: the address of a field of a live slot is not null.
        unsafe { NonNull::new_unchecked(claim) }
    }

    /// Writes the address of the first element and the payload to the slot.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export has been written.
    #[inline(always)]
    pub(crate) unsafe fn occupy<X>(self, first: *mut u8, payload: X) -> Occupied<X> {
        // SAFETY: the slot is alive and belongs to `self` alone (P1), which this function consumes.
        let slot = unsafe { &mut *self.0.as_ptr() };
        slot.first = first;
        let place = slot.payload.as_mut_ptr();
        if fits::<X>() {
            // SAFETY: `fits` has returned that the field `payload` has the size and the alignment for an `X`.
            unsafe { place.cast::<X>().write(payload) };
        } else {
            // SAFETY: the field `payload` is larger than a pointer, and it is aligned for words.
            unsafe { place.cast::<*mut X>().write(Box::into_raw(Box::new(payload))) };
        }
        // INVARIANT P3: the caller guarantees that the export has been written, and this function has written the rest.
        Occupied { vacant: self, payload: PhantomData }
    }
}

/// Returns whether a payload `X` is kept in the slot itself, and not on the heap.
const fn fits<X>() -> bool {
    size_of::<X>() <= WORDS * size_of::<usize>() && align_of::<X>() <= align_of::<usize>()
}

impl<X> Occupied<X> {
    #[inline]
    fn slot(&self) -> &Slot {
        // SAFETY: the slot is alive and belongs to this value alone (P1), which is borrowed as long as the result.
        unsafe { self.vacant.0.as_ref() }
    }

    /// Returns the address of the first element.
    #[inline]
    pub(crate) fn first(&self) -> *mut u8 {
        self.slot().first
    }

    /// Returns the export, at the address where it was written.
    #[inline]
    pub(crate) fn export(&self) -> &Export {
        // SAFETY: the export was written before the slot became `Occupied` (P3).
        unsafe { self.slot().export.assume_init_ref() }
    }

    /// Returns the payload, which says what is known of the memory.
    #[inline]
    pub(crate) fn payload(&self) -> &X {
        let place = self.slot().payload.as_ptr();
        if fits::<X>() {
            // SAFETY: a payload that fits was written to the slot itself before the slot became `Occupied` (P3).
            return unsafe { &*place.cast::<X>() };
        }
        // SAFETY: a payload that does not fit is in a box, and the pointer to that box was written to the slot (P3).
        let payload = unsafe { *place.cast::<*const X>() };
        // SAFETY: the pointer came from `Box::into_raw` (P3), and the box is not freed before `self` is dropped.
        unsafe { &*payload }
    }

    /// Returns a pointer to the claim, which stays at this address until the slot is given back.
    #[inline]
    pub(crate) fn claim(&self) -> NonNull<Claim> {
        self.vacant.claim()
    }

    /// Returns the export. The payload is dropped, and the slot is given back to the pool.
    pub(crate) fn into_export(mut self) -> Export {
        // SAFETY: the payload has been written (P3), and it is not used again because `self` is forgotten below.
        unsafe { self.drop_payload() };
        // SAFETY: `self` is forgotten in the next line, so there is only one `Vacant` that gives the slot back.
        let mut vacant = unsafe { ptr::read(&self.vacant) };
        std::mem::forget(self);
        // SAFETY: the export was written before the slot became `Occupied` (P3).
        unsafe { vacant.export().assume_init_mut() }.clear_self_pointers();
        // SAFETY: the export has been written (P3). It is not read again, because a `Vacant` does not drop an export.
        unsafe { vacant.export().assume_init_read() }
    }

    /// Replaces the first element and the payload. The export stays the same, at the same address.
    #[inline(always)]
    pub(crate) fn replace<Y>(mut self, first: *mut u8, payload: Y) -> Occupied<Y> {
        // SAFETY: the payload has been written (P3), and it is not used again because `self` is forgotten below.
        unsafe { self.drop_payload() };
        // SAFETY: `self` is forgotten in the next line, so there is only one `Vacant` that gives the slot back.
        let vacant = unsafe { ptr::read(&self.vacant) };
        std::mem::forget(self);
        // SAFETY: the export was written before the slot became `Occupied` (P3), and it is still in the slot.
        unsafe { vacant.occupy(first, payload) }
    }

    /// Drops the payload.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the payload has been written, and that it is not used again.
    #[inline(always)]
    unsafe fn drop_payload(&mut self) {
        // SAFETY: the slot is alive and belongs to `self` alone (P1), which is borrowed mutably.
        let place = unsafe { (*self.vacant.0.as_ptr()).payload.as_mut_ptr() };
        if !fits::<X>() {
            // SAFETY: a payload that does not fit is in a box, and the pointer to that box was written to the slot
            // (P3).
            let payload = unsafe { *place.cast::<*mut X>() };
            // SAFETY: the pointer came from `Box::into_raw` (P3), and the caller guarantees that the payload is not
            // used again.
            drop(unsafe { Box::from_raw(payload) });
        } else if needs_drop::<X>() {
            // SAFETY: a payload that fits was written to the slot itself (P3), and the caller guarantees that it is not
            // used again.
            unsafe { place.cast::<X>().drop_in_place() };
        }
    }
}

impl<X> Drop for Occupied<X> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the payload has been written (P3), and it is not used again because `self` is being dropped.
        unsafe { self.drop_payload() };
        // SAFETY: this value has stayed on its thread, and that thread is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the export was written before the slot became `Occupied` (P3).
        let export = unsafe { self.vacant.export().assume_init_mut() };
        // SAFETY: `self` is being dropped and a `Vacant` does not drop an export, so the export is not used or dropped
        // again.
        unsafe { export.release_in_place(py) };
    }
}

impl Drop for Vacant {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this value has stayed on its thread, and that thread is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        pool::give(py, self.0);
    }
}

impl<X: fmt::Debug> fmt::Debug for Occupied<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:p}", self.payload(), self.first())
    }
}
