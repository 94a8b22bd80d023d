//! Open views: memory that has been acquired, of which only as much is known as was asked.
//! A plain array or buffer is read where it stands when its type is chosen; the rest is described at once.

use crate::acquire::{AcquireError, Description, Export, acquire_after, refuse};
use crate::buffer::{self, Filled, Unanswered};
use crate::ndarray;
use crate::number::key;
use crate::slot::{Occupied, Vacant};
use pyo3::prelude::*;
use std::cell::OnceCell;
use std::ptr;
use typedview::{Access, ByteOrder, Element};

/// What is known of memory whose type is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) source: Source,
    /// The [`key`] of the elements, which is known on arrival.
    key: u16,
    description: OnceCell<Description>,
}

impl Open {
    /// What has been described.
    fn described(source: Source, description: Description) -> Self {
        let number = description.found().format.as_scalar();
        let key = number.map_or(0, |(dtype, byte_order)| key(dtype, byte_order));
        Self { source, key, description: description.into() }
    }
}

/// Where the facts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In an exact ndarray.
    Array,
    /// In the `Py_buffer` of the export, where it was filled.
    Buffer,
    /// In the description alone.
    Described,
}

/// The memory that `obj` exports, whatever it is.
#[inline(always)]
pub(super) fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<Occupied<Open>> {
    let mut vacant = Vacant::take(obj.py());
    if let Some(key) = ndarray::key(obj) {
        Export::fill_with_object(vacant.export(), obj);
        // SAFETY: the export has just been written.
        return Ok(unsafe { occupy(vacant, Source::Array, key) });
    }
    let filled = match buffer::request(obj, Access::Read, vacant.export()) {
        Ok(filled) => filled,
        Err(unanswered) => return acquire_otherwise(obj, vacant, unanswered),
    };
    if let Some(number) = filled.number(obj.py()) {
        // SAFETY: the request has been answered.
        return Ok(unsafe { occupy(vacant, Source::Buffer, key(number, ByteOrder::Native)) });
    }
    let description = filled.describe(obj.py(), None);
    // SAFETY: as above.
    acquire_described(obj, unsafe { vacant.occupy(ptr::null_mut(), ()) }, description)
}

/// An export whose elements are no native numbers.
#[cold]
fn acquire_described(
    obj: &Bound<'_, PyAny>,
    slot: Occupied<()>,
    description: Result<Description, AcquireError>,
) -> PyResult<Occupied<Open>> {
    let description = description.map_err(|refused| refuse(obj, None, refused))?;
    Ok(slot.replace(ptr::null_mut(), Open::described(Source::Buffer, description)))
}

/// # Safety
///
/// The export has been written.
#[inline(always)]
unsafe fn occupy(vacant: Vacant, source: Source, key: u16) -> Occupied<Open> {
    let open = Open { source, key, description: OnceCell::new() };
    // SAFETY: the caller.
    unsafe { vacant.occupy(ptr::null_mut(), open) }
}

/// The memory of an object that has refused a buffer, or speaks another protocol.
#[cold]
fn acquire_otherwise(
    obj: &Bound<'_, PyAny>,
    mut vacant: Vacant,
    unanswered: Unanswered,
) -> PyResult<Occupied<Open>> {
    let answer = buffer::explain(obj, Access::Read, unanswered);
    let offered = acquire_after(answer, obj, Access::Read, None)?;
    vacant.export().write(offered.export);
    let open = Open::described(Source::Described, offered.description);
    // SAFETY: the export has just been written.
    Ok(unsafe { vacant.occupy(ptr::null_mut(), open) })
}

/// Whether the elements are `T`: by their key, where it can tell.
#[inline(always)]
pub(super) fn holds<T: Element>(obj: &Bound<'_, PyAny>, slot: &Occupied<Open>) -> bool {
    let wanted = const { key(T::DTYPE, T::BYTE_ORDER) };
    if wanted != 0 { slot.payload().key == wanted } else { reads::<T>(obj, slot) }
}

/// Whether the elements are `T`, by what has been found before, or by their format.
#[cold]
fn reads<T: Element>(obj: &Bound<'_, PyAny>, slot: &Occupied<Open>) -> bool {
    slot.payload().source == Source::Array && ndarray::is_remembered::<T>(obj)
        || describe(obj, slot).is_ok_and(|description| description.found().format.describes::<T>())
}

/// All that the exporter says, checked; the same whenever asked.
#[cold]
pub(super) fn describe<'a>(obj: &Bound<'_, PyAny>, slot: &'a Occupied<Open>) -> PyResult<&'a Description> {
    let open = slot.payload();
    if let Some(description) = open.description.get() {
        return Ok(description);
    }
    // SAFETY: the export is where it was filled.
    let described = match unsafe { Filled::still(slot.export()) } {
        Some(filled) => filled.describe(obj.py(), None).map_err(|refused| refuse(obj, None, refused))?,
        None => match ndarray::describe(obj) {
            Ok(description) => description,
            // What is more than a number is described by an export of its own; the array is kept already.
            Err(_) => acquire_after(buffer::acquire(obj, Access::Read), obj, Access::Read, None)?.description,
        },
    };
    Ok(open.description.get_or_init(|| described))
}

/// The same memory with its description.
#[cold]
pub(super) fn into_described(
    obj: &Bound<'_, PyAny>,
    slot: Occupied<Open>,
) -> PyResult<Occupied<Description>> {
    let description = describe(obj, &slot)?.clone();
    Ok(slot.replace(description.first, description))
}
