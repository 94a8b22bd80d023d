//! Pickling: a view travels as a buffer, which protocol 5 hands to its transport without a copy, and what its elements are.

use super::contents::reject_objects;
use super::view_object::ViewObject;
use super::{dtype, memory};
use crate::error::OrRaise;
use crate::export::typestr;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use typedview::{ByteOrder, Element, Field, Format, Kind, MAX_DEPTH, Order, PerAxis};

const BYTE: Format = Format::scalar(u8::DTYPE, ByteOrder::Native);

/// Returns what `pickle` asks for: a function, and the arguments with which it makes the view again.
#[inline(never)]
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
    // Every extension has a class of its own, so the pickle names a function of the package.
    let package = py.import("typedview._typedview").map_err(|error| {
        let text = "a View is pickled with the package typedview, which is not installed";
        let refusal = PyTypeError::new_err(text);
        refusal.set_cause(py, Some(error));
        refusal
    })?;
    (package.getattr("_from_pickle")?, arguments).into_pyobject(py)
}

/// Returns a format as plain Python objects: a text, which means the same on every machine; a shape and an item; or an itemsize and
/// fields.
fn described<'py>(py: Python<'py>, format: &Format) -> PyResult<Bound<'py, PyAny>> {
    if let Some((shape, item)) = format.subarray() {
        return (PyTuple::new(py, shape)?, described(py, item)?).into_bound_py_any(py);
    }
    if let Some(fields) = format.fields() {
        let fields = fields.iter().map(|field| {
            (field.name(), field.offset(), described(py, field.format())?).into_bound_py_any(py)
        });
        return (format.itemsize(), fields.collect::<PyResult<Vec<_>>>()?).into_bound_py_any(py);
    }
    match format.dtype().kind() {
        Kind::Pointer => {
            Err(PyTypeError::new_err("addresses are not pickled: they mean nothing to another process"))
        }
        Kind::Bfloat => format.to_string().into_bound_py_any(py),
        _ => typestr(format).unwrap_or_else(|| format.to_string()).into_bound_py_any(py),
    }
}

/// Returns the format that [`described`] has described.
fn understood(format: &Bound<'_, PyAny>, depth: usize) -> PyResult<Format> {
    let depth = depth.checked_sub(1).ok_or_else(|| damaged("its format is nested too deeply"))?;
    if format.is_instance_of::<PyString>() {
        return dtype::format_of(format);
    }
    let pair = format.cast::<PyTuple>().ok().filter(|pair| pair.len() == 2);
    let pair = pair.ok_or_else(|| damaged("its format is no text and no pair"))?;
    let (first, second) = (pair.get_item(0)?, pair.get_item(1)?);
    if let Ok(shape) = first.cast::<PyTuple>() {
        return Format::array(&lengths(shape)?, understood(&second, depth)?).or_raise();
    }
    let entries = second.cast::<PyList>().map_err(|_| damaged("its fields are no list"))?;
    let fields = entries.iter().map(|entry| {
        let entry = entry.cast::<PyTuple>().ok().filter(|entry| entry.len() == 3).cloned();
        let entry = entry.ok_or_else(|| damaged("a field is no name, offset and format"))?;
        let name = entry.get_item(0)?.extract::<Option<String>>()?;
        Ok(Field::new(name.as_deref(), length(&entry.get_item(1)?)?, understood(&entry.get_item(2)?, depth)?))
    });
    Format::record(fields.collect::<PyResult<Vec<_>>>()?, length(&first)?).or_raise()
}

fn lengths(shape: &Bound<'_, PyTuple>) -> PyResult<Vec<usize>> {
    shape.iter().map(|extent| length(&extent)).collect()
}

fn length(number: &Bound<'_, PyAny>) -> PyResult<usize> {
    number.extract().map_err(|_| damaged("a length or an offset is no size of memory"))
}

#[cold]
fn damaged(reason: &str) -> PyErr {
    PyValueError::new_err(format!("the pickle of a View is damaged: {reason}"))
}

/// Makes a view again from a buffer and the facts that its pickle has. They are checked, because the pickle may have been changed.
///
/// # Errors
///
/// Raises `ValueError` and `TypeError` if they do not belong together.
#[inline(never)]
pub fn from_pickle<'py>(
    buffer: &Bound<'py, PyAny>,
    format: &Bound<'py, PyAny>,
    shape: &Bound<'py, PyTuple>,
    order: &str,
    readonly: bool,
) -> PyResult<Bound<'py, ViewObject>> {
    let py = buffer.py();
    let format = understood(format, MAX_DEPTH)?;
    let view = py.get_type::<ViewObject>().call1((buffer,))?.cast_into::<ViewObject>()?;
    let elements = view.get().checked()?;
    reject_objects(elements)?;
    let shape = lengths(shape)?;
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
