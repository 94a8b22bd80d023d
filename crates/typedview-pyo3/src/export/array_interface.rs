//! The array interface of a result: the dict that `__array_interface__` gives.
//! The element is named by a typestr, such as `<f8`, and the fields of a record by a descr, a list of names and typestrs.

use super::exported::Exported;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use typedview::{ByteOrder, Format, Kind};

/// The array interface, version 3, of exported memory.
///
/// # Errors
///
/// Raises `AttributeError` for elements that have no typestr.
pub(crate) fn interface<'py>(exported: &Exported, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
    let (untyped, format) = (&exported.untyped, exported.untyped.format());
    let (Some(typestr), Some(descr), true) =
        (typestr_or_bytes(format), descr(py, format)?, untyped.suboffsets().is_empty())
    else {
        let text = format!("{exported} has no __array_interface__");
        return Err(PyAttributeError::new_err(text));
    };
    let interface = PyDict::new(py);
    interface.set_item("version", 3)?;
    interface.set_item("descr", descr)?;
    interface.set_item("typestr", typestr)?;
    interface.set_item("shape", PyTuple::new(py, untyped.shape())?)?;
    interface.set_item("strides", PyTuple::new(py, untyped.strides())?)?;
    interface.set_item("data", (untyped.as_ptr().addr(), exported.readonly))?;
    Ok(interface)
}

/// The typestr of an element: byte order, kind and number of bytes, as in `<f8`. Records and some others have none.
pub(crate) fn typestr(format: &Format) -> Option<String> {
    let (dtype, byte_order) = format.as_scalar()?;
    let mut unit = String::new();
    let (kind, count) = match dtype.kind() {
        Kind::Datetime(time) => {
            unit = time.bracketed().to_string();
            ('M', dtype.itemsize())
        }
        Kind::Timedelta(time) => {
            unit = time.bracketed().to_string();
            ('m', dtype.itemsize())
        }
        Kind::Bfloat | Kind::Void => ('V', dtype.itemsize()),
        Kind::Int => ('i', dtype.itemsize()),
        Kind::Uint => ('u', dtype.itemsize()),
        Kind::Float => ('f', dtype.itemsize()),
        Kind::Complex => ('c', dtype.itemsize()),
        Kind::Bool => ('b', dtype.itemsize()),
        Kind::Bytes => ('S', dtype.itemsize()),
        Kind::Text if dtype.itemsize() % 4 == 0 => ('U', dtype.itemsize() / 4),
        _ => return None,
    };
    let order = match byte_order {
        _ if !dtype.has_byte_order() => '|',
        _ if cfg!(target_endian = "little") == (byte_order == ByteOrder::Native) => '<',
        _ => '>',
    };
    Some(format!("{order}{kind}{count}{unit}"))
}

/// The typestr of an element. That of a record says only how many bytes it has, as NumPy writes it.
fn typestr_or_bytes(format: &Format) -> Option<String> {
    typestr(format).or_else(|| format.fields().map(|_| format!("|V{}", format.itemsize())))
}

/// The descr of an element, if every part of it has a typestr.
fn descr<'py>(py: Python<'py>, format: &Format) -> PyResult<Option<Bound<'py, PyList>>> {
    let list = PyList::empty(py);
    let Some(fields) = format.fields() else {
        let Some(typestr) = typestr(format) else {
            return Ok(None);
        };
        list.append(("", typestr))?;
        return Ok(Some(list));
    };
    let mut end = 0;
    for (number, field) in fields.iter().enumerate() {
        pad(&list, end, field.offset())?;
        // NumPy gives such names to fields without one.
        let name = field.name().map_or_else(|| format!("f{number}"), str::to_owned);
        let Some(entry) = entry(py, &name, field.format())? else {
            return Ok(None);
        };
        list.append(entry)?;
        end = field.offset() + field.format().itemsize();
    }
    pad(&list, end, format.itemsize())?;
    Ok(Some(list))
}

/// One entry of a descr: a name, a type, and the shape if the field is a sub-array.
fn entry<'py>(py: Python<'py>, name: &str, format: &Format) -> PyResult<Option<Bound<'py, PyTuple>>> {
    let (shape, item) = match format.subarray() {
        Some((shape, item)) => (Some(shape), item),
        None => (None, format),
    };
    let element = match item.fields() {
        Some(_) => descr(py, item)?.map(Bound::into_any),
        None => typestr(item).map(|text| PyString::new(py, &text).into_any()),
    };
    let Some(element) = element else {
        return Ok(None);
    };
    let name = name.into_bound_py_any(py)?;
    let parts = match shape {
        Some(shape) => PyTuple::new(py, [name, element, PyTuple::new(py, shape)?.into_any()]),
        None => PyTuple::new(py, [name, element]),
    };
    parts.map(Some)
}

/// Adds an unnamed entry for the padding between two fields, if there is any.
fn pad(list: &Bound<'_, PyList>, end: usize, next: usize) -> PyResult<()> {
    if next > end { list.append(("", format!("|V{}", next - end))) } else { Ok(()) }
}
