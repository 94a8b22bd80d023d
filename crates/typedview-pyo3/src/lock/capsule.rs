//! The capsule: one table of claims for all extensions of an interpreter, whoever built them.
//!
//! The first extension that needs it publishes [`Interface`] in the interpreter's own dictionary; the others find it there.
//! The interface only ever grows at its end, and no part of it changes meaning.

use super::claim::Claim;
use super::table::{NONE, Table};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The name of the capsule and its key in the interpreter's dictionary.
const NAME: &CStr = c"typedview.locks";

/// Whether other threads may run Python code while this one does.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// What extensions share: functions over a table that only its publisher looks into.
///
/// - K1. Version 1 has all fields below; a later one may have more behind them.
/// - K2. All but `wait` are called with the interpreter attached; none runs Python code or unwinds.
/// - K3. It lives as long as the process.
#[repr(C)]
pub(super) struct Interface {
    version: usize,
    table: *const Shared,
    /// Adds a claim made under the one at `own`; gives its place, or `usize::MAX` and the claim it conflicts with.
    insert: unsafe extern "C" fn(*const Shared, claim: *const Claim, own: usize, met: *mut Claim) -> usize,
    /// Removes the claim at a place.
    remove: unsafe extern "C" fn(*const Shared, place: usize),
    /// Announces somebody who will wait; gives how many removals waiters have been told of.
    watch: unsafe extern "C" fn(*const Shared) -> usize,
    /// Waits until there has been another removal than so many, or for so many milliseconds.
    wait: unsafe extern "C" fn(*const Shared, removals: usize, milliseconds: u64),
    /// Takes an announcement back.
    unwatch: unsafe extern "C" fn(*const Shared),
}

/// The table, and who waits for it.
struct Shared {
    /// Under the GIL whoever calls `insert` or `remove` is alone; without it the mutex makes them so.
    #[cfg(not(Py_GIL_DISABLED))]
    table: std::cell::UnsafeCell<Table>,
    #[cfg(Py_GIL_DISABLED)]
    table: Mutex<Table>,
    waiting: AtomicUsize,
    /// How many claims have been removed while somebody waited.
    removals: Mutex<usize>,
    removed: Condvar,
}

impl Shared {
    const fn new() -> Self {
        #[cfg(not(Py_GIL_DISABLED))]
        let table = std::cell::UnsafeCell::new(Table::new());
        #[cfg(Py_GIL_DISABLED)]
        let table = Mutex::new(Table::new());
        Self { table, waiting: AtomicUsize::new(0), removals: Mutex::new(0), removed: Condvar::new() }
    }

