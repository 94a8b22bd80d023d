//! The core's part of `#[derive(Element)]`: it computes the items of [`Element`] from the fields of a struct.
//! The macro passes a pointer to each field. The offset, the size and the format are computed here, from the type of that
//! pointer. Other code, which may be hostile, can surround what a macro writes, so only what the compiler checks is trusted.
//! This file is not part of the public interface.

use super::{Dtype, Element, Kind};
use crate::error::or_panic;
use crate::format::{ByteOrder, Field, Format};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// Returns the number of bytes from `record` to `field`, which is inside the record.
///
/// It is called in constants only, with a record that was never written. The compiler then refuses a place that is
/// reached through a pointer or a `Deref`, and it refuses pointers into two records.
///
/// # Safety
///
/// The caller must ensure that `field` points into `*record`, or that this call is evaluated at compile time, where any
/// other pointer is an error.
pub(super) const unsafe fn offset_in<R, T>(record: *const R, field: *const T) -> usize {
    // SAFETY: the caller guarantees that both pointers point into one record, or that the compiler refuses the constant.
    let offset = unsafe { field.cast::<u8>().offset_from(record.cast::<u8>()) };
    assert!(offset >= 0, "a field is inside its record");
    let offset = offset.cast_unsigned();
    assert!(offset + size_of::<T>() <= size_of::<R>(), "a field is inside its record");
    offset
}

/// A field of a struct `R`, as the derive shows it.
///
/// - G1. Every `R` has an element of `size` bytes at `offset`, and the functions are those of this element's type.
pub struct Part<R> {
    offset: usize,
    size: usize,
    dtype: Dtype,
    byte_order: ByteOrder,
    name: Option<&'static str>,
    /// Whether the field has padding inside.
    padded: bool,
    format: fn() -> Format,
    reads: fn(&Format) -> bool,
    write: unsafe fn(*const u8, *mut u8),
    meaning: Meaning,
    record: PhantomData<fn(R)>,
}

/// What a field means in the format.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A field with a name.
    Named(&'static str),
    /// A field without a name, as in a tuple struct.
    Nameless,
    /// Not a field, but bytes without a meaning.
    Padding,
}

impl<R> Part<R> {
    /// Returns the field at `field` of the record at `record`. `T` is inferred from the pointer, so a macro cannot state a
    /// wrong type.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `field` is `&raw const (*record).name`, where `name` is a field of `R` itself.
    #[must_use]
    pub const unsafe fn new<T: Element>(record: *const R, field: *const T, meaning: Meaning) -> Self {
        /// Writes the `T` at `from` to `to`, without its padding.
        ///
        /// # Safety
        ///
        /// The caller must ensure that there is a `T` at `from`, and that its bytes may be written at `to`.
        unsafe fn write<T: Element>(from: *const u8, to: *mut u8) {
            // SAFETY: the caller guarantees that there is a `T` at `from`, and the read needs no alignment.
            let value = unsafe { from.cast::<T>().read_unaligned() };
            // SAFETY: the caller guarantees that the bytes of a `T` may be written at `to`.
            unsafe { value.write_to(to) }
        }
        Self {
            // SAFETY: the caller guarantees that `field` points to a field of the record at `record`.
            offset: unsafe { offset_in(record, field) },
            size: size_of::<T>(),
            dtype: T::DTYPE,
            byte_order: T::BYTE_ORDER,
            name: T::NAME,
            padded: T::PADDED,
            format: T::format,
            reads: T::reads,
            write: write::<T>,
            meaning,
            record: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Part<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} bytes at {}, {:?})", self.size, self.offset, self.meaning)
    }
}

/// The fields of a struct `R` whose [`Element`] is derived. All items of the implementation are computed from them.
///
/// - G2. `parts` are all fields of `R`, in the order of their bytes. A transparent struct has exactly one.
/// - G3. If `padded` is false, the fields cover every byte of `R`, and no field has padding.
pub struct Fields<R: 'static> {
    /// The name of the record. A transparent struct has none.
    record: Option<&'static str>,
    parts: &'static [Part<R>],
    padded: bool,
}

impl<R> Fields<R> {
    /// The default of [`Element::FIELDS`], for elements that are not derived. It has no fields, and nothing uses it.
    pub const NONE: Self = Self { record: None, parts: &[], padded: true };

