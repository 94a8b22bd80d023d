//! Lending: hands memory of this library to a consumer as a DLPack tensor that keeps a reference to the memory's owner.

use super::Device;
use super::abi::{COPIED, DataType, Legacy, Managed, READONLY, Tensor, Versioned};
use pyo3::ffi;
use pyo3::prelude::*;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use typedview::{Dtype, PerAxis};

/// Memory that can be lent, and the object that owns it.
///
/// - N1. The elements that `shape` and `strides` reach from `first` are initialised, and they stay in place as long as
///   `owner` lives. They may be written unless `readonly` is true.
#[derive(Debug)]
pub(crate) struct Loan<'a> {
    pub(crate) first: *mut u8,
    pub(crate) dtype: Dtype,
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
    pub(crate) readonly: bool,
    /// Whether the memory is a copy that no other code uses.
    pub(crate) copied: bool,
    pub(crate) owner: Py<PyAny>,
}

/// A tensor and everything that it points to.
///
/// - N2. `managed` is the first field, so a pointer to it is also a pointer to this struct. The struct does not move.
#[repr(C)]
struct Lent<M> {
    managed: M,
    shape: PerAxis<i64>,
    strides: PerAxis<i64>,
    owner: Py<PyAny>,
}

impl Loan<'_> {
    /// Allocates a tensor, which its deleter frees.
    ///
    /// # Errors
    ///
    /// Fails with the reason when DLPack cannot express the elements or the strides.
    pub(crate) fn lend<M: Managed>(self) -> Result<NonNull<M>, String> {
        let Self { first, dtype, shape, strides, readonly, copied, owner } = self;
        let element = DataType::of(dtype).ok_or_else(|| format!("DLPack has no elements of {dtype}"))?;
        let strides = strides_in_elements(shape, strides, dtype.itemsize())?;
        let flags = if readonly { READONLY } else { 0 } | if copied { COPIED } else { 0 };
        let tensor = |strides: *mut i64, extents: *mut i64| Tensor {
            // `dlpack.h` demands null when there are no elements.
            data: if shape.contains(&0) { ptr::null_mut() } else { first.cast() },
            device: Device::CPU,
            ndim: i32::try_from(shape.len()).unwrap_or(i32::MAX),
            dtype: element,
            shape: extents,
            strides,
            byte_offset: 0,
        };
        // INVARIANT N2: the struct has its final address in the box, which `free` makes again. All pointers into it are derived
        // from the one that is returned.
        let lent = Box::into_raw(Box::new(Lent {
            managed: M::new(tensor(ptr::null_mut(), ptr::null_mut()), flags, delete::<M>),
            shape: shape.iter().map(|&extent| extent.cast_signed() as i64).collect(),
            strides,
            owner,
        }));
        // SAFETY: `lent` points to the struct in the box, to which there is no other pointer.
        let extents = unsafe { (*lent).shape.as_mut_ptr() };
        // SAFETY: `lent` points to the struct in the box, and `extents` points to another field.
        let strides = unsafe { (*lent).strides.as_mut_ptr() };
        // SAFETY: `lent` points to the struct in the box, and the two pointers point to other fields.
        unsafe { (*lent).managed = M::new(tensor(strides, extents), flags, delete::<M>) };
        // SAFETY: a pointer that comes from a box is not null.
        Ok(unsafe { NonNull::new_unchecked(lent.cast()) })
    }

    /// Returns a capsule with the tensor, as `__dlpack__` does. `versioned` says whether the consumer supports tensors
    /// with a version.
    pub(crate) fn into_capsule(self, py: Python<'_>, versioned: bool) -> Result<Bound<'_, PyAny>, String> {
        let capsule = if versioned {
            new_capsule(py, self.lend::<Versioned>()?)
        } else if self.readonly {
            return Err("the memory is readonly, which only DLPack 1.0 and later can say".to_owned());
        } else {
            new_capsule(py, self.lend::<Legacy>()?)
        };
        capsule.map_err(|exception| exception.to_string())
    }
}

