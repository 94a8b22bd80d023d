//! Held memory: an export whose element and layout have been checked, together with the claim on its elements.
//! `PyView` and `PyViewMut` are thin types around it.

use super::consumer::{access, purpose, spec, wanted};
use super::lock_guards::{LockOwner, ReadLock, WriteLock};
use crate::acquire::Export;
use crate::argument::{Checked, Claimed, Requested, Wanted, behind_pointers, conflict, request_and_check};
use crate::error::raise;
use crate::lock::{ClaimGuard, this_thread};
use pyo3::prelude::*;
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{Access, Element, ErrorKind, Layout, Spec, ViewMut};
use typedview_claims::{Mode, Show};

/// Memory of a Python object as elements `T` in a layout `L`, for reading, and for writing too if `WRITE` is true.
///
/// - H1. The elements of the layout, counted from the first one, are initialised. They are alive while the slot keeps
///   the export, and they are writable if `WRITE` is true.
#[derive(Debug)]
pub(crate) struct Held<T: Element, L: Layout, const WRITE: bool> {
    claimed: Claimed<L>,
    element: PhantomData<T>,
}

impl<T: Element, L: Layout, const WRITE: bool> Held<T, L, WRITE> {
    const ACCESS: Access = access(WRITE);

    const WANTED: Wanted = wanted::<T, L, WRITE>();

    /// Requests the memory of `obj` by any protocol, checks it and claims it.
    #[inline(always)]
    pub(super) fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::of_checked(obj, request_and_check::<T, L>(obj, Self::WANTED)?, None)
    }

    /// Takes memory that was requested before its type was known, if it fits, and claims it. With a timeout, waits until the
    /// claims that conflict with it have left the table.
    #[inline(always)]
    pub(super) fn of_requested(
        obj: &Bound<'_, PyAny>,
        requested: Requested,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        // The description must not depend on the types for which the memory was tried before.
        let wanted = Wanted { access: Self::ACCESS, ..Wanted::ANYTHING };
        Self::of_checked(obj, requested.check::<T, L>(obj, wanted)?, timeout)
    }

    #[inline(always)]
    fn of_checked(obj: &Bound<'_, PyAny>, checked: Checked<L>, timeout: Option<Duration>) -> PyResult<Self> {
        let purpose = purpose::<T, L, WRITE>();
        // INVARIANT H1: the check was for elements `T` in a layout `L`, and for writing if `WRITE` says so (C1).
        Ok(Self { claimed: Claimed::register(obj, checked, purpose, timeout)?, element: PhantomData })
    }

    /// Returns the first element, the layout, and the export that keeps the memory. Removes the claim from the table.
    #[inline]
    pub(crate) fn into_parts(self) -> (*mut T, L, Export) {
        let (first, layout, export) = self.claimed.into_parts();
        (first.cast(), layout, export)
    }

    fn spec() -> Spec {
        spec::<T, L, WRITE>()
    }

    const SHOW: Show = purpose::<T, L, WRITE>().show;

    #[inline]
    pub(super) fn first(&self) -> *mut T {
        self.claimed.slot().first().cast()
    }

    #[inline]
    pub(super) fn layout(&self) -> &L {
        self.claimed.slot().payload()
    }

    /// Enters the claim of a lock into the table. It does not conflict with the claim of this view.
    #[inline]
    fn claim(&self, py: Python<'_>, mode: Mode) -> PyResult<ClaimGuard> {
        let own = self.claimed.slot().claim();
        let entered = ClaimGuard::enter(py, Some(own), |claim| {
            let first = self.first().addr();
            claim.set(first, self.layout(), size_of::<T>(), mode, this_thread(), Self::SHOW)?;
            (!claim.footprint().is_everywhere()).then_some(())
        });
        match entered {
            Some(entered) => entered.map_err(|error| conflict("lock", Self::spec, mode, error)),
            None => Err(behind_pointers(Self::spec, mode)),
        }
    }

    /// Locks the memory for reading.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when another claim conflicts with the lock, or when axes hold pointers.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is not written through `self` while the lock lives.
    #[inline]
    pub(super) unsafe fn lock(&self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: a view stays on its thread, which is attached to the interpreter (P2).
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::SHARED)?;
        // SAFETY: the elements are alive and initialised while `self` is borrowed (H1). The claim is shared, and the
        // caller guarantees that the memory is not written through `self`.
        Ok(unsafe { ReadLock::new(self.first(), self.layout().clone(), LockOwner::Claim(claim)) })
    }

    /// Gives up the claim of the view and waits, for at most `timeout`, until the memory can be claimed in `mode`.
    fn wait_for(self, mode: Mode, timeout: Duration) -> PyResult<Claimed<L>> {
        // SAFETY: a view stays on its thread, which is attached to the interpreter (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim is in the table (H2), and its footprint does not change while it is there.
        if unsafe { self.claimed.slot().claim().as_ref() }.footprint().is_everywhere() {
            return Err(behind_pointers(Self::spec, mode));
        }
        let claimed = self.claimed.wait_for(py, mode, timeout);
        claimed.map_err(|error| conflict("lock", Self::spec, mode, error))
    }

    /// Turns the view into a lock for reading, and waits for at most `timeout` until conflicting claims have ended.
    pub(super) fn lock_within<'py>(self, timeout: Duration) -> PyResult<ReadLock<'py, T, L>> {
        let (first, layout) = (self.first(), self.layout().clone());
        let claimed = self.wait_for(Mode::SHARED, timeout)?;
        // SAFETY: the lock keeps the export, so the elements stay alive and initialised (H1). The view was given up, so
        // nothing is written through it, and the claim is shared.
        Ok(unsafe { ReadLock::new(first, layout, LockOwner::View(claimed)) })
    }
}

