//! Slots: where an argument's export, claim and layout stand from its arrival to its release.
//!
//! An argument is one pointer to its slot, so that nothing is moved that has just been written: the processor would wait for
//! it (measured: 20 of 31 ns). A `Py_buffer` may point into itself, and a claim stands in a list of neighbours: neither may
//! move anyway. `pool` keeps slots that are free.

mod pool;

use crate::acquire::Export;
use pyo3::prelude::*;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{MaybeUninit, needs_drop};
use std::ptr::{self, NonNull};
use typedview_claims::Claim;

/// Room for a layout or a description; a larger one is kept on the heap.
const WORDS: usize = 40;

/// The place of one argument.
pub(super) struct Slot {
    export: MaybeUninit<Export>,
    claim: Claim,
    first: *mut u8,
    payload: MaybeUninit<[usize; WORDS]>,
    /// The next free slot, while this one is.
    next: *mut Slot,
}

/// A slot with nothing in it, given back to the pool when dropped.
///
/// - P1. The slot is nobody else's, and does not move.
/// - P2. It stays on its thread, attached to the interpreter.
pub(crate) struct Vacant {
    slot: NonNull<Slot>,
    on_this_thread: PhantomData<*const ()>,
}

/// A slot with an export in it and payload `X` about the memory, both given back when dropped.
///
/// - P3. The export, the first element and the payload have been written.
pub(crate) struct Occupied<X> {
    vacant: Vacant,
    payload: PhantomData<X>,
}

impl Vacant {
    /// A slot from the pool.
    #[inline]
    pub(crate) fn take(py: Python<'_>) -> Self {
        // INVARIANT P1, P2.
        Self { slot: pool::take(py), on_this_thread: PhantomData }
    }

    /// Where the export is to be written.
    #[inline]
    pub(crate) fn export(&mut self) -> &mut MaybeUninit<Export> {
        // SAFETY: P1.
        unsafe { &mut (*self.slot.as_ptr()).export }
    }

    /// Where the claim stands; it stays there until the slot is given back.
    #[inline]
    pub(crate) fn claim(&self) -> NonNull<Claim> {
        // SAFETY: the slot is nobody else's (P1).
        let claim = unsafe { &raw mut (*self.slot.as_ptr()).claim };
        // SAFETY: a field of a slot is not at null.
        unsafe { NonNull::new_unchecked(claim) }
    }

    /// Notes the first element and what is known of the memory.
    ///
    /// # Safety
    ///
    /// The export has been written.
    #[inline(always)]
    pub(crate) unsafe fn occupy<X>(self, first: *mut u8, payload: X) -> Occupied<X> {
        // SAFETY: P1.
        let slot = unsafe { &mut *self.slot.as_ptr() };
        slot.first = first;
        let place = slot.payload.as_mut_ptr();
        if fits::<X>() {
            // SAFETY: the place is large enough, and aligned for words.
            unsafe { place.cast::<X>().write(payload) };
        } else {
            // SAFETY: as above, for a pointer.
            unsafe { place.cast::<*mut X>().write(Box::into_raw(Box::new(payload))) };
        }
        // INVARIANT P3.
        Occupied { vacant: self, payload: PhantomData }
    }
}

/// Whether payload stand in the slot itself.
const fn fits<X>() -> bool {
    size_of::<X>() <= WORDS * size_of::<usize>() && align_of::<X>() <= align_of::<usize>()
}

impl<X> Occupied<X> {
    #[inline]
    fn slot(&self) -> &Slot {
        // SAFETY: P1.
        unsafe { self.vacant.slot.as_ref() }
    }

    /// The first element.
    #[inline]
    pub(crate) fn first(&self) -> *mut u8 {
        self.slot().first
    }

    /// The export, where it was written.
    #[inline]
    pub(crate) fn export(&self) -> &Export {
        // SAFETY: P3.
        unsafe { self.slot().export.assume_init_ref() }
    }

    /// What is known of the memory.
    #[inline]
    pub(crate) fn payload(&self) -> &X {
        let place = self.slot().payload.as_ptr();
        if fits::<X>() {
            // SAFETY: P3.
            return unsafe { &*place.cast::<X>() };
        }
        // SAFETY: P3.
        let payload = unsafe { *place.cast::<*const X>() };
        // SAFETY: P3.
        unsafe { &*payload }
    }

    /// Where the claim stands; it stays there until the slot is given back.
    #[inline]
    pub(crate) fn claim(&self) -> NonNull<Claim> {
        self.vacant.claim()
    }

    /// The export, and nothing else.
    pub(crate) fn into_export(mut self) -> Export {
        // SAFETY: P3; the payload are not used again.
        unsafe { self.drop_facts() };
        // SAFETY: P1; `self` is forgotten, so the vacant slot is given back once.
        let mut vacant = unsafe { ptr::read(&self.vacant) };
        std::mem::forget(self);
        // SAFETY: P3.
        unsafe { vacant.export().assume_init_mut() }.detach_from_place();
        // SAFETY: P3; the export leaves the slot here.
        unsafe { vacant.export().assume_init_read() }
    }

    /// The same export under other payload.
    #[inline(always)]
    pub(crate) fn replace<Y>(mut self, first: *mut u8, payload: Y) -> Occupied<Y> {
        // SAFETY: P3; they are not used again.
        unsafe { self.drop_facts() };
        // SAFETY: P1; `self` is forgotten.
        let vacant = unsafe { ptr::read(&self.vacant) };
        std::mem::forget(self);
        // SAFETY: P3.
        unsafe { vacant.occupy(first, payload) }
    }

    /// # Safety
    ///
    /// The payload are there, and not used again.
    #[inline]
    unsafe fn drop_facts(&mut self) {
        // SAFETY: P1.
        let place = unsafe { (*self.vacant.slot.as_ptr()).payload.as_mut_ptr() };
        if !fits::<X>() {
            // SAFETY: P3.
            let payload = unsafe { *place.cast::<*mut X>() };
            // SAFETY: P3: it came from a box.
            drop(unsafe { Box::from_raw(payload) });
        } else if needs_drop::<X>() {
            // SAFETY: P3.
            unsafe { place.cast::<X>().drop_in_place() };
        }
    }
}

impl<X> Drop for Occupied<X> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: P3; they are not used again.
        unsafe { self.drop_facts() };
        // SAFETY: P2.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: P3.
        let export = unsafe { self.vacant.export().assume_init_mut() };
        // SAFETY: the export is not used again.
        unsafe { export.release_in_place(py) };
    }
}

impl Drop for Vacant {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: P2.
        let py = unsafe { Python::assume_attached() };
        pool::give(py, self.slot);
    }
}

impl<X: fmt::Debug> fmt::Debug for Occupied<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:p}", self.payload(), self.first())
    }
}
