//! The capsule: one table of claims for all extensions of an interpreter, whoever built them.
//!
//! The first extension that needs it publishes an [`Interface`] in the interpreter's own dictionary; the others find it
//! there. The interface only ever grows at its end, and no part of it changes meaning.

use super::claim::Claim;
use super::registered::Unregistered;
use super::table::Table;
use super::waiters::{self, Waiters};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The name of the capsule and its key in the interpreter's dictionary.
const NAME: &CStr = c"typedview.locks";

/// Whether other threads may run Python code while this one does.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

/// What extensions share. Fields, not functions: a claim enters and leaves in a few instructions.
///
/// - K2. Version 1 has all fields below; a later one may have more behind them.
/// - K3. `table` is touched by those alone who are attached to the interpreter and, where there is no GIL, hold `busy`;
///   they run no Python code meanwhile.
/// - K4. It lives as long as the process.
#[repr(C)]
pub(super) struct Interface {
    version: usize,
    /// 1 while a thread works on the table; 0 and unused under a GIL.
    busy: AtomicUsize,
    table: UnsafeCell<Table>,
    /// How many threads wait for a claim to leave.
    waiting: AtomicUsize,
    waiters: *const Waiters,
    /// Announces somebody who will wait; gives how many departures have been told of.
    watch: unsafe extern "C" fn(*const Waiters) -> usize,
    /// Waits, detached, until there has been another departure than so many, or for so many milliseconds.
    wait: unsafe extern "C" fn(*const Waiters, departures: usize, milliseconds: u64),
    /// Tells those who wait of a departure.
    tell: unsafe extern "C" fn(*const Waiters),
}

/// The interpreter's own dictionary, where its extensions leave what they share.
pub(crate) fn interpreter_dictionary(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    // SAFETY: the interpreter is attached.
    let interpreter = unsafe { ffi::PyInterpreterState_Get() };
    // SAFETY: as above; a borrowed reference, or null.
    let dictionary = unsafe { ffi::PyInterpreterState_GetDict(interpreter) };
    // SAFETY: as above.
    let dictionary = unsafe { Bound::from_borrowed_ptr_or_opt(py, dictionary) }
        .ok_or_else(|| PyImportError::new_err("the interpreter has no dictionary for extensions"))?;
    Ok(dictionary.cast_into::<PyDict>()?)
}

/// What this extension found in the interpreter, or published.
static FOUND: AtomicPtr<Interface> = AtomicPtr::new(ptr::null_mut());

impl Interface {
    /// The one that all extensions of this interpreter share.
    #[inline]
    pub(super) fn get(py: Python<'_>) -> PyResult<&'static Self> {
        // SAFETY: null, or an interface that another thread has published whole (K4).
        match unsafe { FOUND.load(Ordering::Acquire).as_ref() } {
            Some(interface) => Ok(interface),
            None => Self::find_or_publish(py),
        }
    }

    /// The same, for those who have had it.
    ///
    /// # Safety
    ///
    /// [`get`](Self::get) has given it before.
    #[inline(always)]
    pub(super) unsafe fn known() -> &'static Self {
        // SAFETY: the caller, and K4.
        unsafe { &*FOUND.load(Ordering::Acquire) }
    }

