//! The table of claims: every view of Python memory in the process, local ones too.
//! Leaving local views out would let one write under a `&[T]` that a lock has lent.

use super::claim::Claim;
use std::ptr;

/// The claims in use, each standing where its holder keeps it.
///
/// - K1. Every claim in the list is alive and stays where it is until it has left.
///
/// Nothing is allocated and no code of others runs while a claim enters or leaves.
///
/// # Limitations
///
/// A lock is held against every claim that is alive, in turn.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Table {
    first: *mut Claim,
    /// How many of the claims are locks: under a GIL local ones meet nothing else.
    locks: usize,
}

// SAFETY: K1: claims may be anywhere in the process, and whoever has the table has them.
unsafe impl Send for Table {}

impl Table {
    pub(crate) const fn new() -> Self {
        Self { first: ptr::null_mut(), locks: 0 }
    }

    /// Enters a claim, or gives the first that it conflicts with.
    ///
    /// `own` is the claim that the new one is made under, which it cannot conflict with.
    ///
    /// # Safety
    ///
    /// `claim` is alive, in no table, and stays where it is until it has left this one.
    #[inline(always)]
    pub(crate) unsafe fn enter(
        &mut self,
        claim: *mut Claim,
        own: *const Claim,
        free_threaded: bool,
    ) -> Result<(), Claim> {
        // SAFETY: the caller.
        let new = unsafe { &mut *claim };
        let is_lock = new.mode.is_lock();
        if is_lock || self.locks > 0 || free_threaded {
            self.meet(new, own, free_threaded)?;
        }
        new.next = self.first;
        new.previous = ptr::null_mut();
        // SAFETY: K1.
        if let Some(next) = unsafe { self.first.as_mut() } {
            next.previous = claim;
        }
        // INVARIANT K1.
        self.first = claim;
        self.locks += usize::from(is_lock);
        Ok(())
    }

    /// A claim that a new one conflicts with: one of its own thread where there is one, which it would wait for in vain.
    #[cold]
    fn meet(&self, new: &Claim, own: *const Claim, free_threaded: bool) -> Result<(), Claim> {
        let mut met = Ok(());
        let mut other = self.first.cast_const();
        // SAFETY: K1.
        while let Some(claim) = unsafe { other.as_ref() } {
            if other != own && new.conflicts(claim, free_threaded) {
                if claim.thread == new.thread {
                    return Err(*claim);
                }
                met = met.and(Err(*claim));
            }
            other = claim.next;
        }
        met
    }

    /// Takes a claim out.
    ///
    /// # Safety
    ///
    /// `claim` is in this table.
    #[inline(always)]
    pub(crate) unsafe fn leave(&mut self, claim: *mut Claim) {
        // SAFETY: K1.
        let Claim { next, previous, mode, .. } = unsafe { *claim };
        // SAFETY: K1.
        match unsafe { previous.as_mut() } {
            Some(previous) => previous.next = next,
            None => self.first = next,
        }
        // SAFETY: K1.
        if let Some(next) = unsafe { next.as_mut() } {
            next.previous = previous;
        }
        self.locks -= usize::from(mode.is_lock());
    }
}
