//! The buffer protocol of a result: what a `Py_buffer` request gets, or why it is refused.
//! A request that cannot be honoured exactly is refused, because wrong bytes are never an answer.

use super::exported::Exported;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::ptr;
use typedview::Order;

/// Fills a `Py_buffer` with exported memory, as `flags` ask for it; `owner` is the Python object that has the memory.
///
/// # Errors
///
/// Raises `BufferError` when a flag asks for what the memory does not have. The `obj` of the buffer is null then.
///
/// # Safety
///
/// The caller must ensure that `view` is null, or points to a `Py_buffer` that may be written, and that `owner` keeps
/// `exported`.
pub(crate) unsafe fn fill(
    exported: &Exported,
    owner: &Bound<'_, PyAny>,
    view: *mut ffi::Py_buffer,
    flags: c_int,
) -> PyResult<()> {
    if view.is_null() {
        return Err(PyBufferError::new_err("the request has no Py_buffer"));
    }
    // PEP 3118: a refusal leaves a null owner.
    // SAFETY: `view` is not null, so the caller guarantees that it points to a `Py_buffer`.
    unsafe { (*view).obj = ptr::null_mut() };
    let request = Request(flags);
    let untyped = &exported.untyped;
    if request.format() && !untyped.format().has_pep3118() {
        // Consumers then use the array interface, as they do for NumPy's own dates.
        let reason = "PEP 3118 has no format for them";
        return Err(PyBufferError::new_err(format!("{exported}: {reason}")));
    }
    if let Some(reason) = request.refusal(exported) {
        return Err(PyBufferError::new_err(format!("{exported}: {reason}")));
    }
    // PEP 3118: the lists are null if there are no axes.
    let has_axes = untyped.ndim() > 0;
    let or_null = |given: bool, numbers: *const isize| {
        if given && has_axes { numbers.cast_mut() } else { ptr::null_mut() }
    };
    let mut filled = ffi::Py_buffer::new();
    filled.buf = untyped.as_ptr().cast();
    filled.len = untyped.nbytes().cast_signed();
    filled.itemsize = untyped.itemsize().cast_signed();
    filled.readonly = exported.readonly.into();
    // Without a shape there is one axis, of bytes: consumers index the shape by ndim.
    let ndim = if request.shape() { untyped.ndim() } else { 1 };
    filled.ndim = c_int::try_from(ndim).unwrap_or(c_int::MAX);
    filled.format = if request.format() { exported.text().as_ptr().cast_mut() } else { ptr::null_mut() };
    // Every extent of a layout with elements fits `isize` (L1). The extents of an empty one may be anything.
    filled.shape = or_null(request.shape(), untyped.shape().as_ptr().cast());
    filled.strides = or_null(request.strides(), untyped.strides().as_ptr());
    filled.suboffsets = or_null(!untyped.suboffsets().is_empty(), untyped.suboffsets().as_ptr());
    filled.obj = owner.clone().into_ptr();
    // SAFETY: `view` points to a `Py_buffer`. The consumer gets a reference to `owner` with it, and the arrays live as long
    // as that object (X1).
    unsafe { view.write(filled) };
    Ok(())
}

/// The flags of a buffer request.
#[derive(Clone, Copy, Debug)]
struct Request(c_int);

impl Request {
    fn asks(self, flags: c_int) -> bool {
        self.0 & flags == flags
    }

    fn format(self) -> bool {
        self.asks(ffi::PyBUF_FORMAT)
    }

    fn shape(self) -> bool {
        self.asks(ffi::PyBUF_ND)
    }

    fn strides(self) -> bool {
        self.asks(ffi::PyBUF_STRIDES)
    }

    /// The reason why the request cannot be honoured, if there is one.
    fn refusal(self, exported: &Exported) -> Option<&'static str> {
        let [c_contiguous, f_contiguous] =
            [Order::C, Order::F].map(|order| exported.untyped.is_contiguous(order));
        if self.asks(ffi::PyBUF_WRITABLE) && exported.readonly {
            return Some("the memory is readonly");
        }
        if self.asks(ffi::PyBUF_C_CONTIGUOUS) && !c_contiguous {
            return Some("the memory is not C-contiguous");
        }
        if self.asks(ffi::PyBUF_F_CONTIGUOUS) && !f_contiguous {
            return Some("the memory is not Fortran-contiguous");
        }
        if self.asks(ffi::PyBUF_ANY_CONTIGUOUS) && !c_contiguous && !f_contiguous {
            return Some("the memory is not contiguous");
        }
        // PEP 3118: without a shape, the consumer treats the memory as bytes.
        if self.format() && !self.shape() {
            return Some("the request has a format, but no shape");
        }
        if !exported.untyped.suboffsets().is_empty() && !self.asks(ffi::PyBUF_INDIRECT) {
            return Some("axes hold pointers, and the request has no suboffsets");
        }
        // PEP 3118: without strides, the consumer treats the memory as C-contiguous.
        if !self.strides() && !c_contiguous {
            return Some("the memory is not C-contiguous, and the request has no strides");
        }
        None
    }
}
