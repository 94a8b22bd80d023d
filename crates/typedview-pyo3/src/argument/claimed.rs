//! `Claimed`: checked memory whose claim is in the table, and which rust-numpy knows of where it has to.
//! Every view is made from a `Claimed`, so there is no view whose memory has not been registered here.

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

/// An export in its slot, the layout of its elements, and the claim on them.
///
/// - H2. The claim in the slot is in the table. If rust-numpy has to know of the memory, `borrow` is registered with
///   it.
#[derive(Debug)]
pub(crate) struct Claimed<L> {
    slot: ManuallyDrop<Occupied<L>>,
    #[cfg(feature = "rust-numpy-locks")]
    borrow: Option<Borrow>,
}

/// What the claim of a view says of the view.
#[derive(Clone, Copy)]
pub(crate) struct Purpose {
    pub(crate) itemsize: usize,
    pub(crate) writes: bool,
    pub(crate) show: Show,
    pub(crate) spec: fn() -> Spec,
}

/// Registers the memory with rust-numpy, if it has to know of it.
///
/// # Errors
///
/// Raises `BufferError` when rust-numpy has lent the memory.
#[cfg(feature = "rust-numpy-locks")]
#[inline(always)]
pub(super) fn tell_rust_numpy(
    obj: &Bound<'_, PyAny>,
    writes: bool,
    spec: fn() -> Spec,
) -> PyResult<Option<Borrow>> {
    if !Borrow::concerns(obj) {
        return Ok(None);
    }
    Borrow::enter(obj, writes).map_err(|error| borrowed(spec, writes, error))
}

impl<L: Layout> Claimed<L> {
    /// Registers the memory of `obj` as in use by this thread. With a timeout, waits for conflicting claims to end.
    ///
    /// # Errors
    ///
    /// Raises an exception when the elements wrap around the address space, when another claim conflicts, and when
    /// rust-numpy has lent the memory.
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
        // SAFETY: this function owns the slot (P1), and its claim is in no table yet, so there is no other access to
        // the claim.
        let claim = unsafe { slot.claim().as_mut() };
        if claim.set(slot.first().addr(), slot.payload(), itemsize, mode, this_thread(), show).is_none() {
            return Err(refuse(obj, Some(spec), InvalidExport::WrapsAround.into()));
        }
        let entered = match timeout {
            // SAFETY: the claim is in no table yet, and it stays in its slot until it has left the table.
            None => unsafe { enter(obj.py(), slot.claim(), ptr::null()) },
            // SAFETY: the claim is in no table yet, and it stays in its slot until it has left the table.
            Some(timeout) => unsafe { enter_within(obj.py(), slot.claim(), timeout) },
        };
        if let Err(error) = entered {
            return Err(conflict("take", spec, mode, error));
        }
        // INVARIANT H2: the claim has just been entered into the table. rust-numpy does not know of the memory yet. If
        // it refuses the memory, `Drop` removes the claim from the table.
        #[cfg_attr(not(feature = "rust-numpy-locks"), expect(unused_mut, reason = "as with the feature"))]
        let mut claimed = Self {
            slot: ManuallyDrop::new(slot),
            #[cfg(feature = "rust-numpy-locks")]
            borrow: None,
        };
        #[cfg(feature = "rust-numpy-locks")]
        {
            claimed.borrow = tell_rust_numpy(obj, writes, spec)?;
        }
        // INVARIANT H2: the claim is in the table, and rust-numpy has been told of the memory if it has to know of it.
        Ok(claimed)
    }

    /// Gives up the current claim and waits, for at most `timeout`, until the memory can be claimed in `mode`.
    ///
    /// Nothing is claimed while this thread waits, so that two threads that want the same memory do not wait for each
    /// other.
    ///
    /// # Errors
    ///
    /// Fails when [`enter_within`] fails. The memory is then given back.
    pub(crate) fn wait_for(
        mut self,
        py: Python<'_>,
        mode: Mode,
        timeout: Duration,
    ) -> Result<Self, ClaimError> {
        // SAFETY: the claim is in the table (H2). `self` is forgotten below, so the claim is removed only once.
        unsafe { leave(py, self.slot.claim()) };
        // SAFETY: `self` is forgotten below, so its slot is neither used nor dropped again.
        let slot = unsafe { ManuallyDrop::take(&mut self.slot) };
        #[cfg(feature = "rust-numpy-locks")]
        let borrow = self.borrow.take();
        // The slot and the borrow have been taken out of `self`, so `Drop` must not run.
        std::mem::forget(self);
        // SAFETY: the claim has left the table and this function owns the slot (P1), so there is no other access to the
        // claim.
        unsafe { slot.claim().as_mut() }.set_mode(mode);
        // SAFETY: the claim is in no table, and it stays in its slot until it has left the table.
        unsafe { enter_within(py, slot.claim(), timeout) }?;
        // INVARIANT H2: the claim has just been entered into the table, and `borrow` has stayed registered with
        // rust-numpy.
        Ok(Self {
            slot: ManuallyDrop::new(slot),
            #[cfg(feature = "rust-numpy-locks")]
            borrow,
        })
    }

    /// Returns the first element, the layout and the export. The claim is removed from the table.
    #[inline]
    pub(crate) fn into_parts(self) -> (*mut u8, L, Export) {
        let mut claimed = ManuallyDrop::new(self);
        // SAFETY: a slot stays on its thread, and that thread is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim is in the table (H2). `claimed` is not dropped, so the claim is removed only once.
        unsafe { leave(py, claimed.slot.claim()) };
        #[cfg(feature = "rust-numpy-locks")]
        drop(claimed.borrow.take());
        // SAFETY: `claimed` is not dropped, and its slot is not used after this line.
        let slot = unsafe { ManuallyDrop::take(&mut claimed.slot) };
        (slot.first(), slot.payload().clone(), slot.into_export())
    }
}

impl<L> Claimed<L> {
    /// Returns the slot. The memory stays claimed.
    #[inline]
    pub(crate) fn slot(&self) -> &Occupied<L> {
        &self.slot
    }
}

impl<L> Drop for Claimed<L> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a slot stays on its thread, and that thread is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        // The claim is removed before the memory is given back. After that the memory may be allocated for another
        // object, whose views must not conflict with this claim.
        // SAFETY: the claim of a `Claimed` is in the table until it is dropped (H2).
        unsafe { leave(py, self.slot.claim()) };
        // SAFETY: `self` is being dropped, so the slot is not used after this line.
        unsafe { ManuallyDrop::drop(&mut self.slot) };
    }
}
