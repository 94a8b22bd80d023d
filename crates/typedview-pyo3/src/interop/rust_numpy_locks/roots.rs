//! Roots: what typedview holds of arrays in rust-numpy's table, once for all views of the memory of one array.
//! Extensions that were built separately share this list, so the layout of the structs is fixed, like that of the claims in
//! `typedview-claims`. It is in a capsule, in the dictionary that the interpreter keeps for extensions.

use super::capsule::{BorrowConflict, Hold, Table};
use crate::lock::shared;
use crate::ndarray::{Bytes, Root, StandIn};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

/// The name of the capsule, and its key in the dictionary. Structs with other fields need another name.
const NAME: &CStr = c"typedview.rust_numpy.roots";

/// Whether another thread may be attached to the interpreter between two steps of this thread.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// The number of lists among which the roots are divided, by their address.
const LISTS: usize = 64;

/// The roots of all views, and unused entries.
///
/// - J3. The lists, and the entries in them, are accessed only between `lock` and `unlock`. No Python code runs there.
#[repr(C)]
pub(super) struct Roots {
    /// Whether a thread is between `lock` and `unlock`. With a GIL, no other thread can be there.
    locked: AtomicU32,
    lists: UnsafeCell<Lists>,
}

#[repr(C)]
struct Lists {
    used: [*mut Entry; LISTS],
    unused: *mut Entry,
}

/// What typedview holds of one root.
///
/// - J4. The entry owns a reference to `root` and one to `base`. rust-numpy's table has `hold` for `array`, which does not move,
///   and which nobody else can change.
#[repr(C)]
pub(super) struct Entry {
    next: *mut Entry,
    root: *mut ffi::PyObject,
    base: *mut ffi::PyObject,
    readers: usize,
    writers: usize,
    hold: Hold,
    array: StandIn,
}

// SAFETY: the lists are accessed by one thread at a time (J3).
unsafe impl Send for Roots {}
// SAFETY: the lists are accessed by one thread at a time (J3).
unsafe impl Sync for Roots {}

/// The lists, while this thread may use them.
struct Locked<'a>(&'a Roots);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if FREE_THREADED {
            self.0.locked.store(0, Ordering::Release);
        }
    }
}

impl Locked<'_> {
    fn lists(&mut self) -> &mut Lists {
        // SAFETY: this thread has locked the lists (J3), and `self` is borrowed exclusively.
        unsafe { &mut *self.0.lists.get() }
    }
}

impl Roots {
    /// Returns the roots that all extensions of this interpreter share.
    pub(super) fn find(py: Python<'_>) -> PyResult<&'static Self> {
        let lists = Lists { used: [ptr::null_mut(); LISTS], unused: ptr::null_mut() };
        let own: &'static Self =
            Box::leak(Box::new(Self { locked: AtomicU32::new(0), lists: UnsafeCell::new(lists) }));
        // SAFETY: a capsule with this name points to such a struct, which lives as long as the process.
        unsafe { shared(py, NAME, own) }
    }

    fn lock(&self) -> Locked<'_> {
        // With a GIL, the thread that is attached is alone.
        while FREE_THREADED
            && self.locked.compare_exchange_weak(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err()
        {
            // The thread that has locked the lists runs no Python code, so it does not wait for this thread.
            std::hint::spin_loop();
        }
        Locked(self)
    }

    /// Counts a view of `root` in.
    ///
    /// # Errors
    ///
    /// Fails when rust-numpy refuses to lend the array. Nothing is changed then.
    pub(super) fn enter(
        &self,
        py: Python<'_>,
        table: &Table,
        bytes: &Bytes,
        root: Root,
        write: bool,
    ) -> PyResult<Result<NonNull<Entry>, BorrowConflict>> {
        let mut locked = self.lock();
        let lists = locked.lists();
        let entry = match lists.entry_of(root.as_ptr()) {
            Some(entry) => entry,
            None => match lists.add(bytes, root) {
                Some(entry) => entry,
                None => {
                    drop(locked);
                    return Err(PyValueError::new_err(
                        "the elements of the array whose memory this is do not fit the address space",
                    ));
                }
            },
        };
        // SAFETY: the entry is in the list, which this thread has locked (J3).
        let counted = unsafe { &mut *entry.as_ptr() };
        // SAFETY: the entry keeps its root alive (J4).
        unsafe { counted.array.refresh(root) };
        let (readers, writers) = (counted.readers, counted.writers);
        let added = counted.settle(py, table, readers + usize::from(!write), writers + usize::from(write));
        let left = lists.remove_if_unused(entry);
        drop(locked);
        left.release(py);
        Ok(added.map(|()| entry))
    }

    /// Counts a view out.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `enter` has returned `entry` for a view with the same `write`, which has not been counted out.
    pub(super) unsafe fn leave(&self, py: Python<'_>, table: &Table, entry: NonNull<Entry>, write: bool) {
        let mut locked = self.lock();
        // SAFETY: the entry counts this view, so it is in the list, which this thread has locked (J3).
        let counted = unsafe { &mut *entry.as_ptr() };
        let (readers, writers) = (counted.readers, counted.writers);
        // The result is ignored, because rust-numpy does not refuse a weaker hold.
        let _: Result<(), BorrowConflict> =
            counted.settle(py, table, readers - usize::from(!write), writers - usize::from(write));
        let left = locked.lists().remove_if_unused(entry);
        drop(locked);
        left.release(py);
    }
}

/// References that an entry had. They are given back when the lists are no longer locked, because that may run Python code.
#[must_use]
struct Left([*mut ffi::PyObject; 2]);

impl Left {
    #[inline]
    fn release(self, _py: Python<'_>) {
        for object in self.0 {
            // SAFETY: the thread is attached to the interpreter. The object is null, or the entry owned this reference to it (J4).
            unsafe { ffi::Py_XDECREF(object) };
        }
    }
}

impl Lists {
    fn list_of(&mut self, root: *mut ffi::PyObject) -> &mut *mut Entry {
        // Objects are at multiples of 16.
        &mut self.used[(root.addr() >> 4) % LISTS]
    }

