//! Copying: copies the elements of one view into another, and repeats source axes of length 1.
//! The result is exact for overlapping memory: it is as if the source had first been copied to separate memory.
//!
//! - [`loop_nest`] puts the axes into the order of the memory, and merges them; [`loops`] walk two axes in blocks where orders differ.
//! - [`overlap`] finds an order in which each element is read before it is overwritten.
//! - [`transfer`] copies a loop nest by the size of its items: [`runs`] of items along one axis, [`tiles`] where the two sides
//!   differ in their order, [`exchange`] where both are the same memory.
//! - [`temporary`] copies through other memory, where no order will do.
//! - [`convert`](mod@convert) copies numbers into another type.
//! - [`pointers`] copies between layouts whose axes hold pointers, part by part.

mod convert;
mod cpu;
mod ends;
mod exchange;
mod gather;
mod line;
mod loop_nest;
mod loops;
mod overlap;
mod pointers;
mod runs;
mod temporary;
mod tiles;
mod transfer;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod transpose;
mod unit;

pub(crate) use convert::{convert, convert_exact};
pub(crate) use loop_nest::LoopNest;

use crate::element::Element;
use crate::error::{AllocationError, Error, LayoutError};
use crate::layout::{Dyn, Layout, Order as Contiguity};
use crate::raw::{PtrIter, Raw};
use alloc::vec::Vec;
use ends::Ends;
use overlap::Order;
use pointers::{copy_parts, pointer_axes};
use temporary::through_temporary;
use transfer::transfer;

/// Whether the two sides of a copy may have bytes in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sides {
    /// They may be anywhere.
    Any,
    /// They have none, because one of them is a `ViewMut` or new memory.
    Apart,
}

/// Copies the elements of `source`, repeated to the shape of `target`, into `target`.
///
/// # Errors
///
/// Fails when the source cannot be broadcast to the shape of the target, or when there is not enough memory for a temporary copy
/// that is needed because the two overlap. Nothing has been written in these cases.
///
/// # Safety
///
/// The caller must ensure that the memory of both is alive and initialised, that the memory of `target` is writable,
/// that nobody else uses either of them, and that `sides` says the truth.
pub(crate) unsafe fn copy<T: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<T, M>,
    sides: Sides,
) -> Result<(), Error> {
    let itemsize = size_of::<T>();
    let ends = Ends { to: target.as_ptr().cast(), from: source.as_ptr().cast() };
    let shapes = [target.layout().shape(), source.layout().shape()];
    let are_blocks = target.layout().is_contiguous(Contiguity::C, itemsize)
        && source.layout().is_contiguous(Contiguity::C, itemsize);
    if are_blocks && shapes[0] == shapes[1] && !T::PADDED {
        // SAFETY: both are one block of elements without gaps and padding, and of one length, which the caller guarantees to be
        // alive. `core::ptr::copy` allows the blocks to overlap.
        unsafe { core::ptr::copy(ends.from, ends.to, target.layout().size() * itemsize) };
        return Ok(());
    }
    check_repeats(shapes)?;
    if target.layout().is_empty() || itemsize == 0 {
        return Ok(());
    }
    if pointer_axes(target.layout()).max(pointer_axes(source.layout())) > 0 {
        // SAFETY: the caller guarantees what is required of both memories, and the source can be repeated.
        return unsafe { copy_parts(target, source, sides) };
    }
    // SAFETY: the caller guarantees what is required of both memories, and the nest is made from their layouts.
    unsafe { copy_nest::<T>(nest_of(target, source, 0), ends, sides) }
}

/// Returns the nest of a copy from `source`, which can be repeated to the shape of `target`, over the axes of the target from number
/// `outer` on.
fn nest_of<T: Element, S: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<S, M>,
    outer: usize,
) -> LoopNest<2> {
    let shapes = [target.layout().shape(), source.layout().shape()];
    let mut nest = LoopNest::new(&shapes[0][outer..], |axis| {
        let axis = axis + outer;
        let from = source_axis(shapes, axis).map_or(0, |from| source.layout().stride(from, size_of::<S>()));
        [target.layout().stride(axis, size_of::<T>()), from]
    });
    nest.skip_rewrites();
    nest
}

/// Fails if a source of the second shape cannot be repeated to the first shape.
///
/// The rule is Cython's: axes of length 1 are repeated, missing axes in front are added, and superfluous axes in front
/// may be dropped when their length is 1.
pub(crate) fn check_repeats([target, source]: [&[usize]; 2]) -> Result<(), Error> {
    let surplus = source.len().saturating_sub(target.len());
    let missing = target.len().saturating_sub(source.len());
    let fits = |(wanted, found): (&usize, &usize)| wanted == found || *found == 1;
    let fit = target[missing..].iter().zip(&source[surplus..]).all(fits);
    if fit && source[..surplus].iter().all(|extent| *extent == 1) {
        return Ok(());
    }
    Err(LayoutError::CopyShape { target: target.into(), source: source.into() }.into())
}

/// Returns the axis of the source that belongs to an axis of the target, or `None` if the source is repeated along it. The shapes
/// must have been checked.
#[inline]
pub(crate) fn source_axis([target, source]: [&[usize]; 2], axis: usize) -> Option<usize> {
    let from = (axis + source.len()).checked_sub(target.len())?;
    (source[from] == target[axis]).then_some(from)
}

