//! The error about memory that cannot be allocated.

use core::fmt;

/// The allocator has failed to allocate `nbytes` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllocationError {
    pub(crate) nbytes: usize,
}

impl fmt::Display for AllocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot allocate {} bytes", self.nbytes)
    }
}
