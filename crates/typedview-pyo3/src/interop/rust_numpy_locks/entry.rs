//! Entries: what typedview holds of a root array in rust-numpy's table, once for all views of the memory of that array.
//! Extensions that were built separately share the entries, so the layout of the struct is fixed, like that of the
//! claims in `typedview-claims`. Each entry is in a capsule, under the address of its root.

use super::capsule::{BorrowConflict, Hold, Table};
use super::rust_numpy::RustNumpy;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::cell::Cell;
use std::ffi::CStr;

/// The name of the capsules that hold an entry.
const NAME: &CStr = c"typedview.rust_numpy.entry";

/// Whether another thread may borrow from rust-numpy between two steps of this thread.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// What typedview holds of one root.
///
/// - J3. The entry is accessed only by threads that are attached to the interpreter and are in the critical section of
///   `RustNumpy::entries`.
/// - J4. rust-numpy's table has `hold` for `array`. No other code has a reference to `array`, so its shape, strides and
///   dtype do not change.
#[repr(C)]
pub(super) struct Entry {
    array: Py<PyAny>,
    readers: Cell<usize>,
    writers: Cell<usize>,
    hold: Cell<Hold>,
}

impl Entry {
    /// Returns the capsule with the entry of `root`. A new entry is created when there is none.
    pub(super) fn of<'py>(found: &RustNumpy, root: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyCapsule>> {
        let (py, key) = (root.py(), root.as_ptr().addr());
        let entries = found.entries.bind(py);
        let capsule = match entries.get_item(key)? {
            Some(capsule) => capsule,
            None => {
                let nothing = Self {
                    array: found.private_bytes(root)?.unbind(),
                    readers: Cell::new(0),
                    writers: Cell::new(0),
                    hold: Cell::new(Hold::Nothing),
                };
                let new = PyCapsule::new_with_value(py, nothing, NAME)?;
                // The entry is looked up again: the garbage collector may have run other code meanwhile, and that code
                // may have created the entry.
                match entries.get_item(key)? {
                    Some(capsule) => capsule,
                    None => {
                        entries.set_item(key, &new)?;
                        new.into_any()
                    }
                }
            }
        };
        Ok(capsule.cast_into::<PyCapsule>()?)
    }

    /// Returns the entry in the capsule.
    pub(super) fn within<'a>(capsule: &'a Bound<'_, PyCapsule>) -> PyResult<&'a Self> {
        let entry = capsule.pointer_checked(Some(NAME))?;
        // SAFETY: every capsule of this name holds an entry, which lives as long as its capsule. The entry is accessed
        // only in the critical section of `RustNumpy::entries` (J3).
        Ok(unsafe { entry.cast::<Self>().as_ref() })
    }

    /// Counts a view in.
    ///
    /// # Errors
    ///
    /// Fails when rust-numpy refuses to lend the array. The counts are then unchanged.
    pub(super) fn add(&self, py: Python<'_>, table: &Table, write: bool) -> Result<(), BorrowConflict> {
        let (readers, writers) = (self.readers.get(), self.writers.get());
        self.settle(py, table, readers + usize::from(!write), writers + usize::from(write))
    }

    /// Counts out a view that was counted in before.
    pub(super) fn remove(&self, py: Python<'_>, table: &Table, write: bool) {
        let (readers, writers) = (self.readers.get(), self.writers.get());
        // The result is ignored, because rust-numpy does not refuse a weaker hold.
        let _: Result<(), BorrowConflict> =
            self.settle(py, table, readers - usize::from(!write), writers - usize::from(write));
    }

    /// Returns whether no view is counted in the entry.
    pub(super) fn is_unused(&self) -> bool {
        self.readers.get() + self.writers.get() == 0
    }

    /// Changes the hold to what this number of readers and writers needs.
    ///
    /// # Errors
    ///
    /// Fails when rust-numpy refuses the hold. Nothing is changed then.
    fn settle(
        &self,
        py: Python<'_>,
        table: &Table,
        readers: usize,
        writers: usize,
    ) -> Result<(), BorrowConflict> {
        let held = self.hold.get();
        let needed = match (readers, writers) {
            (0, 0) => Hold::Nothing,
            (_, 0) => Hold::Shared,
            _ => Hold::Exclusive,
        };
        let hold = match (held, needed) {
            // A change between shared and exclusive takes two steps, and without a GIL another thread may borrow
            // between them.
            (Hold::Shared, Hold::Exclusive) if FREE_THREADED => return Err(BorrowConflict::Borrowed),
            (Hold::Exclusive, Hold::Shared) if FREE_THREADED => held,
            _ => needed,
        };
        if hold != held {
            let array = self.array.bind(py);
            // SAFETY: rust-numpy's table has `held` for `array`, and the array is private and does not change (J4).
            unsafe { table.release(array, held) };
            // SAFETY: `array` is a private array, whose shape, strides and dtype do not change (J4).
            if let Err(taken) = unsafe { table.acquire(array, hold) } {
                // No other code has run since the release, so the previous hold is available again.
                // SAFETY: `array` is a private array, whose shape, strides and dtype do not change (J4).
                unsafe { table.acquire(array, held) }?;
                return Err(taken);
            }
        }
        // INVARIANT J4: rust-numpy's table has `hold` for `array` at this point.
        self.hold.set(hold);
        self.readers.set(readers);
        self.writers.set(writers);
        Ok(())
    }
}
