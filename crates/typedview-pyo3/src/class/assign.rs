//! Assigning: sets elements to one value, to those of an exporter, or to those of nested sequences.
//! All values are converted before the first element is written.

use super::access::{Side, with_memory};
use super::contents::reject_objects;
use super::view_object::{ViewObject, with_bytes};
use super::write_item;
use crate::acquire::Export;
use crate::error::OrRaise;
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use std::ptr;
use typedview::{Format, Kind, MAX_NDIM, PerAxis, Untyped};

/// Sets elements of a view, which may be written, to what `value` stands for.
pub(super) fn assign(
    py: Python<'_>,
    view: &ViewObject,
    target: &Untyped,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    reject_objects(target)?;
    if let Ok(source) = value.cast::<ViewObject>() {
        let elements = source.get().checked()?;
        return copy(py, view, target, source.get().side(elements, false));
    }
    if is_sequence(value, target.format()) {
        return assign_nested(py, view, target, value);
    }
    if !is_value(value, target.format())
        && let Ok((export, description)) = Export::acquire(value)
    {
        let elements = description.untyped();
        let copied = copy(py, view, target, Side::of_export(elements));
        export.release(py);
        return copied;
    }
    fill(py, view, target, value)
}

/// Sets all elements to one value.
pub(super) fn fill(
    py: Python<'_>,
    view: &ViewObject,
    target: &Untyped,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    reject_objects(target)?;
    with_bytes(target.itemsize(), |bytes| {
        write_item::from_object(value, target.format(), bytes)?;
        let bytes = &*bytes;
        // SAFETY: the elements may be written (X1), and `with_memory` keeps them and others away.
        with_memory(py, &[view.side(target, true)], || unsafe { target.fill(bytes) })?.or_raise()
    })
}

/// Copies and converts the elements of a source, which is repeated to the shape of the target.
fn copy(py: Python<'_>, view: &ViewObject, target: &Untyped, source: Side<'_>) -> PyResult<()> {
    // What can be refused is refused before others are kept away.
    let elements = source.elements();
    target.check_copy(elements).or_raise()?;
    with_memory(py, &[view.side(target, true), source], || {
        // SAFETY: the elements are initialised (X1, D1), those of the target may be written, and `with_memory` keeps them and others
        // away.
        unsafe { target.copy_from(elements) }
    })?
    .or_raise()
}

/// Whether a value is one element, although it exports memory or is a sequence.
fn is_value(value: &Bound<'_, PyAny>, format: &Format) -> bool {
    let is_bytes =
        matches!(format.dtype().kind(), Kind::Bytes | Kind::Void) && value.is_instance_of::<PyBytes>();
    is_bytes || value.is_instance_of::<PyString>()
}

/// Whether a value is a sequence of values: a list, or a tuple that is not the value of a record.
fn is_sequence(value: &Bound<'_, PyAny>, format: &Format) -> bool {
    let is_record = format.fields().is_some();
    value.is_instance_of::<PyList>() || !is_record && value.is_instance_of::<PyTuple>()
}

/// Converts nested sequences to new memory, and copies it.
fn assign_nested(
    py: Python<'_>,
    view: &ViewObject,
    target: &Untyped,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let format = target.format();
    let shape = shape_of(value, format)?;
    // A shape that does not fit is refused before its values are converted, of which there may be very many.
    let strides = PerAxis::c_strides(&shape, format.itemsize());
    // SAFETY: nothing is accessed through this view.
    let like =
        unsafe { Untyped::new(ptr::dangling_mut(), format.clone(), &shape, &strides, &[]) }.or_raise()?;
    target.check_copy(&like).or_raise()?;
    let mut bytes = Vec::new();
    append(value, &shape, 0, format, &mut bytes)?;
    // SAFETY: the vector has the elements in C order, and it is not changed while the view is used.
    let source = unsafe { Untyped::new(bytes.as_ptr().cast_mut(), format.clone(), &shape, &strides, &[]) };
    let source = source.or_raise()?;
    copy(py, view, target, Side::of_new(&source))
}

/// Returns the shape of nested sequences: the lengths of the first one on each level.
fn shape_of(value: &Bound<'_, PyAny>, format: &Format) -> PyResult<Vec<usize>> {
    let mut shape = Vec::new();
    let mut inner = value.clone();
    while is_sequence(&inner, format) {
        let length = inner.len()?;
        shape.push(length);
        if shape.len() > MAX_NDIM {
            return Err(PyValueError::new_err(format!(
                "sequences are nested more than {MAX_NDIM} levels deep"
            )));
        }
        if length == 0 {
            break;
        }
        inner = inner.get_item(0)?;
    }
    // The innermost sequences are elements, if those are sub-arrays.
    let inside = format.subarray().map_or(0, |(inside, _)| inside.len());
    shape.truncate(shape.len().saturating_sub(inside));
    Ok(shape)
}

/// Appends the bytes of the elements that nested sequences have, in C order.
fn append(
    value: &Bound<'_, PyAny>,
    shape: &[usize],
    depth: usize,
    format: &Format,
    bytes: &mut Vec<u8>,
) -> PyResult<()> {
    let ragged = |found: String| {
        PyValueError::new_err(format!(
            "ragged sequence: the first one at depth {depth} has {}, another one {found}",
            match shape.get(depth) {
                Some(length) => format!("{length} items"),
                None => "no items".to_owned(),
            }
        ))
    };
    let Some(&length) = shape.get(depth) else {
        if format.subarray().is_none() && is_sequence(value, format) {
            return Err(ragged(format!("{} items", value.len()?)));
        }
        let first = bytes.len();
        let grown = first + format.itemsize();
        bytes
            .try_reserve(format.itemsize())
            .map_err(|_| PyMemoryError::new_err("no memory for the elements"))?;
        bytes.resize(grown, 0);
        return write_item::from_object(value, format, &mut bytes[first..]);
    };
    if !is_sequence(value, format) {
        return Err(ragged("is a single value".to_owned()));
    }
    let items = value.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    if items.len() != length {
        return Err(ragged(format!("{} items", items.len())));
    }
    items.iter().try_for_each(|item| append(item, shape, depth + 1, format, bytes))
}
