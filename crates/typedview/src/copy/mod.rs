//! The copy engine: contents from one view into another, source axes of length 1 repeated.
//! Exact for overlapping memory: the result is as if the source had been copied away first.

mod plan;

pub(crate) use plan::Plan;

use crate::element::Element;
use crate::error::{Error, LayoutError, MemoryError};
use crate::layout::{Dyn, Layout};
use crate::raw::{Raw, Walk};
use alloc::vec::Vec;

/// Copies the elements of `source`, repeated to the shape of `target`, into `target`.
///
/// # Errors
///
/// The source cannot be broadcast to the shape of the target; there is no memory for a copy of it, where the two overlap.
/// Nothing has been written then.
///
/// # Safety
///
/// The memory of both is alive and initialised, that of `target` writable, and nobody else uses either.
pub(crate) unsafe fn copy<T: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<T, M>,
) -> Result<(), Error> {
    let Some(direct) = source.direct() else {
        // SAFETY: the caller.
        let away = unsafe { try_to_vec(source) }?;
        let (ptr, shape) = (away.as_ptr().cast_mut(), source.layout().shape());
        // SAFETY: the vector is a block with that shape.
        let away_raw: Raw<T, Dyn> = unsafe { Raw::new(ptr.cast(), Dyn::dense(shape, size_of::<T>())) };
        // SAFETY: the caller; the vector overlaps nothing.
        return unsafe { copy(target, &away_raw) };
    };
    let source = broadcast(target.layout().shape(), &direct)?;
    match target.direct() {
        // SAFETY: the caller.
        Some(target) => unsafe { copy_direct(&target, &source) },
        None => {
            // Where the target's pointers lead is not known before they are followed.
            // SAFETY: the caller.
            let away = unsafe { try_to_vec(&source) }?;
            // SAFETY: the caller; there is one element for each of `target`.
            unsafe { write_each(target, away.into_iter()) };
            Ok(())
        }
    }
}

/// The source with the shape of the target.
///
/// Cython's rule: axes of length 1 are repeated, missing ones in front are added, and superfluous ones in front may be
/// dropped when their length is 1.
fn broadcast<T: Element>(shape: &[usize], source: &Raw<T, Dyn>) -> Result<Raw<T, Dyn>, Error> {
    let found = source.layout().shape();
    let refuse = || Error::from(LayoutError::CopyShape { target: shape.into(), source: found.into() });
    let surplus = found.len().saturating_sub(shape.len());
    if found[..surplus].iter().any(|&extent| extent != 1) {
        return Err(refuse());
    }
    let missing = shape.len().saturating_sub(found.len());
    let strides = shape.iter().enumerate().map(|(axis, &extent)| {
        let Some(from) = (axis + surplus).checked_sub(missing) else {
            return Ok((extent, 0));
        };
        match found[from] {
            same if same == extent => Ok((extent, source.layout().stride(from, size_of::<T>()))),
            1 => Ok((extent, 0)),
            _ => Err(refuse()),
        }
    });
    let axes = strides.collect::<Result<Vec<_>, Error>>()?;
    // The offsets are those of the source, repeated.
    Ok(source.rearranged(Dyn::of_axes(axes.into_iter())))
}

/// Copies between two layouts of the same shape, without a temporary where the order of addresses makes one needless.
///
/// # Errors
///
/// There is no memory for the temporary; nothing has been written then.
///
/// # Safety
///
/// As [`copy`], and the shapes are equal.
unsafe fn copy_direct<T: Element>(target: &Raw<T, Dyn>, source: &Raw<T, Dyn>) -> Result<(), Error> {
    let itemsize = size_of::<T>();
    let strides = |axis| [target, source].map(|raw| raw.layout().stride(axis, itemsize));
    let plan = Plan::new(target.layout().shape(), strides);
    let (to, from) = (target.addresses(), source.addresses());
    let disjoint = to.1 <= from.0 || from.1 <= to.0;
    if disjoint || plan.is_shift(itemsize) {
        let backwards = !disjoint && target.as_ptr().addr() > source.as_ptr().addr();
        // SAFETY: the caller; the plan visits indices inside both.
        unsafe { copy_planned(&plan, backwards, target, source) };
    } else {
        // SAFETY: the caller.
        let away = unsafe { try_to_vec(source) }?;
        // SAFETY: the caller; the shapes are equal, so there is one element for each of `target`.
        unsafe { write_each(target, away.into_iter()) };
    }
    Ok(())
}

