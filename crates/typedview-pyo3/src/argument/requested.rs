//! `Requested`: memory that an exporter has handed out, before its element and layout are known to fit.
//! The facts stay where the exporter wrote them. They are read when a consumer has said what it wants.

use super::Checked;
use crate::acquire::{Description, Export, exporter_name, refuse};
use crate::buffer::{self, Filled, Unanswered};
use crate::error::raise;
use crate::number::{is_number, key};
use crate::protocols::acquire_after;
use crate::slot::{Occupied, Vacant};
use crate::{bytes, ndarray};
use pyo3::prelude::*;
use std::cell::{Cell, OnceCell};
use std::ptr;
use typedview::{Access, ByteOrder, Element, Error, ErrorKind, Format, Found, Layout, Spec};

/// What a consumer wants from an exporter.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) access: Access,
    /// The spec that error messages name, unless the consumer leaves the element open.
    pub(crate) spec: Option<fn() -> Spec>,
    /// The format of the element that is asked for. It helps to read a format text that does not say everything.
    pub(crate) format: Option<fn() -> Format>,
}

impl Wanted {
    /// Memory for reading, with any element and ndim.
    pub(crate) const ANYTHING: Self = Self { access: Access::Read, spec: None, format: None };
}

/// An export in its slot, and where to read what the exporter says of it.
#[derive(Debug)]
pub(crate) struct Requested(Occupied<Facts>);

/// What is known of requested memory.
#[derive(Debug)]
struct Facts {
    source: Source,
    /// The [`key`] of the elements, so that a consumer can compare them with many types.
    key: Cell<u16>,
    /// The description, once it has been needed. Boxed, so that the usual case, in which there is none, writes one word.
    description: OnceCell<Box<Description>>,
}

/// Where the facts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// In the struct of an exact ndarray. The export is a reference to the array.
    Array,
    /// In an exact `bytes` object. The export is a reference to it.
    Bytes,
    /// In the `Py_buffer` of the export, at the address where it was filled.
    Buffer,
    /// Only in the description, because another protocol gave the description together with the memory.
    Description,
}

/// Requests the memory of `obj` and checks that it has elements `T` in a layout `L`, with the access that is wanted.
///
/// Memory that takes the fast path does not pass through [`Requested`]: its layout is read before anything is written to the
/// slot. Writing the facts first and reading them back costs 39 of 290 instructions (counted by callgrind).
///
/// # Errors
///
/// Raises an exception that says in spec notation what differs.
// Inlined with everything it calls, so that the numbers of the exporter stay in registers on their way to the slot.
#[inline(always)]
pub(crate) fn request_and_check<T: Element, L: Layout>(
    obj: &Bound<'_, PyAny>,
    wanted: Wanted,
) -> PyResult<Checked<L>> {
    let py = obj.py();
    let mut vacant = Vacant::take(py);
    let bytes = || if wanted.access == Access::Read { bytes::fast_path::<T, L>(obj) } else { None };
    if let Some((first, layout)) = ndarray::fast_path::<T, L>(obj, wanted.access).or_else(bytes) {
        Export::fill_with_object(vacant.export(), obj);
        // SAFETY: the export was written in the line above. The object itself says that its memory has such elements in this
        // layout (C1).
        return Ok(unsafe { Checked::new(vacant, first, layout) });
    }
    let filled = match buffer::request(obj, wanted.access, vacant.export()) {
        Ok(filled) => filled,
        Err(unanswered) => {
            let requested = Requested::by_other_protocols(obj, wanted, vacant, unanswered)?;
            return requested.check_description::<T, L>(obj, wanted);
        }
    };
    let first = filled.first();
    let may_access = wanted.access == Access::Read || !filled.readonly();
    if let Some(layout) = filled.fast_path::<T, L>(py).filter(|_| may_access) {
        if !is_number::<T>() {
            ndarray::remember::<T>(obj);
        }
        // SAFETY: the request was answered, so the export has been written. The exporter says that its memory has such
        // elements in this layout (C1).
        return Ok(unsafe { Checked::new(vacant, first, layout) });
    }
    // SAFETY: the request was answered, so the export has been written.
    unsafe { Requested::new(vacant, Source::Buffer, 0) }.check_description::<T, L>(obj, wanted)
}

