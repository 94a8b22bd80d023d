//! `Checked`: requested memory whose element and layout are what the consumer asked for.

use crate::slot::Occupied;

/// An export in its slot, with the layout of its elements.
///
/// - C1. The elements of the layout, counted from the first one, are initialised elements of the type that was checked.
///   They are alive while the slot keeps the export, and writable if the check was for writing.
#[derive(Debug)]
pub(crate) struct Checked<L>(Occupied<L>);

impl<L> Checked<L> {
    /// Puts the layout into the slot that keeps the export. `X` is the payload that the slot had before.
    ///
    /// # Safety
    ///
    /// The caller must ensure C1.
    #[inline(always)]
    pub(super) unsafe fn new<X>(slot: Occupied<X>, first: *mut u8, layout: L) -> Self {
        Self(slot.replace(first, layout))
    }

    /// Returns the slot, with the export, the first element and the layout.
    #[inline(always)]
    pub(super) fn into_slot(self) -> Occupied<L> {
        self.0
    }
}
