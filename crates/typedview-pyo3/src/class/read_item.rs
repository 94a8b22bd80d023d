//! Reading an item: the bytes of one element as a Python object.
//! Nothing here touches the memory of a view: elements are passed as their bytes, because making an object can run Python code.

use super::{dates, records};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyList};
use typedview::element_bytes::{bfloat_to_f64, half_to_f64};
use typedview::{ByteOrder, Dtype, Format, Kind};

/// Returns the bytes as an array in this machine's byte order.
#[inline]
fn array<const N: usize>(bytes: &[u8], order: ByteOrder) -> [u8; N] {
    let mut native = [0; N];
    native.copy_from_slice(bytes);
    if order == ByteOrder::Swapped {
        native.reverse();
    }
    native
}

/// Returns the element with these bytes as a Python object: a number, a `bool`, `bytes`, a `str`, a date, a named tuple of a record, or a list
/// of a sub-array.
///
/// # Errors
///
/// Raises `NotImplementedError` for elements that Python has no object for.
#[inline]
pub(super) fn to_object<'py>(py: Python<'py>, format: &Format, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let Some((dtype, order)) = format.as_scalar() else {
        return parts_to_object(py, format, bytes);
    };
    match (dtype.kind(), dtype.itemsize()) {
        (Kind::Float, 8) => Ok(PyFloat::new(py, f64::from_ne_bytes(array(bytes, order))).into_any()),
        (Kind::Uint, 1) => bytes[0].into_bound_py_any(py),
        (Kind::Int, 4) => i32::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Int, 8) => i64::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        _ => scalar_to_object(py, dtype, order, bytes),
    }
}

fn scalar_to_object<'py>(
    py: Python<'py>,
    dtype: Dtype,
    order: ByteOrder,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    match (dtype.kind(), dtype.itemsize()) {
        (Kind::Float, 4) => f32::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Float, 2) => half_to_f64(u16::from_ne_bytes(array(bytes, order))).into_bound_py_any(py),
        (Kind::Bfloat, 2) => bfloat_to_f64(u16::from_ne_bytes(array(bytes, order))).into_bound_py_any(py),
        (Kind::Uint, 2) => u16::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Uint, 4) => u32::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Uint, 8) => u64::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Int, 1) => i8::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Int, 2) => i16::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Bool, 1) => (bytes[0] != 0).into_bound_py_any(py),
        (Kind::Complex, 8) => {
            let part = |part: &[u8]| f64::from(f32::from_ne_bytes(array(part, order)));
            Ok(PyComplex::from_doubles(py, part(&bytes[..4]), part(&bytes[4..])).into_any())
        }
        (Kind::Complex, 16) => {
            let part = |part: &[u8]| f64::from_ne_bytes(array(part, order));
            Ok(PyComplex::from_doubles(py, part(&bytes[..8]), part(&bytes[8..])).into_any())
        }
        (Kind::Pointer, _) => usize::from_ne_bytes(array(bytes, order)).into_bound_py_any(py),
        (Kind::Bytes | Kind::Void, _) => Ok(PyBytes::new(py, bytes).into_any()),
        (Kind::Text, _) => text_to_object(py, order, bytes),
        (Kind::Datetime(unit), 8) => dates::to_datetime(py, unit, i64::from_ne_bytes(array(bytes, order))),
        (Kind::Timedelta(unit), 8) => dates::to_timedelta(py, unit, i64::from_ne_bytes(array(bytes, order))),
        _ => Err(no_object(&Format::scalar(dtype, order))),
    }
}

fn parts_to_object<'py>(py: Python<'py>, format: &Format, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    if let Some((shape, item)) = format.subarray() {
        return subarray_to_object(py, shape, item, bytes);
    }
    let Some(fields) = format.fields() else { return Err(no_object(format)) };
    let values = fields.iter().map(|field| {
        let place = field.offset()..field.offset() + field.format().itemsize();
        to_object(py, field.format(), &bytes[place])
    });
    records::named_tuple(py, format, values.collect::<PyResult<Vec<_>>>()?)
}

fn subarray_to_object<'py>(
    py: Python<'py>,
    shape: &[usize],
    item: &Format,
    bytes: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let Some((&length, inner)) = shape.split_first() else { return to_object(py, item, bytes) };
    // Without bytes there may be any number of lists, all of which are empty.
    let length = if bytes.is_empty() { 0 } else { length };
    let size = bytes.len().checked_div(length).unwrap_or_default();
    let items = (0..length).map(|i| subarray_to_object(py, inner, item, &bytes[i * size..(i + 1) * size]));
    Ok(PyList::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any())
}

#[cold]
pub(super) fn no_object(format: &Format) -> PyErr {
    let reason = match format.dtype().kind() {
        Kind::Object => "only NumPy knows how to count these references; use numpy.asarray(view)",
        Kind::Float | Kind::Complex => "Python's float has fewer digits; use numpy.asarray(view)",
        _ => "Python has no object for them",
    };
    PyNotImplementedError::new_err(format!(
        "elements {format} cannot be read or written one by one: {reason}"
    ))
}

/// Returns text of 2 or 4 bytes per character without the NULs at its end.
fn text_to_object<'py>(py: Python<'py>, order: ByteOrder, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    // Only the values tell whether a character has 2 bytes or 4, if both divide the size.
    let is_character = |unit: &[u8]| u32::from_ne_bytes(array(unit, order)) <= u32::from(char::MAX);
    let is_wide = bytes.len().is_multiple_of(4) && bytes.chunks_exact(4).all(is_character);
    let mut native = bytes.to_vec();
    if order == ByteOrder::Swapped {
        native.chunks_exact_mut(if is_wide { 4 } else { 2 }).for_each(<[u8]>::reverse);
    }
    let unit = if is_wide { 4 } else { 2 };
    while native.len() >= unit && native[native.len() - unit..].iter().all(|&byte| byte == 0) {
        native.truncate(native.len() - unit);
    }
    PyBytes::new(py, &native).call_method1("decode", (encoding(unit), "surrogatepass"))
}

/// Returns Python's name for characters of `unit` bytes in this machine's byte order.
pub(super) fn encoding(unit: usize) -> &'static str {
    match (unit, cfg!(target_endian = "little")) {
        (4, true) => "utf-32-le",
        (4, false) => "utf-32-be",
        (_, true) => "utf-16-le",
        (_, false) => "utf-16-be",
    }
}
