//! Items: one element as a Python object, and a Python object as the bytes of one element.
//! Nothing here touches the memory of a view: elements are passed as their bytes, because converting an object can run Python code.

use super::{dates, records};
use pyo3::exceptions::{PyNotImplementedError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyList, PyString};
use pyo3::{IntoPyObjectExt, ffi};
use std::ops::Range;
use typedview::element_bytes::{bfloat_to_f64, f64_to_bfloat, f64_to_half, half_to_f64};
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
fn no_object(format: &Format) -> PyErr {
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

/// Calls `visit` with the place of each part of an element that is a number, a text or the like.
pub(super) fn for_each_part(format: &Format, start: usize, visit: &mut dyn FnMut(Range<usize>)) {
    if let Some((_, item)) = format.subarray() {
        let size = item.itemsize().max(1);
        return (start..start + format.itemsize())
            .step_by(size)
            .for_each(|start| for_each_part(item, start, visit));
    }
    match format.fields() {
        Some(fields) => {
            fields.iter().for_each(|field| for_each_part(field.format(), start + field.offset(), visit));
        }
        None => visit(start..start + format.itemsize()),
    }
}

/// Writes the element that `value` is to `bytes`, which has the size of an element.
///
/// Numbers are converted without a change of their value, except that a float is rounded to the nearest one of its size.
///
/// # Errors
///
/// Raises `TypeError` for an object of another type, `ValueError` for a value that the element cannot hold, and what the methods of the object
/// raise.
pub(super) fn from_object(value: &Bound<'_, PyAny>, format: &Format, bytes: &mut [u8]) -> PyResult<()> {
    let Some((dtype, order)) = format.as_scalar() else {
        return parts_from_object(value, format, bytes);
    };
    let put = |bytes: &mut [u8], native: &[u8]| {
        bytes.copy_from_slice(native);
        if order == ByteOrder::Swapped {
            bytes.reverse();
        }
    };
    match (dtype.kind(), dtype.itemsize()) {
        (Kind::Int, size) => {
            let number: i64 = integer(value, dtype)?;
            let bits = 64 - 8 * u32::try_from(size).unwrap_or(8);
            if (number << bits) >> bits != number {
                return Err(out_of_range(value, dtype));
            }
            put(bytes, lowest(&number.to_ne_bytes(), size));
        }
        (Kind::Uint | Kind::Pointer, size) => {
            let number: u64 = integer(value, dtype)?;
            if size < 8 && number >> (8 * size) != 0 {
                return Err(out_of_range(value, dtype));
            }
            put(bytes, lowest(&number.to_ne_bytes(), size));
        }
        (Kind::Float, 8) => put(bytes, &real(value, dtype, |number| number)?.to_ne_bytes()),
        (Kind::Float, 4) => put(bytes, &(real(value, dtype, single)? as f32).to_ne_bytes()),
        (Kind::Float, 2) => {
            let number = real(value, dtype, |number| half_to_f64(f64_to_half(number)))?;
            put(bytes, &f64_to_half(number).to_ne_bytes());
        }
        (Kind::Bfloat, 2) => {
            let number = real(value, dtype, |number| bfloat_to_f64(f64_to_bfloat(number)))?;
            put(bytes, &f64_to_bfloat(number).to_ne_bytes());
        }
        (Kind::Complex, 16) => {
            for (part, number) in bytes.chunks_exact_mut(8).zip(complex(value, dtype, |number| number)?) {
                put(part, &number.to_ne_bytes());
            }
        }
        (Kind::Complex, 8) => {
            for (part, number) in bytes.chunks_exact_mut(4).zip(complex(value, dtype, single)?) {
                put(part, &(number as f32).to_ne_bytes());
            }
        }
        (Kind::Bool, 1) => bytes[0] = value.is_truthy()?.into(),
        (Kind::Bytes | Kind::Void, size) => {
            let Ok(text) = value.cast::<PyBytes>() else { return Err(wrong_type(value, dtype, "bytes")) };
            let text = text.as_bytes();
            // One byte is `c` of struct, which has exactly one.
            if text.len() > size || size == 1 && text.len() != 1 {
                return Err(out_of_range(value, dtype));
            }
            bytes[..text.len()].copy_from_slice(text);
            bytes[text.len()..].fill(0);
        }
        (Kind::Text, _) => text_from_object(value, dtype, order, bytes)?,
        (Kind::Datetime(unit), 8) => put(bytes, &dates::from_datetime(value, unit)?.to_ne_bytes()),
        (Kind::Timedelta(unit), 8) => put(bytes, &dates::from_timedelta(value, unit)?.to_ne_bytes()),
        _ => return Err(no_object(format)),
    }
    Ok(())
}

/// Returns the bytes of an integer of `size` bytes from those of a larger one.
fn lowest(native: &[u8; 8], size: usize) -> &[u8] {
    if cfg!(target_endian = "little") { &native[..size] } else { &native[8 - size..] }
}

/// Returns the number that is nearest to a number of 64 bits in a float of 32 bits.
fn single(number: f64) -> f64 {
    (number as f32).into()
}

/// Whether an object has the method `__index__`, so that it is an integer.
fn is_integer(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: `value` is alive, and this thread is attached to the interpreter.
    unsafe { ffi::PyIndex_Check(value.as_ptr()) != 0 }
}

/// Returns what `operator.index` returns.
fn index<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: `value` is alive, and this thread is attached to the interpreter.
    let number = unsafe { ffi::PyNumber_Index(value.as_ptr()) };
    // SAFETY: the function has returned a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(value.py(), number) }
}

