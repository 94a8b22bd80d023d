//! Borrows: the registration of one view in rust-numpy's table. All views of one root share an entry; a `Borrow` is one of them.

use super::capsule::BorrowConflict;
use super::roots::Entry;
use super::rust_numpy::{self, RustNumpy};
use pyo3::prelude::*;
use std::ptr::NonNull;

/// The share of one view in what is held of an array. It is given back on drop.
///
/// - J5. The view is counted in `entry`, as a writer if `write`.
#[derive(Debug)]
pub(crate) struct Borrow {
    entry: NonNull<Entry>,
    write: bool,
}

// SAFETY: the entry is accessed only while the roots are locked (J3), by a thread that is attached to the interpreter.
unsafe impl Send for Borrow {}
// SAFETY: `&Borrow` gives no access to the entry.
unsafe impl Sync for Borrow {}

/// The reason why a view could not be entered.
#[derive(Debug)]
pub(crate) enum BorrowError {
    /// rust-numpy has lent the memory, or does not lend it for writing.
    BorrowConflict(BorrowConflict),
    /// A call into Python has raised an exception.
    Raised(PyErr),
}

impl From<PyErr> for BorrowError {
    fn from(exception: PyErr) -> Self {
        Self::Raised(exception)
    }
}

impl Borrow {
    /// Returns whether `obj` may be an array. It is false only for objects of the type that was last found not to be an
    /// array type.
    #[inline(always)]
    pub(crate) fn concerns(obj: &Bound<'_, PyAny>) -> bool {
        !rust_numpy::is_of_other_type(obj)
    }

    /// Enters a view of `obj`. Returns `None` when `obj` is not an array or rust-numpy has not published its table.
    ///
    /// # Errors
    ///
    /// Fails when rust-numpy refuses the array, or when Python raises an exception.
    pub(crate) fn enter(obj: &Bound<'_, PyAny>, write: bool) -> Result<Option<Self>, BorrowError> {
        let Some((found, root)) = RustNumpy::for_array(obj)? else {
            return Ok(None);
        };
        let entered = found.roots.enter(obj.py(), found.table, &found.bytes, root, write)?;
        // INVARIANT J5: the view has just been counted in the entry.
        entered.map(|entry| Some(Self { entry, write })).map_err(BorrowError::BorrowConflict)
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        Python::attach(|py| {
            if let Some(found) = RustNumpy::known(py) {
                // SAFETY: the view is counted in the entry (J5), and is counted out only here.
                unsafe { found.roots.leave(py, found.table, self.entry, self.write) };
            }
        });
    }
}
