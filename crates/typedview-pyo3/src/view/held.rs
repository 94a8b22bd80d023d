//! Held memory: an export whose element and layout have been checked, and the claim on it.

use super::lock_guards::{Keeper, ReadLock, WriteLock};
use crate::acquire::Export;
use crate::argument::{Claimed, Purpose, Requested, Wanted, behind_pointers, conflict};
use crate::error::raise;
use crate::lock::{ClaimGuard, this_thread};
use pyo3::prelude::*;
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{Access, Element, ErrorKind, Layout, Spec, ViewMut};
use typedview_claims::{Mode, Show};

/// Memory of a Python object as elements `T` in a layout `L`, to read, and to write too where `WRITE` says so.
///
/// - H1. The elements of the layout from the first on are initialised, and alive while the slot has the export;
///   writable where `WRITE` says so.
#[derive(Debug)]
pub(crate) struct Held<T: Element, L: Layout, const WRITE: bool> {
    claimed: Claimed<L>,
    element: PhantomData<*mut T>,
}

impl<T: Element, L: Layout, const WRITE: bool> Held<T, L, WRITE> {
    const ACCESS: Access = if WRITE { Access::Write } else { Access::Read };

    const WANTED: Wanted = Wanted { access: Self::ACCESS, spec: Some(Self::spec), format: Some(T::format) };

    /// Takes the memory of `obj`, by whichever protocol it is exported.
    #[inline(always)]
    pub(super) fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::of_requested(obj, Requested::of(obj, Self::WANTED)?, None)
    }

    /// Takes memory that was requested, if it fits, and claims it. With a timeout, waits for conflicting claims to end.
    #[inline(always)]
    pub(super) fn of_requested(
        obj: &Bound<'_, PyAny>,
        requested: Requested,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        let checked = requested.check::<T, L>(obj, Self::WANTED)?;
        let purpose = Purpose { itemsize: size_of::<T>(), writes: WRITE, show: Self::SHOW, spec: Self::spec };
        // INVARIANT H1: the check was for elements `T` in a layout `L`, and for writing if `WRITE` says so (C1).
        Ok(Self { claimed: Claimed::register(obj, checked, purpose, timeout)?, element: PhantomData })
    }

    /// First element, layout and what keeps them; the claim is given back.
    #[inline]
    pub(crate) fn into_parts(self) -> (*mut T, L, Export) {
        let (first, layout, export) = self.claimed.into_parts();
        (first.cast(), layout, export)
    }

    fn spec() -> Spec {
        Spec::of::<T, L>(Self::ACCESS)
    }

    const SHOW: Show = show::<T, L, WRITE>;

    #[inline]
    pub(super) fn first(&self) -> *mut T {
        self.claimed.slot().first().cast()
    }

    #[inline]
    pub(super) fn layout(&self) -> &L {
        self.claimed.slot().payload()
    }

    /// Enters a lock in the table.
    #[inline]
    fn claim(&self, py: Python<'_>, mode: Mode) -> PyResult<ClaimGuard> {
        let own = self.claimed.slot().claim();
        let entered = ClaimGuard::enter(py, own, |claim| {
            let first = self.first().addr();
            claim.describe(first, self.layout(), size_of::<T>(), mode, this_thread(), Self::SHOW)?;
            (!claim.footprint().is_everywhere()).then_some(())
        });
        match entered {
            Some(entered) => entered.map_err(|error| conflict("lock", Self::spec, mode, error)),
            None => Err(behind_pointers(Self::spec, mode)),
        }
    }

    /// Locks the memory for reading.
    ///
    /// # Safety
    ///
    /// The holder does not write it while the lock lives.
    #[inline]
    pub(super) unsafe fn lock(&self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: a view stays on its thread, which is attached (P2).
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::SHARED)?;
        // SAFETY: the elements live while `self` is borrowed (H1); the claim is shared, and the holder does not write.
        Ok(unsafe { ReadLock::new(self.first(), self.layout().clone(), Keeper::Claim(claim)) })
    }

    /// Gives the view up for a lock, which is had as soon as others are done.
    fn wait_for(self, mode: Mode, timeout: Duration) -> PyResult<Claimed<L>> {
        // SAFETY: a view stays on its thread, which is attached (P2).
        let py = unsafe { Python::assume_attached() };
        // SAFETY: the claim has been described, and nobody changes it while it is in the table.
        if unsafe { self.claimed.slot().claim().as_ref() }.footprint().is_everywhere() {
            return Err(behind_pointers(Self::spec, mode));
        }
        let claimed = self.claimed.wait_for(py, mode, timeout);
        claimed.map_err(|error| conflict("lock", Self::spec, mode, error))
    }

    /// Locks the memory for reading as soon as others are done.
    pub(super) fn lock_within<'py>(self, timeout: Duration) -> PyResult<ReadLock<'py, T, L>> {
        let (first, layout) = (self.first(), self.layout().clone());
        let claimed = self.wait_for(Mode::SHARED, timeout)?;
        // SAFETY: the lock keeps the elements alive (H1) and has the only view of them; the claim is shared.
        Ok(unsafe { ReadLock::new(first, layout, Keeper::View(claimed)) })
    }
}

impl<T: Element, L: Layout> Held<T, L, true> {
    /// Locks the memory for writing.
    ///
    /// # Safety
    ///
    /// The holder does not touch the memory while the lock lives.
    #[inline]
    pub(super) unsafe fn lock_mut(&mut self) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: a view stays on its thread, which is attached (P2).
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::EXCLUSIVE)?;
        self.check_no_overlap()?;
        // SAFETY: the elements live while `self` is borrowed (H1); the claim is exclusive, and the holder keeps off.
        Ok(unsafe { WriteLock::new(self.first(), self.layout().clone(), Keeper::Claim(claim)) })
    }

    /// Locks the memory for writing as soon as others are done.
    pub(super) fn lock_mut_within<'py>(self, timeout: Duration) -> PyResult<WriteLock<'py, T, L>> {
        self.check_no_overlap()?;
        let (first, layout) = (self.first(), self.layout().clone());
        let claimed = self.wait_for(Mode::EXCLUSIVE, timeout)?;
        // SAFETY: the lock keeps the elements alive (H1) and has the only view of them; the claim is exclusive.
        Ok(unsafe { WriteLock::new(first, layout, Keeper::View(claimed)) })
    }

    /// Refuses elements that overlap each other.
    #[inline]
    fn check_no_overlap(&self) -> PyResult<()> {
        // SAFETY: the elements are alive and initialised (H1); the view is dropped at once, it only tells whether they overlap.
        match unsafe { ViewMut::try_from_raw_parts(self.first(), self.layout().clone()) } {
            Ok(_) => Ok(()),
            Err(error) => {
                let text = format!("cannot lock {} for writing: {error}", Self::spec());
                Err(raise(ErrorKind::Readonly, text))
            }
        }
    }
}

/// Writes the spec of a view for others to name it.
unsafe extern "C" fn show<T: Element, L: Layout, const WRITE: bool>(text: *mut u8, capacity: usize) -> usize {
    let access = if WRITE { Access::Write } else { Access::Read };
    let spec = Spec::of::<T, L>(access).to_string();
    let length = spec.len().min(capacity);
    // SAFETY: the caller gives a place of `capacity` bytes.
    unsafe { text.copy_from_nonoverlapping(spec.as_ptr(), length) };
    length
}
