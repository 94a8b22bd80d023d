//! The Python class `typedview.View`: an export that Python code holds, and the facts about its memory.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::{Mutex, MutexGuard, PoisonError};
use typedview_pyo3::{Description, Export, KeptExport};

/// A view of the memory of a Python object, without a copy.
///
/// The object exports its memory by the buffer protocol, `__array_interface__`, Arrow or DLPack. These
/// protocols are tried in this order. The memory stays exported until the view is released or dropped.
#[pyclass(frozen, module = "typedview")]
pub(crate) struct View(Mutex<Option<Held>>);

struct Held {
    export: KeptExport,
    description: Description,
    owner: String,
}

impl View {
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<X>(&self, fact: impl FnOnce(&Held) -> X) -> PyResult<X> {
        let released = || PyValueError::new_err("the view has been released");
        self.held().as_ref().map(fact).ok_or_else(released)
    }
}

#[pymethods]
impl View {
    #[new]
    fn new(exporter: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (export, description) = Export::acquire(exporter)?;
        let owner = exporter.get_type().fully_qualified_name()?.to_string();
        let export = export.keep(exporter.py());
        Ok(Self(Mutex::new(Some(Held { export, description, owner }))))
    }

    /// The object that owns the memory, or `None` if the exporter names no owner.
    #[getter]
    fn obj(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.with(|held| held.export.owner().map(|owner| owner.clone_ref(py)))
    }

    /// The length of each axis.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let shape = self.with(|held| held.description.found().shape.to_vec())?;
        PyTuple::new(py, shape)
    }

    /// The number of bytes from an index to the next index, for each axis.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let strides = self.with(|held| held.description.found().strides.to_vec())?;
        PyTuple::new(py, strides)
    }

    /// The number of bytes to add after following a pointer, for each axis. It is negative for an axis that holds no
    /// pointers. The tuple is empty if no axis holds pointers.
    #[getter]
    fn suboffsets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let suboffsets = self.with(|held| held.description.found().suboffsets.to_vec())?;
        PyTuple::new(py, suboffsets)
    }

    /// The number of axes.
    #[getter]
    fn ndim(&self) -> PyResult<usize> {
        self.with(|held| held.description.found().shape.len())
    }

    /// The number of bytes of one element.
    #[getter]
    fn itemsize(&self) -> PyResult<usize> {
        self.with(|held| held.description.found().format.dtype().itemsize())
    }

    /// The number of bytes of all elements.
    #[getter]
    fn nbytes(&self) -> PyResult<Option<usize>> {
        self.with(|held| held.description.found().nbytes())
    }

    /// The element type in the notation of specs, such as "double".
    #[getter]
    fn dtype(&self) -> PyResult<String> {
        self.with(|held| held.description.found().format.to_string())
    }

    /// Whether the exporter forbids writing to the memory.
    #[getter]
    fn readonly(&self) -> PyResult<bool> {
        self.with(|held| held.description.found().readonly)
    }

    /// Gives the memory back to its exporter. After that, the view cannot be used. A second call does nothing.
    fn release(&self) {
        // The mutex is unlocked before the export is dropped, because dropping it runs the exporter's own code.
        let held = self.held().take();
        drop(held);
    }

    fn __enter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        slf.get().with(|_| ())?;
        Ok(slf)
    }

    fn __exit__(
        &self,
        _class: &Bound<'_, PyAny>,
        _exception: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) {
        self.release();
    }

    fn __repr__(&self) -> String {
        self.with(|held| format!("View({}, owner={})", held.description.found().summary(), held.owner))
            .unwrap_or_else(|_| "View(released)".to_owned())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // If the mutex is locked, some code is using the view at this moment. The view is then reachable, so nothing
        // has to be reported to the garbage collector.
        match self.0.try_lock().as_deref() {
            Ok(Some(held)) => held.export.traverse(&visit),
            _ => Ok(()),
        }
    }

    fn __clear__(&self) {
        self.release();
    }
}
