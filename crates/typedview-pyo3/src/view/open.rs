//! Open views: memory that has been acquired, of which only as much is known as was asked.
//! A plain array or buffer is read where it stands when its type is chosen; the rest is described at once.

use crate::acquire::{Description, Export, acquire_after, refuse};
use crate::buffer::{self, Filled};
use crate::ndarray;
use crate::slot::{Occupied, Vacant};
use pyo3::prelude::*;
use std::cell::{Cell, OnceCell};
use typedview::{Access, ByteOrder, Dtype, Element, Kind};

/// What is known of memory whose type is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) source: Source,
    /// The [`key`] of the elements, 0 where they are no native numbers.
    key: Cell<u16>,
    description: OnceCell<Description>,
}

/// A number for an element, so that many types are told apart by one `match`; 0 for what no number can stand for.
const fn key(dtype: Dtype, byte_order: ByteOrder) -> u16 {
    let kind = match dtype.kind() {
        Kind::Int => 1,
        Kind::Uint => 2,
        Kind::Float => 3,
        Kind::Complex => 4,
        Kind::Bool => 5,
        _ => return 0,
    };
    // Numbers have 32 bytes at the most.
    (kind << 8) | ((byte_order as u16) << 15) | dtype.itemsize() as u16
}

impl Open {
    /// Whether the elements are `T`.
    #[inline(always)]
    pub(super) fn holds<T: Element>(&self) -> bool {
        let wanted = const { key(T::DTYPE, T::BYTE_ORDER) };
        if wanted != 0 { self.key.get() == wanted } else { self.reads::<T>() }
    }

    /// As [`holds`](Self::holds), by the format: what is no native number has been described on arrival.
    #[cold]
    fn reads<T: Element>(&self) -> bool {
        self.description.get().is_some_and(|description| description.found().format.describes::<T>())
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
    if let Some(number) = ndarray::number(obj) {
        Export::fill_with_object(vacant.export(), obj);
        // SAFETY: the export has just been written.
        return Ok(unsafe { occupy(vacant, Source::Array, Some(number)) });
    }
    let Some(filled) = buffer::request(obj, Access::Read, vacant.export()) else {
        return acquire_otherwise(obj, vacant);
    };
    let number = filled.number();
    // SAFETY: the request has been answered.
    let slot = unsafe { occupy(vacant, Source::Buffer, number) };
    if number.is_none() {
        describe(obj, &slot)?;
    }
    Ok(slot)
}

/// # Safety
///
/// The export has been written.
#[inline(always)]
unsafe fn occupy(vacant: Vacant, source: Source, number: Option<Dtype>) -> Occupied<Open> {
    let key = Cell::new(number.map_or(0, |dtype| key(dtype, ByteOrder::Native)));
    let open = Open { source, key, description: OnceCell::new() };
    // SAFETY: the caller.
    unsafe { vacant.occupy(std::ptr::null_mut(), open) }
}

/// The memory of an object that has refused a buffer, or speaks another protocol.
#[cold]
fn acquire_otherwise(obj: &Bound<'_, PyAny>, mut vacant: Vacant) -> PyResult<Occupied<Open>> {
    let answer = buffer::explain(obj, Access::Read, PyErr::fetch(obj.py()));
    let offered = acquire_after(answer, obj, Access::Read, None)?;
    vacant.export().write(offered.export);
    let key = Cell::new(key_of(&offered.description));
    let open = Open { source: Source::Described, key, description: offered.description.into() };
    // SAFETY: the export has just been written.
    Ok(unsafe { vacant.occupy(std::ptr::null_mut(), open) })
}

/// All that the exporter says, checked; the same whenever asked.
#[cold]
pub(super) fn describe<'a>(obj: &Bound<'_, PyAny>, slot: &'a Occupied<Open>) -> PyResult<&'a Description> {
    let open = slot.facts();
    if let Some(description) = open.description.get() {
        return Ok(description);
    }
    // SAFETY: the export is where it was filled.
    let described = match unsafe { Filled::still(slot.export()) } {
        Some(filled) => filled.describe().map_err(|refused| refuse(obj, None, refused))?,
        None => ndarray::describe(obj).map_err(|refused| refuse(obj, None, refused))?,
    };
    open.key.set(key_of(&described));
    Ok(open.description.get_or_init(|| described))
}

/// The [`key`] of what has been described.
fn key_of(description: &Description) -> u16 {
    description.found().format.as_scalar().map_or(0, |(dtype, byte_order)| key(dtype, byte_order))
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
