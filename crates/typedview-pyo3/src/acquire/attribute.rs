//! Attributes: how an object says that it speaks a protocol.
//! Apart because every protocol but the buffer protocol is found by a name.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

/// What `obj` has under `name`, or nothing where it has no such attribute.
///
/// A class has none: what it says is meant for its instances.
///
/// # Errors
///
/// What the attribute raises, unless that is an `AttributeError`.
pub(crate) fn attribute<'py>(
    obj: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if obj.is_instance_of::<PyType>() { Ok(None) } else { obj.getattr_opt(name) }
}
