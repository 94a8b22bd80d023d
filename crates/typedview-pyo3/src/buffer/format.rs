//! Formats that their text does not tell: who has written it knows more, or the element that is asked for does.
//!
//! | who | what the text leaves out | who tells it |
//! |---|---|---|
//! | ctypes | unions, packed structs, bit fields, the fields of a base class; padding before Python 3.12 | its type |
//! | NumPy | padding at the end of a record inside a record | the dtype |
//! | pyarrow's buffers | that their bytes have no sign | their type |
//! | others | whether padding is written | the element that is asked for |

use super::ctypes;
use crate::acquire::{Refused, is_arrow_buffer};
use crate::array_interface;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use typedview::{Element, Field, Format};

/// The format of elements of `itemsize` bytes that an exporter calls `text`; `meant` is what is asked for.
pub(super) fn format(
    py: Python<'_>,
    owner: *mut ffi::PyObject,
    text: &[u8],
    itemsize: usize,
    meant: Option<fn() -> Format>,
) -> Result<Format, Refused> {
    let parsed = Format::parse_sized(text, itemsize);
    // SAFETY: a reference that the `Py_buffer` owns, or null.
    let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, owner) };
    if parsed.as_ref().is_ok_and(|format| format.as_scalar().is_some()) {
        let is_arrow_buffer = text == b"b" && owner.is_some_and(|owner| is_arrow_buffer(&owner));
        return Ok(if is_arrow_buffer { u8::format() } else { parsed? });
    }
    let Some(owner) = owner else {
        return or_as_meant(parsed, text, itemsize, meant);
    };
    let is_memoryview = owner.is_instance_of::<PyMemoryView>();
    let owner = if is_memoryview { owner.getattr("obj")? } else { owner };
    if Format::may_be_of_ctypes(text)
        && let Some(format) = ctypes::format(&owner, itemsize)?
    {
        return Ok(format);
    }
    match parsed {
        Ok(format) if !may_be_spaced(&format, 0) => Ok(format),
        // A memoryview may be older than the dtype that the array has now.
        Ok(format) if is_memoryview && !has_format(&owner, text) => Ok(format),
        Ok(format) => {
            let of_dtype = array_interface::format_of(&owner);
            Ok(of_dtype.filter(|of_dtype| of_dtype.itemsize() == itemsize).unwrap_or(format))
        }
        Err(error) => {
            let of_dtype = array_interface::format_of(&owner);
            let parsed = of_dtype.and_then(|dtype| Format::parse_sized_as(text, itemsize, &dtype).ok());
            or_as_meant(parsed.ok_or(error), text, itemsize, meant)
        }
    }
}

/// Whether an exporter says this format now.
fn has_format(owner: &Bound<'_, PyAny>, text: &[u8]) -> bool {
    let format = PyMemoryView::from(owner).and_then(|view| view.getattr("format")?.extract::<String>());
    format.is_ok_and(|format| format.as_bytes() == text)
}

fn or_as_meant(
    parsed: Result<Format, typedview::Error>,
    text: &[u8],
    itemsize: usize,
    meant: Option<fn() -> Format>,
) -> Result<Format, Refused> {
    match (parsed, meant) {
        (Err(_), Some(meant)) => Ok(Format::parse_sized_as(text, itemsize, &meant())?),
        (parsed, _) => Ok(parsed?),
    }
}

/// Whether the text tells all, whoever has written it.
pub(super) fn tells_all(text: &[u8], itemsize: usize) -> bool {
    let parsed = Format::parse_sized(text, itemsize);
    parsed.is_ok_and(|format| {
        format.as_scalar().is_some() || !may_be_spaced(&format, 0) && !Format::may_be_of_ctypes(text)
    })
}

/// Whether there are records in a sub-array, with room behind it: NumPy may space them as it likes, and has no text for it.
fn may_be_spaced(format: &Format, room: usize) -> bool {
    if let Some((shape, item)) = format.subarray() {
        let is_spaced = item.fields().is_some() && room > 0 && room >= shape.iter().product();
        return is_spaced || may_be_spaced(item, 0);
    }
    let fields = format.fields().unwrap_or_default();
    let ends = fields.iter().skip(1).map(Field::offset).chain([format.itemsize() + room]);
    fields.iter().zip(ends).any(|(field, end)| {
        let (offset, format) = (field.offset(), field.format());
        may_be_spaced(format, end - offset - format.itemsize())
    })
}
