//! The C structs of DLPack, with the layout of `dlpack.h` 1.3. The comments give the names that `dlpack.h` uses.
//! All versions 1.x have the same layout, because a minor version only adds numbers for devices and elements.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::NonNull;

/// The version of DLPack whose layout these structs have.
pub(crate) const VERSION: Version = Version { major: 1, minor: 3 };

/// `DLPackVersion`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

/// `DLDevice`: a `DLDeviceType` and the number of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Device {
    pub(crate) kind: i32,
    pub(crate) number: i32,
}

/// `DLDataType`: a `DLDataTypeCode`, the size of a lane in bits, and the number of lanes that make one element.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct DataType {
    pub(crate) code: u8,
    pub(crate) bits: u8,
    pub(crate) lanes: u16,
}

/// `DLTensor`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Tensor {
    pub(crate) data: *mut c_void,
    pub(crate) device: Device,
    pub(crate) ndim: i32,
    pub(crate) dtype: DataType,
    pub(crate) shape: *mut i64,
    /// In elements. Null means C order, which is forbidden since version 1.2.
    pub(crate) strides: *mut i64,
    pub(crate) byte_offset: u64,
}

/// `DLManagedTensor`, the struct from before DLPack had versions.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Legacy {
    tensor: Tensor,
    context: *mut c_void,
    deleter: Option<Deleter<Self>>,
}

/// `DLManagedTensorVersioned`. Its fields up to `flags` keep their positions in all future versions.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Versioned {
    version: Version,
    context: *mut c_void,
    deleter: Option<Deleter<Self>>,
    flags: u64,
    tensor: Tensor,
}

/// Deletes a managed tensor, including its struct.
pub(crate) type Deleter<M> = unsafe extern "C" fn(*mut M);

/// `DLPACK_FLAG_BITMASK_READ_ONLY`.
pub(crate) const READONLY: u64 = 1;
/// `DLPACK_FLAG_BITMASK_IS_COPIED`.
pub(crate) const COPIED: u64 = 2;

/// A tensor that is handed over from a producer to a consumer, in one of the two structs.
///
/// # Safety
///
/// The caller must ensure that every `this` points to a tensor that has been handed over and not deleted. For all
/// functions except `version` and `deleter`, the major version of the tensor must be that of [`VERSION`].
pub(crate) trait Managed: Sized + 'static {
    /// The name of a capsule that holds a tensor.
    const UNUSED: &'static CStr;
    /// The name of a capsule whose tensor a consumer has taken.
    const USED: &'static CStr;

    fn new(tensor: Tensor, flags: u64, deleter: Deleter<Self>) -> Self;
    unsafe fn version(this: NonNull<Self>) -> Version;
    unsafe fn deleter(this: NonNull<Self>) -> Option<Deleter<Self>>;
    unsafe fn flags(this: NonNull<Self>) -> u64;
    unsafe fn tensor(this: NonNull<Self>) -> Tensor;
}

impl Managed for Legacy {
    const UNUSED: &'static CStr = c"dltensor";
    const USED: &'static CStr = c"used_dltensor";

    fn new(tensor: Tensor, _flags: u64, deleter: Deleter<Self>) -> Self {
        Self { tensor, context: std::ptr::null_mut(), deleter: Some(deleter) }
    }

    unsafe fn version(_this: NonNull<Self>) -> Version {
        VERSION
    }

    unsafe fn deleter(this: NonNull<Self>) -> Option<Deleter<Self>> {
        // SAFETY: the caller guarantees that `this` points to a tensor that has not been deleted.
        unsafe { (*this.as_ptr()).deleter }
    }

    /// Returns `READONLY`, because this struct cannot say whether its memory may be written. NumPy also treats such
    /// memory as readonly.
    unsafe fn flags(_this: NonNull<Self>) -> u64 {
        READONLY
    }

