//! Ends: where an item goes to and where it comes from, two pointers that move together.

/// Pointers to the target and to the source of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) to: *mut u8,
    pub(super) from: *const u8,
}

impl Ends {
    /// Returns the ends that are these numbers of bytes further on.
    ///
    /// # Safety
    ///
    /// The caller must ensure that both offsets lead to an item of their side, so that they stay inside its allocation.
    #[inline(always)]
    pub(super) unsafe fn moved(self, offsets: [isize; 2]) -> Self {
        // SAFETY: the caller guarantees that the offset stays inside the allocation of the target.
        let to = unsafe { self.to.offset(offsets[0]) };
        // SAFETY: the caller guarantees that the offset stays inside the allocation of the source.
        let from = unsafe { self.from.offset(offsets[1]) };
        Self { to, from }
    }
}