impl Requested {
    /// Requests the memory that `obj` exports, to be read, and finds the [`key`] of its elements.
    ///
    /// # Errors
    ///
    /// Raises the exception of the exporter, or that of [`description`](Self::description) if the elements are not native
    /// numbers.
    #[inline(always)]
    pub(crate) fn of(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut vacant = Vacant::take(obj.py());
        if let Some(key) = ndarray::element_key(obj) {
            Export::fill_with_object(vacant.export(), obj);
            // SAFETY: the export was written in the line above.
            return Ok(unsafe { Self::new(vacant, Source::Array, key) });
        }
        if bytes::is_exact(obj) {
            Export::fill_with_object(vacant.export(), obj);
            // SAFETY: the export was written in the line above.
            return Ok(unsafe {
                Self::new(vacant, Source::Bytes, const { key(u8::DTYPE, ByteOrder::Native) })
            });
        }
        let filled = match buffer::request(obj, Access::Read, vacant.export()) {
            Ok(filled) => filled,
            Err(unanswered) => {
                return Self::by_other_protocols(obj, Wanted::ANYTHING, vacant, unanswered);
            }
        };
        let number = filled.number(obj.py());
        let key = number.map_or(0, |number| key(number, ByteOrder::Native));
        // SAFETY: the request was answered, so the export has been written.
        let requested = unsafe { Self::new(vacant, Source::Buffer, key) };
        if number.is_some() { Ok(requested) } else { requested.with_described_key(obj) }
    }

    /// Requests the memory of an object that refused a buffer or speaks another protocol.
    #[cold]
    fn by_other_protocols(
        obj: &Bound<'_, PyAny>,
        wanted: Wanted,
        mut vacant: Vacant,
        unanswered: Unanswered,
    ) -> PyResult<Self> {
        let answer = buffer::explain(obj, wanted.access, unanswered);
        let acquired = acquire_after(answer, obj, wanted.access, wanted.spec)?;
        vacant.export().write(acquired.export);
        // SAFETY: the export was written in the line above.
        let requested = unsafe { Self::new(vacant, Source::Description, 0) };
        requested.0.payload().description.get_or_init(|| Box::new(acquired.description));
        requested.with_described_key(obj)
    }

    /// Reads the key of the elements in their description.
    #[cold]
    fn with_described_key(self, obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        let number = self.description(obj, Wanted::ANYTHING)?.found().format.as_scalar();
        self.0.payload().key.set(number.map_or(0, |(dtype, byte_order)| key(dtype, byte_order)));
        Ok(self)
    }

    /// Puts what is known into the slot that keeps the export.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export in the slot has been written.
    #[inline(always)]
    unsafe fn new(vacant: Vacant, source: Source, key: u16) -> Self {
        let facts = Facts { source, key: Cell::new(key), description: OnceCell::new() };
        // SAFETY: the caller guarantees that the export has been written.
        Self(unsafe { vacant.occupy(ptr::null_mut(), facts) })
    }

    /// Checks that the memory has elements `T` in a layout `L`, with the access that is wanted.
    ///
    /// # Errors
    ///
    /// Raises an exception that says what differs.
    #[inline(always)]
    pub(crate) fn check<T: Element, L: Layout>(
        self,
        obj: &Bound<'_, PyAny>,
        wanted: Wanted,
    ) -> PyResult<Checked<L>> {
        match self.fast_path::<T, L>(obj, wanted.access) {
            // SAFETY: the exporter itself says that its memory has such elements in this layout (C1).
            Some((first, layout)) => Ok(unsafe { Checked::replacing(self.0, first, layout) }),
            None => self.check_description::<T, L>(obj, wanted),
        }
    }

    /// Reads the first element and the layout where the exporter wrote them. Returns `None` unless they are exactly
    /// what is wanted.
    #[inline(always)]
    fn fast_path<T: Element, L: Layout>(
        &self,
        obj: &Bound<'_, PyAny>,
        access: Access,
    ) -> Option<(*mut u8, L)> {
        match self.0.payload().source {
            Source::Array => ndarray::fast_path::<T, L>(obj, access),
            Source::Bytes if access == Access::Read => bytes::fast_path::<T, L>(obj),
            Source::Buffer => {
                let filled = self.filled().filter(|filled| access == Access::Read || !filled.readonly())?;
                Some((filled.first(), filled.fast_path::<T, L>(obj.py())?))
            }
            Source::Bytes | Source::Description => None,
        }
    }

