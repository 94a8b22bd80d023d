//! DLPack of a result: its memory as a tensor in a capsule, as `__dlpack__` gives it.

use super::exported::Exported;
use crate::dlpack::{Device, Loan};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;
use typedview::{ByteOrder, Dtype, Kind, PerAxis};

/// The capsule that `__dlpack__` returns, with the arguments of that method.
///
/// # Errors
///
/// Raises `BufferError` for a stream, for another device than the CPU, for strides that are not a whole number of elements, for
/// elements that DLPack does not have, and for readonly memory if the consumer does not support DLPack 1.0.
pub(crate) fn capsule<'py>(
    exported: &Exported,
    owner: &Bound<'py, PyAny>,
    has_stream: bool,
    max_version: Option<(u32, u32)>,
    device: Option<(i32, i32)>,
    copy: Option<bool>,
) -> PyResult<Bound<'py, PyAny>> {
    let refuse = |reason: &dyn std::fmt::Display| PyBufferError::new_err(format!("{exported}: {reason}"));
    if has_stream {
        return Err(refuse(&"memory on the CPU has no stream"));
    }
    if let Some((kind, number)) = device
        && (Device { kind, number }) != Device::CPU
    {
        let device = Device { kind, number };
        return Err(refuse(&format_args!("the memory is on the CPU, not on device {device}")));
    }
    let versioned = max_version.is_some_and(|(major, _)| major >= 1);
    let mut strides = PerAxis::empty();
    let loan = if copy == Some(true) {
        loan_of_copy(exported, owner, &mut strides)?
    } else {
        loan(exported, owner)?
    };
    loan.into_capsule(owner.py(), versioned).map_err(|reason| refuse(&reason))
}

/// The memory itself, for a consumer of DLPack; `owner` is the Python object that has it.
///
/// # Errors
///
/// Raises `BufferError` if axes hold pointers.
pub(crate) fn loan<'a>(exported: &'a Exported, owner: &Bound<'_, PyAny>) -> PyResult<Loan<'a>> {
    let (untyped, readonly) = (&exported.untyped, exported.readonly);
    if !untyped.suboffsets().is_empty() {
        let text = format!("{exported}: axes hold pointers, which DLPack does not have; ask for a copy");
        return Err(PyBufferError::new_err(text));
    }
    let (first, dtype) = (untyped.as_ptr(), native_dtype(exported));
    // INVARIANT N1: the reference keeps the object alive, and the object keeps the memory (X1).
    let owner = owner.clone().unbind();
    let (shape, strides) = (untyped.shape(), untyped.strides());
    Ok(Loan { first, dtype, shape, strides, readonly, copied: false, owner })
}

/// New memory with the same elements in C order, for a consumer of DLPack.
fn loan_of_copy<'a>(
    exported: &'a Exported,
    owner: &Bound<'_, PyAny>,
    strides: &'a mut PerAxis<isize>,
) -> PyResult<Loan<'a>> {
    let (shape, dtype) = (exported.untyped.shape(), native_dtype(exported));
    let block = PyByteArray::from(owner)?;
    *strides = PerAxis::c_strides(shape, dtype.itemsize());
    // INVARIANT N1: the bytearray is a copy of all elements in C order. No other code has a reference to it, so nothing can
    // resize it.
    let (first, owner) = (block.data(), block.into_any().unbind());
    Ok(Loan { first, dtype, shape, strides, readonly: false, copied: true, owner })
}

/// The element if it is a native number; otherwise opaque bytes, which DLPack refuses.
fn native_dtype(exported: &Exported) -> Dtype {
    match exported.untyped.format().as_scalar() {
        Some((dtype, ByteOrder::Native)) => dtype,
        _ => Dtype::new(Kind::Void, exported.untyped.itemsize()),
    }
}