    #[cold]
    fn find_or_publish(py: Python<'_>) -> PyResult<&'static Self> {
        let own = Box::new(Self {
            version: 1,
            busy: AtomicUsize::new(0),
            table: UnsafeCell::new(Table::new()),
            waiting: AtomicUsize::new(0),
            waiters: Box::into_raw(Box::new(Waiters::new())),
            watch: waiters::watch,
            wait: waiters::wait,
            tell: waiters::tell,
        });
        // K4: what is published is never freed; of two at once, one is published for nothing.
        let own = Box::into_raw(own);
        // SAFETY: the pointer is not null, and the name lives as long as the process.
        let capsule = unsafe { ffi::PyCapsule_New(own.cast(), NAME.as_ptr(), None) };
        // SAFETY: a new reference, or null with an exception.
        let capsule = unsafe { Bound::from_owned_ptr_or_err(py, capsule) }?;
        // One step, so that of two extensions at once only one publishes.
        let shared = interpreter_dictionary(py)?.call_method1("setdefault", (NAME, capsule))?;
        // SAFETY: `shared` is alive; the name is checked.
        let found = unsafe { ffi::PyCapsule_GetPointer(shared.as_ptr(), NAME.as_ptr()) }.cast::<Self>();
        // SAFETY: K2: whatever stands under this name is an interface, and begins with its version.
        let Some(interface) = (unsafe { found.as_ref() }) else {
            return Err(PyErr::fetch(py));
        };
        if interface.version == 0 {
            return Err(PyImportError::new_err("the table of locks is of an unknown version"));
        }
        FOUND.store(found, Ordering::Release);
        Ok(interface)
    }

    /// Works on the table, running no Python code.
    #[inline(always)]
    fn with<X>(&self, _py: Python<'_>, work: impl FnOnce(&mut Table) -> X) -> X {
        if FREE_THREADED {
            while self.busy.compare_exchange_weak(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {
                std::thread::yield_now();
            }
        }
        // SAFETY: K3.
        let worked = work(unsafe { &mut *self.table.get() });
        if FREE_THREADED {
            self.busy.store(0, Ordering::Release);
        }
        worked
    }

    /// Enters a claim made under `own`, which may be null, or gives the claim it conflicts with.
    ///
    /// # Safety
    ///
    /// The claim is in no table, and stays where it is until it has left.
    #[inline(always)]
    pub(super) unsafe fn enter(
        &self,
        py: Python<'_>,
        claim: NonNull<Claim>,
        own: *const Claim,
    ) -> Result<(), Claim> {
        // SAFETY: the caller.
        self.with(py, |table| unsafe { table.enter(claim.as_ptr(), own, FREE_THREADED) })
    }

    /// Takes a claim out.
    ///
    /// # Safety
    ///
    /// It is in the table.
    #[inline(always)]
    pub(super) unsafe fn leave(&self, py: Python<'_>, claim: NonNull<Claim>) {
        // SAFETY: the caller.
        self.with(py, |table| unsafe { table.leave(claim.as_ptr()) });
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.tell();
        }
    }

    #[cold]
    fn tell(&self) {
        // SAFETY: K2, K4.
        unsafe { (self.tell)(self.waiters) }
    }

    /// Enters as soon as what is in the way has left; gives up after `timeout`, and at once where it is this
    /// thread's own. Signals are handled meanwhile.
    ///
    /// # Safety
    ///
    /// As [`enter`](Self::enter).
    pub(super) unsafe fn enter_in_time(
        &self,
        py: Python<'_>,
        claim: NonNull<Claim>,
        own: *const Claim,
        timeout: Duration,
    ) -> Result<(), Unregistered> {
        let start = Instant::now();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let entered = loop {
            // Before the attempt: what leaves after it is not missed.
            // SAFETY: K2, K4.
            let departures = unsafe { (self.watch)(self.waiters) };
            // SAFETY: the caller.
            let entered = unsafe { self.enter(py, claim, own) };
            let left = timeout.saturating_sub(start.elapsed());
            match entered {
                Err(other) if !other.is_of_this_thread() && !left.is_zero() => {}
                _ => break entered.map_err(Unregistered::Met),
            }
            py.detach(|| {
                // SAFETY: K2, K4.
                unsafe { (self.wait)(self.waiters, departures, milliseconds(left)) }
            });
            if let Err(exception) = py.check_signals() {
                break Err(Unregistered::Raised(exception));
            }
        };
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        entered
    }
}

/// How long to wait at a stretch: not so long that a signal goes unheard, and not so short that the last of it spins.
fn milliseconds(left: Duration) -> u64 {
    u64::try_from(left.as_millis()).unwrap_or(u64::MAX).clamp(1, 50)
}

// SAFETY: K3, K4; the waiters are made for threads.
unsafe impl Sync for Interface {}
