//! NumPy's own struct: an exact `numpy.ndarray` is read without asking it for a buffer.
//!
//! `fields` is the struct, which NumPy has kept since version 1; `array_type` tells an exact array without importing NumPy.
//! Everything that is not plain numbers is left to the buffer protocol, and so are free-threaded interpreters, where
//! another thread may give an array a new shape while the old one is read.

#[cfg(not(Py_GIL_DISABLED))]
mod array_type;
#[cfg(not(Py_GIL_DISABLED))]
mod dtype_cache;
#[cfg(not(Py_GIL_DISABLED))]
mod fields;
#[cfg(not(Py_GIL_DISABLED))]
mod plain;
#[cfg(not(Py_GIL_DISABLED))]
mod references;

pub(crate) use plain::{describe, is_remembered, key, plain, remember};
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) use references::owns_references;

/// Nothing is read without a GIL.
#[cfg(Py_GIL_DISABLED)]
#[expect(clippy::extra_unused_type_parameters, reason = "those of the functions that read")]
mod plain {
    use crate::acquire::{AcquireError, Description, InvalidExport};
    use pyo3::prelude::*;
    use typedview::{Access, Element, Layout};

    pub(crate) fn plain<T: Element, L: Layout>(_: &Bound<'_, PyAny>, _: Access) -> Option<(*mut u8, L)> {
        None
    }

    pub(crate) fn key(_: &Bound<'_, PyAny>) -> Option<u16> {
        None
    }

    pub(crate) fn is_remembered<T: Element>(_: &Bound<'_, PyAny>) -> bool {
        false
    }

    pub(crate) fn describe(_: &Bound<'_, PyAny>) -> Result<Description, AcquireError> {
        Err(InvalidExport::Changed.into())
    }

    pub(crate) fn remember<T: Element>(_: &Bound<'_, PyAny>) {}
}
