//! Received tensors: what a producer has handed over, kept until it is deleted.

use super::InvalidTensor;
use super::abi::{Managed, VERSION};
use super::normalise::describe;
use crate::acquire::{AcquireError, Acquired, Export, Foreign};
use pyo3::prelude::*;
use std::ptr::NonNull;
use typedview::Access;

/// A tensor that is ours.
///
/// - T1. Its producer has handed `tensor` over, and to nobody else; its deleter is called once, attached to the
///   interpreter.
pub(super) struct Received<M: Managed> {
    tensor: NonNull<M>,
    producer: Option<Py<PyAny>>,
}

// SAFETY: T1: the tensor is only touched to be deleted, which happens attached to the interpreter.
unsafe impl<M: Managed> Send for Received<M> {}
// SAFETY: as above; a shared reference gives access to nothing but the producer.
unsafe impl<M: Managed> Sync for Received<M> {}

impl<M: Managed> Received<M> {
    /// # Safety
    ///
    /// T1.
    pub(super) unsafe fn new(tensor: NonNull<M>, producer: Option<Py<PyAny>>) -> Self {
        // INVARIANT T1.
        Self { tensor, producer }
    }

    /// The memory of the tensor, checked; a tensor that is refused is deleted.
    pub(super) fn offer(self, access: Access) -> Result<Acquired, AcquireError> {
        // SAFETY: T1.
        let version = unsafe { M::version(self.tensor) };
        if version.major != VERSION.major {
            return Err(InvalidTensor::Version(version).into());
        }
        // SAFETY: T1, and it is of our version.
        let flags = unsafe { M::flags(self.tensor) };
        // SAFETY: as above.
        let tensor = unsafe { M::tensor(self.tensor) };
        // SAFETY: T1.
        let description = unsafe { describe(&tensor, flags, access) }?;
        Ok(Acquired { export: Export::of_foreign(Box::new(self)), description })
    }
}

impl<M: Managed> Foreign for Received<M> {
    fn owner(&self) -> Option<&Py<PyAny>> {
        self.producer.as_ref()
    }
}

impl<M: Managed> Drop for Received<M> {
    fn drop(&mut self) {
        // SAFETY: T1. The protocol keeps this field where it is in every version, and lets it be null.
        if let Some(deleter) = unsafe { M::deleter(self.tensor) } {
            // SAFETY: T1: once, and nothing of the tensor is used again.
            unsafe { deleter(self.tensor.as_ptr()) }
        }
    }
}
