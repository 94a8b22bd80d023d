//! The Python object that memory becomes: an exporter of the buffer protocol, of DLPack and of NumPy's array interface.
//! One class for all elements and layouts, which are plain numbers here.

use super::axes::Axes;
use super::descr::{descr, typestr_or_bytes};
use super::flags::{Offer, Request};
use super::names::text;
use super::py_owned::{Handed, Owner, PyOwned};
use crate::acquire::Acquired;
use crate::dlpack::{self, Device, Loan};
use pyo3::exceptions::{PyAttributeError, PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::{CStr, c_int};
use std::ptr;
use typedview::{ByteOrder, Direct, Dtype, Element, Format, Found, Kind, Order, PerAxis};

/// Memory that Rust handed to Python.
///
/// - X1. `axes` describe initialised elements that stay, and do not change or move, while `self` lives; they may be
///   written unless `offer` says readonly.
/// - X2. Rust keeps no reference to the memory: it has been handed over.
#[pyclass(frozen, name = "Owned", module = "typedview")]
#[derive(Debug)]
pub(crate) struct Exporter {
    first: *mut u8,
    axes: Axes,
    format: Format,
    /// What consumers read of the format, where it is not one of its own codes.
    text: Option<Box<CStr>>,
    offer: Offer,
    owner: Owner,
}

// SAFETY: X2: the pointer is only handed to consumers of Python's protocols, whose rules are Python's.
unsafe impl Send for Exporter {}
// SAFETY: as above.
unsafe impl Sync for Exporter {}

impl Exporter {
    #[inline]
    pub(super) fn new<T: Element, L: Direct>(owned: PyOwned<T, L>) -> Self {
        let PyOwned { handed: Handed { first, layout, readonly }, owner } = owned;
        let (itemsize, format) = (size_of::<T>(), T::format());
        // INVARIANT X1 and X2: Q1 and Q2.
        Self {
            first: first.cast(),
            axes: Axes::new(layout.shape(), layout.strides(itemsize).as_ref()),
            text: text(&format),
            format,
            offer: Offer {
                readonly,
                c_contiguous: layout.is_contiguous(Order::C, itemsize),
                f_contiguous: layout.is_contiguous(Order::F, itemsize),
            },
            owner,
        }
    }

    /// What somebody else has handed over, as an object of ours.
    pub(crate) fn of_offered(py: Python<'_>, offered: Acquired) -> PyResult<Self> {
        let Acquired { export, description } = offered;
        let found = description.found();
        // INVARIANT X1: D1, and the export is kept. X2: nobody has taken a view.
        Ok(Self {
            first: description.first,
            axes: Axes::new(found.shape, found.strides),
            format: found.format.clone(),
            text: text(found.format),
            offer: Offer {
                readonly: found.readonly,
                c_contiguous: found.is_contiguous(Order::C),
                f_contiguous: found.is_contiguous(Order::F),
            },
            owner: Owner::of(py, export),
        })
    }

    /// What consumers read of the format.
    fn text(&self) -> &CStr {
        self.text.as_deref().or_else(|| self.format.code()).unwrap_or_default()
    }

    /// The elements, where they are native; bytes without a meaning to DLPack, where not.
    fn native_dtype(&self) -> Dtype {
        match self.format.as_scalar() {
            Some((dtype, ByteOrder::Native)) => dtype,
            _ => Dtype::new(Kind::Void, self.format.itemsize()),
        }
    }

    /// The same memory, for a consumer of DLPack.
    pub(crate) fn loan<'a>(slf: &'a Bound<'_, Self>) -> Loan<'a> {
        let Self { first, ref axes, offer: Offer { readonly, .. }, .. } = *slf.get();
        let dtype = slf.get().native_dtype();
        // INVARIANT N1: X1, while the reference keeps the exporter.
        let owner = slf.clone().into_any().unbind();
        Loan { first, dtype, shape: axes.shape(), strides: axes.strides(), readonly, copied: false, owner }
    }

    /// New memory with the same elements in C order, for a consumer of DLPack.
    fn loan_of_copy<'a>(slf: &'a Bound<'_, Self>, strides: &'a mut PerAxis<isize>) -> PyResult<Loan<'a>> {
        let (axes, dtype) = (&slf.get().axes, slf.get().native_dtype());
        let block = PyByteArray::from(slf.as_any())?;
        *strides = PerAxis::c_strides(axes.shape(), dtype.itemsize());
        // INVARIANT N1: nobody else has the block, so that it keeps its size.
        let (first, owner) = (block.data(), block.into_any().unbind());
        Ok(Loan { first, dtype, shape: axes.shape(), strides, readonly: false, copied: true, owner })
    }
}

