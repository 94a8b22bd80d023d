//! `Checked`: requested memory whose element and layout are what the consumer asked for.

use crate::acquire::Export;
use crate::slot::{Occupied, Vacant};

/// An export in its slot, with the layout of its elements.
///
/// - C1. The elements of the layout, counted from the first one, are initialised elements of the type that was checked.
///   They are alive while the slot keeps the export, and writable if the check was for writing.
#[derive(Debug)]
pub(crate) struct Checked<L>(Occupied<L>);

impl<L> Checked<L> {
    /// Puts the first element and the layout into the slot that keeps the export.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export in the slot has been written, and C1.
    #[inline(always)]
    pub(super) unsafe fn new(vacant: Vacant, first: *mut u8, layout: L) -> Self {
        // SAFETY: the caller guarantees that the export has been written.
        Self(unsafe { vacant.occupy(first, layout) })
    }

    /// Puts the first element and the layout into the slot that keeps the export, in place of `X`.
    ///
    /// # Safety
    ///
    /// The caller must ensure C1.
    #[inline(always)]
    pub(super) unsafe fn replacing<X>(slot: Occupied<X>, first: *mut u8, layout: L) -> Self {
        Self(slot.replace(first, layout))
    }

    /// Returns the first element, the layout, and the export that keeps the memory.
    pub(crate) fn into_parts(self) -> (*mut u8, L, Export)
    where
        L: Clone,
    {
        (self.0.first(), self.0.payload().clone(), self.0.into_export())
    }

    /// Returns the slot, with the export, the first element and the layout.
    #[inline(always)]
    pub(super) fn into_slot(self) -> Occupied<L> {
        self.0
    }
}
