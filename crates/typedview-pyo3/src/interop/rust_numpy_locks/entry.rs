//! Entries: what typedview holds of a root in rust-numpy's table, once for all views of its memory.
//! In the form that extensions built apart agree on, like `lock/claim.rs`; it stands in a capsule, by the root's address.

use super::capsule::{Hold, Table, Taken};
use super::found::Found;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::cell::Cell;
use std::ffi::CStr;

const NAME: &CStr = c"typedview.rust_numpy.entry";

/// Whether another thread may borrow between two steps of this one.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// What is held of a root.
///
/// - J3. It is touched by those alone who are attached to the interpreter and in the critical section of `Found::entries`.
/// - J4. rust-numpy's table has `hold` of `array`, which nobody else has, so that its shape, strides and dtype stay.
#[repr(C)]
pub(super) struct Entry {
    array: Py<PyAny>,
    readers: Cell<usize>,
    writers: Cell<usize>,
    hold: Cell<Hold>,
}

impl Entry {
    /// The entry of `root` in its capsule, made where there is none.
    pub(super) fn of<'py>(found: &Found, root: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyCapsule>> {
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
                // Again: what the collector has run meanwhile may have been faster.
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

    /// What is in the capsule.
    pub(super) fn within<'a>(capsule: &'a Bound<'_, PyCapsule>) -> PyResult<&'a Self> {
        let entry = capsule.pointer_checked(Some(NAME))?;
        // SAFETY: whatever has this name is an entry, which lives as long as its capsule; J3.
        Ok(unsafe { entry.cast::<Self>().as_ref() })
    }

    /// Counts a view in.
    pub(super) fn add(&self, py: Python<'_>, table: &Table, write: bool) -> Result<(), Taken> {
        let (readers, writers) = (self.readers.get(), self.writers.get());
        self.settle(py, table, readers + usize::from(!write), writers + usize::from(write))
    }

    /// Counts a view out that has been counted in.
    pub(super) fn remove(&self, py: Python<'_>, table: &Table, write: bool) {
        let (readers, writers) = (self.readers.get(), self.writers.get());
        // To hold less is not refused.
        let _: Result<(), Taken> =
            self.settle(py, table, readers - usize::from(!write), writers - usize::from(write));
    }

    /// Whether no view is counted.
    pub(super) fn is_unused(&self) -> bool {
        self.readers.get() + self.writers.get() == 0
    }

    /// Holds what so many readers and writers need, or changes nothing.
    fn settle(&self, py: Python<'_>, table: &Table, readers: usize, writers: usize) -> Result<(), Taken> {
        let held = self.hold.get();
        let needed = match (readers, writers) {
            (0, 0) => Hold::Nothing,
            (_, 0) => Hold::Shared,
            _ => Hold::Exclusive,
        };
        let hold = match (held, needed) {
            // From one to the other is two steps: somebody might get in between.
            (Hold::Shared, Hold::Exclusive) if FREE_THREADED => return Err(Taken::Borrowed),
            (Hold::Exclusive, Hold::Shared) if FREE_THREADED => held,
            _ => needed,
        };
        if hold != held {
            let array = self.array.bind(py);
            // SAFETY: J4.
            unsafe { table.release(array, held) };
            // SAFETY: J4.
            if let Err(taken) = unsafe { table.acquire(array, hold) } {
                // Nobody else has run since it was released.
                // SAFETY: J4.
                unsafe { table.acquire(array, held) }?;
                return Err(taken);
            }
        }
        // INVARIANT J4.
        self.hold.set(hold);
        self.readers.set(readers);
        self.writers.set(writers);
        Ok(())
    }
}
