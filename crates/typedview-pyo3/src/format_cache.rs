//! The cache of formats: descriptions that have been found to describe an element type.
//! A number is recognised by its type code alone. Reading the format of a record takes a microsecond, so it is read
//! only once.

use crate::attached::attached;
use pyo3::prelude::*;
use std::any::TypeId;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use typedview::Element;

/// The number of descriptions that a cache keeps. A new description replaces the old one at its position.
const PLACES: usize = 32;

/// A description, and the element type that it has been found to describe.
struct Known<X> {
    element: TypeId,
    description: X,
}

/// A cache of descriptions of memory, each with the element type that it has been found to describe.
pub(crate) struct FormatCache<X>([RefCell<Option<Known<X>>>; PLACES]);

impl<X> FormatCache<X> {
    pub(crate) const fn new() -> Self {
        Self([const { RefCell::new(None) }; PLACES])
    }

    /// Whether the cache has a description of elements `T` for which `is_this` returns `true`. `hash` is the hash of
    /// the description.
    #[inline]
    pub(crate) fn contains<T: Element>(&self, hash: usize, is_this: impl FnOnce(&X) -> bool) -> bool {
        self.get::<T, ()>(hash, |known| is_this(known).then_some(())).is_some()
    }

    /// Returns what `read` makes of the description of elements `T`, if the cache has one.
    #[inline]
    pub(crate) fn get<T: Element, Y>(&self, hash: usize, read: impl FnOnce(&X) -> Option<Y>) -> Option<Y> {
        let element = TypeId::of::<T>();
        let place = self.0[place(element, hash)].try_borrow().ok()?;
        place.as_ref().filter(|known| known.element == element).and_then(|known| read(&known.description))
    }

    /// Keeps a description of elements `T`. Returns the description that it replaces.
    pub(crate) fn insert<T: Element>(&self, hash: usize, description: X) -> Option<X> {
        let element = TypeId::of::<T>();
        let mut place = self.0[place(element, hash)].try_borrow_mut().ok()?;
        place.replace(Known { element, description }).map(|known| known.description)
    }
}

/// Returns the only position at which a description with this hash can be.
#[inline]
fn place(element: TypeId, hash: usize) -> usize {
    struct Low(u64);
    impl Hasher for Low {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0 = bytes.iter().fold(self.0, |all, &byte| (all << 8) | u64::from(byte));
        }
        fn write_u64(&mut self, number: u64) {
            self.0 ^= number;
        }
    }
    let mut low = Low(0);
    element.hash(&mut low);
    (low.finish() as usize ^ hash ^ (hash >> 6)) % PLACES
}

attached!(static TEXTS: FormatCache<Vec<u8>> = FormatCache::new());

/// Whether this format and itemsize have been found to describe elements `T`.
#[inline]
pub(crate) fn is_remembered<T: Element>(py: Python<'_>, format: &[u8], itemsize: isize) -> bool {
    let same = |text: &Vec<u8>| *text == format;
    itemsize == size_of::<T>().cast_signed()
        && TEXTS.with(py, |texts| texts.contains::<T>(format.len(), same))
}

/// Keeps a format that has been found to describe elements `T`.
pub(crate) fn remember<T: Element>(py: Python<'_>, format: &[u8]) {
    TEXTS.with(py, |texts| texts.insert::<T>(format.len(), format.into()));
}
