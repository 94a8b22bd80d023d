//! The capsule: rust-numpy's table of borrows, which the first extension that uses rust-numpy publishes.
//! `numpy::borrow::shared` of rust-numpy 0.30 states that a later version only adds fields at the end.

use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::{CStr, c_int, c_void};

/// The name of the attribute that holds the capsule, and also of the capsule itself.
pub(super) const NAME: &str = "_RUST_NUMPY_BORROW_CHECKING_API";
const CAPSULE_NAME: &CStr = c"_RUST_NUMPY_BORROW_CHECKING_API";

/// The C functions of rust-numpy's table.
///
/// - J1. Version 1 of the table has all fields below. A later version may have more fields after them.
/// - J2. The table lives as long as the process, because one reference to its capsule is never given back.
#[repr(C)]
pub(super) struct Table {
    version: u64,
    flags: *mut c_void,
    acquire: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject) -> c_int,
    acquire_mut: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject) -> c_int,
    release: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject),
    release_mut: unsafe extern "C" fn(flags: *mut c_void, array: *mut ffi::PyObject),
}

// SAFETY: rust-numpy protects the data that `flags` points to by a mutex.
unsafe impl Send for Table {}
// SAFETY: rust-numpy protects the data that `flags` points to by a mutex, and the other fields do not change.
unsafe impl Sync for Table {}

/// What typedview holds of an array in rust-numpy's table.
// The numbers are fixed, because they are stored in the entries that extensions share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Hold {
    Nothing = 0,
    /// Excludes the writers of rust-numpy.
    Shared = 1,
    /// Excludes the readers and writers of rust-numpy.
    Exclusive = 2,
}

/// The reason why rust-numpy refuses an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BorrowConflict {
    /// rust-numpy has lent the array.
    Borrowed,
    /// rust-numpy does not lend the array for writing.
    Readonly,
}

impl Table {
    /// Returns the table in the capsule that rust-numpy has published.
    ///
    /// # Errors
    ///
    /// Fails when `capsule` is not a capsule of that name, or when the table has version 0.
    pub(super) fn of(capsule: Bound<'_, PyAny>) -> PyResult<&'static Self> {
        let capsule = capsule.cast_into::<PyCapsule>()?;
        let table = capsule.pointer_checked(Some(CAPSULE_NAME))?;
        // SAFETY: the table of every version begins with its version number.
        let version = unsafe { table.cast::<u64>().read() };
        if version < 1 {
            return Err(PyImportError::new_err(format!(
                "rust-numpy's table of borrows has version {version}"
            )));
        }
        // INVARIANT J2: this reference to the capsule is never given back, so the table stays alive.
        std::mem::forget(capsule);
        // SAFETY: the version is 1 or later, so the table has all fields (J1), and it lives as long as the process
        // (J2).
        Ok(unsafe { table.cast::<Self>().as_ref() })
    }

    /// Enters `hold` for `array` in the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `array` is the struct of an ndarray, which stays alive and does not change until
    /// `hold` has been released.
    pub(super) unsafe fn acquire(
        &self,
        _py: Python<'_>,
        array: *mut ffi::PyObject,
        hold: Hold,
    ) -> Result<(), BorrowConflict> {
        let answer = match hold {
            Hold::Nothing => 0,
            // SAFETY: the table has this function (J1), `array` is the struct of an ndarray, and the thread is attached
            // to the interpreter.
            Hold::Shared => unsafe { (self.acquire)(self.flags, array) },
            // SAFETY: the table has this function (J1), `array` is the struct of an ndarray, and the thread is attached
            // to the interpreter.
            Hold::Exclusive => unsafe { (self.acquire_mut)(self.flags, array) },
        };
        match answer {
            0 => Ok(()),
            -2 => Err(BorrowConflict::Readonly),
            _ => Err(BorrowConflict::Borrowed),
        }
    }

    /// Removes `hold` for `array` from the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `hold` has been acquired for `array` and has not been released.
    pub(super) unsafe fn release(&self, _py: Python<'_>, array: *mut ffi::PyObject, hold: Hold) {
        match hold {
            Hold::Nothing => {}
            // SAFETY: the table has this function (J1), the caller has acquired `hold`, and the thread is attached to
            // the interpreter.
            Hold::Shared => unsafe { (self.release)(self.flags, array) },
            // SAFETY: the table has this function (J1), the caller has acquired `hold`, and the thread is attached to
            // the interpreter.
            Hold::Exclusive => unsafe { (self.release_mut)(self.flags, array) },
        }
    }
}
