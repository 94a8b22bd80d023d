//! The table of claims: every view of Python memory in the process, local ones too.
//! Leaving local views out would let one write under a `&[T]` that a lock has lent.

use super::claim::Claim;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether other threads may run Python code while this one does.
const FREE_THREADED: bool = cfg!(Py_GIL_DISABLED);

static TABLE: Mutex<Table> = Mutex::new(Table::new());

/// Claims in numbered places; no code of others runs while one is inserted or removed.
#[derive(Debug)]
pub(crate) struct Table {
    places: Vec<Option<Claim>>,
    free: Vec<usize>,
}

impl Table {
    pub(crate) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// Adds a claim and gives its place, or the first claim it conflicts with.
    ///
    /// `own` is the place of the claim that the new one is made under, which it cannot conflict with.
    pub(crate) fn insert(
        &mut self,
        claim: Claim,
        own: Option<usize>,
        free_threaded: bool,
    ) -> Result<usize, Claim> {
        for (place, other) in self.places.iter().enumerate() {
            match other {
                Some(other) if Some(place) != own && claim.conflicts(other, free_threaded) => {
                    return Err(*other);
                }
                _ => {}
            }
        }
        let place = self.free.pop().unwrap_or(self.places.len());
        if place == self.places.len() {
            self.places.push(Some(claim));
        } else {
            self.places[place] = Some(claim);
        }
        Ok(place)
    }

    /// Removes the claim at `place`.
    pub(crate) fn remove(&mut self, place: usize) {
        if let Some(claim) = self.places.get_mut(place).filter(|claim| claim.is_some()) {
            *claim = None;
            self.free.push(place);
        }
    }
}

/// A claim in the table of the process, removed when dropped.
#[derive(Debug)]
pub(crate) struct Registered(usize);

/// Registers a claim, or gives the one it conflicts with.
pub(crate) fn register(claim: Claim, own: Option<&Registered>) -> Result<Registered, Claim> {
    table().insert(claim, own.map(|own| own.0), FREE_THREADED).map(Registered)
}

impl Drop for Registered {
    fn drop(&mut self) {
        table().remove(self.0);
    }
}

fn table() -> MutexGuard<'static, Table> {
    // Nothing in here panics half-way; a table from a thread that did is whole.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}
