//! Requests: one call of `__dlpack__`, after a look at the device, and the capsule that it gives.

use super::abi::{Legacy, Managed, VERSION, Versioned};
use super::exchange;
use super::received::Received;
use super::{Device, InvalidTensor};
use crate::acquire::{AcquireError, Answer, attribute};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{ffi, intern};
use std::ptr::NonNull;
use typedview::Access;

/// Acquires the memory of an object that speaks DLPack.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    if let Some(received) = exchange::receive(obj)? {
        return received.offer(access).map(Some);
    }
    let Some(dlpack) = attribute(obj, intern!(obj.py(), "__dlpack__"))? else {
        return Ok(None);
    };
    check_device(obj)?;
    let capsule = call(&dlpack)?;
    if let Some(received) = take::<Versioned>(&capsule, obj) {
        return received.offer(access).map(Some);
    }
    match take::<Legacy>(&capsule, obj) {
        Some(received) => received.offer(access).map(Some),
        None => Err(InvalidTensor::NoTensor.into()),
    }
}

/// Refuses memory that is elsewhere before its producer copies it or waits for it.
fn check_device(obj: &Bound<'_, PyAny>) -> Result<(), AcquireError> {
    let Some(method) = attribute(obj, intern!(obj.py(), "__dlpack_device__"))? else {
        return Ok(());
    };
    let (kind, number) = method.call0()?.extract().map_err(|_| InvalidTensor::NoDevice)?;
    let device = Device { kind, number };
    if device.is_host() { Ok(()) } else { Err(InvalidTensor::Device(device).into()) }
}

/// What `__dlpack__` gives; producers from before there were versions take no argument.
fn call<'py>(dlpack: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = dlpack.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "max_version"), (VERSION.major, VERSION.minor))?;
    match dlpack.call((), Some(&options)) {
        Err(exception) if takes_no_argument(py, &exception) => dlpack.call0(),
        answer => answer,
    }
}

/// Whether a call was refused because of its argument, before any code of the producer ran.
fn takes_no_argument(py: Python<'_>, exception: &PyErr) -> bool {
    exception.is_instance_of::<PyTypeError>(py)
        && exception.traceback(py).is_none()
        && exception.value(py).to_string().contains("argument")
}

/// Takes the tensor out of a capsule that has one and has not been used.
fn take<M: Managed>(capsule: &Bound<'_, PyAny>, producer: &Bound<'_, PyAny>) -> Option<Received<M>> {
    // SAFETY: the object and the name are alive.
    if unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), M::UNUSED.as_ptr()) } == 0 {
        return None;
    }
    // SAFETY: a valid capsule of this name.
    let tensor = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), M::UNUSED.as_ptr()) };
    let tensor = NonNull::new(tensor.cast::<M>())?;
    // SAFETY: as above; the name is static. From here on the capsule does not delete the tensor.
    if unsafe { ffi::PyCapsule_SetName(capsule.as_ptr(), M::USED.as_ptr()) } != 0 {
        return None;
    }
    // SAFETY: T1: nobody else takes from a used capsule.
    Some(unsafe { Received::new(tensor, Some(producer.clone().unbind())) })
}