/// Copies the elements that `nest` visits, through a temporary copy if there is no other way.
///
/// # Errors
///
/// Fails when there is not enough memory for the temporary copy. Nothing has been written in this case.
///
/// # Safety
///
/// The caller must ensure that `ends` and the nest lead to elements of two memories, for which it ensures what [`copy`] requires.
unsafe fn copy_nest<T: Element>(mut nest: LoopNest<2>, ends: Ends, sides: Sides) -> Result<(), Error> {
    let itemsize = items::<T>(&mut nest);
    let order = match sides {
        Sides::Apart => Some(Order::Any),
        Sides::Any => Order::choose(&nest, [ends.to.addr(), ends.from.addr()], itemsize),
    };
    if let Some(order) = order {
        // SAFETY: the caller guarantees what is required of both memories, and the order was chosen for them.
        unsafe { transfer::<T>(itemsize, order, ends, &nest) };
        return Ok(());
    }
    let store = |ends, nest: &LoopNest<2>| {
        // SAFETY: the caller guarantees what is required of the source, and the temporary copy is new memory.
        unsafe { transfer::<T>(itemsize, Order::Any, ends, nest) };
    };
    // SAFETY: the caller guarantees what is required of both memories, and `store` writes all items.
    unsafe { through_temporary::<T>(&nest, ends, itemsize, store) }
}

/// Joins elements to larger items where they are adjacent, and returns the number of bytes of an item.
fn items<T: Element>(nest: &mut LoopNest<2>) -> usize {
    /// The largest items that are joined: a run of more bytes is copied faster than items one by one.
    const LARGEST: usize = 64;
    // Padding must not be read, so elements that have it are copied one by one.
    if T::PADDED { size_of::<T>() } else { nest.join_items(size_of::<T>(), LARGEST) }
}

/// The number of elements from which on they are visited in an order that suits their memory. For fewer of them it takes longer to
/// make a nest of loops than to visit them in index order.
const FEW: usize = 256;

/// Returns the elements in index order.
///
/// # Errors
///
/// Fails when there is not enough memory for the elements.
///
/// # Safety
///
/// The caller must ensure that the memory is alive and initialised, and that nobody writes it during the call.
pub(crate) unsafe fn try_to_vec<T: Element, L: Layout>(source: &Raw<T, L>) -> Result<Vec<T>, Error> {
    let block = source.layout().is_contiguous(Contiguity::C, size_of::<T>());
    if !block && (source.layout().size() < FEW || L::ONE_RUN) {
        let mut elements: Vec<T> = room(source.layout().size())?;
        // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive,
        // initialised and not written by others.
        elements.extend(PtrIter::new(source.clone()).map(|ptr| unsafe { Raw::<T, L>::read(ptr) }));
        return Ok(elements);
    }
    // SAFETY: the caller guarantees what is required of `source`. The target is new memory, of which nothing is read.
    let write = |target: &Raw<T, Dyn>| unsafe { copy(target, source, Sides::Apart) };
    // SAFETY: a copy without an error has written all elements.
    unsafe { new_elements(source.layout().shape(), write) }
}

/// Returns a vector with the elements that `write` writes into a new block in C order.
///
/// # Errors
///
/// Fails when there is not enough memory for the elements, or when `write` fails.
///
/// # Safety
///
/// The caller must ensure that `write` initialises all elements of the view that it is given, if it does not fail, and that it
/// reads none of them. The shape must be that of a layout.
unsafe fn new_elements<T: Element>(
    shape: &[usize],
    write: impl FnOnce(&Raw<T, Dyn>) -> Result<(), Error>,
) -> Result<Vec<T>, Error> {
    let layout = Dyn::dense(shape, size_of::<T>());
    let size = layout.size();
    let mut elements: Vec<T> = room(size)?;
    // SAFETY: the vector has room for as many elements as the layout has, which are one block in C order (R1).
    write(&unsafe { Raw::new(elements.as_mut_ptr().cast(), layout) })?;
    // SAFETY: the vector has room for `size` elements, all of which have been written.
    unsafe { elements.set_len(size) };
    Ok(elements)
}

/// Returns a view of elements that are those of a layout with this shape, in index order.
fn view_of<T: Element>(elements: &[T], shape: &[usize]) -> Raw<T, Dyn> {
    let layout = Dyn::dense(shape, size_of::<T>());
    assert_eq!(layout.size(), elements.len(), "there is one element for each index");
    // SAFETY: the elements are one block in C order with that shape, so every offset of the layout stays inside their allocation
    // (R1).
    unsafe { Raw::new(elements.as_ptr().cast_mut().cast(), layout) }
}

/// Returns an empty vector with room for `count` items.
///
/// # Errors
///
/// Fails when there is not enough memory for the items.
pub(crate) fn room<X>(count: usize) -> Result<Vec<X>, Error> {
    let mut elements = Vec::new();
    match elements.try_reserve_exact(count) {
        Ok(()) => Ok(elements),
        Err(_) => Err(AllocationError { nbytes: count.saturating_mul(size_of::<X>()) }.into()),
    }
}

/// Sets every element to `value`.
///
/// # Safety
///
/// The caller must ensure that the memory is alive and writable, and that nobody else uses it during the call.
pub(crate) unsafe fn fill<T: Element, L: Layout>(target: &Raw<T, L>, value: T) {
    if size_of::<T>() == 0 {
        return;
    }
    let one_block = target.layout().is_contiguous(Contiguity::C, size_of::<T>());
    if one_block || target.layout().size() < FEW {
        // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive, writable
        // and not used by others.
        return PtrIter::new(target.clone()).for_each(|ptr| unsafe { Raw::<T, L>::write(ptr, value) });
    }
    // SAFETY: the caller guarantees what is required of the target. The source is one element, which lies elsewhere.
    let filled = unsafe { copy(target, &view_of(&[value], &[]), Sides::Apart) };
    debug_assert!(filled.is_ok(), "one element is repeated to every shape, and needs no other memory");
}
