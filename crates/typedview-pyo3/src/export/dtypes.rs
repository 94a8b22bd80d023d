//! The dtypes of results: the dtype object of NumPy that describes an element type.
//! A dtype of a record is made once and kept, because that takes microseconds, and because an array that comes back with the
//! same dtype object is recognised by it.

use super::array_interface::typestr;
use super::numpy_api::{NumpyApi, number};
use crate::attached::attached;
use crate::format_cache::FormatCache;
use crate::ndarray::{is_known_dtype, remember_dtype};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use typedview::{ByteOrder, Element, Format};

attached!(static KEPT: FormatCache<Py<PyAny>> = FormatCache::new());

/// Returns the dtype of elements `T`.
///
/// # Errors
///
/// Raises `TypeError` when NumPy has no such dtype.
#[inline]
pub(super) fn dtype_of<'py, T: Element>(py: Python<'py>, api: &NumpyApi) -> PyResult<Bound<'py, PyAny>> {
    match number(T::DTYPE).filter(|_| T::BYTE_ORDER == ByteOrder::Native) {
        Some(number) => Ok(api.number(py, number)),
        None => kept_dtype::<T>(py, api),
    }
}

fn kept_dtype<'py, T: Element>(py: Python<'py>, api: &NumpyApi) -> PyResult<Bound<'py, PyAny>> {
    let kept = KEPT.with(py, |kept| kept.get::<T, _>(0, |dtype| Some(dtype.clone_ref(py))));
    // Python code can change a dtype in place, so the kept one may have become another.
    if let Some(dtype) = kept.map(|dtype| dtype.into_bound(py)).filter(is_known_dtype::<T>) {
        return Ok(dtype);
    }
    let dtype = api.dtype.bind(py).call1((description(py, &T::format())?,))?;
    remember_dtype::<T>(&dtype);
    // The replaced dtype is dropped outside the access to the cache, because dropping it may run arbitrary Python code.
    let replaced = KEPT.with(py, |kept| kept.insert::<T>(0, dtype.clone().unbind()));
    drop(replaced);
    Ok(dtype)
}

/// What `numpy.dtype` makes a dtype of: a typestr, a pair of an item and a shape, or a dict of names, formats and offsets.
fn description<'py>(py: Python<'py>, format: &Format) -> PyResult<Bound<'py, PyAny>> {
    if let Some((shape, item)) = format.subarray() {
        return (description(py, item)?, PyTuple::new(py, shape)?).into_bound_py_any(py);
    }
    let Some(fields) = format.fields() else {
        let unknown = || PyTypeError::new_err(format!("NumPy has no dtype for {format}"));
        return typestr(format).ok_or_else(unknown)?.into_bound_py_any(py);
    };
    let (mut names, mut formats, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
    for (number, field) in fields.iter().enumerate() {
        // NumPy gives such names to fields without one.
        names.push(field.name().map_or_else(|| format!("f{number}"), str::to_owned));
        formats.push(description(py, field.format())?);
        offsets.push(field.offset());
    }
    let record = PyDict::new(py);
    record.set_item("names", names)?;
    record.set_item("formats", formats)?;
    record.set_item("offsets", offsets)?;
    record.set_item("itemsize", format.itemsize())?;
    Ok(record.into_any())
}