    fn removals(&self) -> MutexGuard<'_, usize> {
        self.removals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cold]
    fn announce(&self) {
        let mut removals = self.removals();
        *removals = removals.wrapping_add(1);
        self.removed.notify_all();
    }

    /// # Safety
    ///
    /// The interpreter is attached.
    #[inline]
    unsafe fn with<X>(&self, work: impl FnOnce(&mut Table) -> X) -> X {
        #[cfg(not(Py_GIL_DISABLED))]
        {
            // SAFETY: K2: the GIL keeps others out, and `work` runs no Python code that could give it up.
            work(unsafe { &mut *self.table.get() })
        }
        #[cfg(Py_GIL_DISABLED)]
        work(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

unsafe extern "C" fn insert(shared: *const Shared, claim: *const Claim, own: usize, met: *mut Claim) -> usize {
    // SAFETY: K3.
    let shared = unsafe { &*shared };
    // SAFETY: the caller gives a claim.
    let claim = unsafe { &*claim };
    // SAFETY: K2.
    match unsafe { shared.with(|table| table.insert(claim, own, FREE_THREADED)) } {
        Ok(place) => place,
        Err(other) => {
            // SAFETY: the caller gives a place to write.
            unsafe { met.write(other) };
            NONE
        }
    }
}

unsafe extern "C" fn remove(shared: *const Shared, place: usize) {
    // SAFETY: K3.
    let shared = unsafe { &*shared };
    // SAFETY: K2.
    unsafe { shared.with(|table| table.remove(place)) };
    if shared.waiting.load(Ordering::SeqCst) > 0 {
        shared.announce();
    }
}

unsafe extern "C" fn watch(shared: *const Shared) -> usize {
    // SAFETY: K3.
    let shared = unsafe { &*shared };
    shared.waiting.fetch_add(1, Ordering::SeqCst);
    *shared.removals()
}

unsafe extern "C" fn wait(shared: *const Shared, removals: usize, milliseconds: u64) {
    // SAFETY: K3.
    let shared = unsafe { &*shared };
    let time = Duration::from_millis(milliseconds);
    let same = |now: &mut usize| *now == removals;
    drop(shared.removed.wait_timeout_while(shared.removals(), time, same));
}

unsafe extern "C" fn unwatch(shared: *const Shared) {
    // SAFETY: K3.
    unsafe { &*shared }.waiting.fetch_sub(1, Ordering::SeqCst);
}

/// What this extension found in the interpreter, or published.
static FOUND: AtomicPtr<Interface> = AtomicPtr::new(ptr::null_mut());

impl Interface {
    /// The one that all extensions of this interpreter share.
    #[inline]
    pub(super) fn get(py: Python<'_>) -> PyResult<&'static Self> {
        // SAFETY: null, or an interface that another thread has published whole (K3).
        match unsafe { FOUND.load(Ordering::Acquire).as_ref() } {
            Some(interface) => Ok(interface),
            None => Self::find_or_publish(py),
        }
    }

    #[cold]
    fn find_or_publish(py: Python<'_>) -> PyResult<&'static Self> {
        let own = Box::new(Self {
            version: 1,
            table: Box::into_raw(Box::new(Shared::new())),
            insert,
            remove,
            watch,
            wait,
            unwatch,
        });
        // K3: what is published is never freed; of two at once, one is published for nothing.
        let own = Box::into_raw(own);
        // SAFETY: the pointer is not null, and the name lives as long as the process.
        let capsule = unsafe { ffi::PyCapsule_New(own.cast(), NAME.as_ptr(), None) };
        // SAFETY: a new reference, or null with an exception.
        let capsule = unsafe { Bound::from_owned_ptr_or_err(py, capsule) }?;
        // SAFETY: the interpreter is attached.
        let interpreter = unsafe { ffi::PyInterpreterState_Get() };
        // SAFETY: as above; a borrowed reference, or null.
        let dictionary = unsafe { ffi::PyInterpreterState_GetDict(interpreter) };
        // SAFETY: as above.
        let dictionary = unsafe { Bound::from_borrowed_ptr_or_opt(py, dictionary) }
            .ok_or_else(|| PyImportError::new_err("the interpreter has no dictionary for extensions"))?
            .cast_into::<PyDict>()?;
        // One step, so that of two extensions at once only one publishes.
        let shared = dictionary.call_method1("setdefault", (NAME, capsule))?;
        // SAFETY: `shared` is alive; the name is checked.
        let found = unsafe { ffi::PyCapsule_GetPointer(shared.as_ptr(), NAME.as_ptr()) }.cast::<Self>();
        // SAFETY: K1: whatever stands under this name is an interface, and begins with its version.
        let Some(interface) = (unsafe { found.as_ref() }) else {
            return Err(PyErr::fetch(py));
        };
        FOUND.store(found, Ordering::Release);
        Ok(interface)
    }

    /// Adds a claim made under the one at `own`; gives its place, or the claim it conflicts with.
    #[inline]
    pub(super) fn insert(&self, _py: Python<'_>, claim: &Claim, own: usize) -> Result<usize, Claim> {
        let mut met = MaybeUninit::uninit();
        // SAFETY: K1, K2.
        let place = unsafe { (self.insert)(self.table, claim, own, met.as_mut_ptr()) };
        if place == NONE {
            // SAFETY: K1: written when there is no place.
            return Err(unsafe { met.assume_init() });
        }
        Ok(place)
    }

    /// Removes the claim at a place.
    #[inline]
    pub(super) fn remove(&self, _py: Python<'_>, place: usize) {
        // SAFETY: K1, K2.
        unsafe { (self.remove)(self.table, place) }
    }

    /// Inserts as soon as what is in the way has been removed; gives up after `timeout`, and at once where it is
    /// this thread's own.
    pub(super) fn insert_in_time(
        &self,
        py: Python<'_>,
        claim: &Claim,
        own: usize,
        timeout: Duration,
    ) -> Result<usize, Claim> {
        let start = Instant::now();
        loop {
            // SAFETY: K1, K2.
            let removals = unsafe { (self.watch)(self.table) };
            let inserted = self.insert(py, claim, own);
            let left = timeout.saturating_sub(start.elapsed());
            let done = match &inserted {
                Ok(_) => true,
                Err(other) => other.thread == claim.thread || left.is_zero(),
            };
            if !done {
                // At least one, so that what is left of the last millisecond does not spin.
                let milliseconds = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
                py.detach(|| {
                    // SAFETY: K1, K2.
                    unsafe { (self.wait)(self.table, removals, milliseconds) }
                });
            }
            // SAFETY: K1, K2.
            unsafe { (self.unwatch)(self.table) };
            if done {
                return inserted;
            }
        }
    }
}

// SAFETY: K1 to K3: functions, and a table that only they look into.
unsafe impl Sync for Interface {}
