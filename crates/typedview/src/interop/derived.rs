//! What `#[derive(Element)]` leaves to the core: `typedview-derive` writes names, types and offsets down, and calls this.
//! Not part of the interface, and no other crate's either: the struct of a user is what views are to.

use crate::error::or_refuse;
use alloc::vec::Vec;

pub use crate::dtype::{Dtype, Kind};
pub use crate::element::{Element, Single};
pub use crate::format::{ByteOrder, Field, Format};

/// A field of a struct, as the derive knows it.
///
/// - G1. At `offset` there is an element of `size` bytes, which `write` writes but for its padding.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    offset: usize,
    size: usize,
    /// Whether it has padding itself.
    padded: bool,
    write: unsafe fn(*const u8, *mut u8),
    format: fn() -> Format,
    meaning: Meaning,
}

/// What a field is to the format.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A field, with or without a name.
    Field(Option<&'static str>),
    /// Nothing.
    Padding,
}

impl Part {
    /// A field of type `T`.
    #[must_use]
    pub const fn of<T: Element>(offset: usize, meaning: Meaning) -> Self {
        /// # Safety
        ///
        /// There is a `T` at `from`, and its bytes may be written at `to`.
        unsafe fn write<T: Element>(from: *const u8, to: *mut u8) {
            // SAFETY: the caller.
            let value = unsafe { from.cast::<T>().read_unaligned() };
            // SAFETY: the caller.
            unsafe { value.write_to(to) }
        }
        Self {
            offset,
            size: size_of::<T>(),
            padded: T::PADDED,
            write: write::<T>,
            format: T::format,
            meaning,
        }
    }
}

/// Whether a record of `itemsize` bytes with these fields has padding.
#[must_use]
pub const fn is_padded(parts: &[Part], itemsize: usize) -> bool {
    let (mut padded, mut end, mut i) = (false, 0, 0);
    while i < parts.len() {
        let Part { offset, size, padded: inside, .. } = parts[i];
        assert!(offset >= end, "the fields are in the order of their bytes");
        padded |= inside || offset > end;
        end = offset + size;
        i += 1;
    }
    assert!(end <= itemsize, "the fields are inside the record");
    padded || end < itemsize
}

/// The format of a record of `itemsize` bytes with these fields.
///
/// # Panics
///
/// Records are more than 64 levels deep.
#[must_use]
#[track_caller]
pub fn record(parts: &[Part], itemsize: usize) -> Format {
    let mut fields = Vec::with_capacity(parts.len());
    for part in parts {
        if let Meaning::Field(name) = part.meaning {
            fields.push(Field::new(name, part.offset, (part.format)()));
        }
    }
    or_refuse(Format::record(fields, itemsize))
}

/// Writes the fields of a record.
///
/// # Safety
///
/// G1; `padded` is what [`is_padded`] says of them; `size_of::<R>()` bytes from `place` on are writable.
#[inline(always)]
pub unsafe fn write<R>(record: R, parts: &[Part], padded: bool, place: *mut u8) {
    if !padded {
        // SAFETY: the caller: every byte is initialised.
        return unsafe { place.cast::<R>().write_unaligned(record) };
    }
    let from = (&raw const record).cast::<u8>();
    for part in parts {
        // SAFETY: G1: inside the record.
        let from = unsafe { from.add(part.offset) };
        // SAFETY: as above.
        let to = unsafe { place.add(part.offset) };
        // SAFETY: G1.
        unsafe { (part.write)(from, to) };
    }
}
