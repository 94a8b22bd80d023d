//! Requests: one call of `__arrow_c_array__`, whose two structs are moved out of their capsules.
//! The array is kept until the export is released; the schema is released as soon as it has been read.

use super::abi::{ArrowArray, ArrowSchema};
use super::elements::to_description;
use super::invalid_arrow::InvalidArrow;
use super::moved::Moved;
use crate::acquire::{Acquired, Answer, Export, Foreign, attribute, exporter_name};
use pyo3::intern;
use pyo3::prelude::*;
use typedview::Access;

/// The Arrow array that an exporter has handed out, and the exporter itself.
struct Array {
    _moved: Moved<ArrowArray>,
    exporter: Py<PyAny>,
}

impl Foreign for Array {
    fn owner(&self) -> Option<&Py<PyAny>> {
        Some(&self.exporter)
    }
}

/// Acquires the memory of an object that has an `__arrow_c_array__` method; returns `None` for other objects.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, _access: Access) -> Answer {
    let Some(method) = attribute(obj, intern!(obj.py(), "__arrow_c_array__"))? else {
        return Ok(None);
    };
    let answer = method.call0()?;
    let Ok((schema, array)) = answer.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
        return Err(InvalidArrow::NoPair { found: exporter_name(&answer) }.into());
    };
    let schema = Moved::<ArrowSchema>::out_of(&schema)?;
    let array = Moved::<ArrowArray>::out_of(&array)?;
    let description = to_description(&schema, &array)?;
    let array = Array { _moved: array, exporter: obj.clone().unbind() };
    Ok(Some(Acquired { export: Export::of_foreign(Box::new(array)), description }))
}

/// Refuses an object that has an `__arrow_c_stream__` method; returns `None` for other objects.
///
/// It is called for objects that support no other protocol.
pub(crate) fn refuse_stream(obj: &Bound<'_, PyAny>, _access: Access) -> Answer {
    match attribute(obj, intern!(obj.py(), "__arrow_c_stream__"))? {
        Some(_) => Err(InvalidArrow::Stream.into()),
        None => Ok(None),
    }
}