fn integer<'py, N>(value: &Bound<'py, PyAny>, dtype: Dtype) -> PyResult<N>
where
    N: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    if !is_integer(value) {
        return Err(wrong_type(value, dtype, "an integer"));
    }
    index(value)?.extract().map_err(|_| out_of_range(value, dtype))
}

/// Returns the number that `narrow` makes of a real one. Integers must not change by that; floats are rounded.
fn real(value: &Bound<'_, PyAny>, dtype: Dtype, narrow: impl Fn(f64) -> f64) -> PyResult<f64> {
    let is_float = value.is_instance_of::<PyFloat>();
    let number = if is_integer(value) && !is_float {
        let integer = index(value)?;
        let number = integer.extract::<f64>().map_err(|_| out_of_range(value, dtype))?;
        if !narrow(number).is_infinite() && !integer.eq(narrow(number))? {
            let text = format!("{} has no exact value as {dtype}", short(value));
            return Err(PyValueError::new_err(text));
        }
        number
    } else if is_float || value.hasattr("__float__")? {
        value.extract::<f64>()?
    } else {
        return Err(wrong_type(value, dtype, "a real number"));
    };
    if number.is_finite() && narrow(number).is_infinite() {
        return Err(out_of_range(value, dtype));
    }
    Ok(narrow(number))
}

/// Returns the parts of a complex number, each as `narrow` makes it.
fn complex(value: &Bound<'_, PyAny>, dtype: Dtype, narrow: impl Fn(f64) -> f64) -> PyResult<[f64; 2]> {
    // Integers of NumPy can be converted to `complex`, too, but not exactly.
    let is_real = is_integer(value) || value.is_instance_of::<PyFloat>();
    let is_complex = value.is_instance_of::<PyComplex>() || !is_real && value.hasattr("__complex__")?;
    if !is_complex {
        if !is_real && !value.hasattr("__float__")? {
            return Err(wrong_type(value, dtype, "a number"));
        }
        return Ok([real(value, dtype, narrow)?, 0.0]);
    }
    let number = match value.cast::<PyComplex>() {
        Ok(number) => number.clone(),
        Err(_) => value.py().get_type::<PyComplex>().call1((value,))?.cast_into()?,
    };
    let parts = [number.real(), number.imag()];
    if parts.iter().any(|part| part.is_finite() && narrow(*part).is_infinite()) {
        return Err(out_of_range(value, dtype));
    }
    Ok(parts.map(narrow))
}

