//! The table of C functions on the type of our own objects: the other end of `exchange`.
//! Everything is on the CPU, so that there is no stream to wait for.

use super::InvalidTensor;
use super::abi::{EXCHANGE, Exchange, ExchangeHeader, SetError, Tensor, VERSION, Versioned};
use super::lend::Loan;
use super::normalise::describe;
use super::received::Received;
use crate::acquire::AcquireError;
use crate::export::Exporter;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;
use std::ffi::{CString, c_int, c_void};
use std::ptr::{self, NonNull};
use typedview::Access;

static TABLE: Exchange = Exchange {
    header: ExchangeHeader { version: VERSION, previous: ptr::null() },
    allocate: Some(allocate),
    from_object: Some(from_object),
    to_object: Some(to_object),
    // A borrowed tensor would need strides in elements that nobody keeps.
    borrow: None,
    stream: Some(stream),
};

/// The capsule that consumers find the table by.
pub(crate) fn table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the table and the name are static; the capsule frees nothing.
    let capsule =
        unsafe { ffi::PyCapsule_New((&raw const TABLE).cast_mut().cast(), EXCHANGE.as_ptr(), None) };
    // SAFETY: a new reference, or null with an exception.
    unsafe { Bound::from_owned_ptr_or_err(py, capsule) }
}

/// Writes what is made into its place, or leaves the exception for the caller.
///
/// # Safety
///
/// `out` is the place of an answer.
unsafe fn answer<X>(out: *mut *mut X, make: impl FnOnce(Python<'_>) -> PyResult<NonNull<X>>) -> c_int {
    // At interpreter shutdown there is nothing to make.
    let answered = Python::try_attach(|py| match make(py) {
        Ok(made) => {
            // SAFETY: the caller.
            unsafe { out.write(made.as_ptr()) }
            0
        }
        Err(exception) => {
            exception.restore(py);
            -1
        }
    });
    answered.unwrap_or(-1)
}

/// An object of ours as a tensor.
unsafe extern "C" fn from_object(object: *mut c_void, out: *mut *mut Versioned) -> c_int {
    let lend = |py: Python<'_>| {
        // SAFETY: the protocol: an object that is alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object.cast()) };
        Exporter::loan(object.cast()?).lend().map_err(PyBufferError::new_err)
    };
    // SAFETY: the protocol.
    unsafe { answer(out, lend) }
}

/// A tensor as an object of ours; it is deleted when it is refused.
unsafe extern "C" fn to_object(tensor: *mut Versioned, out: *mut *mut c_void) -> c_int {
    let take = |py: Python<'_>| {
        let tensor = NonNull::new(tensor).ok_or_else(|| refuse(InvalidTensor::NoTensor.into()))?;
        // SAFETY: T1: the protocol hands the tensor over.
        let received = unsafe { Received::new(tensor, None) };
        let exporter = Exporter::of_offered(py, received.offer(Access::Read).map_err(refuse)?)?;
        NonNull::new(Bound::new(py, exporter)?.into_ptr().cast()).ok_or_else(|| PyErr::fetch(py))
    };
    // SAFETY: the protocol.
    unsafe { answer(out, take) }
}

fn refuse(refused: AcquireError) -> PyErr {
    let text = match refused {
        AcquireError::Odd(invalid) => invalid.to_string(),
        AcquireError::Told { reason, .. } => reason,
        AcquireError::Core(error) => error.to_string(),
        AcquireError::Raised(exception) => return exception,
    };
    PyBufferError::new_err(format!("cannot take a tensor: {text}"))
}

/// New memory for elements and a shape that a consumer needs, all bytes 0.
unsafe extern "C" fn allocate(
    prototype: *mut Tensor,
    out: *mut *mut Versioned,
    error_context: *mut c_void,
    set_error: Option<SetError>,
) -> c_int {
    // Errors are told to the caller's function, since its threads may know nothing of Python.
    let allocated = Python::try_attach(|py| {
        // SAFETY: the protocol: a tensor whose element, shape and device are given.
        unsafe { zeroed(py, prototype) }.map_err(|exception| exception.value(py).to_string())
    });
    match allocated.unwrap_or_else(|| Err("the interpreter has ended".to_owned())) {
        Ok(tensor) => {
            // SAFETY: the protocol: a place for the answer.
            unsafe { out.write(tensor.as_ptr()) }
            0
        }
        Err(text) => {
            let text = CString::new(text).unwrap_or_default();
            if let Some(set_error) = set_error {
                // SAFETY: the protocol: two C strings, which are copied.
                unsafe { set_error(error_context, c"BufferError".as_ptr(), text.as_ptr()) }
            }
            -1
        }
    }
}

/// # Safety
///
/// `prototype` is null or a tensor whose element, shape and device are given.
unsafe fn zeroed(py: Python<'_>, prototype: *mut Tensor) -> PyResult<NonNull<Versioned>> {
    // SAFETY: the caller.
    let prototype = unsafe { prototype.as_ref() }.ok_or_else(|| refuse(InvalidTensor::NoTensor.into()))?;
    // Its memory, strides and flags mean nothing.
    let blank = Tensor { data: ptr::dangling_mut(), strides: ptr::null_mut(), byte_offset: 0, ..*prototype };
    // SAFETY: the caller.
    let description = unsafe { describe(&blank, 0, Access::Read) }.map_err(refuse)?;
    let found = description.found();
    let block = PyByteArray::new_with(py, found.nbytes().unwrap_or(usize::MAX), |_| Ok(()))?;
    let loan = Loan {
        first: block.data(),
        dtype: found.format.dtype(),
        shape: found.shape,
        strides: found.strides,
        readonly: false,
        copied: false,
        owner: block.into_any().unbind(),
    };
    loan.lend().map_err(PyBufferError::new_err)
}

/// No stream: nothing of ours is on a device that has any.
unsafe extern "C" fn stream(_kind: i32, _number: i32, out: *mut *mut c_void) -> c_int {
    // SAFETY: the protocol: a place for the answer.
    unsafe { out.write(ptr::null_mut()) }
    0
}
