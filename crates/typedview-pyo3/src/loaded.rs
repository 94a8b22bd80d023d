//! Modules that the process has already loaded: they are needed to ask whether an object is of one of their classes.
//! No module is imported, because there are no objects of its classes when it is not loaded.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// Returns the module with this name, if it is loaded.
pub(crate) fn loaded<'py>(py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let name = PyString::new(py, name);
    // SAFETY: `name` is alive, and this thread is attached to the interpreter.
    let module = unsafe { ffi::PyImport_GetModule(name.as_ptr()) };
    // SAFETY: the function has returned a new reference, or null, with or without an exception.
    match unsafe { Bound::from_owned_ptr_or_opt(py, module) } {
        Some(module) => Ok((!module.is_none()).then_some(module)),
        None => PyErr::take(py).map_or(Ok(None), Err),
    }
}
