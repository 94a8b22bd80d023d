//! Modules that others have loaded: what an object may be of. None is imported, since where one is not loaded, there are no
//! objects of its classes.

use pyo3::intern;
use pyo3::prelude::*;

/// The module of this name, if it is loaded.
pub(crate) fn loaded<'py>(py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
    let module = modules.call_method1(intern!(py, "get"), (name,))?;
    Ok((!module.is_none()).then_some(module))
}
