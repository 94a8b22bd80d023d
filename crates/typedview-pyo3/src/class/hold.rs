//! Holding: how long a view keeps its memory, and when Python may release it.
//! Slices of a view keep the memory as `memoryview`'s slices do: it is given back when the view and all of them are released.

use crate::export::Owner;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The hold of a view on its memory.
///
/// - X3. The owner is dropped only once nothing uses the memory: the view is released, nothing that [`begin`](Self::begin) has begun is
///   under way, no consumer has it as a buffer or by its address, and no slice of the view holds it.
#[derive(Debug)]
pub(super) struct Hold {
    released: AtomicBool,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Buffers that consumers have.
    exports: u32,
    /// Operations under way.
    uses: u32,
    /// Slices that hold the memory.
    parts: u32,
    /// Whether a consumer has the address, and keeps the view alive instead of a buffer.
    lent: bool,
    /// What keeps the memory. A slice has none, because the view that it was made of has it.
    owner: Option<Owner>,
    /// Whether the memory has been given back.
    given_back: bool,
}

/// An operation that uses the memory. While it lasts, the view cannot be released.
#[derive(Debug)]
pub(super) struct Use<'a>(&'a Hold);

impl Hold {
    /// A hold on memory that `owner` keeps. A slice has no owner.
    #[inline]
    pub(super) fn new(owner: Option<Owner>) -> Self {
        let counts = Counts { owner, ..Counts::default() };
        Self { released: AtomicBool::new(false), counts: Mutex::new(counts) }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    pub(super) fn is_released(&self) -> bool {
        self.released.load(Ordering::Relaxed)
    }

    /// Fails if the view is released. Where there is a GIL, the memory stays until this thread gives it up or runs Python code.
    #[inline]
    pub(super) fn check(&self) -> PyResult<()> {
        if self.is_released() { Err(released()) } else { Ok(()) }
    }

    /// Begins an operation that uses the memory while other threads run.
    pub(super) fn begin(&self) -> PyResult<Use<'_>> {
        self.retain().map(|()| Use(self))
    }

    /// Does what [`begin`](Self::begin) does, for a user that calls [`end_use`](Self::end_use) itself.
    pub(super) fn retain(&self) -> PyResult<()> {
        let mut counts = self.counts();
        self.check()?;
        counts.uses += 1;
        Ok(())
    }

    /// Ends what [`retain`](Self::retain) has begun.
    pub(super) fn end_use(&self) {
        let mut counts = self.counts();
        counts.uses -= 1;
    }

    /// Counts a buffer that a consumer gets.
    pub(super) fn export(&self) -> PyResult<()> {
        let mut counts = self.counts();
        self.check()?;
        counts.exports += 1;
        Ok(())
    }

    /// Counts a buffer that a consumer has given back.
    pub(super) fn end_export(&self) {
        let mut counts = self.counts();
        counts.exports = counts.exports.saturating_sub(1);
    }

    /// Notes that a consumer has the address, and keeps the view alive.
    pub(super) fn lend(&self) -> PyResult<()> {
        let mut counts = self.counts();
        self.check()?;
        counts.lent = true;
        Ok(())
    }

    /// Counts a slice, which holds the memory of `self`, although `self` may be released.
    pub(super) fn add_part(&self) -> PyResult<()> {
        let mut counts = self.counts();
        if counts.given_back {
            return Err(released());
        }
        counts.parts += 1;
        Ok(())
    }

    /// Counts a slice that holds the memory no longer.
    pub(super) fn remove_part(&self) {
        let owner = {
            let mut counts = self.counts();
            counts.parts = counts.parts.saturating_sub(1);
            self.give_back(&mut counts)
        };
        // The owner is dropped without the lock, because dropping it may run Python code.
        drop(owner);
    }

    /// Releases the view. Returns whether the memory is given up now, which a slice tells the view that it was made of.
    pub(super) fn release(&self) -> PyResult<bool> {
        let (given_back, owner) = {
            let mut counts = self.counts();
            if self.is_released() {
                return Ok(false);
            }
            if counts.exports > 0 {
                let (count, buffers) =
                    (counts.exports, if counts.exports == 1 { "buffer" } else { "buffers" });
                let text =
                    format!("the view has {count} exported {buffers}: release what was made of it first");
                return Err(PyBufferError::new_err(text));
            }
            if counts.uses > 0 {
                return Err(PyBufferError::new_err("the view is locked, or in use on another thread"));
            }
            self.released.store(true, Ordering::Relaxed);
            let owner = self.give_back(&mut counts);
            (counts.given_back, owner)
        };
        drop(owner);
        Ok(given_back)
    }

    /// Marks the memory as given back if nothing uses it (X3), and returns its owner.
    fn give_back(&self, counts: &mut Counts) -> Option<Owner> {
        if self.is_released() && counts.parts == 0 && !counts.lent && !counts.given_back {
            counts.given_back = true;
            return counts.owner.take();
        }
        None
    }

    /// Calls `with` with the owner, unless the memory has been given back or this is the hold of a slice.
    pub(super) fn with_owner<X>(&self, with: impl FnOnce(&Owner) -> X) -> Option<X> {
        self.counts().owner.as_ref().map(with)
    }

    /// Tells the garbage collector which objects keep the memory.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // If the mutex is locked, some code uses the view at this moment. It is reachable then, so nothing has to be reported.
        match self.counts.try_lock().as_deref() {
            Ok(Counts { owner: Some(owner), .. }) => owner.traverse(visit),
            _ => Ok(()),
        }
    }
}

impl Drop for Use<'_> {
    fn drop(&mut self) {
        self.0.end_use();
    }
}

#[cold]
pub(super) fn released() -> PyErr {
    PyValueError::new_err("operation forbidden on a released View")
}
