//! NumPy's own struct: an exact `numpy.ndarray` is read without asking it for a buffer.
//!
//! `fields` is the struct, which NumPy has kept since version 1; `array_type` tells an exact array without importing NumPy.
//! Everything that is not plain numbers is left to the buffer protocol, and so are free-threaded interpreters, where
//! another thread may give an array a new shape while the old one is read.

#[cfg(not(Py_GIL_DISABLED))]
mod array_type;
#[cfg(not(Py_GIL_DISABLED))]
mod fields;
#[cfg(not(Py_GIL_DISABLED))]
mod plain;

#[cfg(not(Py_GIL_DISABLED))]
pub(crate) use plain::{describe, number, plain};

/// Nothing is read without a GIL.
#[cfg(Py_GIL_DISABLED)]
pub(crate) fn plain<T: typedview::Element, L: typedview::Layout>(
    _obj: &pyo3::Bound<'_, pyo3::PyAny>,
    _access: typedview::Access,
) -> Option<(*mut u8, L)> {
    None
}

/// As above.
#[cfg(Py_GIL_DISABLED)]
pub(crate) fn describe(_obj: &pyo3::Bound<'_, pyo3::PyAny>) -> Option<crate::acquire::Description> {
    None
}

/// As above.
#[cfg(Py_GIL_DISABLED)]
pub(crate) fn number(_obj: &pyo3::Bound<'_, pyo3::PyAny>) -> Option<typedview::Dtype> {
    None
}
