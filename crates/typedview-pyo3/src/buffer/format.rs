//! The formats of elements whose format text does not say everything.
//! The rest is taken from an object that knows more than the text, or from the element that is asked for.
//!
//! | exporter | what the text leaves out | what supplies it |
//! |---|---|---|
//! | ctypes | unions, packed structs, bit fields, the fields of a base class; padding before Python 3.12 | the type |
//! | NumPy | padding at the end of a record inside a record; the positions of fields, for scalars | the dtype |
//! | pyarrow's buffers | that their bytes have no sign | the type of the object |
//! | others | whether the text includes padding | the element that is asked for |

use super::ctypes;
use crate::acquire::{AcquireError, is_arrow_buffer};
use crate::array_interface;
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use typedview::{Element, Field, Format};

/// Returns the format of elements of `itemsize` bytes that an exporter describes as `text`. `owner` is the object that
/// the exporter names as the owner of the memory, and `meant` is the format that is asked for.
///
/// # Limitations
///
/// If the dtype of an array has been replaced in place by another dtype with the same text, an older memoryview of the
/// array is read with the new dtype.
pub(super) fn format(
    owner: Option<Bound<'_, PyAny>>,
    text: &[u8],
    itemsize: usize,
    meant: Option<fn() -> Format>,
) -> Result<Format, AcquireError> {
    let parsed = Format::parse_sized(text, itemsize);
    if parsed.as_ref().is_ok_and(|format| format.as_scalar().is_some()) {
        let is_arrow_buffer = text == b"b" && owner.map_or(Ok(false), |owner| is_arrow_buffer(&owner))?;
        return Ok(if is_arrow_buffer { u8::format() } else { parsed? });
    }
    let Some(owner) = owner else {
        return or_as_meant(parsed, text, itemsize, meant);
    };
    let is_memoryview = owner.is_instance_of::<PyMemoryView>();
    let owner = if is_memoryview { owner.getattr("obj")? } else { owner };
    if Format::may_be_of_ctypes(text)
        && let Some(format) = ctypes::format(&owner, text, itemsize)?
    {
        return Ok(format);
    }
    match array_interface::format_of_dtype(&owner)? {
        Some(Some(shown))
            if shown.itemsize() == itemsize && (!is_memoryview || has_format(&owner, text)?) =>
        {
            Ok(shown)
        }
        // The dtype of the array has no usable `descr`, and no other object knows more than the text.
        Some(None) => Ok(parsed?),
        _ => or_as_meant(parsed, text, itemsize, meant),
    }
}

/// Returns whether the exporter still gives this format text. An array whose dtype has been replaced gives another one.
fn has_format(owner: &Bound<'_, PyAny>, text: &[u8]) -> PyResult<bool> {
    Ok(PyMemoryView::from(owner)?.getattr("format")?.extract::<String>()?.as_bytes() == text)
}

/// Returns the format that was parsed. If the text cannot be parsed alone, it is parsed with the help of `meant`.
fn or_as_meant(
    parsed: Result<Format, typedview::Error>,
    text: &[u8],
    itemsize: usize,
    meant: Option<fn() -> Format>,
) -> Result<Format, AcquireError> {
    match (parsed, meant) {
        (Err(_), Some(meant)) => Ok(Format::parse_sized_as(text, itemsize, &meant())?),
        (parsed, _) => Ok(parsed?),
    }
}

/// Returns whether the text says everything, whichever exporter has written it, of memory that is aligned as C aligns
/// it.
///
/// NumPy writes `@` where fields happen to be aligned. For scalars it writes `@` whether their fields are aligned or
/// not.
pub(super) fn tells_all(text: &[u8], itemsize: usize) -> bool {
    let parsed = Format::parse_sized(text, itemsize);
    parsed.is_ok_and(|format| {
        let may_be_of_ctypes = || Format::may_be_of_ctypes(text);
        format.as_scalar().is_some()
            || !may_be_spaced(&format, 0) && !may_be_of_ctypes() && !text.contains(&b'g')
    })
}

/// Returns whether the format has a sub-array of records with unused bytes behind it. NumPy may use any distance
/// between such records, and its text cannot say which. `room` is the number of unused bytes behind `format`.
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