    /// Returns the fields of a record.
    ///
    /// # Panics
    ///
    /// If the fields are not in the order of their bytes.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `parts` are all fields of `R` (G2). Their order is checked here.
    #[must_use]
    pub const unsafe fn record(name: &'static str, parts: &'static [Part<R>]) -> Self {
        let (mut padded, mut end, mut i) = (false, 0, 0);
        while i < parts.len() {
            let Part { offset, size, padded: inside, .. } = parts[i];
            assert!(offset >= end, "the fields are in the order of their bytes");
            padded |= inside || offset > end;
            end = offset + size;
            i += 1;
        }
        Self { record: Some(name), parts, padded: padded || end < size_of::<R>() }
    }

    /// Returns the one field of a transparent struct.
    ///
    /// # Panics
    ///
    /// If there is not exactly one field, or if it does not have the size of `R`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `parts` are all fields of `R` (G2).
    #[must_use]
    pub const unsafe fn transparent(parts: &'static [Part<R>]) -> Self {
        assert!(parts.len() == 1, "a transparent element is its one field");
        assert!(parts[0].size == size_of::<R>(), "a transparent element is its one field");
        Self { record: None, parts, padded: parts[0].padded }
    }

    /// Returns the value of [`Element::DTYPE`].
    #[must_use]
    pub const fn dtype(self) -> Dtype {
        match self.record {
            Some(_) => Dtype::new(Kind::Record, size_of::<R>()),
            None => self.parts[0].dtype,
        }
    }

    /// Returns the value of [`Element::BYTE_ORDER`].
    #[must_use]
    pub const fn byte_order(self) -> ByteOrder {
        match self.record {
            Some(_) => ByteOrder::Native,
            None => self.parts[0].byte_order,
        }
    }

    /// Returns the value of [`Element::NAME`].
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.record {
            Some(name) => Some(name),
            None => self.parts[0].name,
        }
    }

    /// Returns the value of [`Element::PADDED`].
    #[must_use]
    pub const fn is_padded(self) -> bool {
        self.padded
    }

    /// Returns the format for [`Element::format`].
    ///
    /// # Panics
    ///
    /// If records are more than 64 levels deep.
    #[must_use]
    #[track_caller]
    pub fn format(self) -> Format {
        if self.record.is_none() {
            return (self.parts[0].format)();
        }
        let mut fields = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let name = match part.meaning {
                Meaning::Named(name) => Some(name),
                Meaning::Nameless => None,
                Meaning::Padding => continue,
            };
            fields.push(Field::new(name, part.offset, (part.format)()));
        }
        or_panic(Format::record(fields, size_of::<R>()))
    }

    /// Returns the answer of [`Element::reads`].
    #[must_use]
    pub fn reads(self, format: &Format) -> bool {
        match self.record {
            Some(_) => format.difference(&self.format()).is_none(),
            None => (self.parts[0].reads)(format),
        }
    }

    /// Writes the record to `place` without its padding, for [`Element::write_to`].
    ///
    /// # Safety
    ///
    /// The caller must ensure that the `size_of::<R>()` bytes that start at `place` are writable.
    #[inline(always)]
    pub unsafe fn write(self, record: R, place: *mut u8) {
        if !self.padded {
            // SAFETY: the caller guarantees that the bytes at `place` are writable. Every byte of the record belongs
            // to a field without padding, so all of them are initialised (G3).
            return unsafe { place.cast::<R>().write_unaligned(record) };
        }
        let from = (&raw const record).cast::<u8>();
        for part in self.parts {
            // SAFETY: every `R` has this field at `offset`, so the pointer stays inside the record (G1).
            let from = unsafe { from.add(part.offset) };
            // SAFETY: the offset is inside an `R`, and the caller guarantees that there is room for one at `place`
            // (G1).
            let to = unsafe { place.add(part.offset) };
            // SAFETY: an element of the type of `write` is at `from`, and its bytes at `to` are writable (G1).
            unsafe { (part.write)(from, to) };
        }
    }
}

impl<R> Clone for Fields<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Fields<R> {}

impl<R> fmt::Debug for Fields<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("record", &self.record).field("parts", &self.parts).finish()
    }
}
