//! Lists of claims: they are linked through the claims themselves, so that entering a claim allocates nothing.
//!
//! The links are atomic because a thread that does not hold the lock of a list may read the head of that list. A thread
//! that changes a list holds the lock, so relaxed operations are enough. On common machines they are plain loads and
//! stores.

use crate::claim::Claim;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// The head of a list of claims.
///
/// - K2. Every claim in a list is alive, and does not move until it has been unlinked.
/// - K3. Only one thread at a time changes a list or follows it beyond its head. It is the thread that holds the lock
///   of the list or, where there is a GIL, the thread that is attached to the interpreter.
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct List(AtomicPtr<Claim>);

impl List {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Whether the list has no claim. Without the lock of the list the answer may already be out of date.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.load(Relaxed).is_null()
    }

    /// Adds a claim at the front of the list.
    ///
    /// # Safety
    ///
    /// The caller must ensure that it may change the list (K3), that the claim is in no list, and that the claim does
    /// not move until it has been unlinked.
    #[inline(always)]
    pub(crate) unsafe fn push(&self, claim: *mut Claim) {
        let next = self.0.load(Relaxed);
        // SAFETY: the caller guarantees that the claim is alive.
        let new = unsafe { &*claim };
        new.next.store(next, Relaxed);
        new.link.store(ptr::from_ref(&self.0).cast_mut(), Relaxed);
        // SAFETY: `next` is null or points to a claim in this list, which is alive (K2).
        if let Some(next) = unsafe { next.as_ref() } {
            next.link.store((&raw const new.next).cast_mut(), Relaxed);
        }
        self.0.store(claim, Relaxed);
    }

    /// Returns the first claim, if there is one.
    ///
    /// # Safety
    ///
    /// The caller must ensure that it may follow the list (K3) for as long as the returned reference lives.
    pub(crate) unsafe fn first(&self) -> Option<&Claim> {
        // SAFETY: the head is null or points to a claim that is alive while no other thread unlinks it (K2, K3).
        unsafe { self.0.load(Relaxed).as_ref() }
    }

    /// Returns an iterator over the claims, from the front to the back.
    ///
    /// # Safety
    ///
    /// The caller must ensure that it may follow the list (K3), and that the list does not change until the iterator
    /// has been dropped. Unlinking a claim that the iterator has already returned is allowed.
    pub(crate) unsafe fn iter(&self) -> impl Iterator<Item = &Claim> {
        // SAFETY: the caller guarantees that it may follow the list (K3).
        let first = unsafe { self.first() };
        std::iter::successors(first, |claim| {
            // SAFETY: `next` is null or points to a claim that is alive while no other thread unlinks it (K2, K3).
            unsafe { claim.next.load(Relaxed).as_ref() }
        })
    }
}

/// Removes a claim from the list that it is in.
///
/// # Safety
///
/// The caller must ensure that the claim is in a list, and that it may change that list (K3).
#[inline(always)]
pub(crate) unsafe fn unlink(claim: &Claim) {
    let (next, link) = (claim.next.load(Relaxed), claim.link.load(Relaxed));
    // SAFETY: the claim is in a list, so `link` points to the head of that list or into a living claim in it (K2).
    unsafe { (*link).store(next, Relaxed) };
    // SAFETY: `next` is null or points to a claim in the same list, which is alive (K2).
    if let Some(next) = unsafe { next.as_ref() } {
        next.link.store(link, Relaxed);
    }
}

impl List {
    /// Removes the claims for which `stays` returns `false`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that it may change the list (K3).
    pub(crate) unsafe fn retain(&self, stays: &mut dyn FnMut(&Claim) -> bool) {
        // SAFETY: the caller guarantees that it may follow the list (K3). Unlinking a claim does not change its `next`,
        // so the iterator still finds the claims behind it.
        for claim in unsafe { self.iter() }.filter(|claim| !stays(claim)) {
            // SAFETY: the claim is in this list, and the caller guarantees that it may change the list (K3).
            unsafe { unlink(claim) };
        }
    }
}
