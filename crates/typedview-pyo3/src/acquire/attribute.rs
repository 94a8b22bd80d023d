//! The attributes by which an object says that it speaks a protocol.
//! All protocols except the buffer protocol are found by the name of an attribute, so they share this file.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

/// Returns the attribute `name` of `obj`, or `None` if `obj` has no such attribute.
///
/// Returns `None` for a class, because what a class says is meant for its instances.
///
/// # Errors
///
/// Fails with the exception that reading the attribute raises, unless that is an `AttributeError`.
pub(crate) fn attribute<'py>(
    obj: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if obj.is_instance_of::<PyType>() { Ok(None) } else { obj.getattr_opt(name) }
}
