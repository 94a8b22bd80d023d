//! Memory of views: new blocks, copies, and tables of pointers to rows.

use super::access::{Room, Side, with_memory};
use super::contents::reject_objects;
use super::view_object::ViewObject;
use crate::error::OrRaise;
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;
use typedview::{C, Format, Memory, Order, Owned, PerAxis, Untyped};

/// Allocates elements that are one block in an order. All bytes are 0.
///
/// # Errors
///
/// Raises `ValueError` for a shape that no memory can have, and `MemoryError` when there is not enough memory.
pub fn allocate(format: Format, shape: &[usize], order: Order) -> PyResult<(Untyped, Memory)> {
    let itemsize = format.itemsize();
    let strides = strides_of(shape, itemsize, order);
    // The sizes are checked before anything is allocated.
    // SAFETY: nothing is accessed through this view.
    let checked =
        unsafe { Untyped::new(std::ptr::dangling_mut(), format.clone(), shape, &strides, &[]) }.or_raise()?;
    // Words, so that every number is aligned.
    let words = checked.nbytes().div_ceil(size_of::<u128>());
    let block = Owned::<[u64; 2], C<1>>::try_zeroed([words]).or_raise()?;
    let (first, _, memory) = block.into_raw_parts();
    // SAFETY: the block has room for all elements, and it stays where it is.
    let untyped = unsafe { Untyped::new(first.cast(), format, shape, &strides, &[]) }.or_raise()?;
    Ok((untyped, memory))
}

/// Returns a copy of a view in memory of its own. Any other order than C and Fortran order keeps that of the view if it has one.
pub(super) fn copy<'py>(slf: &Bound<'py, ViewObject>, order: Order) -> PyResult<Bound<'py, ViewObject>> {
    let this = slf.get();
    let source = this.checked()?;
    reject_objects(source)?;
    let keeps_f =
        order == Order::Strided && !source.is_contiguous(Order::C) && source.is_contiguous(Order::F);
    let order = if keeps_f || order == Order::F { Order::F } else { Order::C };
    // Words, so that every number is aligned. The bytes are not cleared, because all of them are written.
    let mut words: Vec<[u64; 2]> = Vec::new();
    let count = source.nbytes().div_ceil(size_of::<[u64; 2]>());
    words.try_reserve_exact(count).map_err(|_| PyMemoryError::new_err("not enough memory for the copy"))?;
    let room = Room(words.as_mut_ptr().cast());
    with_memory(slf.py(), &[this.side(source, false)], move || {
        let room = room;
        // SAFETY: the source is initialised (X1), and `with_memory` keeps it and writers away. The vector has room for all bytes.
        unsafe { source.write_to(order, room.0) }
    })?;
    let first = words.as_mut_ptr().cast();
    let strides = strides_of(source.shape(), source.itemsize(), order);
    // SAFETY: all elements have been written, and the vector is not changed any more.
    let untyped =
        unsafe { Untyped::new(first, source.format().clone(), source.shape(), &strides, &[]) }.or_raise()?;
    let memory = Memory::from_owner(words);
    // SAFETY: the elements have been written, `memory` keeps them, and Rust gives them up.
    unsafe { ViewObject::of_memory(slf.py(), untyped, false, memory) }
}

/// Returns the strides of elements that are one block in C order or Fortran order.
fn strides_of(shape: &[usize], itemsize: usize, order: Order) -> PerAxis<isize> {
    if order != Order::F {
        return PerAxis::c_strides(shape, itemsize);
    }
    let reversed: PerAxis<usize> = shape.iter().rev().copied().collect();
    PerAxis::c_strides(&reversed, itemsize).iter().rev().copied().collect()
}

/// Returns a copy of a view whose elements have another format.
pub(super) fn converted<'py>(
    slf: &Bound<'py, ViewObject>,
    format: Format,
    order: Order,
) -> PyResult<Bound<'py, ViewObject>> {
    let this = slf.get();
    let source = this.checked()?;
    reject_objects(source)?;
    let (target, memory) = allocate(format, source.shape(), order)?;
    target.check_copy(source).or_raise()?;
    let sides = [Side::of_new(&target), this.side(source, false)];
    with_memory(slf.py(), &sides, || {
        // SAFETY: the source is initialised (X1), and `with_memory` keeps it and writers away. The target is new memory.
        unsafe { target.copy_from(source) }
    })?
    .or_raise()?;
    // SAFETY: the elements have been written, `memory` keeps them, and Rust gives them up.
    unsafe { ViewObject::of_memory(slf.py(), target, false, memory) }
}

/// Returns a table of pointers to rows of one format, length and stride, with an axis before theirs, and the memory of the pointers. The
/// rows are not copied.
///
/// # Errors
///
/// Raises `ValueError` if the rows differ, or if there are none.
///
/// # Safety
///
/// The caller must ensure that the memory of the rows stays alive as long as the result is used.
pub unsafe fn row_pointers(rows: &[Untyped]) -> PyResult<(Untyped, Memory)> {
    let Some(first) = rows.first() else {
        return Err(PyValueError::new_err("no rows: their element and length would be unknown"));
    };
    for (number, row) in rows.iter().enumerate() {
        if row.format() != first.format() || row.shape() != first.shape() {
            let [found, wanted] = [row, first].map(|row| row.found(false).summary());
            return Err(PyValueError::new_err(format!("row {number} is {found}, row 0 is {wanted}")));
        }
        if row.strides() != first.strides() || !row.suboffsets().is_empty() {
            let text = format!("row {number} has other strides than row 0, or pointers: copy it first");
            return Err(PyValueError::new_err(text));
        }
    }
    let mut pointers: Vec<*mut u8> = Vec::new();
    pointers
        .try_reserve_exact(rows.len())
        .map_err(|_| PyMemoryError::new_err("no memory for the pointers"))?;
    pointers.extend(rows.iter().map(Untyped::as_ptr));
    let pointers = Pointers(pointers);
    let at = pointers.0.as_ptr().cast_mut().cast();
    let shape: PerAxis<usize> = [rows.len()].iter().chain(first.shape()).copied().collect();
    let strides: PerAxis<isize> =
        [size_of::<usize>().cast_signed()].iter().chain(first.strides()).copied().collect();
    let suboffsets: PerAxis<isize> = [0].iter().copied().chain(first.shape().iter().map(|_| -1)).collect();
    // SAFETY: there is a pointer for each row, to the elements of that row, which the caller guarantees to stay alive. The vector is not
    // changed any more.
    let table =
        unsafe { Untyped::new(at, first.format().clone(), &shape, &strides, &suboffsets) }.or_raise()?;
    Ok((table, Memory::from_owner(pointers)))
}

/// Pointers to rows, which nobody follows through this value.
struct Pointers(Vec<*mut u8>);

// SAFETY: the pointers are only kept, so that they can be freed on any thread.
unsafe impl Send for Pointers {}
