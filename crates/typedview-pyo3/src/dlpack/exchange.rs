//! The exchange: receives a tensor through a table of C functions on its producer's type, without calling `__dlpack__`.
//! PyTorch provides such a table. A tensor is then received in a few dozen nanoseconds.

use super::InvalidTensor;
use super::abi::{EXCHANGE, Exchange, ExchangeHeader, VERSION, Versioned};
use super::received::Received;
use crate::acquire::AcquireError;
use pyo3::prelude::*;
use pyo3::{ffi, intern};
use std::ptr::{self, NonNull};

/// Receives the tensor of `obj` when its type has a table of a version that is understood here; returns `None`
/// otherwise.
pub(super) fn receive(obj: &Bound<'_, PyAny>) -> Result<Option<Received<Versioned>>, AcquireError> {
    // The protocol defines the attribute on the type, not on the object.
    let Some(capsule) = obj.get_type().getattr_opt(intern!(obj.py(), "__dlpack_c_exchange_api__"))? else {
        return Ok(None);
    };
    let Some(from_object) = table(&capsule).and_then(|table| table.from_object) else {
        return Ok(None);
    };
    let mut tensor = ptr::null_mut();
    // SAFETY: the protocol lets the function be called with an object of the type that has the table and a pointer for
    // the answer, while the thread is attached to the interpreter. All of this holds here.
    if unsafe { from_object(obj.as_ptr().cast(), &mut tensor) } != 0 {
        return Err(PyErr::fetch(obj.py()).into());
    }
    let tensor = NonNull::new(tensor).ok_or(InvalidTensor::NoTensor)?;
    // SAFETY: the function creates a tensor and hands it over to this caller and to no other code (T1).
    Ok(Some(unsafe { Received::new(tensor, Some(obj.clone().unbind())) }))
}

/// Returns the table whose major version is that of [`VERSION`]. The tables are linked from the newest to older ones.
fn table(capsule: &Bound<'_, PyAny>) -> Option<&'static Exchange> {
    // SAFETY: the object and the name are alive during this call.
    if unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), EXCHANGE.as_ptr()) } == 0 {
        return None;
    }
    // SAFETY: the check above has found that this is a valid capsule of this name.
    let newest = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), EXCHANGE.as_ptr()) };
    let mut header: *const ExchangeHeader = newest.cast();
    loop {
        // SAFETY: the protocol makes this pointer null or a header that lives as long as the process.
        let found = unsafe { header.as_ref() }?;
        if found.version.major == VERSION.major {
            // SAFETY: the protocol makes a header of this major version the beginning of an `Exchange`.
            return unsafe { header.cast::<Exchange>().as_ref() };
        }
        header = found.previous;
    }
}