    unsafe fn tensor(this: NonNull<Self>) -> Tensor {
        // SAFETY: the caller guarantees that `this` points to a tensor that has not been deleted.
        unsafe { (*this.as_ptr()).tensor }
    }
}

impl Managed for Versioned {
    const UNUSED: &'static CStr = c"dltensor_versioned";
    const USED: &'static CStr = c"used_dltensor_versioned";

    fn new(tensor: Tensor, flags: u64, deleter: Deleter<Self>) -> Self {
        Self { version: VERSION, context: std::ptr::null_mut(), deleter: Some(deleter), flags, tensor }
    }

    unsafe fn version(this: NonNull<Self>) -> Version {
        // SAFETY: the caller guarantees that the tensor has not been deleted, and every version begins with its number.
        unsafe { (*this.as_ptr()).version }
    }

    unsafe fn deleter(this: NonNull<Self>) -> Option<Deleter<Self>> {
        // SAFETY: the caller guarantees that the tensor has not been deleted, and every version has this field here.
        unsafe { (*this.as_ptr()).deleter }
    }

    unsafe fn flags(this: NonNull<Self>) -> u64 {
        // SAFETY: the caller guarantees that the tensor has not been deleted, and that it has the layout of `VERSION`.
        unsafe { (*this.as_ptr()).flags }
    }

    unsafe fn tensor(this: NonNull<Self>) -> Tensor {
        // SAFETY: the caller guarantees that the tensor has not been deleted, and that it has the layout of `VERSION`.
        unsafe { (*this.as_ptr()).tensor }
    }
}

/// The name of the capsule in which a type keeps its [`Exchange`].
pub(crate) const EXCHANGE: &CStr = c"dlpack_exchange_api";

/// `DLPackExchangeAPIHeader`, which stays the same in all future versions.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct ExchangeHeader {
    pub(crate) version: Version,
    /// The table that the producer offers to consumers of an older version, or null.
    pub(crate) previous: *const ExchangeHeader,
}

/// `DLPackExchangeAPI`: C functions of a producer that replace calls of Python methods.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Exchange {
    pub(crate) header: ExchangeHeader,
    /// `managed_tensor_allocator`.
    pub(crate) allocate: Option<Allocate>,
    /// `managed_tensor_from_py_object_no_sync`.
    pub(crate) from_object: Option<FromObject>,
    /// `managed_tensor_to_py_object_no_sync`.
    pub(crate) to_object: Option<ToObject>,
    /// `dltensor_from_py_object_no_sync`, which may be null.
    pub(crate) borrow: Option<Borrow>,
    /// `current_work_stream`.
    pub(crate) stream: Option<Stream>,
}

// SAFETY: the functions may be called from any thread, and the header is constant.
unsafe impl Sync for Exchange {}

/// `DLPackManagedTensorAllocator`.
pub(crate) type Allocate = unsafe extern "C" fn(
    prototype: *mut Tensor,
    out: *mut *mut Versioned,
    error_context: *mut c_void,
    set_error: Option<SetError>,
) -> c_int;
/// Reports an error: its kind, which is the name of a Python exception, and its text.
pub(crate) type SetError = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char);
/// `DLPackManagedTensorFromPyObjectNoSync`.
pub(crate) type FromObject = unsafe extern "C" fn(object: *mut c_void, out: *mut *mut Versioned) -> c_int;
/// `DLPackManagedTensorToPyObjectNoSync`.
pub(crate) type ToObject = unsafe extern "C" fn(tensor: *mut Versioned, out: *mut *mut c_void) -> c_int;
/// `DLPackDLTensorFromPyObjectNoSync`.
pub(crate) type Borrow = unsafe extern "C" fn(object: *mut c_void, out: *mut Tensor) -> c_int;
/// `DLPackCurrentWorkStream`.
pub(crate) type Stream = unsafe extern "C" fn(kind: i32, number: i32, out: *mut *mut c_void) -> c_int;
