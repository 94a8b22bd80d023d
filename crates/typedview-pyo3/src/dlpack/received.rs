//! Received tensors: a tensor that a producer has handed over, kept until it is deleted.

use super::InvalidTensor;
use super::abi::{Managed, VERSION};
use super::normalise::to_description;
use crate::acquire::{AcquireError, Acquired, Export, Foreign};
use pyo3::prelude::*;
use std::ptr::NonNull;
use typedview::Access;

/// A tensor that this value owns.
///
/// - T1. The producer has handed `tensor` over to this value and to no other code. The deleter of the tensor is called
///   once, while the thread is attached to the interpreter.
pub(crate) struct Received<M: Managed> {
    tensor: NonNull<M>,
    producer: Option<Py<PyAny>>,
}

// SAFETY: after its creation the tensor is only accessed to be deleted, while attached to the interpreter (T1).
unsafe impl<M: Managed> Send for Received<M> {}
// SAFETY: a shared reference gives access to nothing but the producer, which may be shared between threads.
unsafe impl<M: Managed> Sync for Received<M> {}

impl<M: Managed> Received<M> {
    /// Takes ownership of `tensor`; `producer` is the object that it came from.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the tensor has been handed over to this caller and to no other code (T1).
    pub(crate) unsafe fn new(tensor: NonNull<M>, producer: Option<Py<PyAny>>) -> Self {
        // INVARIANT T1: the caller guarantees that the tensor has been handed over to nobody else.
        Self { tensor, producer }
    }

    /// Checks the tensor and returns its memory. A tensor that is refused is deleted.
    pub(crate) fn offer(self, access: Access) -> Result<Acquired, AcquireError> {
        // SAFETY: the tensor has been handed over and has not been deleted (T1).
        let version = unsafe { M::version(self.tensor) };
        if version.major != VERSION.major {
            return Err(InvalidTensor::Version(version).into());
        }
        // SAFETY: the tensor has not been deleted (T1), and its major version has just been checked.
        let flags = unsafe { M::flags(self.tensor) };
        // SAFETY: the tensor has not been deleted (T1), and its major version was checked above.
        let tensor = unsafe { M::tensor(self.tensor) };
        // SAFETY: the tensor that was copied into `tensor` has not been deleted (T1).
        let description = unsafe { to_description(&tensor, flags, access) }?;
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
        // SAFETY: the tensor has not been deleted yet (T1). The protocol keeps the deleter in the same position in
        // every version, and allows it to be null.
        if let Some(deleter) = unsafe { M::deleter(self.tensor) } {
            // SAFETY: the deleter is called only here (T1), and nothing uses the tensor after this call.
            unsafe { deleter(self.tensor.as_ptr()) }
        }
    }
}
