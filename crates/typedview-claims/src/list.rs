//! Lists of claims, linked through the claims themselves, so that nothing is allocated when one is entered.
//!
//! Links are atomic because the head of a list may be looked at by a thread that does not hold its lock. Whoever changes a
//! list holds the lock, so relaxed operations are enough; on common machines they are plain loads and stores.

use crate::claim::Claim;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// The head of a list of claims.
///
/// - K2. Every claim in a list is alive, and stays where it is until it has been unlinked.
/// - K3. A list is changed, and followed beyond its head, by one thread at a time: the one that holds the lock of the list or,
///   where there is a GIL, the one that is attached to the interpreter.
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct List(AtomicPtr<Claim>);

impl List {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Whether there is no claim, now or a moment ago.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.load(Relaxed).is_null()
    }

    /// Puts a claim in front.
    ///
    /// # Safety
    ///
    /// The caller may change the list (K3). The claim is in no list, and stays where it is until it has been unlinked.
    #[inline(always)]
    pub(crate) unsafe fn push(&self, claim: *mut Claim) {
        let next = self.0.load(Relaxed);
        // SAFETY: the caller says that the claim is alive.
        let new = unsafe { &*claim };
        new.next.store(next, Relaxed);
        new.link.store(ptr::from_ref(&self.0).cast_mut(), Relaxed);
        // SAFETY: a claim in a list is alive (K2).
        if let Some(next) = unsafe { next.as_ref() } {
            next.link.store((&raw const new.next).cast_mut(), Relaxed);
        }
        self.0.store(claim, Relaxed);
    }

    /// The first claim.
    ///
    /// # Safety
    ///
    /// The caller may follow the list (K3), and does so no longer than the reference lives.
    pub(crate) unsafe fn first(&self) -> Option<&Claim> {
        // SAFETY: null, or a claim that is alive while nobody unlinks it (K2, K3).
        unsafe { self.0.load(Relaxed).as_ref() }
    }

    /// The claims, one after the other.
    ///
    /// # Safety
    ///
    /// The caller may follow the list (K3), and changes nothing until the iterator has been dropped.
    pub(crate) unsafe fn iter(&self) -> impl Iterator<Item = &Claim> {
        // SAFETY: the caller may follow the list.
        let first = unsafe { self.first() };
        std::iter::successors(first, |claim| {
            // SAFETY: null, or a claim that is alive while nobody unlinks it (K2, K3).
            unsafe { claim.next.load(Relaxed).as_ref() }
        })
    }
}

/// Takes a claim out of the list that it is in.
///
/// # Safety
///
/// The caller may change that list (K3).
#[inline(always)]
pub(crate) unsafe fn unlink(claim: &Claim) {
    let (next, link) = (claim.next.load(Relaxed), claim.link.load(Relaxed));
    // SAFETY: the claim is in a list, so that this is its head or a claim in it, alive (K2).
    unsafe { (*link).store(next, Relaxed) };
    // SAFETY: null, or a claim in the list, alive (K2).
    if let Some(next) = unsafe { next.as_ref() } {
        next.link.store(link, Relaxed);
    }
}

impl List {
    /// Takes out the claims that are not to stay.
    ///
    /// # Safety
    ///
    /// The caller may change the list (K3).
    pub(crate) unsafe fn retain(&self, stays: &mut dyn FnMut(&Claim) -> bool) {
        // SAFETY: the caller may follow the list; a claim that is unlinked still knows what was behind it.
        for claim in unsafe { self.iter() }.filter(|claim| !stays(claim)) {
            // SAFETY: the caller may change the list.
            unsafe { unlink(claim) };
        }
    }
}
