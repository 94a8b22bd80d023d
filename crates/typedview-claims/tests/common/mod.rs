//! Helpers for the tests of the table: claims in boxes, which do not move, and threads that are only numbers.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::ptr;
use typedview::Dyn;
use typedview_claims::{Claim, Conflict, Mode, Table, Wait, Waiter};

/// Writes the spec `double[:]` to `text`.
pub(crate) unsafe extern "C" fn show(text: *mut u8, capacity: usize) -> usize {
    let name = b"double[:]";
    assert!(name.len() <= capacity);
    // SAFETY: the caller guarantees that `text` has room for `capacity` bytes, which are enough for the name.
    unsafe { text.copy_from_nonoverlapping(name.as_ptr(), name.len()) };
    name.len()
}

/// Returns a claim of `thread` on elements of 8 bytes.
pub(crate) fn claim(
    thread: usize,
    mode: Mode,
    first: usize,
    shape: &[usize],
    strides: &[isize],
) -> Box<Claim> {
    let layout = Dyn::new(shape, strides, 8).unwrap();
    let mut claim = Box::new(Claim::vacant());
    claim.set(first, &layout, 8, mode, thread, show).unwrap();
    claim
}

/// Returns a claim of `thread` on `count` contiguous elements of 8 bytes.
pub(crate) fn block(thread: usize, mode: Mode, first: usize, count: usize) -> Box<Claim> {
    claim(thread, mode, first, &[count], &[8])
}

/// A claim in a table, which is removed when this value is dropped.
pub(crate) struct Entered {
    table: &'static Table,
    claim: *mut Claim,
    at_once: bool,
}

// SAFETY: a claim may leave on any thread, as long as one thread at a time works on the table or the table is made for
// threads that run at once.
unsafe impl Send for Entered {}

impl Entered {
    pub(crate) fn claim(&self) -> *const Claim {
        self.claim
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // SAFETY: the claim is in a box that is freed only at the end of this function.
        let claim = unsafe { &*self.claim };
        if self.at_once {
            // SAFETY: the claim is in the table, which is made for threads that run at once.
            unsafe { self.table.leave::<true>(claim) };
        } else {
            // SAFETY: the claim is in the table, on which only one thread works.
            unsafe { self.table.leave::<false>(claim) };
        }
        // SAFETY: the claim came from a box, and has just left the table.
        drop(unsafe { Box::from_raw(self.claim) });
    }
}

/// A table that works as under a GIL, or one for threads that run at once.
#[derive(Clone, Copy)]
pub(crate) struct Shared {
    pub(crate) table: &'static Table,
    pub(crate) at_once: bool,
}

impl Shared {
    pub(crate) fn under_a_gil() -> Self {
        Self { table: Table::leak(false), at_once: false }
    }

    pub(crate) fn without_a_gil() -> Self {
        Self { table: Table::leak(true), at_once: true }
    }

    pub(crate) fn both() -> [Self; 2] {
        [Self::under_a_gil(), Self::without_a_gil()]
    }

    pub(crate) fn enter(self, claim: Box<Claim>) -> Result<Entered, Conflict> {
        self.enter_under(claim, ptr::null())
    }

    pub(crate) fn enter_under(self, claim: Box<Claim>, own: *const Claim) -> Result<Entered, Conflict> {
        let claim = Box::into_raw(claim);
        let entered = if self.at_once {
            // SAFETY: the claim is in a box, which is freed only after `Entered` has removed the claim from the table.
            unsafe { self.table.enter::<true>(claim, own) }
        } else {
            // SAFETY: the claim is in a box, which is freed only after `Entered` has removed the claim, and only one
            // thread works on the table.
            unsafe { self.table.enter::<false>(claim, own) }
        };
        match entered {
            Ok(()) => Ok(Entered { table: self.table, claim, at_once: self.at_once }),
            Err(conflict) => {
                // SAFETY: the claim came from a box, and it is in no table.
                drop(unsafe { Box::from_raw(claim) });
                Err(conflict)
            }
        }
    }

    /// Enters the claim, or adds a waiter for it to the queue.
    pub(crate) fn queue(self, claim: Box<Claim>) -> Result<InLine, Conflict> {
        let claim = Box::into_raw(claim);
        let waiter = Box::new(Waiter::new(claim));
        // SAFETY: the waiter and the claim are in boxes, which are freed only after both have left the queue and the
        // table.
        match unsafe { self.table.queue(&waiter) } {
            Wait::Refused(conflict) => {
                // SAFETY: the claim came from a box, and it is in no table.
                drop(unsafe { Box::from_raw(claim) });
                Err(conflict)
            }
            _ => Ok(InLine { shared: self, waiter, claim }),
        }
    }
}

/// A waiter that is in the queue or has been served.
pub(crate) struct InLine {
    shared: Shared,
    waiter: Box<Waiter>,
    claim: *mut Claim,
}

// SAFETY: the waiter and the claim are in boxes, so they do not move, and a table that threads share is made for that.
unsafe impl Send for InLine {}

impl InLine {
    /// Whether the claim is in the table.
    pub(crate) fn is_served(&self) -> bool {
        // SAFETY: the waiter is in the queue or has been served.
        unsafe { self.shared.table.sleep(&self.waiter, 0) }
    }

    /// Sleeps until the claim is in the table, for at most `milliseconds`. Returns whether it is.
    pub(crate) fn sleep(&self, milliseconds: u64) -> bool {
        // SAFETY: the waiter is in the queue or has been served.
        unsafe { self.shared.table.sleep(&self.waiter, milliseconds) }
    }

    /// Leaves the queue and returns the entered claim, or the conflict that prevents it.
    pub(crate) fn finish(mut self) -> Result<Entered, Conflict> {
        self.leave_line()
    }

    fn leave_line(&mut self) -> Result<Entered, Conflict> {
        let claim = std::mem::replace(&mut self.claim, ptr::null_mut());
        // SAFETY: the waiter is in the queue or has been served.
        match unsafe { self.shared.table.give_up(&self.waiter) } {
            Ok(()) => Ok(Entered { table: self.shared.table, claim, at_once: self.shared.at_once }),
            Err(conflict) => {
                // SAFETY: the claim came from a box, and it is in no table.
                drop(unsafe { Box::from_raw(claim) });
                Err(conflict)
            }
        }
    }
}

impl Drop for InLine {
    fn drop(&mut self) {
        if !self.claim.is_null() {
            drop(self.leave_line());
        }
    }
}
