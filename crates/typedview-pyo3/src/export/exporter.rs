//! The Python object that memory from Rust becomes: an exporter of the buffer protocol.

use super::flags::{Offer, Request};
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::ffi::{CStr, c_int};
use std::ptr;
use typedview::{Direct, Element, Format, Found, Memory, Order, Owned};

/// Memory that Rust allocated, seen from Python.
///
/// - X1. Shape and strides describe initialised elements of `memory`, and do not change or move while `self` lives.
/// - X2. Rust keeps no reference to the memory: it has been handed over.
#[pyclass(frozen, name = "Owned", module = "typedview")]
#[derive(Debug)]
pub(super) struct Exporter {
    first: *mut u8,
    shape: Box<[isize]>,
    strides: Box<[isize]>,
    itemsize: usize,
    size: usize,
    format: &'static CStr,
    offer: Offer,
    element: Format,
    _memory: Memory,
}

// SAFETY: X2: the pointer is only handed to consumers of the buffer protocol, whose rules are Python's.
unsafe impl Send for Exporter {}
// SAFETY: as above.
unsafe impl Sync for Exporter {}

impl Exporter {
    pub(super) fn new<T: Element, L: Direct>(owned: Owned<T, L>) -> Self {
        let (first, layout, memory) = owned.into_raw_parts();
        let itemsize = size_of::<T>();
        Self {
            first: first.cast(),
            // L1 bounds every extent of a layout with elements; an empty one may have any.
            shape: layout.shape().iter().map(|extent| extent.cast_signed()).collect(),
            strides: layout.strides(itemsize).as_ref().into(),
            itemsize,
            size: layout.size(),
            format: Format::of::<T>(),
            offer: Offer {
                readonly: false,
                c_contiguous: layout.is_contiguous(Order::C, itemsize),
                f_contiguous: layout.is_contiguous(Order::F, itemsize),
            },
            element: Format::native::<T>(),
            _memory: memory,
        }
    }
}

#[pymethods]
impl Exporter {
    /// The number of indices on each axis.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.shape.iter())
    }

    /// Bytes from an index to the next, on each axis.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.strides.iter())
    }

    /// The number of axes.
    #[getter]
    fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// The number of bytes of an element.
    #[getter]
    fn itemsize(&self) -> usize {
        self.itemsize
    }

    /// The number of bytes of all elements.
    #[getter]
    fn nbytes(&self) -> usize {
        self.size * self.itemsize
    }

    /// The PEP 3118 format of an element.
    #[getter]
    fn format(&self) -> String {
        self.format.to_string_lossy().into_owned()
    }

    /// Whether consumers are forbidden to write.
    #[getter]
    fn readonly(&self) -> bool {
        self.offer.readonly
    }

    fn __repr__(&self) -> String {
        let shape: Vec<usize> = self.shape.iter().map(|extent| extent.cast_unsigned()).collect();
        let Self { strides, element, offer, .. } = self;
        let readonly = offer.readonly;
        let found = Found { format: element, shape: &shape, strides, suboffsets: &[], readonly };
        format!("Owned({})", found.summary())
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
        if let Some(reason) = request.refusal(this.offer) {
            return Err(PyBufferError::new_err(format!("{}: {reason}", this.__repr__())));
        }
        let or_null = |given: bool, numbers: &[isize]| {
            if given { numbers.as_ptr().cast_mut() } else { ptr::null_mut() }
        };
        let mut filled = ffi::Py_buffer::new();
        filled.buf = this.first.cast();
        filled.len = (this.size * this.itemsize).cast_signed();
        filled.itemsize = this.itemsize.cast_signed();
        filled.readonly = this.offer.readonly.into();
        // Without a shape there is one axis, of bytes: consumers index the shape by ndim.
        let ndim = if request.shape() { this.shape.len() } else { 1 };
        filled.ndim = c_int::try_from(ndim).unwrap_or(c_int::MAX);
        filled.format = if request.format() { this.format.as_ptr().cast_mut() } else { ptr::null_mut() };
        filled.shape = or_null(request.shape(), &this.shape);
        filled.strides = or_null(request.strides(), &this.strides);
        filled.obj = slf.into_any().into_ptr();
        // SAFETY: the caller. X1: the arrays live as long as the owner, whose reference the consumer now has.
        unsafe { view.write(filled) };
        Ok(())
    }
}
