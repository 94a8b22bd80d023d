//! What the tests of the table share: claims that stay where they are, and a thread that is only a number.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::ptr;
use typedview::Dyn;
use typedview_claims::{Claim, Conflict, Mode, Table, Wait, Waiter};

pub(crate) unsafe extern "C" fn show(text: *mut u8, capacity: usize) -> usize {
    let name = b"double[:]";
    assert!(name.len() <= capacity);
    // SAFETY: the text has room for `capacity` bytes.
    unsafe { text.copy_from_nonoverlapping(name.as_ptr(), name.len()) };
    name.len()
}

/// A claim of `thread` on elements of 8 bytes.
pub(crate) fn claim(
    thread: usize,
    mode: Mode,
    first: usize,
    shape: &[usize],
    strides: &[isize],
) -> Box<Claim> {
    let layout = Dyn::new(shape, strides, 8).unwrap();
    let mut claim = Box::new(Claim::vacant());
    claim.describe(first, &layout, 8, mode, thread, show).unwrap();
    claim
}

/// A claim on `count` neighbouring elements.
pub(crate) fn block(thread: usize, mode: Mode, first: usize, count: usize) -> Box<Claim> {
    claim(thread, mode, first, &[count], &[8])
}

/// A claim in a table, taken out when dropped.
pub(crate) struct Entered {
    table: &'static Table,
    claim: *mut Claim,
    at_once: bool,
}

// SAFETY: a claim may leave on any thread, as long as one at a time works on the table or it is made for threads.
unsafe impl Send for Entered {}

impl Entered {
    pub(crate) fn claim(&self) -> *const Claim {
        self.claim
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // SAFETY: the claim is boxed.
        let claim = unsafe { &*self.claim };
        if self.at_once {
            // SAFETY: the claim is in the table.
            unsafe { self.table.leave::<true>(claim) };
        } else {
            // SAFETY: the claim is in the table, on which one thread works.
            unsafe { self.table.leave::<false>(claim) };
        }
        // SAFETY: the claim came from a box, and has left.
        drop(unsafe { Box::from_raw(self.claim) });
    }
}

/// A table under a GIL, or for threads that run at once.
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
            // SAFETY: the claim is boxed until `Entered` has taken it out.
            unsafe { self.table.enter::<true>(claim, own) }
        } else {
            // SAFETY: the claim is boxed until `Entered` has taken it out; one thread works on the table.
            unsafe { self.table.enter::<false>(claim, own) }
        };
        match entered {
            Ok(()) => Ok(Entered { table: self.table, claim, at_once: self.at_once }),
            Err(conflict) => {
                // SAFETY: it came from a box, and is in no table.
                drop(unsafe { Box::from_raw(claim) });
                Err(conflict)
            }
        }
    }

    /// Gets in line.
    pub(crate) fn queue(self, claim: Box<Claim>) -> Result<InLine, Conflict> {
        let claim = Box::into_raw(claim);
        let waiter = Box::new(Waiter::new(claim));
        // SAFETY: waiter and claim are boxed until they are out of line.
        match unsafe { self.table.queue(&waiter) } {
            Wait::Refused(conflict) => {
                // SAFETY: it came from a box, and is in no table.
                drop(unsafe { Box::from_raw(claim) });
                Err(conflict)
            }
            _ => Ok(InLine { shared: self, waiter, claim }),
        }
    }
}

/// Somebody in line, or served.
pub(crate) struct InLine {
    shared: Shared,
    waiter: Box<Waiter>,
    claim: *mut Claim,
}

// SAFETY: waiter and claim are boxed, and the table is made for it.
unsafe impl Send for InLine {}

impl InLine {
    /// Whether the claim is in the table.
    pub(crate) fn is_served(&self) -> bool {
        // SAFETY: in line, or served.
        unsafe { self.shared.table.sleep(&self.waiter, 0) }
    }

    pub(crate) fn sleep(&self, milliseconds: u64) -> bool {
        // SAFETY: in line, or served.
        unsafe { self.shared.table.sleep(&self.waiter, milliseconds) }
    }

    /// The claim, or who is in the way.
    pub(crate) fn finish(mut self) -> Result<Entered, Conflict> {
        self.leave_line()
    }

    fn leave_line(&mut self) -> Result<Entered, Conflict> {
        let claim = std::mem::replace(&mut self.claim, ptr::null_mut());
        // SAFETY: in line, or served.
        match unsafe { self.shared.table.give_up(&self.waiter) } {
            Ok(()) => Ok(Entered { table: self.shared.table, claim, at_once: self.shared.at_once }),
            Err(conflict) => {
                // SAFETY: it came from a box, and is in no table.
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
