//! Requests: checks the device, calls `__dlpack__` once, and takes the tensor out of the capsule that it returns.

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

/// Acquires the memory of an object that supports DLPack; returns `None` for other objects.
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

/// Refuses memory on another device before its producer copies it or waits for it.
fn check_device(obj: &Bound<'_, PyAny>) -> Result<(), AcquireError> {
    let Some(method) = attribute(obj, intern!(obj.py(), "__dlpack_device__"))? else {
        return Ok(());
    };
    let (kind, number) = method.call0()?.extract().map_err(|_| InvalidTensor::NoDevice)?;
    let device = Device { kind, number };
    if device.is_host() { Ok(()) } else { Err(InvalidTensor::Device(device).into()) }
}

/// Calls `__dlpack__` with `max_version`. Producers from before DLPack had versions take no argument, so the call is
/// repeated without it when they refuse it.
fn call<'py>(dlpack: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = dlpack.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "max_version"), (VERSION.major, VERSION.minor))?;
    match dlpack.call((), Some(&options)) {
        Err(exception) if takes_no_argument(py, &exception) => dlpack.call0(),
        answer => answer,
    }
}

/// Returns whether a call was refused because of its argument, before any code of the producer ran.
fn takes_no_argument(py: Python<'_>, exception: &PyErr) -> bool {
    exception.is_instance_of::<PyTypeError>(py)
        && exception.traceback(py).is_none()
        && exception.value(py).to_string().contains("argument")
}

/// Takes the tensor out of a capsule; returns `None` when the capsule has no tensor of this kind or has been used.
fn take<M: Managed>(capsule: &Bound<'_, PyAny>, producer: &Bound<'_, PyAny>) -> Option<Received<M>> {
    // SAFETY: the object and the name are alive during this call.
    if unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), M::UNUSED.as_ptr()) } == 0 {
        return None;
    }
    // SAFETY: the check above has found that this is a valid capsule of this name.
    let tensor = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), M::UNUSED.as_ptr()) };
    let tensor = NonNull::new(tensor.cast::<M>())?;
    // SAFETY: the capsule is valid, and the new name is static. After this call the capsule does not delete the tensor.
    if unsafe { ffi::PyCapsule_SetName(capsule.as_ptr(), M::USED.as_ptr()) } != 0 {
        return None;
    }
    // SAFETY: consumers do not take tensors from a used capsule, so nobody else receives this one (T1).
    Some(unsafe { Received::new(tensor, Some(producer.clone().unbind())) })
}
