//! Names of formats: what Python code passes as the type of elements.

use crate::array_interface::{descr, numpy_dtype, typestr};
use crate::loaded::loaded;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyList, PyString, PyType};
use typedview::{Bool, Element, Format, Spec, WantedElement};

/// Returns the format that an object names: a name in the notation of specs (`"double"`, `"big-endian int16"`), a PEP 3118 format
/// (`"d"`, `"T{B:count:=d:price:}"`), a typestr or a list of fields as in `__array_interface__`, a `numpy.dtype` or a class of NumPy's scalars, or one of `bool`, `int`, `float` and `complex`.
///
/// # Errors
///
/// Raises `ValueError` for another text, and `TypeError` for other objects.
#[inline(never)]
pub fn format_of(dtype: &Bound<'_, PyAny>) -> PyResult<Format> {
    let format = any_format_of(dtype)?;
    if format.itemsize() == 0 {
        return Err(PyValueError::new_err(format!("elements {format} have no bytes")));
    }
    Ok(format)
}

fn any_format_of(dtype: &Bound<'_, PyAny>) -> PyResult<Format> {
    if let Ok(text) = dtype.cast::<PyString>() {
        return format_of_text(text.to_str()?);
    }
    if let Ok(class) = dtype.cast::<PyType>() {
        let py = dtype.py();
        if class.is(py.get_type::<PyFloat>()) {
            return Ok(f64::format());
        }
        if class.is(py.get_type::<PyInt>()) {
            return Ok(i64::format());
        }
        if class.is(py.get_type::<PyBool>()) {
            return Ok(Bool::format());
        }
        if class.is(py.get_type::<PyComplex>()) {
            return format_of_text("double complex");
        }
        // A class of scalars, such as numpy.float32.
        if let Some(numpy) = loaded(py, "numpy")?
            && class.is_subclass(&numpy.getattr("generic")?)?
        {
            return numpy_dtype(&numpy.getattr("dtype")?.call1((class,))?);
        }
        return Err(PyTypeError::new_err(format!(
            "{} is no type of elements",
            class.fully_qualified_name()?
        )));
    }
    if let Ok(fields) = dtype.cast::<PyList>() {
        return descr(fields);
    }
    if dtype.hasattr("descr")? && dtype.hasattr("subdtype")? {
        return numpy_dtype(dtype);
    }
    let class = dtype.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{class} is no type of elements: pass a name such as 'double', a format such as 'd', or a numpy.dtype"
    )))
}

fn format_of_text(text: &str) -> PyResult<Format> {
    // A name wins: `unsigned` could also be read as a list of codes.
    if let Ok(spec) = Spec::parse(&format!("{text}[]"))
        && let [WantedElement::Element(format)] = spec.elements()
    {
        return Ok(format.clone());
    }
    // NumPy's typestrs, such as `<f8`, are no formats: a size follows the letter.
    if let Some(format) = typestr(text) {
        return Ok(format);
    }
    let unknown = |reason: &dyn std::fmt::Display| {
        PyValueError::new_err(format!(
            "{text:?} is neither the name of an element nor a PEP 3118 format: {reason}"
        ))
    };
    Format::parse(text.as_bytes()).map_err(|error| unknown(&error))
}
