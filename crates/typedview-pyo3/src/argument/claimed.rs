//! Claimed memory: an export that is in the table of claims, and at rust-numpy where that is asked.
//! The one door that every view passes: none is made without having been registered here.

use super::Checked;
#[cfg(feature = "rust-numpy-locks")]
use super::conflict_errors::borrowed;
use super::conflict_errors::conflict;
use crate::acquire::{Export, InvalidExport, refuse};
#[cfg(feature = "rust-numpy-locks")]
use crate::interop::rust_numpy_locks::Borrow;
use crate::lock::{ClaimError, enter, enter_within, leave, this_thread};
use crate::slot::Occupied;
use pyo3::prelude::*;
use std::mem::ManuallyDrop;
use std::ptr;
use std::time::Duration;
use typedview::{Layout, Spec};
use typedview_claims::{Mode, Show};

/// An export in its slot, a layout, and the claim on the elements.
///
/// - H2. The claim in the slot is in the table. Where rust-numpy is to know of the memory, it does.
#[derive(Debug)]
pub(crate) struct Claimed<L> {
    slot: ManuallyDrop<Occupied<L>>,
    #[cfg(feature = "rust-numpy-locks")]
    borrow: Option<Borrow>,
}

/// What the claim of a view says of it.
#[derive(Clone, Copy)]
pub(crate) struct Purpose {
    pub(crate) itemsize: usize,
    pub(crate) writes: bool,
    pub(crate) show: Show,
    pub(crate) spec: fn() -> Spec,
}

impl<L: Layout> Claimed<L> {
    /// Registers the memory of `obj` as in use by this thread; waits for others to be done where there is a timeout.
    #[inline(always)]
    pub(crate) fn register(
        obj: &Bound<'_, PyAny>,
        checked: Checked<L>,
        purpose: Purpose,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        let slot = checked.into_slot();
        let Purpose { itemsize, writes, show, spec } = purpose;
        let mode = if writes { Mode::LOCAL_WRITE } else { Mode::LOCAL_READ };
        // SAFETY: the slot is this function's, and its claim is in no table yet.
        let claim = unsafe { slot.claim().as_mut() };
        if claim.describe(slot.first().addr(), slot.payload(), itemsize, mode, this_thread(), show).is_none()
        {
            return Err(refuse(obj, Some(spec), InvalidExport::Address.into()));
        }
        let entered = match timeout {
            // SAFETY: the claim stays in the slot until it has left.
            None => unsafe { enter(obj.py(), slot.claim(), ptr::null()) },
            // SAFETY: the claim stays in the slot until it has left.
            Some(timeout) => unsafe { enter_within(obj.py(), slot.claim(), timeout) },
        };
        if let Err(error) = entered {
            return Err(conflict("take", spec, mode, error));
        }
        // INVARIANT H2, but for rust-numpy; if that refuses, the claim is taken out by `Drop`.
        #[cfg_attr(not(feature = "rust-numpy-locks"), expect(unused_mut, reason = "as with the feature"))]
        let mut claimed = Self {
            slot: ManuallyDrop::new(slot),
            #[cfg(feature = "rust-numpy-locks")]
            borrow: None,
        };
        #[cfg(feature = "rust-numpy-locks")]
        if Borrow::concerns(obj) {
            claimed.tell_rust_numpy(obj, purpose)?;
        }
        // INVARIANT H2.
        Ok(claimed)
    }

    #[cfg(feature = "rust-numpy-locks")]
    #[inline(never)]
    fn tell_rust_numpy(&mut self, obj: &Bound<'_, PyAny>, purpose: Purpose) -> PyResult<()> {
        let borrow = Borrow::enter(obj, purpose.writes);
        self.borrow = borrow.map_err(|unborrowed| borrowed(purpose.spec, purpose.writes, unborrowed))?;
        Ok(())
    }

    /// The same memory for another use: as soon as others are done, for so long at the most.
    ///
    /// Nothing is claimed meanwhile, so that two who want the same do not wait for each other.
    pub(crate) fn wait_for(
        mut self,
        py: Python<'_>,
        mode: Mode,
        timeout: Duration,
    ) -> Result<Self, ClaimError> {
        // SAFETY: the claim is in the table (H2), and `self` is taken apart below.
        unsafe { leave(py, self.slot.claim()) };
        // SAFETY: the slot is not used through `self` again.
        let slot = unsafe { ManuallyDrop::take(&mut self.slot) };
        #[cfg(feature = "rust-numpy-locks")]
        let borrow = self.borrow.take();
        // What was in it has been taken out.
        std::mem::forget(self);
        // SAFETY: the claim has left the table, and nobody else has it.
        unsafe { slot.claim().as_mut() }.set_mode(mode);
        // SAFETY: the claim stays in the slot until it has left.
        unsafe { enter_within(py, slot.claim(), timeout) }?;
        // INVARIANT H2.
        Ok(Self {
            slot: ManuallyDrop::new(slot),
            #[cfg(feature = "rust-numpy-locks")]
            borrow,
        })
    }

    /// First element, layout and what keeps them; the claim is given back.
    #[inline]
    pub(crate) fn into_parts(self) -> (*mut u8, L, Export) {
        let mut claimed = ManuallyDrop::new(self);
        // SAFETY: a slot stays on its thread, which is attached (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim is in the table (H2); `claimed` is not dropped.
        unsafe { leave(py, claimed.slot.claim()) };
        #[cfg(feature = "rust-numpy-locks")]
        drop(claimed.borrow.take());
        // SAFETY: the slot is not used through `claimed` again.
        let slot = unsafe { ManuallyDrop::take(&mut claimed.slot) };
        (slot.first(), slot.payload().clone(), slot.into_export())
    }
}

impl<L> Claimed<L> {
    /// The memory, which stays claimed.
    #[inline]
    pub(crate) fn slot(&self) -> &Occupied<L> {
        &self.slot
    }
}

impl<L> Drop for Claimed<L> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a slot stays on its thread, which is attached (P2).
        let py = unsafe { Python::assume_attached() };
        // First: once the memory is given back, others may get it and must not meet this claim.
        // SAFETY: the claim is in the table (H2).
        unsafe { leave(py, self.slot.claim()) };
        // SAFETY: it is not used again.
        unsafe { ManuallyDrop::drop(&mut self.slot) };
    }
}
