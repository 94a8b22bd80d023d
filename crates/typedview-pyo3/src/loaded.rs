//! Modules that the process has already loaded: they are needed to ask whether an object is of one of their classes.
//! No module is imported, because there are no objects of its classes when it is not loaded.

use pyo3::intern;
use pyo3::prelude::*;

/// Returns the module with this name, if it is loaded.
pub(crate) fn loaded<'py>(py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
    let module = modules.call_method1(intern!(py, "get"), (name,))?;
    Ok((!module.is_none()).then_some(module))
}