#[pymethods]
impl Exporter {
    /// The number of indices on each axis.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.axes.shape())
    }

    /// Bytes from an index to the next, on each axis.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.axes.strides())
    }

    /// The number of axes.
    #[getter]
    fn ndim(&self) -> usize {
        self.axes.shape().len()
    }

    /// The number of bytes of an element.
    #[getter]
    fn itemsize(&self) -> usize {
        self.format.itemsize()
    }

    /// The number of bytes of all elements.
    #[getter]
    fn nbytes(&self) -> usize {
        // L1 bounds the product, and a zero makes it 0 whatever else wraps.
        self.axes.shape().iter().fold(self.itemsize(), |nbytes, &extent| nbytes.wrapping_mul(extent))
    }

    /// The PEP 3118 format of an element.
    #[getter]
    fn format(&self) -> String {
        self.text().to_string_lossy().into_owned()
    }

    /// Whether consumers are forbidden to write.
    #[getter]
    fn readonly(&self) -> bool {
        self.offer.readonly
    }

    /// The number of indices on the first axis.
    fn __len__(&self) -> PyResult<usize> {
        self.axes
            .shape()
            .first()
            .copied()
            .ok_or_else(|| PyTypeError::new_err("memory without axes has no length"))
    }

    fn __repr__(&self) -> String {
        let (format, shape, strides) = (&self.format, self.axes.shape(), self.axes.strides());
        let readonly = self.offer.readonly;
        let found = Found { format, shape, strides, suboffsets: &[], readonly };
        format!("Owned({})", found.summary())
    }

    /// The memory in the words of NumPy's array interface, version 3.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (Some(typestr), Some(descr)) = (typestr_or_bytes(&self.format), descr(py, &self.format)?) else {
            return Err(PyAttributeError::new_err(format!("{} has no __array_interface__", self.__repr__())));
        };
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("descr", descr)?;
        interface.set_item("typestr", typestr)?;
        interface.set_item("shape", self.shape(py)?)?;
        interface.set_item("strides", self.strides(py)?)?;
        interface.set_item("data", (self.first.addr(), self.offer.readonly))?;
        Ok(interface)
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
        let refuse = |reason: &dyn std::fmt::Display| {
            PyBufferError::new_err(format!("{}: {reason}", slf.get().__repr__()))
        };
        if stream.is_some() {
            return Err(refuse(&"memory on the CPU has no stream"));
        }
        if let Some((kind, number)) = dl_device
            && (Device { kind, number }) != Device::CPU
        {
            let device = Device { kind, number };
            return Err(refuse(&format_args!("the memory is on the CPU, not on device {device}")));
        }
        let versioned = max_version.is_some_and(|(major, _)| major >= 1);
        let mut strides = PerAxis::empty();
        let loan = if copy == Some(true) { Self::loan_of_copy(slf, &mut strides)? } else { Self::loan(slf) };
        loan.capsule(slf.py(), versioned).map_err(|reason| refuse(&reason))
    }

    /// The table of C functions that consumers of DLPack may call instead.
    #[classattr]
    fn __dlpack_c_exchange_api__(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        dlpack::table(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.owner.traverse(&visit)
    }

    /// # Safety
    ///
    /// `view` is null or points to a `Py_buffer` to fill: the interpreter calls this.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("the request has no Py_buffer"));
        }
        // SAFETY: the caller; PEP 3118 wants a null owner with every refusal.
        unsafe { (*view).obj = ptr::null_mut() };
        let this = slf.get();
        let request = Request(flags);
        if request.format() && !this.format.has_pep3118() {
            // Consumers then turn to the array interface, as they do for NumPy's own dates.
            let reason = "PEP 3118 has no format for them";
            return Err(PyBufferError::new_err(format!("{}: {reason}", this.__repr__())));
        }
        if let Some(reason) = request.refusal(this.offer) {
            return Err(PyBufferError::new_err(format!("{}: {reason}", this.__repr__())));
        }
        let or_null = |given: bool, numbers: *const isize| {
            if given { numbers.cast_mut() } else { ptr::null_mut() }
        };
        let mut filled = ffi::Py_buffer::new();
        filled.buf = this.first.cast();
        filled.len = this.nbytes().cast_signed();
        filled.itemsize = this.itemsize().cast_signed();
        filled.readonly = this.offer.readonly.into();
        // Without a shape there is one axis, of bytes: consumers index the shape by ndim.
        let ndim = if request.shape() { this.ndim() } else { 1 };
        filled.ndim = c_int::try_from(ndim).unwrap_or(c_int::MAX);
        filled.format = if request.format() { this.text().as_ptr().cast_mut() } else { ptr::null_mut() };
        // L1 bounds every extent of a layout with elements; an empty one may have any.
        filled.shape = or_null(request.shape(), this.axes.shape().as_ptr().cast());
        filled.strides = or_null(request.strides(), this.axes.strides().as_ptr());
        filled.obj = slf.into_any().into_ptr();
        // SAFETY: the caller. X1: the arrays live as long as the owner, whose reference the consumer now has.
        unsafe { view.write(filled) };
        Ok(())
    }
}
