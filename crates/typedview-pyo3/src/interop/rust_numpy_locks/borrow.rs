//! Borrows: a view's part in what typedview holds of an array in rust-numpy's table.

use super::capsule::Taken;
use super::entry::Entry;
use super::found::{self, Found};
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::PyCapsule;

/// A view's part in what is held of an array, given back when dropped.
///
/// - J5. The view is counted in the entry, which stands in `Found::entries` under `root`.
#[derive(Debug)]
pub(crate) struct Borrow {
    entry: Py<PyCapsule>,
    root: usize,
    write: bool,
}

/// Why a view has no part in what is held.
#[derive(Debug)]
pub(crate) enum Unborrowed {
    /// rust-numpy has lent the memory, or does not lend it.
    Taken(Taken),
    /// Python has raised.
    Raised(PyErr),
}

impl From<PyErr> for Unborrowed {
    fn from(exception: PyErr) -> Self {
        Self::Raised(exception)
    }
}

impl Borrow {
    /// Whether `obj` may be an array: not a type that was none the last time.
    #[inline(always)]
    pub(crate) fn concerns(obj: &Bound<'_, PyAny>) -> bool {
        !found::is_of_other_type(obj)
    }

    /// Enters a view of `obj`, where that is an array and rust-numpy is in the process.
    pub(crate) fn enter(obj: &Bound<'_, PyAny>, write: bool) -> Result<Option<Self>, Unborrowed> {
        let py = obj.py();
        let Some(found) = Found::for_array(obj)? else {
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
            added.map_err(Unborrowed::Taken)?;
            // INVARIANT J5.
            Ok(Some(Self { entry: capsule.unbind(), root, write }))
        })
    }

    fn leave(&self, py: Python<'_>) -> PyResult<()> {
        let Some(found) = Found::known(py) else {
            return Ok(());
        };
        let entries = found.entries.bind(py);
        with_critical_section(entries, || {
            let entry = Entry::within(self.entry.bind(py))?;
            // J5.
            entry.remove(py, found.table, self.write);
            if entry.is_unused() { entries.del_item(self.root) } else { Ok(()) }
        })
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        // Nothing fails short of a broken interpreter, and then the array stays borrowed.
        Python::attach(|py| drop(self.leave(py)));
    }
}
