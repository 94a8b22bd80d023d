//! Records as Python objects: a named tuple for reading, a tuple or a mapping for writing.
//! The classes of named tuples are kept, because making one takes a hundred times as long as making a tuple of it.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyMapping, PyTuple};
use typedview::{Field, Format};

/// The classes of named tuples, by the tuple of their names.
static CLASSES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// As many classes as are kept. A program has few of them, unless it makes up names.
const MOST: usize = 1000;

/// Returns the class of named tuples for records of a format.
fn class<'py>(py: Python<'py>, fields: &[Field]) -> PyResult<Bound<'py, PyAny>> {
    let classes = CLASSES.get_or_init(py, || PyDict::new(py).unbind()).bind(py);
    let names = PyTuple::new(py, fields.iter().map(|field| field.name().unwrap_or_default()))?;
    if let Some(class) = classes.get_item(&names)? {
        return Ok(class);
    }
    if classes.len() >= MOST {
        classes.clear();
    }
    let options = PyDict::new(py);
    // Names that Python does not allow become `_0`, `_1` and so on.
    options.set_item("rename", true)?;
    options.set_item("module", "typedview")?;
    let make = py.import("collections")?.getattr("namedtuple")?;
    // Two names can be one to Python, which normalises them. Then the fields are only numbered.
    let class = make.call(("record", &names), Some(&options)).or_else(|_| {
        let numbered = PyTuple::new(py, fields.iter().map(|_| "_"))?;
        make.call(("record", numbered), Some(&options))
    })?;
    classes.set_item(names, &class)?;
    Ok(class)
}

/// Returns the values of a record as a named tuple.
pub(super) fn named_tuple<'py>(
    py: Python<'py>,
    format: &Format,
    values: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let fields = format.fields().unwrap_or_default();
    class(py, fields)?.call1(PyTuple::new(py, values)?)
}

/// Returns the values that an object has for the fields of a record: those of a tuple or a list in their order, or those of a mapping by
/// their names.
pub(super) fn values<'py>(
    value: &Bound<'py, PyAny>,
    format: &Format,
    fields: &[Field],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let found = if let Ok(mapping) = value.cast::<PyMapping>() {
        let values = fields.iter().map(|field| mapping.get_item(field.name().unwrap_or_default()));
        let values = values.collect::<PyResult<Vec<_>>>()?;
        let surplus = mapping.len()?.saturating_sub(fields.len());
        if surplus > 0 {
            return Err(PyValueError::new_err(format!("{surplus} names are no fields of {format}")));
        }
        return Ok(values);
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        tuple.iter().collect::<Vec<_>>()
    } else if let Ok(list) = value.cast::<PyList>() {
        list.iter().collect()
    } else {
        let class = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{format} takes a tuple or a mapping, not {class}")));
    };
    if found.len() != fields.len() {
        let (count, wanted) = (found.len(), fields.len());
        return Err(PyValueError::new_err(format!(
            "{format} has {wanted} fields, and {count} values are given"
        )));
    }
    Ok(found)
}
