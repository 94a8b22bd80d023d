//! The capsule: rust-numpy's table of borrows, as the first of its extensions has published it.
//! `numpy::borrow::shared` of rust-numpy 0.30 says: a later version only adds fields at the end.

use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::{CStr, c_int, c_void};

/// The name of the attribute, and of the capsule it is.
pub(super) const NAME: &str = "_RUST_NUMPY_BORROW_CHECKING_API";
const CAPSULE_NAME: &CStr = c"_RUST_NUMPY_BORROW_CHECKING_API";

/// The functions of rust-numpy's table.
///
/// - J1. Version 1 has all fields below; a later one may have more behind them.
/// - J2. It lives as long as the process: the reference to its capsule is never given back.
#[repr(C)]
pub(super) struct Table {
    version: u64,
    flags: *mut c_void,
    acquire: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject) -> c_int,
    acquire_mut: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject) -> c_int,
    release: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject),
    release_mut: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject),
}

// SAFETY: rust-numpy guards what is behind `flags` by a mutex.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

/// What is held of an array.
// The numbers stand in the entries that extensions share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Hold {
    Nothing = 0,
    /// Keeps rust-numpy's writers out.
    Shared = 1,
    /// Keeps everybody out.
    Exclusive = 2,
}

/// Why rust-numpy refuses an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It has lent it.
    Borrowed,
    /// It does not lend it to write.
    Readonly,
}

impl Table {
    /// The table in the capsule that rust-numpy has published.
    pub(super) fn of(capsule: Bound<'_, PyAny>) -> PyResult<&'static Self> {
        let capsule = capsule.cast_into::<PyCapsule>()?;
        let table = capsule.pointer_checked(Some(CAPSULE_NAME))?;
        // SAFETY: every version begins with its number.
        let version = unsafe { table.cast::<u64>().read() };
        if version < 1 {
            return Err(PyImportError::new_err(format!(
                "rust-numpy's table of borrows has version {version}"
            )));
        }
        // INVARIANT J2.
        std::mem::forget(capsule);
        // SAFETY: J1, J2.
        Ok(unsafe { table.cast::<Self>().as_ref() })
    }

    /// Enters what is to be held of `array`.
    ///
    /// # Safety
    ///
    /// It is an ndarray, which keeps its shape, strides and dtype until it has been released.
    pub(super) unsafe fn acquire(&self, array: &Bound<'_, PyAny>, hold: Hold) -> Result<(), Taken> {
        let answer = match hold {
            Hold::Nothing => 0,
            // SAFETY: J1, and the interpreter is attached.
            Hold::Shared => unsafe { (self.acquire)(self.flags, array.as_ptr()) },
            // SAFETY: as above.
            Hold::Exclusive => unsafe { (self.acquire_mut)(self.flags, array.as_ptr()) },
        };
        match answer {
            0 => Ok(()),
            -2 => Err(Taken::Readonly),
            _ => Err(Taken::Borrowed),
        }
    }

    /// Takes out what is held of `array`.
    ///
    /// # Safety
    ///
    /// It has been acquired so.
    pub(super) unsafe fn release(&self, array: &Bound<'_, PyAny>, hold: Hold) {
        match hold {
            Hold::Nothing => {}
            // SAFETY: J1, and the interpreter is attached.
            Hold::Shared => unsafe { (self.release)(self.flags, array.as_ptr()) },
            // SAFETY: as above.
            Hold::Exclusive => unsafe { (self.release_mut)(self.flags, array.as_ptr()) },
        }
    }
}
