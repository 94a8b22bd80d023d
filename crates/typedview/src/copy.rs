//! The copy engine: contents from one view into another of the same shape.
//! Exact for overlapping memory: the result is as if the source had been copied away first.

use crate::element::Element;
use crate::error::{Error, LayoutError};
use crate::layout::{Layout, Order};
use crate::raw::{Raw, Walk};
use alloc::vec::Vec;

/// Copies the elements of `source` into `target`.
///
/// # Errors
///
/// The shapes differ; nothing has been written then.
///
/// # Safety
///
/// The memory of both is alive and initialised, that of `target` writable, and nobody else uses either.
pub(crate) unsafe fn copy<T: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<T, M>,
) -> Result<(), Error> {
    if target.layout().shape() != source.layout().shape() {
        let (target, source) = (target.layout().shape().into(), source.layout().shape().into());
        return Err(LayoutError::CopyShape { target, source }.into());
    }
    if same_block(target, source) {
        let size = source.layout().size() * size_of::<T>();
        // SAFETY: both are blocks of `size` bytes (R1), alive by the caller; `copy` allows overlap.
        unsafe { core::ptr::copy(source.as_ptr().cast::<u8>(), target.as_ptr().cast::<u8>(), size) };
    } else if disjoint(target, source) {
        // SAFETY: the caller; offsets come from a walk over the layout of `source`.
        let elements = Walk::new(source.clone()).map(|offset| unsafe { source.read(offset) });
        // SAFETY: the caller; the shapes are equal, so there is one element for each of `target`.
        unsafe { copy_each(target, elements) };
    } else {
        // SAFETY: the caller.
        let away = unsafe { to_vec(source) };
        // SAFETY: the caller; the shapes are equal, so there is one element for each of `target`.
        unsafe { copy_each(target, away.into_iter()) };
    }
    Ok(())
}

/// The elements in index order.
///
/// # Safety
///
/// The memory is alive and initialised, and nobody writes it meanwhile.
pub(crate) unsafe fn to_vec<T: Element, L: Layout>(source: &Raw<T, L>) -> Vec<T> {
    let walk = Walk::new(source.clone());
    let mut elements = Vec::with_capacity(walk.left());
    walk.for_each(|offset| {
        // SAFETY: `offset` comes from a walk over the layout of `source`.
        elements.push(unsafe { source.read(offset) });
    });
    elements
}

/// Sets every element.
///
/// # Safety
///
/// The memory is alive and writable, and nobody else uses it meanwhile.
pub(crate) unsafe fn fill<T: Element, L: Layout>(target: &Raw<T, L>, value: T) {
    Walk::new(target.clone()).for_each(|offset| {
        // SAFETY: `offset` comes from a walk over the layout of `target`.
        unsafe { target.write(offset, value) };
    });
}

/// Writes one element after the other.
///
/// # Safety
///
/// As [`copy`].
unsafe fn copy_each<T: Element, L: Layout>(target: &Raw<T, L>, mut elements: impl Iterator<Item = T>) {
    Walk::new(target.clone()).for_each(|offset| {
        if let Some(element) = elements.next() {
            // SAFETY: `offset` comes from a walk over the layout of `target`.
            unsafe { target.write(offset, element) };
        }
    });
}

fn same_block<T: Element, L: Layout, M: Layout>(target: &Raw<T, L>, source: &Raw<T, M>) -> bool {
    [Order::C, Order::F].into_iter().any(|order| {
        target.layout().is_contiguous(order, size_of::<T>())
            && source.layout().is_contiguous(order, size_of::<T>())
    })
}

fn disjoint<T: Element, L: Layout, M: Layout>(target: &Raw<T, L>, source: &Raw<T, M>) -> bool {
    let (a, b) = (target.addresses(), source.addresses());
    a.1 <= b.0 || b.1 <= a.0
}
