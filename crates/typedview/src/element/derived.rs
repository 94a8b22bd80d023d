//! What `#[derive(Element)]` leaves to the core: `typedview-derive` shows each field once, and all else is found out here.
//! Apart because the code that a macro writes may stand beside anything: nothing that it could be lied to about is believed.
//! Not part of the interface.

use super::{Dtype, Element, Kind};
use crate::error::or_refuse;
use crate::format::{ByteOrder, Field, Format};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// Bytes from `record` to `field`, which is inside it.
///
/// A constant alone can call it, with a record that was never written: a place that is reached through a pointer or a
/// `Deref` is then refused by the compiler, as are pointers into two records.
///
/// # Safety
///
/// `field` was reached from `record`.
pub(super) const unsafe fn offset_in<R, T>(record: *const R, field: *const T) -> usize {
    // SAFETY: the caller: both point into the record.
    let offset = unsafe { field.cast::<u8>().offset_from(record.cast::<u8>()) };
    assert!(offset >= 0, "a field is inside its record");
    let offset = offset.cast_unsigned();
    assert!(offset + size_of::<T>() <= size_of::<R>(), "a field is inside its record");
    offset
}

/// A field of a struct `R`, as the derive shows it.
///
/// - G1. At `offset` of every `R` there is an element of `size` bytes, whose trait the functions are.
pub struct Part<R> {
    offset: usize,
    size: usize,
    dtype: Dtype,
    byte_order: ByteOrder,
    name: Option<&'static str>,
    /// Whether it has padding itself.
    padded: bool,
    format: fn() -> Format,
    reads: fn(&Format) -> bool,
    write: unsafe fn(*const u8, *mut u8),
    meaning: Meaning,
    record: PhantomData<fn(R)>,
}

/// What a field is to the format.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// A field with a name.
    Named(&'static str),
    /// A field without one: that of a tuple.
    Nameless,
    /// No field: bytes without a meaning.
    Padding,
}

impl<R> Part<R> {
    /// The field at `field` of the record at `record`: its type is that of the pointer, which no macro can have written.
    ///
    /// # Safety
    ///
    /// `field` is `&raw const (*record).name`, of a field of `R` itself.
    #[must_use]
    pub const unsafe fn new<T: Element>(record: *const R, field: *const T, meaning: Meaning) -> Self {
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
            // SAFETY: the caller.
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

/// The fields of a struct `R` whose [`Element`] is derived: all that the implementation says.
///
/// - G2. These are all fields of `R`, in the order of their bytes; of a struct that is transparent one.
pub struct Fields<R: 'static> {
    /// The name of the record; none of a struct that is transparent.
    record: Option<&'static str>,
    parts: &'static [Part<R>],
    padded: bool,
}

impl<R> Fields<R> {
    /// Of an element that is not derived.
    pub const NONE: Self = Self { record: None, parts: &[], padded: true };

    /// The fields of a record.
    ///
    /// # Safety
    ///
    /// G2, in any order.
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

    /// The one field of a struct that is transparent.
    ///
    /// # Safety
    ///
    /// G2.
    #[must_use]
    pub const unsafe fn transparent(parts: &'static [Part<R>]) -> Self {
        assert!(parts.len() == 1, "a transparent element is its one field");
        assert!(parts[0].size == size_of::<R>(), "a transparent element is its one field");
        Self { record: None, parts, padded: parts[0].padded }
    }

    /// [`Element::DTYPE`].
    #[must_use]
    pub const fn dtype(self) -> Dtype {
        match self.record {
            Some(_) => Dtype::new(Kind::Record, size_of::<R>()),
            None => self.parts[0].dtype,
        }
    }

    /// [`Element::BYTE_ORDER`].
    #[must_use]
    pub const fn byte_order(self) -> ByteOrder {
        match self.record {
            Some(_) => ByteOrder::Native,
            None => self.parts[0].byte_order,
        }
    }

    /// [`Element::NAME`].
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.record {
            Some(name) => Some(name),
            None => self.parts[0].name,
        }
    }

    /// [`Element::PADDED`].
    #[must_use]
    pub const fn is_padded(self) -> bool {
        self.padded
    }

    /// [`Element::format`].
    ///
    /// # Panics
    ///
    /// Records are more than 64 levels deep.
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
        or_refuse(Format::record(fields, size_of::<R>()))
    }

    /// [`Element::reads`].
    #[must_use]
    pub fn reads(self, format: &Format) -> bool {
        match self.record {
            Some(_) => format.difference(&self.format()).is_none(),
            None => (self.parts[0].reads)(format),
        }
    }

    /// [`Element::write_to`].
    ///
    /// # Safety
    ///
    /// `size_of::<R>()` bytes from `place` on are writable.
    #[inline(always)]
    pub unsafe fn write(self, record: R, place: *mut u8) {
        if !self.padded {
            // SAFETY: the caller; G2: every byte is one of a field without padding, so all are initialised.
            return unsafe { place.cast::<R>().write_unaligned(record) };
        }
        let from = (&raw const record).cast::<u8>();
        for part in self.parts {
            // SAFETY: G1: inside the record.
            let from = unsafe { from.add(part.offset) };
            // SAFETY: as above.
            let to = unsafe { place.add(part.offset) };
            // SAFETY: G1.
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