fn text_from_object(
    value: &Bound<'_, PyAny>,
    dtype: Dtype,
    order: ByteOrder,
    bytes: &mut [u8],
) -> PyResult<()> {
    let Ok(text) = value.cast::<PyString>() else { return Err(wrong_type(value, dtype, "a str")) };
    let unit = if bytes.len().is_multiple_of(4) { 4 } else { 2 };
    let encoded = text.call_method1("encode", (encoding(unit), "surrogatepass"))?.cast_into::<PyBytes>()?;
    let encoded = encoded.as_bytes();
    if encoded.len() > bytes.len() {
        return Err(out_of_range(value, dtype));
    }
    bytes[..encoded.len()].copy_from_slice(encoded);
    bytes[encoded.len()..].fill(0);
    if order == ByteOrder::Swapped {
        bytes.chunks_exact_mut(unit).for_each(<[u8]>::reverse);
    }
    Ok(())
}

/// Returns Python's name for characters of `unit` bytes in this machine's byte order.
fn encoding(unit: usize) -> &'static str {
    match (unit, cfg!(target_endian = "little")) {
        (4, true) => "utf-32-le",
        (4, false) => "utf-32-be",
        (_, true) => "utf-16-le",
        (_, false) => "utf-16-be",
    }
}

fn parts_from_object(value: &Bound<'_, PyAny>, format: &Format, bytes: &mut [u8]) -> PyResult<()> {
    if let Some((shape, item)) = format.subarray() {
        return subarray_from_object(value, shape, item, bytes);
    }
    let Some(fields) = format.fields() else { return Err(no_object(format)) };
    bytes.fill(0);
    for (field, value) in fields.iter().zip(records::values(value, format, fields)?) {
        let place = field.offset()..field.offset() + field.format().itemsize();
        from_object(&value, field.format(), &mut bytes[place])?;
    }
    Ok(())
}

fn subarray_from_object(
    value: &Bound<'_, PyAny>,
    shape: &[usize],
    item: &Format,
    bytes: &mut [u8],
) -> PyResult<()> {
    let Some((&length, inner)) = shape.split_first() else { return from_object(value, item, bytes) };
    let found = value.len().map_err(|_| {
        let class = value.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string());
        PyTypeError::new_err(format!("a sub-array takes a sequence of {length} items, not {class}"))
    })?;
    if found != length {
        return Err(PyValueError::new_err(format!("expected {length} items of a sub-array, got {found}")));
    }
    let size = bytes.len().checked_div(length).unwrap_or_default();
    for i in 0..length {
        subarray_from_object(&value.get_item(i)?, inner, item, &mut bytes[i * size..(i + 1) * size])?;
    }
    Ok(())
}

#[cold]
pub(super) fn wrong_type(value: &Bound<'_, PyAny>, dtype: Dtype, wanted: &str) -> PyErr {
    let class = value.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("an element {dtype} takes {wanted}, not {class}"))
}

#[cold]
pub(super) fn out_of_range(value: &Bound<'_, PyAny>, dtype: Dtype) -> PyErr {
    let range = match (dtype.kind(), dtype.itemsize()) {
        (Kind::Int, size @ 1..=8) => {
            let half = 1i128 << (8 * size - 1);
            format!(", which holds {} to {}", -half, half - 1)
        }
        (Kind::Uint, size @ 1..=8) => format!(", which holds 0 to {}", (1i128 << (8 * size)) - 1),
        _ => String::new(),
    };
    PyValueError::new_err(format!("{} does not fit {dtype}{range}", short(value)))
}

/// Returns the `repr` of a value, shortened.
fn short(value: &Bound<'_, PyAny>) -> String {
    let text = value.repr().map_or_else(|_| "the value".to_owned(), |repr| repr.to_string());
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
