//! Casting: the bytes of a view under another format and shape, by the rules of `memoryview.cast`; and the shapes that Python code passes.

use super::contents::{is_bytes, not_text, reject_objects};
use super::key::length_of_axis;
use crate::error::OrRaise;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use typedview::{Format, MAX_NDIM, Order, Untyped};

/// Returns the elements under another format and shape, and the text of the format.
#[inline(never)]
pub(super) fn cast(
    elements: &Untyped,
    format: &Bound<'_, PyAny>,
    shape: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Untyped, String)> {
    let Ok(text) = format.cast::<PyString>() else { return Err(not_text("the format", format)) };
    if !elements.is_contiguous(Order::C) {
        return Err(PyTypeError::new_err("casts are restricted to C-contiguous views"));
    }
    if (shape.is_some() || elements.ndim() != 1) && elements.shape().contains(&0) {
        return Err(PyTypeError::new_err("cannot cast view with zeros in shape or strides"));
    }
    let lengths = shape.map(|shape| lengths(shape, elements.ndim())).transpose()?;
    let text = text.to_str()?;
    let format = Format::parse(text.as_bytes()).or_raise()?;
    if !is_bytes(&format) && !is_bytes(elements.format()) {
        return Err(PyTypeError::new_err(format!(
            "cannot cast between two non-byte formats, {} and {format}; use reinterpret()",
            elements.format()
        )));
    }
    let (itemsize, nbytes) = (format.itemsize(), elements.nbytes());
    if itemsize == 0 || !nbytes.is_multiple_of(itemsize) {
        return Err(PyTypeError::new_err("length is not a multiple of itemsize"));
    }
    let lengths = match lengths {
        Some(lengths) => lengths.iter().map(one_or_more).collect::<PyResult<Vec<usize>>>()?,
        None => vec![nbytes / itemsize],
    };
    let wanted = lengths.iter().try_fold(itemsize, |wanted, &length| wanted.checked_mul(length));
    match wanted.filter(|wanted| isize::try_from(*wanted).is_ok()) {
        None => return Err(PyValueError::new_err("product(shape) > SSIZE_MAX")),
        Some(wanted) if wanted != nbytes => {
            return Err(PyTypeError::new_err("product(shape) * itemsize != buffer size"));
        }
        Some(_) => {}
    }
    let cast = elements.cast(format, &lengths).or_raise()?;
    reject_objects(elements)?;
    reject_objects(&cast)?;
    Ok((cast, text.to_owned()))
}

/// Returns the lengths of a shape, as objects.
fn lengths<'py>(shape: &Bound<'py, PyAny>, ndim: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let lengths: Vec<_> = if let Ok(list) = shape.cast::<PyList>() {
        list.iter().collect()
    } else if let Ok(tuple) = shape.cast::<PyTuple>() {
        tuple.iter().collect()
    } else {
        return Err(PyTypeError::new_err("shape must be a list or a tuple"));
    };
    if lengths.len() > MAX_NDIM {
        return Err(PyValueError::new_err(format!("number of dimensions must not exceed {MAX_NDIM}")));
    }
    if ndim != 1 && lengths.len() != 1 {
        return Err(PyTypeError::new_err("cast must be 1D -> ND or ND -> 1D"));
    }
    Ok(lengths)
}

/// Reads a length of an axis that is not empty.
fn one_or_more(length: &Bound<'_, PyAny>) -> PyResult<usize> {
    match length_of_axis(length)? {
        length @ 1.. => Ok(length.cast_unsigned()),
        _ => Err(PyValueError::new_err("elements of shape must be integers > 0")),
    }
}

/// Returns the items of arguments: integers, or one sequence of integers.
#[inline(never)]
fn integers(arguments: &Bound<'_, PyTuple>) -> PyResult<Vec<isize>> {
    let one = arguments.get_item(0).ok().filter(|_| arguments.len() == 1);
    match one {
        Some(only) if only.is_instance_of::<PyTuple>() || only.is_instance_of::<PyList>() => {
            only.try_iter()?.map(|item| length_of_axis(&item?)).collect()
        }
        _ => arguments.iter().map(|item| length_of_axis(&item)).collect(),
    }
}

/// Returns a shape, in which one length may be -1: what is left of `size` elements.
#[inline(never)]
pub(super) fn shape_of(arguments: &Bound<'_, PyTuple>, size: usize) -> PyResult<Vec<usize>> {
    let lengths = integers(arguments)?;
    let unknown = lengths.iter().filter(|length| **length == -1).count();
    if unknown > 1 || lengths.iter().any(|length| *length < -1) || unknown == 1 && size == usize::MAX {
        return Err(PyValueError::new_err(
            "a shape has lengths of 0 and more, of which one may be -1 in reshape()",
        ));
    }
    let known = lengths.iter().filter(|length| **length >= 0);
    let known = known.fold(1usize, |product, length| product.saturating_mul(length.cast_unsigned()));
    if unknown == 1 && (known == 0 || !size.is_multiple_of(known)) {
        return Err(PyValueError::new_err(format!(
            "{size} elements cannot have a shape with {known} elements a row"
        )));
    }
    let rest = size.checked_div(known).unwrap_or_default();
    Ok(lengths.iter().map(|length| usize::try_from(*length).unwrap_or(rest)).collect())
}

/// Returns a permutation of axes. Negative numbers count from the last axis.
#[inline(never)]
pub(super) fn axes_of(arguments: &Bound<'_, PyTuple>, ndim: usize) -> PyResult<Vec<usize>> {
    let axes = integers(arguments)?.into_iter().map(|axis| {
        let from_start = if axis < 0 { axis.saturating_add_unsigned(ndim) } else { axis };
        usize::try_from(from_start)
            .map_err(|_| PyValueError::new_err(format!("axis {axis} is out of range for ndim {ndim}")))
    });
    axes.collect()
}
