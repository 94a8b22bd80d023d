//! Lending: memory of ours as a tensor for somebody else, with a reference to what owns it.

use super::Device;
use super::abi::{COPIED, DataType, Legacy, Managed, READONLY, Tensor, Versioned};
use pyo3::ffi;
use pyo3::prelude::*;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use typedview::{Dtype, PerAxis};

/// Memory to lend, and the object that owns it.
///
/// - N1. The elements of `shape` and `strides` from `first` on are initialised and stay while `owner` does; they may be
///   written unless `readonly` says so.
#[derive(Debug)]
pub(crate) struct Loan<'a> {
    pub(crate) first: *mut u8,
    pub(crate) dtype: Dtype,
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
    pub(crate) readonly: bool,
    /// Whether nobody else has the memory.
    pub(crate) copied: bool,
    pub(crate) owner: Py<PyAny>,
}

/// A tensor and all that it points to.
///
/// - N2. `managed` comes first, so that a pointer to it is one to this struct, which does not move.
#[repr(C)]
struct Lent<M> {
    managed: M,
    shape: PerAxis<i64>,
    strides: PerAxis<i64>,
    owner: Py<PyAny>,
}

impl Loan<'_> {
    /// The tensor, which its deleter frees, or why there can be none.
    pub(super) fn lend<M: Managed>(self) -> Result<NonNull<M>, String> {
        let Self { first, dtype, shape, strides, readonly, copied, owner } = self;
        let element = DataType::of(dtype).ok_or_else(|| format!("DLPack has no elements of {dtype}"))?;
        let strides = in_elements(shape, strides, dtype.itemsize())?;
        let flags = if readonly { READONLY } else { 0 } | if copied { COPIED } else { 0 };
        let tensor = |strides: *mut i64, extents: *mut i64| Tensor {
            // dlpack.h: null where there are no elements.
            data: if shape.contains(&0) { ptr::null_mut() } else { first.cast() },
            device: Device::CPU,
            ndim: i32::try_from(shape.len()).unwrap_or(i32::MAX),
            dtype: element,
            shape: extents,
            strides,
            byte_offset: 0,
        };
        let lent = Box::leak(Box::new(Lent {
            managed: M::new(tensor(ptr::null_mut(), ptr::null_mut()), flags, delete::<M>),
            shape: shape.iter().map(|&extent| extent.cast_signed() as i64).collect(),
            strides,
            owner,
        }));
        // INVARIANT N2: from here on it stays where it is.
        let tensor = tensor(lent.strides.as_mut_ptr(), lent.shape.as_mut_ptr());
        lent.managed = M::new(tensor, flags, delete::<M>);
        Ok(NonNull::from(lent).cast())
    }

    /// A capsule with the tensor, as `__dlpack__` gives it: with its version where the consumer knows of versions.
    pub(crate) fn capsule(self, py: Python<'_>, versioned: bool) -> Result<Bound<'_, PyAny>, String> {
        let capsule = if versioned {
            capsule(py, self.lend::<Versioned>()?)
        } else if self.readonly {
            return Err("the memory is readonly, which only DLPack 1.0 and later can say".to_owned());
        } else {
            capsule(py, self.lend::<Legacy>()?)
        };
        capsule.map_err(|exception| exception.to_string())
    }
}

/// Strides counted in elements, in which those of packed fields cannot be.
fn in_elements(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<PerAxis<i64>, String> {
    let size = itemsize.cast_signed();
    let matters = |extent: usize| extent > 1 && !shape.contains(&0);
    for (axis, (&stride, &extent)) in strides.iter().zip(shape).enumerate() {
        if stride % size != 0 && matters(extent) {
            return Err(format!("axis {axis}: stride {stride} is no multiple of itemsize {itemsize}"));
        }
    }
    Ok(strides.iter().map(|stride| (stride / size) as i64).collect())
}

/// Frees a tensor; what is left is the reference to its owner.
///
/// # Safety
///
/// `managed` was lent and has not been deleted.
unsafe fn free<M: Managed>(managed: NonNull<M>) -> Py<PyAny> {
    // SAFETY: the caller, and N2.
    unsafe { Box::from_raw(managed.as_ptr().cast::<Lent<M>>()) }.owner
}

/// Deletes a tensor, on any thread.
///
/// # Safety
///
/// `managed` is null, or was lent and has not been deleted.
unsafe extern "C" fn delete<M: Managed>(managed: *mut M) {
    let Some(managed) = NonNull::new(managed) else { return };
    // SAFETY: the caller.
    let mut owner = ManuallyDrop::new(unsafe { free(managed) });
    // At interpreter shutdown nobody is left to give the reference to.
    Python::try_attach(|_| {
        // SAFETY: it is not used again.
        unsafe { ManuallyDrop::drop(&mut owner) }
    });
}

/// A capsule that deletes the tensor unless somebody takes it.
fn capsule<M: Managed>(py: Python<'_>, tensor: NonNull<M>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the pointer is not null, and the name is static.
    let capsule =
        unsafe { ffi::PyCapsule_New(tensor.as_ptr().cast(), M::UNUSED.as_ptr(), Some(forget::<M>)) };
    // SAFETY: a new reference, or null with an exception.
    let capsule = unsafe { Bound::from_owned_ptr_or_err(py, capsule) };
    if capsule.is_err() {
        // SAFETY: it was lent, and nobody has it.
        unsafe { free(tensor) }.drop_ref(py);
    }
    capsule
}

/// Deletes the tensor of a capsule that nobody has used.
unsafe extern "C" fn forget<M: Managed>(capsule: *mut ffi::PyObject) {
    // SAFETY: the interpreter gives a capsule that is alive; the name is static.
    if unsafe { ffi::PyCapsule_IsValid(capsule, M::UNUSED.as_ptr()) } == 0 {
        return;
    }
    // SAFETY: a valid capsule of this name.
    let tensor = unsafe { ffi::PyCapsule_GetPointer(capsule, M::UNUSED.as_ptr()) };
    if let Some(tensor) = NonNull::new(tensor.cast::<M>()) {
        // SAFETY: it was lent, and whoever takes it renames the capsule.
        let owner = unsafe { free(tensor) };
        // SAFETY: the interpreter frees objects attached.
        owner.drop_ref(unsafe { Python::assume_attached() });
    }
}
