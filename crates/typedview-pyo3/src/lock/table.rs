//! The table of claims: every view of Python memory in the process, local ones too.
//! Leaving local views out would let one write under a `&[T]` that a lock has lent.

use super::claim::{Claim, Mode};

/// No place.
pub(crate) const NONE: usize = usize::MAX;

/// Claims in numbered places; no code of others runs while one is inserted or removed.
///
/// Nothing is allocated but when more claims are alive than ever before.
///
/// # Limitations
///
/// A lock is held against every claim that is alive, in turn.
#[derive(Debug)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    /// The first claim in use, and the first free place.
    used: usize,
    free: usize,
    /// How many of the claims are locks: local ones meet nothing else under a GIL.
    locks: usize,
}

#[derive(Debug)]
struct Entry {
    /// What stood here last, where the place is free.
    claim: Claim,
    alive: bool,
    previous: usize,
    next: usize,
}

impl Table {
    pub(crate) const fn new() -> Self {
        Self { entries: Vec::new(), used: NONE, free: NONE, locks: 0 }
    }

    /// Adds a claim and gives its place, or the first claim it conflicts with.
    ///
    /// `own` is the place of the claim that the new one is made under, which it cannot conflict with.
    #[inline]
    pub(crate) fn insert(&mut self, claim: &Claim, own: usize, free_threaded: bool) -> Result<usize, Claim> {
        if claim.mode.is_lock() || self.locks > 0 || free_threaded {
            self.meet(claim, own, free_threaded)?;
        }
        let place = self.free;
        let entry = Entry { claim: *claim, alive: true, previous: NONE, next: self.used };
        if let Some(free) = self.entries.get_mut(place) {
            self.free = free.next;
            *free = entry;
            self.link(place);
            return Ok(place);
        }
        self.entries.push(entry);
        let place = self.entries.len() - 1;
        self.link(place);
        Ok(place)
    }

    /// The first claim that a new one conflicts with.
    fn meet(&self, claim: &Claim, own: usize, free_threaded: bool) -> Result<(), Claim> {
        let mut place = self.used;
        while let Some(other) = self.entries.get(place) {
            if place != own && claim.conflicts(&other.claim, free_threaded) {
                return Err(other.claim);
            }
            place = other.next;
        }
        Ok(())
    }

    /// Makes the new entry at `place` the first in use.
    #[inline]
    fn link(&mut self, place: usize) {
        if let Some(next) = self.entries.get_mut(self.used) {
            next.previous = place;
        }
        self.used = place;
        self.locks += usize::from(self.entries[place].claim.mode.is_lock());
    }

    /// Removes the claim at `place`.
    #[inline]
    pub(crate) fn remove(&mut self, place: usize) {
        let Some(entry) = self.entries.get_mut(place).filter(|entry| entry.alive) else {
            return;
        };
        entry.alive = false;
        let (previous, next, mode) = (entry.previous, entry.next, entry.claim.mode);
        entry.next = self.free;
        self.free = place;
        match self.entries.get_mut(previous) {
            Some(previous) => previous.next = next,
            None => self.used = next,
        }
        if let Some(next) = self.entries.get_mut(next) {
            next.previous = previous;
        }
        self.locks -= usize::from(matches!(mode, Mode::Shared | Mode::Exclusive));
    }
}