/// Returns the strides counted in elements.
///
/// # Errors
///
/// Fails when a stride is not a multiple of the itemsize, as with the fields of packed records. The strides of empty
/// views and of axes of length 1 have no meaning and are not checked.
fn strides_in_elements(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<PerAxis<i64>, String> {
    let size = itemsize.cast_signed();
    let matters = |extent: usize| extent > 1 && !shape.contains(&0);
    for (axis, (&stride, &extent)) in strides.iter().zip(shape).enumerate() {
        if stride % size != 0 && matters(extent) {
            return Err(format!("axis {axis}: stride {stride} is no multiple of itemsize {itemsize}"));
        }
    }
    Ok(strides.iter().map(|stride| (stride / size) as i64).collect())
}

/// Frees a tensor, and returns the reference to the owner of its memory.
///
/// # Safety
///
/// The caller must ensure that `managed` was lent by [`Loan::lend`] and has not been deleted.
unsafe fn free<M: Managed>(managed: NonNull<M>) -> Py<PyAny> {
    // SAFETY: the caller guarantees that the tensor was lent and not deleted. A pointer to a lent tensor is a pointer
    // to the `Lent` that was leaked from its box (N2).
    unsafe { Box::from_raw(managed.as_ptr().cast::<Lent<M>>()) }.owner
}

/// Deletes a tensor. It may be called on any thread.
///
/// # Safety
///
/// The caller must ensure that `managed` is null, or that it was lent by [`Loan::lend`] and has not been deleted.
unsafe extern "C" fn delete<M: Managed>(managed: *mut M) {
    let Some(managed) = NonNull::new(managed) else { return };
    // SAFETY: the caller guarantees that `managed` was lent and has not been deleted.
    let mut owner = ManuallyDrop::new(unsafe { free(managed) });
    // At interpreter shutdown no thread can attach, so the reference is leaked.
    Python::try_attach(|_| {
        // SAFETY: `owner` is dropped only here, and it is not used after this line.
        unsafe { ManuallyDrop::drop(&mut owner) }
    });
}

/// Returns a capsule that deletes the tensor, unless a consumer takes the tensor out.
fn new_capsule<M: Managed>(py: Python<'_>, tensor: NonNull<M>) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the pointer to the tensor is not null, and the name of the capsule is static.
    let capsule =
        unsafe { ffi::PyCapsule_New(tensor.as_ptr().cast(), M::UNUSED.as_ptr(), Some(free_unused::<M>)) };
    // SAFETY: `PyCapsule_New` returns a new reference, or null with an exception set.
    let capsule = unsafe { Bound::from_owned_ptr_or_err(py, capsule) };
    if capsule.is_err() {
        // SAFETY: the tensor was lent, and no capsule and no consumer has it.
        unsafe { free(tensor) }.drop_ref(py);
    }
    capsule
}

/// The destructor of a capsule: deletes the tensor when no consumer has taken it.
unsafe extern "C" fn free_unused<M: Managed>(capsule: *mut ffi::PyObject) {
    // SAFETY: the interpreter passes a capsule that is still alive, and the name is static.
    if unsafe { ffi::PyCapsule_IsValid(capsule, M::UNUSED.as_ptr()) } == 0 {
        return;
    }
    // SAFETY: the check above has found that this is a valid capsule of this name.
    let tensor = unsafe { ffi::PyCapsule_GetPointer(capsule, M::UNUSED.as_ptr()) };
    if let Some(tensor) = NonNull::new(tensor.cast::<M>()) {
        // SAFETY: the tensor was lent and not deleted, because a consumer that takes a tensor renames its capsule.
        let owner = unsafe { free(tensor) };
        // SAFETY: the interpreter calls destructors of capsules only on threads that are attached to it.
        owner.drop_ref(unsafe { Python::assume_attached() });
    }
}
