//! Moved structs: taken out of their capsule, so that it has nothing left to release, and released once.

use super::abi::Struct;
use super::invalid_arrow::InvalidArrow;
use crate::acquire::AcquireError;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::PyCapsule;
use std::ops::Deref;

/// A struct of the Arrow C data interface that belongs to whoever holds this.
///
/// - A1. It is as its producer filled it, was moved out of its capsule, and has not been released.
pub(super) struct Moved<S: Struct>(S);

// SAFETY: the C data interface: a struct may be released on any thread, and what it refers to does not change.
unsafe impl<S: Struct> Send for Moved<S> {}
// SAFETY: as above.
unsafe impl<S: Struct> Sync for Moved<S> {}

impl<S: Struct> Moved<S> {
    pub(super) fn out_of(capsule: &Bound<'_, PyAny>) -> Result<Self, AcquireError> {
        let named = |capsule: &&Bound<'_, PyCapsule>| capsule.is_valid_checked(Some(S::NAME));
        let capsule =
            capsule.cast::<PyCapsule>().ok().filter(named).ok_or(InvalidArrow::NoCapsule(S::NAME))?;
        let place = capsule.pointer_checked(Some(S::NAME))?.cast::<S>();
        // Another thread may have been given the same capsule.
        let content = with_critical_section(capsule, || {
            // SAFETY: the Arrow PyCapsule interface: a capsule of this name holds this struct, and may be moved out of.
            unsafe { place.replace(S::RELEASED) }
        });
        match content.release() {
            // INVARIANT A1.
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
            // SAFETY: A1; it is not used again.
            unsafe { release(&raw mut self.0) }
        }
    }
}
