//! NumPy's own struct: an exact `numpy.ndarray` is read directly, without a request for a buffer.
//!
//! `fields` defines the struct, which NumPy has kept since version 1. `array_type` recognises an exact array without
//! importing NumPy. `fast_path` reads arrays of numbers, and of records whose dtype is in `dtype_cache`. `references`
//! finds out whether an array owns the Python objects in its memory. All other arrays are left to the buffer protocol.
//! So are all arrays in free-threaded interpreters, because another thread may change the shape of an array while this
//! one reads it.

#[cfg(not(Py_GIL_DISABLED))]
mod array_type;
#[cfg(not(Py_GIL_DISABLED))]
mod dtype_cache;
#[cfg(not(Py_GIL_DISABLED))]
mod fast_path;
#[cfg(not(Py_GIL_DISABLED))]
mod fields;
#[cfg(not(Py_GIL_DISABLED))]
mod references;

pub(crate) use fast_path::{element_key, fast_path, is_remembered, remember, to_description};
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) use references::owns_references;

/// The functions for interpreters without a GIL, where no array is read directly.
#[cfg(Py_GIL_DISABLED)]
#[expect(clippy::extra_unused_type_parameters, reason = "those of the functions that read")]
mod fast_path {
    use crate::acquire::{AcquireError, Description, InvalidExport};
    use pyo3::prelude::*;
    use typedview::{Access, Element, Layout};

    pub(crate) fn fast_path<T: Element, L: Layout>(_: &Bound<'_, PyAny>, _: Access) -> Option<(*mut u8, L)> {
        None
    }

    pub(crate) fn element_key(_: &Bound<'_, PyAny>) -> Option<u16> {
        None
    }

    pub(crate) fn is_remembered<T: Element>(_: &Bound<'_, PyAny>) -> bool {
        false
    }

    pub(crate) fn to_description(_: &Bound<'_, PyAny>) -> Result<Description, AcquireError> {
        Err(InvalidExport::Changed.into())
    }

    pub(crate) fn remember<T: Element>(_: &Bound<'_, PyAny>) {}
}
