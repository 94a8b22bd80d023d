//! Memory that cannot be had.

use core::fmt;

/// The allocator has refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemoryError {
    pub(crate) nbytes: usize,
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot allocate {} bytes", self.nbytes)
    }
}
