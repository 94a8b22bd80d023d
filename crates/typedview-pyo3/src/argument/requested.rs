//! `Requested`: memory that an exporter has handed out, before its element and layout are known to fit.
//! The facts stay where the exporter wrote them. They are read when a consumer has said what it wants.

use super::Checked;
use crate::acquire::{Description, Export, exporter_name, refuse};
use crate::buffer::{self, Filled, Unanswered};
use crate::error::OrRaise;
use crate::number::{is_number, key};
use crate::protocols::acquire_after;
use crate::slot::{Occupied, Vacant};
use crate::{bytes, ndarray};
use pyo3::prelude::*;
use std::cell::OnceCell;
use std::ptr;
use typedview::{Access, ByteOrder, Element, Format, Layout, Spec};

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
    /// The description, once it has been needed.
    description: OnceCell<Description>,
}

/// Where the facts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// In the object itself, which is an exact ndarray or exact `bytes`. The export is a reference to the object.
    Object,
    /// In the `Py_buffer` of the export, at the address where it was filled.
    Buffer,
    /// Only in the description, because another protocol gave the description together with the memory.
    Description,
}

impl Requested {
    /// Requests the memory that `obj` exports, by whichever protocol it speaks.
    // Inlined with everything it calls, so that the numbers of the exporter stay in registers on their way to the slot.
    #[inline(always)]
    pub(crate) fn of(obj: &Bound<'_, PyAny>, wanted: Wanted) -> PyResult<Self> {
        let mut vacant = Vacant::take(obj.py());
        let is_bytes = || wanted.access == Access::Read && bytes::is_exact(obj);
        if ndarray::is_readable(obj, wanted.access) || is_bytes() {
            Export::fill_with_object(vacant.export(), obj);
            // SAFETY: the export was written in the line above.
            return Ok(unsafe { Self::new(vacant, Source::Object, OnceCell::new()) });
        }
        match buffer::request(obj, wanted.access, vacant.export()) {
            // SAFETY: the request was answered, so the export has been written.
            Ok(_) => Ok(unsafe { Self::new(vacant, Source::Buffer, OnceCell::new()) }),
            Err(unanswered) => Self::by_other_protocols(obj, wanted, vacant, unanswered),
        }
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
        Ok(unsafe { Self::new(vacant, Source::Description, acquired.description.into()) })
    }

    /// Puts the facts into the slot that keeps the export.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export in the slot has been written.
    #[inline(always)]
    unsafe fn new(vacant: Vacant, source: Source, description: OnceCell<Description>) -> Self {
        // SAFETY: the caller guarantees that the export has been written.
        Self(unsafe { vacant.occupy(ptr::null_mut(), Facts { source, description }) })
    }

    /// Checks that the memory has elements `T` in a layout `L`, with the access that is wanted.
    ///
    /// # Errors
    ///
    /// Raises an exception that says in spec notation what differs.
    #[inline(always)]
    pub(crate) fn check<T: Element, L: Layout>(
        self,
        obj: &Bound<'_, PyAny>,
        wanted: Wanted,
    ) -> PyResult<Checked<L>> {
        match self.fast_path::<T, L>(obj, wanted.access) {
            // SAFETY: the exporter itself says that its memory has such elements in this layout (C1).
            Some((first, layout)) => Ok(unsafe { Checked::new(self.0, first, layout) }),
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
            Source::Object => ndarray::fast_path::<T, L>(obj, access)
                .or_else(|| if access == Access::Read { bytes::fast_path::<T, L>(obj) } else { None }),
            Source::Buffer => {
                let filled = self.filled()?;
                let may_access = access == Access::Read || !filled.readonly();
                may_access.then(|| Some((filled.first(), filled.fast_path::<T, L>(obj.py())?))).flatten()
            }
            Source::Description => None,
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
        let layout = match L::from_parts(found.shape, found.strides, found.suboffsets, size_of::<T>()) {
            Ok(layout) if found.format.describes::<T>() && !is_forbidden => layout,
            unfit => {
                Spec::of::<T, L>(wanted.access).check(&found, &exporter_name(obj)).or_raise()?;
                unfit.or_raise()?
            }
        };
        let first = description.first;
        if !is_number::<T>() {
            ndarray::remember::<T>(obj);
            if let Some(filled) = self.filled() {
                filled.remember::<T>(obj.py());
            }
        }
        // SAFETY: the description says that the memory has such elements in this layout (C1, D1).
        Ok(unsafe { Checked::new(self.0, first, layout) })
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
                Ok(description) => description,
                // Elements other than native numbers are described by a buffer or by an interface. The reference to the
                // object already keeps the memory alive, so that export is released at once.
                Err(_) => {
                    let answer = buffer::acquire(obj, Access::Read);
                    acquire_after(answer, obj, Access::Read, wanted.spec)?.description
                }
            },
        };
        Ok(known.get_or_init(|| description))
    }

    /// Returns the [`key`] of the elements, which is a number for each type of native number, and 0 for other elements.
    ///
    /// # Errors
    ///
    /// Raises the exception of (Self::description) when the description is needed.
    #[inline(always)]
    pub(crate) fn element_key(&self, obj: &Bound<'_, PyAny>) -> PyResult<u16> {
        let native = |dtype| key(dtype, ByteOrder::Native);
        match self.0.payload().source {
            Source::Object => {
                Ok(ndarray::element_key(obj).unwrap_or(const { key(u8::DTYPE, ByteOrder::Native) }))
            }
            Source::Buffer => match self.filled().and_then(|filled| filled.number(obj.py())) {
                Some(number) => Ok(native(number)),
                None => self.described_key(obj),
            },
            Source::Description => self.described_key(obj),
        }
    }

    /// Returns the key of the elements from their description.
    #[cold]
    fn described_key(&self, obj: &Bound<'_, PyAny>) -> PyResult<u16> {
        let number = self.description(obj, Wanted::ANYTHING)?.found().format.as_scalar();
        Ok(number.map_or(0, |(dtype, byte_order)| key(dtype, byte_order)))
    }

    /// Returns whether the elements, which are not numbers, are `T`. This is known from an earlier check, or read from
    /// their description.
    #[cold]
    pub(crate) fn is_described_by<T: Element>(&self, obj: &Bound<'_, PyAny>) -> bool {
        self.0.payload().source == Source::Object && ndarray::is_remembered::<T>(obj)
            || self
                .description(obj, Wanted::ANYTHING)
                .is_ok_and(|description| description.found().format.describes::<T>())
    }
}
