//! Pickling: a view travels as a buffer, which protocol 5 hands to its transport without a copy, and what its elements are.

use super::contents::reject_objects;
use super::view_object::ViewObject;
use super::{dtype, memory};
use crate::error::OrRaise;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use typedview::{ByteOrder, Element, Field, Format, MAX_DEPTH, Order, PerAxis};

const BYTE: Format = Format::scalar(u8::DTYPE, ByteOrder::Native);

/// Returns what `pickle` asks for: a function, and the arguments with which it makes the view again.
pub(super) fn reduce<'py>(slf: &Bound<'py, ViewObject>, protocol: i32) -> PyResult<Bound<'py, PyTuple>> {
    let (py, this) = (slf.py(), slf.get());
    let elements = this.checked()?;
    reject_objects(elements)?;
    let is_block = elements.is_contiguous(Order::C) || elements.is_contiguous(Order::F);
    let block = if is_block { slf.clone() } else { memory::copy(slf, Order::C)? };
    let elements = block.get().checked()?;
    let order = if elements.is_contiguous(Order::C) { "C" } else { "F" };
    let format = elements.format();
    let buffer = if protocol >= 5 {
        // Formats that PEP 3118 does not have are left out of the buffer: it is plain bytes.
        let bytes = elements.cast(BYTE, &[elements.nbytes()]);
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(_) => elements.transpose().and_then(|c| c.cast(BYTE, &[elements.nbytes()])).or_raise()?,
        };
        let bytes = ViewObject::part(&block, bytes, this.is_readonly())?;
        py.import("pickle")?.getattr("PickleBuffer")?.call1((bytes,))?
    } else {
        let order = if order == "C" { Order::C } else { Order::F };
        super::contents::to_bytes(py, block.get(), order)?.into_any()
    };
    let shape = PyTuple::new(py, elements.shape())?;
    let arguments = (buffer, described(py, format)?, shape, order, this.is_readonly());
    (slf.get_type().getattr("_from_pickle")?, arguments).into_pyobject(py)
}

/// Returns a format as plain Python objects: a text, a shape and an item, or an itemsize and fields. PEP 3118 has no text for dates.
fn described<'py>(py: Python<'py>, format: &Format) -> PyResult<Bound<'py, PyAny>> {
    if format.has_pep3118() {
        return format.to_pep3118().into_bound_py_any(py);
    }
    if let Some((shape, item)) = format.subarray() {
        return (PyTuple::new(py, shape)?, described(py, item)?).into_bound_py_any(py);
    }
    let Some(fields) = format.fields() else { return format.to_string().into_bound_py_any(py) };
    let fields = fields
        .iter()
        .map(|field| (field.name(), field.offset(), described(py, field.format())?).into_bound_py_any(py));
    (format.itemsize(), fields.collect::<PyResult<Vec<_>>>()?).into_bound_py_any(py)
}

/// Returns the format that [`described`] has described.
fn understood(format: &Bound<'_, PyAny>, depth: usize) -> PyResult<Format> {
    let too_deep = || PyValueError::new_err("a pickled format is nested too deeply");
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    if format.is_instance_of::<PyString>() {
        return dtype::format_of(format);
    }
    if let Ok((shape, item)) = format.extract::<(Vec<usize>, Bound<'_, PyAny>)>() {
        return Format::array(&shape, understood(&item, depth)?).or_raise();
    }
    type Entry<'py> = (Option<String>, usize, Bound<'py, PyAny>);
    let (itemsize, entries) = format.extract::<(usize, Vec<Entry<'_>>)>()?;
    let fields = entries.into_iter().map(|(name, offset, format)| {
        understood(&format, depth).map(|format| Field::new(name.as_deref(), offset, format))
    });
    Format::record(fields.collect::<PyResult<Vec<_>>>()?, itemsize).or_raise()
}

/// Makes the view again from a buffer. What the pickle says is checked, because it may have been changed.
pub(super) fn rebuild<'py>(
    buffer: &Bound<'py, PyAny>,
    format: &Bound<'py, PyAny>,
    shape: &[usize],
    order: &str,
    readonly: bool,
) -> PyResult<Bound<'py, ViewObject>> {
    let py = buffer.py();
    let format = understood(format, MAX_DEPTH)?;
    let view = py.get_type::<ViewObject>().call1((buffer,))?.cast_into::<ViewObject>()?;
    let elements = view.get().checked()?;
    let whole: PerAxis<usize> = match order {
        "C" => shape.iter().copied().collect(),
        "F" => shape.iter().rev().copied().collect(),
        _ => {
            return Err(PyValueError::new_err(format!("a pickled view has the order C or F, not {order:?}")));
        }
    };
    let cast = elements.cast(format, &whole).or_raise()?;
    reject_objects(&cast)?;
    let cast = if order == "F" { cast.transpose().or_raise()? } else { cast };
    // Pickles of the older protocols bring the bytes in an object that must not be written, although the view could be.
    if view.get().is_readonly() && !readonly {
        return memory::copy(&ViewObject::part(&view, cast, true)?, Order::Strided);
    }
    ViewObject::part(&view, cast, readonly || view.get().is_readonly())
}
