//! The structs of the Arrow C data interface, whose layout Arrow guarantees never to change.
//! <https://arrow.apache.org/docs/format/CDataInterface.html>

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

/// Frees what a struct refers to, and marks the struct as released.
pub(super) type Release<S> = unsafe extern "C" fn(*mut S);

/// The type of the elements of an array.
#[repr(C)]
pub(super) struct ArrowSchema {
    pub(super) format: *const c_char,
    name: *const c_char,
    pub(super) metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    pub(super) dictionary: *mut ArrowSchema,
    release: Option<Release<ArrowSchema>>,
    private_data: *mut c_void,
}

/// The memory of the elements of an array.
#[repr(C)]
pub(super) struct ArrowArray {
    pub(super) length: i64,
    /// The number of missing elements; -1 when the producer has not counted them.
    pub(super) null_count: i64,
    /// The number of elements to skip at the beginning of every buffer.
    pub(super) offset: i64,
    pub(super) n_buffers: i64,
    n_children: i64,
    pub(super) buffers: *const *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<Release<ArrowArray>>,
    private_data: *mut c_void,
}

/// A struct of the interface that refers to memory which its producer has allocated.
pub(super) trait Struct: Sized {
    /// The name of the capsules that hold this struct.
    const NAME: &'static CStr;
    /// The value that is left in a capsule after its struct has been moved out.
    const RELEASED: Self;
    /// Returns the function that releases this struct, or `None` when the struct has been released.
    fn release(&self) -> Option<Release<Self>>;
}

impl Struct for ArrowSchema {
    const NAME: &'static CStr = c"arrow_schema";
    const RELEASED: Self = Self {
        format: ptr::null(),
        name: ptr::null(),
        metadata: ptr::null(),
        flags: 0,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };

    fn release(&self) -> Option<Release<Self>> {
        self.release
    }
}

impl Struct for ArrowArray {
    const NAME: &'static CStr = c"arrow_array";
    const RELEASED: Self = Self {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: ptr::null(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };

    fn release(&self) -> Option<Release<Self>> {
        self.release
    }
}
