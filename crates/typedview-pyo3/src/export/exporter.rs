//! `Exporter`: the Python class of results, which speaks the buffer protocol, DLPack and NumPy's array interface.
//! Properties are read from [`Exported`]; what a protocol needs is in a file of its own.

use super::dlpack_exchange::{self, Exchanged};
use super::exported::Exported;
use super::handed::Owner;
use super::{array_interface, buffer, dlpack};
use crate::dlpack::Device;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::c_int;

/// Makes a Python object of memory that an owner keeps.
pub(super) fn to_object(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, PyAny>> {
    Ok(Bound::new(py, Exporter(exported, owner))?.into_any())
}

/// Memory that an extension written in Rust has handed to Python.
#[pyclass(frozen, name = "Owned", module = "typedview")]
#[derive(Debug)]
pub(super) struct Exporter(pub(super) Exported, pub(super) Owner);

#[pymethods]
impl Exporter {
    /// The number of indices on each axis.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.untyped.shape())
    }

    /// Bytes from an index to the next, on each axis.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.untyped.strides())
    }

    /// The number of axes.
    #[getter]
    fn ndim(&self) -> usize {
        self.0.untyped.ndim()
    }

    /// The number of bytes of an element.
    #[getter]
    fn itemsize(&self) -> usize {
        self.0.untyped.itemsize()
    }

    /// The number of bytes of all elements.
    #[getter]
    fn nbytes(&self) -> usize {
        self.0.untyped.nbytes()
    }

    /// The PEP 3118 format of an element.
    #[getter]
    fn format(&self) -> String {
        self.0.text().to_string_lossy().into_owned()
    }

    /// Whether consumers are forbidden to write.
    #[getter]
    fn readonly(&self) -> bool {
        self.0.readonly
    }

    /// The number of indices on the first axis.
    fn __len__(&self) -> PyResult<usize> {
        let length = self.0.untyped.shape().first().copied();
        length.ok_or_else(|| PyTypeError::new_err("memory without axes has no length"))
    }

    fn __repr__(&self) -> String {
        self.0.to_string()
    }

    /// The memory as a dict of NumPy's array interface, version 3.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        array_interface::interface(&self.0, py)
    }

    /// The device of the memory: the CPU.
    fn __dlpack_device__(&self) -> (i32, i32) {
        (Device::CPU.kind, Device::CPU.number)
    }

    /// The memory as a DLPack capsule.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        slf: &Bound<'py, Self>,
        stream: Option<&Bound<'py, PyAny>>,
        max_version: Option<(u32, u32)>,
        dl_device: Option<(i32, i32)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        dlpack::capsule(&slf.get().0, slf.as_any(), stream.is_some(), max_version, dl_device, copy)
    }

    /// The table of C functions that consumers of DLPack may call instead.
    #[classattr]
    fn __dlpack_c_exchange_api__(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        dlpack_exchange::table::<Self>(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.1.traverse(&visit)
    }

    /// # Safety
    ///
    /// The caller must ensure that `view` is null, or points to a `Py_buffer` that may be written. The interpreter does.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        // SAFETY: the interpreter passes null, or a pointer to a `Py_buffer` to fill. `slf` keeps its memory.
        unsafe { buffer::fill(&slf.get().0, slf.as_any(), view, flags) }
    }
}

impl Exchanged for Exporter {
    fn lent(&self) -> PyResult<&Exported> {
        Ok(&self.0)
    }

    fn to_object(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, Self>> {
        Bound::new(py, Self(exported, owner))
    }
}
