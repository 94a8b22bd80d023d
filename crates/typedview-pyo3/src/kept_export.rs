//! `KeptExport`: an export that is kept longer than a call, in a class or in a result.
//! It has its own file because an export during a call needs neither of its two precautions: against memory that moves
//! although it is exported, and against the garbage collector, which clears objects that others still use.

use crate::acquire::Export;
use crate::ndarray;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::{c_int, c_void};

/// An export that is kept longer than a call.
///
/// NumPy's `a.resize(n)` replaces memory to which there is one reference besides that of the caller, so the owner is held by
/// two references. An array or a `memoryview` may only refer to the memory of another object. The memory of
/// `numpy.ndarray(n, buffer=x)` moves with `x`, for example, so an export of that object is held, too.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use pyo3::{PyTraverseError, PyVisit};
/// use typedview_pyo3::{Export, KeptExport};
///
/// /// Keeps the memory of an object where it is.
/// #[pyclass]
/// struct Keeper {
///     export: KeptExport,
/// }
///
/// #[pymethods]
/// impl Keeper {
///     #[new]
///     fn new(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
///         let (export, _) = Export::acquire(obj)?;
///         Ok(Self { export: export.keep(obj.py()) })
///     }
///
///     #[getter]
///     fn owner(&self, py: Python<'_>) -> Option<Py<PyAny>> {
///         self.export.owner().map(|owner| owner.clone_ref(py))
///     }
///
///     fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
///         self.export.traverse(&visit)
///     }
/// }
/// ```
#[derive(Debug)]
pub struct KeptExport {
    export: Export,
    /// The second reference to the owner.
    second: Option<Py<PyAny>>,
    /// An export of the object that owns the memory, if the owner only refers to it.
    #[expect(dead_code, reason = "held to be dropped")]
    memory: Option<Box<Export>>,
    /// Whether the garbage collector is told of both references to the owner.
    is_visited: bool,
}

impl Export {
    /// Returns the same export in a form that may be kept longer than a call.
    ///
    /// See [`KeptExport`] for an example.
    #[must_use]
    pub fn keep(self, py: Python<'_>) -> KeptExport {
        let owner = self.owner().map(|owner| owner.bind(py));
        let is_visited =
            self.is_foreign() || self.raw().is_some() && owner.is_some_and(keeps_memory_when_cleared);
        let memory = owner.and_then(ndarray::owner_of_memory).map(|last| {
            // NumPy counts the references of an array before it resizes it, not the buffers. Other objects count buffers.
            let buffer = if ndarray::is_instance(&last) { None } else { Export::of_buffer(&last) };
            Box::new(buffer.unwrap_or_else(|| Export::of_object(&last)))
        });
        let second = owner.map(|owner| owner.clone().unbind());
        KeptExport { export: self, second, memory, is_visited }
    }
}

impl KeptExport {
    /// Returns the object that the exporter named as the owner of the memory.
    ///
    /// See [`KeptExport`] for an example.
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        self.export.owner()
    }

    /// Reports the references of this export to the garbage collector, for the `__traverse__` of the class that keeps it.
    ///
    /// The collector clears all objects of a cycle before it drops them, and a finaliser can use this export in between. So only
    /// objects that keep their memory when they are cleared are reported: arrays of NumPy, `bytes`, `bytearray`, their
    /// subclasses, other native classes that the collector does not know, and what Arrow and DLPack hand out. A cycle through
    /// another exporter, such as an object with `__array_interface__`, a ctypes object or a `memoryview`, is not collected.
    ///
    /// # Errors
    ///
    /// Fails with the errors of `visit`.
    ///
    /// See [`KeptExport`] for an example.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Some(owner) = self.owner().filter(|_| self.is_visited) else { return Ok(()) };
        visit.call(owner)?;
        // The object that owns the memory is not reported, so it stays alive whatever is cleared.
        visit.call(&self.second)
    }

    /// Reports the reference of the class to `exporter`, the object that was asked for this export, unless the memory depends on
    /// it and is lost when it is cleared.
    pub(crate) fn traverse_exporter(
        &self,
        exporter: &Py<PyAny>,
        visit: &PyVisit<'_>,
    ) -> Result<(), PyTraverseError> {
        let has_another_owner = self.owner().is_some_and(|owner| !owner.is(exporter));
        if self.is_visited || has_another_owner { visit.call(exporter) } else { Ok(()) }
    }

    /// Returns the object, if the export is only a reference to an object that keeps the memory as long as it lives.
    pub(crate) fn as_object(&self) -> Option<&Py<PyAny>> {
        self.owner().filter(|_| self.export.is_object())
    }
}

/// Returns whether the memory that an object has exported as a buffer stays when the garbage collector clears the object.
///
/// It stays if the function that exports it belongs to a native class that the collector neither visits nor clears, such as
/// `ndarray`. The collector then clears only what subclasses have added.
fn keeps_memory_when_cleared(obj: &Bound<'_, PyAny>) -> bool {
    let class = obj.get_type_ptr();
    let (mut base, exports) = (class, slot(class, ffi::Py_bf_getbuffer));
    // SAFETY: `obj` keeps its type alive, and a type keeps its base alive.
    while !base.is_null() && unsafe { ffi::PyType_GetFlags(base) } & ffi::Py_TPFLAGS_HAVE_GC != 0 {
        base = slot(base, ffi::Py_tp_base).cast();
    }
    // Classes of ctypes lack the flag, but objects of their subclasses are cleared by their functions.
    let is_cleared = |class| {
        [ffi::Py_tp_traverse, ffi::Py_tp_clear].iter().any(|&function| !slot(class, function).is_null())
    };
    !base.is_null() && !is_cleared(base) && slot(base, ffi::Py_bf_getbuffer) == exports
}

/// Returns what a type has in a slot.
fn slot(class: *mut ffi::PyTypeObject, slot: c_int) -> *mut c_void {
    // SAFETY: the callers pass types that are alive, and slots that every type has.
    unsafe { ffi::PyType_GetSlot(class, slot) }
}
