//! Borrows: the registration of one view in rust-numpy's table. All views of one root share an entry; a `Borrow` is one of them.

use super::capsule::BorrowConflict;
use super::entry::Entry;
use super::rust_numpy::{self, RustNumpy};
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::PyCapsule;

/// The share of one view in what is held of an array. It is given back on drop.
///
/// - J5. The view is counted in `entry`, and `RustNumpy::entries` has that entry under the key `root`.
#[derive(Debug)]
pub(crate) struct Borrow {
    entry: Py<PyCapsule>,
    root: usize,
    write: bool,
}

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
        let py = obj.py();
        let Some(found) = RustNumpy::for_array(obj)? else {
            return Ok(None);
        };
        let array = found.root(obj)?;
        let root = array.as_ptr().addr();
        let entries = found.entries.bind(py);
        with_critical_section(entries, || {
            let capsule = Entry::of(found, &array)?;
            let entry = Entry::within(&capsule)?;
            let added = entry.add(py, found.table, write);
            if entry.is_unused() {
                entries.del_item(root)?;
            }
            added.map_err(BorrowError::BorrowConflict)?;
            // INVARIANT J5: the view has just been counted in the entry, and `Entry::of` has put the entry under
            // `root`.
            Ok(Some(Self { entry: capsule.unbind(), root, write }))
        })
    }

    /// Counts the view out, and removes the entry when it counts no other view.
    fn leave(&self, py: Python<'_>) -> PyResult<()> {
        let Some(found) = RustNumpy::known(py) else {
            return Ok(());
        };
        let entries = found.entries.bind(py);
        with_critical_section(entries, || {
            let entry = Entry::within(self.entry.bind(py))?;
            // The view is counted in the entry (J5), so the counts do not become negative.
            entry.remove(py, found.table, self.write);
            if entry.is_unused() { entries.del_item(self.root) } else { Ok(()) }
        })
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        // An error is ignored: it can only happen in a broken interpreter, and then the array stays borrowed.
        Python::attach(|py| drop(self.leave(py)));
    }
}