/// Copies run by run, in the order of the plan or backwards.
///
/// # Safety
///
/// As [`copy`]; the plan is that of these two layouts.
unsafe fn copy_planned<T: Element>(
    plan: &Plan<2>,
    backwards: bool,
    target: &Raw<T, Dyn>,
    source: &Raw<T, Dyn>,
) {
    let itemsize = size_of::<T>().cast_signed();
    let (to, from) = (target.as_ptr().cast::<u8>(), source.as_ptr().cast::<u8>());
    plan.for_each_run(backwards, |[to_offset, from_offset], length, strides| {
        // SAFETY: the plan gives offsets of elements (R1).
        let to = unsafe { to.offset(to_offset) };
        // SAFETY: as above.
        let from = unsafe { from.offset(from_offset) };
        // Padding of the source may be uninitialised, and that of the target stays what it is.
        if strides == [itemsize; 2] && !T::PADDED {
            // SAFETY: `length` elements of both lie side by side; `copy` allows them to overlap.
            unsafe { core::ptr::copy(from, to, length * size_of::<T>()) };
            return;
        }
        let one = |i: usize| {
            // SAFETY: the run has more than `i` elements.
            let element = unsafe { from.offset(strides[1] * i.cast_signed()) };
            // SAFETY: as above.
            let place = unsafe { to.offset(strides[0] * i.cast_signed()) };
            // SAFETY: the caller; any alignment.
            let element = unsafe { element.cast::<T>().read_unaligned() };
            // SAFETY: the caller; any alignment.
            unsafe { element.write_to(place) };
        };
        if backwards {
            (0..length).rev().for_each(one);
        } else {
            (0..length).for_each(one);
        }
    });
}

/// The elements in index order.
///
/// # Errors
///
/// There is no memory for them.
///
/// # Safety
///
/// The memory is alive and initialised, and nobody writes it meanwhile.
pub(crate) unsafe fn try_to_vec<T: Element, L: Layout>(source: &Raw<T, L>) -> Result<Vec<T>, Error> {
    let walk = Walk::new(source.clone());
    let mut elements = room(walk.left())?;
    // SAFETY: the caller; the walk gives places of elements.
    elements.extend(walk.map(|place| unsafe { Raw::<T, L>::read(place) }));
    Ok(elements)
}

/// A vector with room for so many items.
///
/// # Errors
///
/// There is no memory for them.
pub(crate) fn room<X>(count: usize) -> Result<Vec<X>, Error> {
    let mut elements = Vec::new();
    match elements.try_reserve_exact(count) {
        Ok(()) => Ok(elements),
        Err(_) => Err(MemoryError { nbytes: count.saturating_mul(size_of::<X>()) }.into()),
    }
}

/// Sets every element.
///
/// # Safety
///
/// The memory is alive and writable, and nobody else uses it meanwhile.
pub(crate) unsafe fn fill<T: Element, L: Layout>(target: &Raw<T, L>, value: T) {
    // SAFETY: the caller; the walk gives places of elements.
    Walk::new(target.clone()).for_each(|place| unsafe { Raw::<T, L>::write(place, value) });
}

/// Writes one element after the other.
///
/// # Safety
///
/// As [`copy`].
unsafe fn write_each<T: Element, L: Layout>(target: &Raw<T, L>, mut elements: impl Iterator<Item = T>) {
    Walk::new(target.clone()).for_each(|place| {
        if let Some(element) = elements.next() {
            // SAFETY: the caller; the walk gives places of elements.
            unsafe { Raw::<T, L>::write(place, element) };
        }
    });
}
