//! Writing an item: a Python object as the bytes of one element.
//! Nothing here touches the memory of a view: elements are written to bytes of their own, because converting an object can run Python code.

use super::read_item::{encoding, no_object};
use super::{dates, records};
use crate::error::class_name;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyString};
use std::ops::Range;
use typedview::element_bytes::{bfloat_to_f64, f64_to_bfloat, f64_to_half, half_to_f64};
use typedview::{ByteOrder, Dtype, Format, Kind};

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
        let class = class_name(value);
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
    let class = class_name(value);
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