    /// Checks the full description of the memory, and raises an exception that says what does not fit.
    #[cold]
    fn check_description<T: Element, L: Layout>(
        self,
        obj: &Bound<'_, PyAny>,
        wanted: Wanted,
    ) -> PyResult<Checked<L>> {
        let description = self.description(obj, wanted)?;
        let found = description.found();
        let is_forbidden = wanted.access == Access::Write && found.readonly;
        let layout = L::from_parts(found.shape, found.strides, found.suboffsets, size_of::<T>());
        let layout = match layout {
            Ok(layout) if found.format.describes::<T>() && !is_forbidden => layout,
            unfit => return Err(mismatch(&Spec::of::<T, L>(wanted.access), &found, obj, unfit.err())),
        };
        let first = description.untyped().as_ptr();
        if !is_number::<T>() {
            ndarray::remember::<T>(obj);
            if let Some(filled) = self.filled() {
                filled.remember::<T>(obj.py());
            }
        }
        // SAFETY: the description says that the memory has such elements in this layout (C1, D1).
        Ok(unsafe { Checked::replacing(self.0, first, layout) })
    }

    /// Returns the `Py_buffer` of the export at the address where it was filled, or `None` if the exporter did not answer
    /// this request with a buffer. Another protocol may have acquired a buffer of its own, whose format is not that of the
    /// elements.
    #[inline(always)]
    fn filled(&self) -> Option<Filled<'_>> {
        if self.0.payload().source != Source::Buffer {
            return None;
        }
        // SAFETY: the export was filled in its slot and has not moved since (P1).
        unsafe { Filled::still(self.0.export()) }
    }

    /// Returns everything that the exporter says, checked. The description is kept, so every call returns the same one.
    ///
    /// # Errors
    ///
    /// Raises an exception when the exporter describes memory that cannot exist or cannot be viewed.
    #[cold]
    pub(crate) fn description(&self, obj: &Bound<'_, PyAny>, wanted: Wanted) -> PyResult<&Description> {
        let known = &self.0.payload().description;
        if let Some(description) = known.get() {
            return Ok(description);
        }
        let description = match self.filled() {
            Some(filled) => filled
                .to_description(obj.py(), wanted.format)
                .map_err(|error| refuse(obj, wanted.spec, error))?,
            None => match ndarray::to_description(obj) {
                Some(Ok(description)) => description,
                // Elements other than native numbers are described by a buffer or by an interface. The reference to the
                // object keeps the memory in place already, so only the description is used.
                _ => {
                    let answer = buffer::acquire(obj, Access::Read);
                    acquire_after(answer, obj, Access::Read, wanted.spec)?.description
                }
            },
        };
        Ok(known.get_or_init(|| Box::new(description)))
    }

    /// Returns whether the elements are `T`.
    #[inline(always)]
    pub(crate) fn holds<T: Element>(&self, obj: &Bound<'_, PyAny>) -> bool {
        let wanted = const { key(T::DTYPE, T::BYTE_ORDER) };
        if wanted != 0 { self.0.payload().key.get() == wanted } else { self.is_described_by::<T>(obj) }
    }

    /// Returns whether the elements, which are not numbers, are `T`. This is known from an earlier check, or read from
    /// their description.
    #[cold]
    fn is_described_by<T: Element>(&self, obj: &Bound<'_, PyAny>) -> bool {
        self.0.payload().source == Source::Array && ndarray::is_remembered::<T>(obj)
            || self
                .description(obj, Wanted::ANYTHING)
                .is_ok_and(|description| description.found().format.describes::<T>())
    }
}

/// Returns the exception for memory that does not meet `spec`. `layout` is the reason why there is no such layout, if it has
/// been found.
#[cold]
#[inline(never)]
fn mismatch(spec: &Spec, found: &Found<'_>, obj: &Bound<'_, PyAny>, layout: Option<Error>) -> PyErr {
    match spec.check(found, &exporter_name(obj)).err().or(layout) {
        Some(error) => raise(error.kind(), error.to_string()),
        None => raise(ErrorKind::Dtype, format!("expected {spec}, got {found}")),
    }
}
