//! Descrs: the fields of an element in an array interface, a list of names and typestrs.
//! Fields follow each other without a gap: one that is called '' and has no meaning is the padding between others.

use super::invalid_interface::{InvalidInterface, of_type};
use super::typestr;
use crate::acquire::AcquireError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use typedview::{Field, Format, Kind, MAX_DEPTH};

/// What stands in place of a list of fields.
const FIELDS: &str = "a list of fields";
/// What stands in place of a field.
const FIELD: &str = "made of tuples of a name, a type and perhaps a shape";

/// The record that a descr lists.
pub(super) fn format(descr: &Bound<'_, PyAny>) -> Result<Format, AcquireError> {
    record(descr, MAX_DEPTH, &mut { MOST_FIELDS })
}

/// As many fields as all lists together may have: one list may stand in many places.
const MOST_FIELDS: usize = 100_000;

fn record(descr: &Bound<'_, PyAny>, depth: usize, left: &mut usize) -> Result<Format, AcquireError> {
    let list = descr.cast::<PyList>().map_err(|_| of_type("descr", descr, FIELDS))?;
    let depth = depth.checked_sub(1).ok_or(InvalidInterface::Deep)?;
    let (mut fields, mut end) = (Vec::new(), 0usize);
    for entry in list {
        *left = left.checked_sub(1).ok_or(InvalidInterface::Fields { most: MOST_FIELDS })?;
        let parts = entry.cast::<PyTuple>().map_err(|_| of_type("descr", &entry, FIELD))?;
        let (name, element, shape) = match &*parts.iter().collect::<Vec<_>>() {
            [name, element] => (name.clone(), element.clone(), None),
            [name, element, shape] => (name.clone(), element.clone(), Some(shape.clone())),
            _ => return Err(of_type("descr", &entry, FIELD).into()),
        };
        let name = name_of(&name)?;
        let item = match element.cast::<PyString>() {
            Ok(text) => typestr::format(&text.to_string_lossy())?,
            Err(_) => record(&element, depth, left)?,
        };
        let format = match shape {
            Some(shape) => Format::array(&extents(&shape)?, item)?,
            None => item,
        };
        let offset = end;
        end = end.checked_add(format.itemsize()).ok_or(InvalidInterface::TooLarge { key: "descr" })?;
        if !(name.is_empty() && format.dtype().kind() == Kind::Void) {
            fields.push(Field::new(Some(&*name).filter(|name| !name.is_empty()), offset, format));
        }
    }
    Ok(Format::record(fields, end)?)
}

/// A name, or the second of a title and a name.
fn name_of(name: &Bound<'_, PyAny>) -> Result<String, AcquireError> {
    let name = match name.cast::<PyTuple>() {
        Ok(pair) if pair.len() == 2 => pair.get_item(1)?,
        _ => name.clone(),
    };
    let text = name.cast::<PyString>().map_err(|_| of_type("descr", &name, FIELD))?;
    Ok(text.to_string_lossy().into_owned())
}

/// The shape of a sub-array: a number, or a tuple of them.
fn extents(shape: &Bound<'_, PyAny>) -> Result<Vec<usize>, AcquireError> {
    let one = shape.extract::<usize>().map(|extent| vec![extent]);
    one.or_else(|_| shape.extract::<Vec<usize>>()).map_err(|_| of_type("descr", shape, FIELD).into())
}
