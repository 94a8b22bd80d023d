//! Elements at the boundary: which are plain numbers, and what has been found to describe the others before.
//! A number is known by its type code; a record takes a microsecond to read, and is read once.

use crate::attached::attached;
use pyo3::prelude::*;
use std::any::TypeId;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use typedview::{ByteOrder, Dtype, Element, Kind};

/// Whether `T` has a type code that says all of it.
#[inline(always)]
pub(crate) const fn is_number<T: Element>() -> bool {
    matches!(T::BYTE_ORDER, ByteOrder::Native)
        && matches!(T::DTYPE.kind(), Kind::Int | Kind::Uint | Kind::Float | Kind::Bool)
}

/// A number for an element, so that many types are told apart by one `match`; 0 for what is no number.
pub(crate) const fn key(dtype: Dtype, byte_order: ByteOrder) -> u16 {
    let kind = match dtype.kind() {
        Kind::Int => 1,
        Kind::Uint => 2,
        Kind::Float => 3,
        Kind::Bool => 4,
        _ => return 0,
    };
    // Numbers have 16 bytes at the most.
    (kind << 8) | ((byte_order as u16) << 15) | dtype.itemsize() as u16
}

/// How many descriptions are kept; a new one takes the place of an old one.
const PLACES: usize = 32;

/// A description that elements of a type have been found under.
struct Known<X> {
    element: TypeId,
    description: X,
}

/// The descriptions that have been found to be of a type before.
pub(crate) struct Memory<X>([RefCell<Option<Known<X>>>; PLACES]);

impl<X> Memory<X> {
    pub(crate) const fn new() -> Self {
        Self([const { RefCell::new(None) }; PLACES])
    }

    /// Whether elements `T` have been found under this description; `mark` is a number that it always has.
    #[inline]
    pub(crate) fn holds<T: Element>(&self, mark: usize, is_this: impl FnOnce(&X) -> bool) -> bool {
        let element = TypeId::of::<T>();
        let place = self.0[place(element, mark)].try_borrow();
        place.is_ok_and(|known| {
            known.as_ref().is_some_and(|known| known.element == element && is_this(&known.description))
        })
    }

    /// Keeps a description of elements `T`; gives the one it replaces.
    pub(crate) fn keep<T: Element>(&self, mark: usize, description: X) -> Option<X> {
        let element = TypeId::of::<T>();
        let mut place = self.0[place(element, mark)].try_borrow_mut().ok()?;
        place.replace(Known { element, description }).map(|known| known.description)
    }
}

/// Where a description stands that is there at all.
#[inline]
fn place(element: TypeId, mark: usize) -> usize {
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
    (low.finish() as usize ^ mark ^ (mark >> 6)) % PLACES
}

attached!(static TEXTS: Memory<Vec<u8>> = Memory::new());

/// Whether elements `T` have been found under this format and itemsize.
#[inline]
pub(crate) fn is_known<T: Element>(py: Python<'_>, format: &[u8], itemsize: isize) -> bool {
    let same = |text: &Vec<u8>| *text == format;
    itemsize == size_of::<T>().cast_signed() && TEXTS.with(py, |texts| texts.holds::<T>(format.len(), same))
}

/// Keeps the format under which elements `T` have been found.
pub(crate) fn know<T: Element>(py: Python<'_>, format: &[u8]) {
    TEXTS.with(py, |texts| texts.keep::<T>(format.len(), format.into()));
}
