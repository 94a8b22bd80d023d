//! The exchange: a table of C functions on the type of a producer, instead of a call of `__dlpack__`.
//! PyTorch has one; a tensor is received in a few dozen nanoseconds.

use super::InvalidTensor;
use super::abi::{EXCHANGE, Exchange, ExchangeHeader, VERSION, Versioned};
use super::received::Received;
use crate::acquire::AcquireError;
use pyo3::prelude::*;
use pyo3::{ffi, intern};
use std::ptr::{self, NonNull};

/// The tensor of an object whose type has a table that we can read.
pub(super) fn receive(obj: &Bound<'_, PyAny>) -> Result<Option<Received<Versioned>>, AcquireError> {
    // On the type, as the protocol has it.
    let Some(capsule) = obj.get_type().getattr_opt(intern!(obj.py(), "__dlpack_c_exchange_api__"))? else {
        return Ok(None);
    };
    let Some(from_object) = table(&capsule).and_then(|table| table.from_object) else {
        return Ok(None);
    };
    let mut tensor = ptr::null_mut();
    // SAFETY: the protocol: an object of the type that has the table, a place for the answer, and we are attached.
    if unsafe { from_object(obj.as_ptr().cast(), &mut tensor) } != 0 {
        return Err(PyErr::fetch(obj.py()).into());
    }
    let tensor = NonNull::new(tensor).ok_or(InvalidTensor::NoTensor)?;
    // SAFETY: T1: the function hands over what it makes.
    Ok(Some(unsafe { Received::new(tensor, Some(obj.clone().unbind())) }))
}

/// The table of our version, from the newest to older ones.
fn table(capsule: &Bound<'_, PyAny>) -> Option<&'static Exchange> {
    // SAFETY: the object and the name are alive.
    if unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), EXCHANGE.as_ptr()) } == 0 {
        return None;
    }
    // SAFETY: a valid capsule of this name.
    let newest = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), EXCHANGE.as_ptr()) };
    let mut header: *const ExchangeHeader = newest.cast();
    loop {
        // SAFETY: the protocol: a header or null, which stays as long as the process.
        let found = unsafe { header.as_ref() }?;
        if found.version.major == VERSION.major {
            // SAFETY: the protocol: a header of our major version is that of the table as we know it.
            return unsafe { header.cast::<Exchange>().as_ref() };
        }
        header = found.previous;
    }
}