impl<T: Element, L: Layout> Held<T, L, true> {
    /// Locks the memory for writing.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when another claim conflicts with the lock, when axes hold pointers, or when two
    /// elements may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is neither read nor written through `self` while the lock lives.
    #[inline]
    pub(super) unsafe fn lock_mut(&mut self) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: a view stays on its thread, which is attached to the interpreter (P2).
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::EXCLUSIVE)?;
        self.check_no_overlap()?;
        // SAFETY: the elements are alive, initialised and writable while `self` is borrowed (H1), and no two of them
        // overlap. The claim is exclusive, and the caller guarantees that `self` does not access the memory.
        Ok(unsafe { WriteLock::new(self.first(), self.layout().clone(), LockOwner::Claim(claim)) })
    }

    /// Turns the view into a lock for writing, and waits for at most `timeout` until conflicting claims have ended.
    pub(super) fn lock_mut_within<'py>(self, timeout: Duration) -> PyResult<WriteLock<'py, T, L>> {
        self.check_no_overlap()?;
        let (first, layout) = (self.first(), self.layout().clone());
        let claimed = self.wait_for(Mode::EXCLUSIVE, timeout)?;
        // SAFETY: the lock keeps the export, so the elements stay alive, initialised and writable (H1), and no two of
        // them overlap. The view was given up, so nothing accesses them through it, and the claim is exclusive.
        Ok(unsafe { WriteLock::new(first, layout, LockOwner::View(claimed)) })
    }

    /// Checks that no two elements overlap.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when two elements may overlap.
    #[inline]
    fn check_no_overlap(&self) -> PyResult<()> {
        // SAFETY: the elements are alive, initialised and writable (H1). The view is dropped at once and accesses no
        // element: it is only made because making it checks for overlap.
        match unsafe { ViewMut::try_from_raw_parts(self.first(), self.layout().clone()) } {
            Ok(_) => Ok(()),
            Err(error) => {
                let text = format!("cannot lock {} for writing: {error}", Self::spec());
                Err(raise(ErrorKind::Readonly, text))
            }
        }
    }
}
