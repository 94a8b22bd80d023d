//! Descrs: the fields of a record in the words of the array interface, as NumPy writes them.
//! A list of names and typestrs; what is between two fields is a field without a name.

use super::names::typestr;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use typedview::Format;

/// The typestr of an element: of a record that of so many bytes; some elements have none.
pub(super) fn typestr_or_bytes(format: &Format) -> Option<String> {
    typestr(format).or_else(|| format.fields().map(|_| format!("|V{}", format.itemsize())))
}

/// The descr of an element, where all of it has a typestr.
pub(super) fn descr<'py>(py: Python<'py>, format: &Format) -> PyResult<Option<Bound<'py, PyList>>> {
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
        // NumPy's names for fields without one.
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

/// A name, a type, and the shape of a sub-array.
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

/// The bytes from the end of a field to the next, where there are any.
fn pad(list: &Bound<'_, PyList>, end: usize, next: usize) -> PyResult<()> {
    if next > end { list.append(("", format!("|V{}", next - end))) } else { Ok(()) }
}
