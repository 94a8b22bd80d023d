//! Contents: all elements of a view as lists, as bytes, and one after the other.

use super::access::{Room, is_undisturbed, with_memory};
use super::quick::Quick;
use super::view_object::ViewObject;
use crate::error::{OrRaise, class_name};
use crate::view::DETACHED_COPY;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use typedview::{Format, Kind, Order, Untyped};

/// Returns the elements as nested lists.
pub(super) fn to_list<'py>(
    py: Python<'py>,
    view: &ViewObject,
    elements: &Untyped,
) -> PyResult<Bound<'py, PyAny>> {
    // The memory can be released by Python code that the collector runs while objects are made, so each step looks again.
    view.hold().check()?;
    let _pointers = view.while_pointers()?;
    let Some(&length) = elements.shape().first() else {
        return view.element_at(py, elements.as_ptr());
    };
    if let (Some(quick), [stride], []) = (view.quick(py), elements.strides(), elements.suboffsets()) {
        return numbers(py, view, quick, (elements.as_ptr(), length, *stride));
    }
    let items = (0..length).map(|i| {
        view.hold().check()?;
        to_list(py, view, &elements.index_axis(0, i.cast_signed()).or_raise()?)
    });
    let list = PyList::new(py, items.collect::<PyResult<Vec<_>>>()?)?;
    Ok(list.into_any())
}

/// Returns the numbers along one axis as a list.
fn numbers<'py>(
    py: Python<'py>,
    view: &ViewObject,
    quick: Quick,
    (first, length, stride): (*mut u8, usize, isize),
) -> PyResult<Bound<'py, PyAny>> {
    let size = isize::try_from(length).unwrap_or(isize::MAX);
    // SAFETY: this thread is attached to the interpreter.
    let list = unsafe { ffi::PyList_New(size) };
    // SAFETY: the function has returned a new reference, or null with an exception set.
    let list = unsafe { Bound::from_owned_ptr_or_err(py, list) }?;
    // Making the list may have run the collector, and with it Python code that has released the view or locked the memory. Making numbers
    // runs none, so what is found here holds to the end.
    view.hold().check()?;
    if view.quick(py).is_none() || !quick.is_aligned(first.addr() | stride.cast_unsigned()) {
        let item =
            |i: usize| view.element_at(py, first.wrapping_offset(stride.wrapping_mul(i.cast_signed())));
        return Ok(PyList::new(py, (0..length).map(item).collect::<PyResult<Vec<_>>>()?)?.into_any());
    }
    for i in 0..size {
        let address = first.wrapping_offset(stride.wrapping_mul(i));
        // SAFETY: the address is that of an aligned element of this type, which is initialised (X1) and alive. Nobody writes it while
        // this thread is attached, because there are no locks and there is a GIL.
        let number = unsafe { quick.read(py, address) }?;
        // SAFETY: the list has `size` items, has not been shown to other code yet, and takes the reference.
        unsafe { ffi::PyList_SetItem(list.as_ptr(), i, number.into_ptr()) };
    }
    Ok(list)
}

/// Returns the bytes of all elements.
#[inline(never)]
pub(super) fn to_bytes<'py>(
    py: Python<'py>,
    view: &ViewObject,
    order: Order,
) -> PyResult<Bound<'py, PyBytes>> {
    let elements = view.checked()?;
    if order == Order::C
        && elements.is_contiguous(Order::C)
        && elements.nbytes() < DETACHED_COPY
        && is_undisturbed(py)
    {
        // SAFETY: the elements are one block, initialised (X1) and alive, as has just been checked. Nothing writes them while this thread
        // is attached, because there are no locks and there is a GIL. Making the object may run the collector before the bytes are read,
        // but an object of bytes is none that the collector knows, so it does not.
        let bytes = unsafe { std::slice::from_raw_parts(elements.as_ptr(), elements.nbytes()) };
        return Ok(PyBytes::new(py, bytes));
    }
    PyBytes::new_with(py, elements.nbytes(), |bytes| {
        let room = Room(bytes.as_mut_ptr());
        with_memory(py, &[view.side(elements, false)], move || {
            let room = room;
            // SAFETY: the elements are initialised (X1), and `with_memory` keeps them and others away. There is room for all bytes.
            unsafe { elements.write_to(order, room.0) }
        })
    })
}

/// Reads an order of elements: "C", "F", "A" or None.
#[inline(never)]
pub(super) fn order(order: Option<&str>, elements: &Untyped) -> PyResult<Order> {
    match order {
        None | Some("C") => Ok(Order::C),
        Some("F") => Ok(Order::F),
        Some("A") if elements.is_contiguous(Order::F) && !elements.is_contiguous(Order::C) => Ok(Order::F),
        Some("A") => Ok(Order::C),
        Some(_) => Err(PyValueError::new_err("order must be 'C', 'F', 'A' or None")),
    }
}

/// Returns the index of the first element that equals `value`. `length` is that of the only axis.
#[inline(never)]
pub(super) fn index(
    slf: &Bound<'_, ViewObject>,
    length: usize,
    value: &Bound<'_, PyAny>,
    start: Option<&Bound<'_, PyAny>>,
    stop: Option<&Bound<'_, PyAny>>,
) -> PyResult<usize> {
    let bound = |bound: Option<&Bound<'_, PyAny>>, default: usize| match bound {
        None => Ok(default),
        Some(bound) => {
            let bound = super::key::clamped(bound)?;
            let from_start = if bound < 0 { bound.saturating_add_unsigned(length).max(0) } else { bound };
            PyResult::Ok(from_start.cast_unsigned().min(length))
        }
    };
    for i in bound(start, 0)?..bound(stop, length)? {
        if equals_at(slf, i, value)? {
            return Ok(i);
        }
    }
    Err(PyValueError::new_err("the value is not in the view"))
}

/// Returns how many elements equal `value`. `length` is that of the only axis.
pub(super) fn count(slf: &Bound<'_, ViewObject>, length: usize, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    (0..length).try_fold(0, |count, i| Ok(count + usize::from(equals_at(slf, i, value)?)))
}

fn equals_at(slf: &Bound<'_, ViewObject>, i: usize, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let view = slf.get();
    let _pointers = view.while_pointers()?;
    let address = view.checked()?.element(&[i.cast_signed()]).or_raise()?;
    let element = view.element_at(slf.py(), address)?;
    Ok(element.is(value) || element.eq(value)?)
}

/// Fails if elements are references to Python objects, which are not copied as bytes.
#[inline(never)]
pub(super) fn reject_objects(elements: &Untyped) -> PyResult<()> {
    elements.reject_objects().or_raise()
}

/// Whether the elements are single bytes: `B`, `b` or `c`.
pub(super) fn is_bytes(format: &Format) -> bool {
    let kind = format.as_scalar().map(|(dtype, _)| (dtype.kind(), dtype.itemsize()));
    matches!(kind, Some((Kind::Int | Kind::Uint | Kind::Bytes, 1)))
}

/// Returns the exception for a format that is not a `str`.
pub(super) fn not_text(what: &str, found: &Bound<'_, PyAny>) -> PyErr {
    let class = class_name(found);
    PyTypeError::new_err(format!("{what} must be a str, not {class}"))
}