    fn entry_of(&mut self, root: *mut ffi::PyObject) -> Option<NonNull<Entry>> {
        let mut next = *self.list_of(root);
        while let Some(entry) = NonNull::new(next) {
            // SAFETY: the entries of a list are alive, and this thread has locked the lists (J3).
            let fields = unsafe { entry.as_ref() };
            if fields.root == root {
                return Some(entry);
            }
            next = fields.next;
        }
        None
    }

    /// Adds an entry for `root` that counts no view, or returns `None` if the array cannot be described.
    fn add(&mut self, bytes: &Bytes, root: Root) -> Option<NonNull<Entry>> {
        let entry = match NonNull::new(self.unused) {
            // SAFETY: unused entries are alive, and this thread has locked the lists (J3).
            Some(entry) => entry,
            None => NonNull::from(Box::leak(Box::new(Entry::EMPTY))),
        };
        // SAFETY: the entry is alive, and only this thread has access to it.
        let fields = unsafe { &mut *entry.as_ptr() };
        // SAFETY: the root is alive, and `bytes` is never freed. The entry never moves, and owns references to the root and to
        // its base from here on, if this succeeds.
        let base = unsafe { fields.array.set(root, bytes) }?;
        if self.unused == entry.as_ptr() {
            self.unused = fields.next;
        }
        for object in [root.as_ptr(), base] {
            // SAFETY: the object is alive, and the thread is attached to the interpreter.
            unsafe { ffi::Py_INCREF(object) };
        }
        // INVARIANT J4: the entry owns the references, and rust-numpy's table has nothing for it.
        (fields.root, fields.base) = (root.as_ptr(), base);
        let list = self.list_of(root.as_ptr());
        fields.next = *list;
        *list = entry.as_ptr();
        Some(entry)
    }

    /// Moves the entry to the unused ones if it counts no view, and returns its references.
    fn remove_if_unused(&mut self, entry: NonNull<Entry>) -> Left {
        // SAFETY: the entry is alive, and this thread has locked the lists (J3).
        let fields = unsafe { &mut *entry.as_ptr() };
        if fields.readers + fields.writers > 0 {
            return Left([ptr::null_mut(); 2]);
        }
        let mut place: *mut *mut Entry = self.list_of(fields.root);
        // SAFETY: the entry is in this list, so no pointer before it is null, and all entries before it are alive (J3).
        while unsafe { *place } != entry.as_ptr() {
            // SAFETY: `place` is the start of the list or the field of an entry that is alive (J3).
            let before = unsafe { *place };
            // SAFETY: the entry is another one of the list, and alive (J3).
            place = unsafe { &raw mut (*before).next };
        }
        // SAFETY: `place` is the pointer to the entry, in the list or in the entry before it.
        unsafe { place.write(fields.next) };
        let left = Left([fields.root, fields.base]);
        (fields.root, fields.base) = (ptr::null_mut(), ptr::null_mut());
        fields.next = self.unused;
        self.unused = entry.as_ptr();
        left
    }
}

impl Entry {
    const EMPTY: Self = Self {
        next: ptr::null_mut(),
        root: ptr::null_mut(),
        base: ptr::null_mut(),
        readers: 0,
        writers: 0,
        hold: Hold::Nothing,
        array: StandIn::EMPTY,
    };

    /// Changes the hold to what this number of readers and writers needs.
    ///
    /// # Errors
    ///
    /// Fails when rust-numpy refuses the hold. Nothing is changed then.
    fn settle(
        &mut self,
        py: Python<'_>,
        table: &Table,
        readers: usize,
        writers: usize,
    ) -> Result<(), BorrowConflict> {
        let held = self.hold;
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
            // SAFETY: the entry is in the list, so its array has been set. Entries do not move.
            let array = unsafe { self.array.as_ptr() };
            // SAFETY: rust-numpy's table has `held` for this array, which does not change (J4).
            unsafe { table.release(py, array, held) };
            // SAFETY: the struct of the array stays alive in its entry, and does not change (J4).
            if let Err(taken) = unsafe { table.acquire(py, array, hold) } {
                // No other code has run since the release, so the previous hold is available again.
                // SAFETY: the struct of the array stays alive in its entry, and does not change (J4).
                unsafe { table.acquire(py, array, held) }?;
                return Err(taken);
            }
        }
        // INVARIANT J4: rust-numpy's table has `hold` for the array at this point.
        self.hold = hold;
        self.readers = readers;
        self.writers = writers;
        Ok(())
    }
}
