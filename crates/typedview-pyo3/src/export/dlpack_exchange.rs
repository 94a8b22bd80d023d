//! DLPack's table of C functions on the type of this library's own objects, for consumers that do not call `__dlpack__`.
//! All memory is on the CPU, so there is no stream to wait for.

use super::dlpack::loan;
use super::exported::Exported;
use super::handed::Owner;
use crate::acquire::{AcquireError, Acquired};
use crate::dlpack::{
    EXCHANGE, Exchange, ExchangeHeader, InvalidTensor, Loan, Received, SetError, Tensor, VERSION, Versioned,
    to_description,
};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::pyclass::boolean_struct::True;
use pyo3::types::PyByteArray;
use pyo3::{PyClass, ffi};
use std::ffi::{CString, c_int, c_void};
use std::ptr::{self, NonNull};
use typedview::Access;

/// A Python class whose objects the table lends as tensors and makes of tensors.
pub(crate) trait Exchanged: PyClass<Frozen = True> + Sync {
    /// The memory of an object, for a consumer that keeps a reference to the object.
    fn lent(&self) -> PyResult<&Exported>;

    /// A new object with memory that an owner keeps.
    fn to_object(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, Self>>;
}

/// Returns the capsule in which consumers find the table of a class.
pub(crate) fn table<O: Exchanged>(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let table: &'static Exchange = const {
        &Exchange {
            header: ExchangeHeader { version: VERSION, previous: ptr::null() },
            allocate: Some(allocate),
            from_object: Some(from_object::<O>),
            to_object: Some(to_object::<O>),
            // A borrowed tensor would need strides in elements, and no object stores those.
            borrow: None,
            stream: Some(stream),
        }
    };
    // SAFETY: the table and the name are static, and the capsule has no destructor that would free them.
    let capsule =
        unsafe { ffi::PyCapsule_New(ptr::from_ref(table).cast_mut().cast(), EXCHANGE.as_ptr(), None) };
    // SAFETY: `PyCapsule_New` returns a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, capsule) }
}

/// Calls `make` and writes the pointer that it returns to `out`. Returns 0, or -1 with the exception set in the
/// interpreter.
///
/// # Safety
///
/// The caller must ensure that a pointer may be written to `out`.
unsafe fn answer<X>(out: *mut *mut X, make: impl FnOnce(Python<'_>) -> PyResult<NonNull<X>>) -> c_int {
    // At interpreter shutdown no thread can attach, and nothing can be made.
    let answered = Python::try_attach(|py| match make(py) {
        Ok(made) => {
            // SAFETY: the caller guarantees that a pointer may be written to `out`.
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

/// Lends the memory of one of this library's own objects as a tensor.
unsafe extern "C" fn from_object<O: Exchanged>(object: *mut c_void, out: *mut *mut Versioned) -> c_int {
    let lend = |py: Python<'_>| {
        // SAFETY: the protocol guarantees that `object` points to a Python object that is alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object.cast()) };
        let exported = object.cast::<O>()?.get().lent()?;
        loan(exported, &object)?.lend().map_err(PyBufferError::new_err)
    };
    // SAFETY: the protocol guarantees that the answer may be written to `out`.
    unsafe { answer(out, lend) }
}

/// Returns a tensor as one of this library's own objects. A tensor that is refused is deleted.
unsafe extern "C" fn to_object<O: Exchanged>(tensor: *mut Versioned, out: *mut *mut c_void) -> c_int {
    let take = |py: Python<'_>| {
        let tensor = NonNull::new(tensor).ok_or_else(|| refuse(InvalidTensor::NoTensor.into()))?;
        // SAFETY: the protocol hands the tensor over to this function and to no other code (T1).
        let received = unsafe { Received::new(tensor, None) };
        let Acquired { export, description } = received.offer(Access::Read).map_err(refuse)?;
        let (exported, owner) = (Exported::of_description(description), Owner::of(py, export));
        NonNull::new(O::to_object(py, exported, owner)?.into_ptr().cast()).ok_or_else(|| PyErr::fetch(py))
    };
    // SAFETY: the protocol guarantees that the answer may be written to `out`.
    unsafe { answer(out, take) }
}

/// Returns the `BufferError` for a refusal, or the exception that was raised.
fn refuse(refused: AcquireError) -> PyErr {
    let text = match refused {
        AcquireError::Odd(invalid) => invalid.to_string(),
        AcquireError::Told { reason, .. } => reason,
        AcquireError::Core(error) => error.to_string(),
        AcquireError::Raised(exception) => return exception,
    };
    PyBufferError::new_err(format!("cannot take a tensor: {text}"))
}

/// Allocates memory for a tensor with the elements and the shape that a consumer needs. All bytes are 0.
unsafe extern "C" fn allocate(
    prototype: *mut Tensor,
    out: *mut *mut Versioned,
    error_context: *mut c_void,
    set_error: Option<SetError>,
) -> c_int {
    // Errors are reported through the function of the caller, because the caller's threads may not use Python at all.
    let allocated = Python::try_attach(|py| {
        // SAFETY: the protocol guarantees that the element, shape and device of the prototype are set.
        unsafe { zeroed(py, prototype) }.map_err(|exception| exception.value(py).to_string())
    });
    match allocated.unwrap_or_else(|| Err("the interpreter has ended".to_owned())) {
        Ok(tensor) => {
            // SAFETY: the protocol guarantees that the answer may be written to `out`.
            unsafe { out.write(tensor.as_ptr()) }
            0
        }
        Err(text) => {
            let text = CString::new(text).unwrap_or_default();
            if let Some(set_error) = set_error {
                // SAFETY: both texts are C strings that live during the call, and the protocol makes the function copy
                // them.
                unsafe { set_error(error_context, c"BufferError".as_ptr(), text.as_ptr()) }
            }
            -1
        }
    }
}

/// Allocates a tensor like `prototype`, with all bytes 0.
///
/// # Safety
///
/// The caller must ensure that `prototype` is null, or a tensor whose element, shape and device are set.
unsafe fn zeroed(py: Python<'_>, prototype: *mut Tensor) -> PyResult<NonNull<Versioned>> {
    // SAFETY: the caller guarantees that `prototype` is null or points to a tensor.
    let prototype = unsafe { prototype.as_ref() }.ok_or_else(|| refuse(InvalidTensor::NoTensor.into()))?;
    // The memory, strides and byte offset of the prototype mean nothing.
    let blank = Tensor { data: ptr::dangling_mut(), strides: ptr::null_mut(), byte_offset: 0, ..*prototype };
    // SAFETY: the caller guarantees that the shape is set; `blank` has no strides, and its memory is not accessed.
    let description = unsafe { to_description(&blank, 0, Access::Read) }.map_err(refuse)?;
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

/// Gives null as the stream, because no memory of this library is on a device that has streams.
unsafe extern "C" fn stream(_kind: i32, _number: i32, out: *mut *mut c_void) -> c_int {
    // SAFETY: the protocol guarantees that the answer may be written to `out`.
    unsafe { out.write(ptr::null_mut()) }
    0
}
