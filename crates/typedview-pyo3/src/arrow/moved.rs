//! Moved structs: structs of the Arrow C data interface that have been moved out of their capsule.
//! The capsule then has nothing left to release, so each struct is released exactly once.

use super::abi::Struct;
use super::invalid_arrow::InvalidArrow;
use crate::acquire::AcquireError;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::PyCapsule;
use std::ops::Deref;

/// A struct of the Arrow C data interface that this value owns.
///
/// - A1. The content of the struct is what its producer wrote. The struct was moved out of its capsule, and it has not
///   been released.
pub(super) struct Moved<S: Struct>(S);

// SAFETY: the C data interface lets a struct be released on any thread, and what the struct refers to does not change.
unsafe impl<S: Struct> Send for Moved<S> {}
// SAFETY: a shared reference only reads the struct, and what the struct refers to does not change.
unsafe impl<S: Struct> Sync for Moved<S> {}

impl<S: Struct> Moved<S> {
    /// Moves the struct out of `capsule`.
    ///
    /// # Errors
    ///
    /// Fails when `capsule` is not a capsule with this struct, or when the struct has been released or moved out
    /// before.
    pub(super) fn out_of(capsule: &Bound<'_, PyAny>) -> Result<Self, AcquireError> {
        let named = |capsule: &&Bound<'_, PyCapsule>| capsule.is_valid_checked(Some(S::NAME));
        let capsule =
            capsule.cast::<PyCapsule>().ok().filter(named).ok_or(InvalidArrow::NoCapsule(S::NAME))?;
        let place = capsule.pointer_checked(Some(S::NAME))?.cast::<S>();
        // Another thread may have received the same capsule, so the struct is moved out in a critical section.
        let content = with_critical_section(capsule, || {
            // SAFETY: the Arrow PyCapsule interface guarantees that a capsule of this name holds this struct, and
            // allows a consumer to move the struct out.
            unsafe { place.replace(S::RELEASED) }
        });
        match content.release() {
            // INVARIANT A1: the struct was moved out of its capsule, and its release function is still set.
            Some(_) => Ok(Self(content)),
            None => Err(InvalidArrow::Released(S::NAME).into()),
        }
    }
}

impl<S: Struct> Deref for Moved<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

impl<S: Struct> Drop for Moved<S> {
    fn drop(&mut self) {
        if let Some(release) = self.0.release() {
            // SAFETY: the struct has not been released (A1), and it is not used after this call, because it is being
            // dropped.
            unsafe { release(&raw mut self.0) }
        }
    }
}
