//! Copying: copies the elements of one view into another, and repeats source axes of length 1.
//! The result is exact for overlapping memory: it is as if the source had first been copied to separate memory.

mod line;
mod loop_nest;
mod tiles;

pub(crate) use loop_nest::LoopNest;

use crate::element::Element;
use crate::error::{AllocationError, Error, LayoutError};
use crate::layout::{Dyn, Layout};
use crate::raw::{PtrIter, Raw};
use alloc::vec::Vec;
use tiles::Plane;

/// Copies the elements of `source`, repeated to the shape of `target`, into `target`.
///
/// A temporary copy of the source may be needed when the two overlap. It is always needed when an axis of either holds
/// pointers.
///
/// # Errors
///
/// Fails when the source cannot be broadcast to the shape of the target, or when there is not enough memory for the
/// temporary copy. Nothing has been written in these cases.
///
/// # Safety
///
/// The caller must ensure that the memory of both is alive and initialised, that the memory of `target` is writable,
/// and that nobody else uses either of them.
pub(crate) unsafe fn copy<T: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<T, M>,
) -> Result<(), Error> {
    let Some(direct) = source.direct() else {
        // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written by others.
        let away = unsafe { try_to_vec(source) }?;
        let (ptr, shape) = (away.as_ptr().cast_mut(), source.layout().shape());
        // SAFETY: the elements of the vector are one block in C order with that shape, so every offset of the layout
        // stays inside the allocation of the vector (R1).
        let away_raw: Raw<T, Dyn> = unsafe { Raw::new(ptr.cast(), Dyn::dense(shape, size_of::<T>())) };
        // SAFETY: the caller guarantees what is required of `target`. The vector is alive, initialised, used by nobody
        // else, and separate from `target`.
        return unsafe { copy(target, &away_raw) };
    };
    let source = broadcast(target.layout().shape(), &direct)?;
    match target.direct() {
        // SAFETY: the caller guarantees what is required of both memories, and `broadcast` has made the shapes equal.
        Some(target) => unsafe { copy_direct(&target, &source) },
        None => {
            // The memory that the pointers of the target lead to is not known before the pointers are followed. It may
            // overlap the source, so the source is copied to a temporary first.
            // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written.
            let away = unsafe { try_to_vec(&source) }?;
            // SAFETY: the caller guarantees what is required of `target`, and the vector has one element for each
            // element of `target`.
            unsafe { write_each(target, away.into_iter()) };
            Ok(())
        }
    }
}

/// Returns the source with the shape of the target.
///
/// The rule is Cython's: axes of length 1 are repeated, missing axes in front are added, and superfluous axes in front
/// may be dropped when their length is 1.
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
    // Each index of the new layout has the offset of an index of the source, as `rearranged` requires.
    Ok(source.rearranged(Dyn::of_axes(axes.into_iter())))
}

/// Copies between two layouts of the same shape.
///
/// No temporary copy is made when the memories are disjoint, or when copying in the order of addresses gives the exact
/// result.
///
/// # Errors
///
/// Fails when there is not enough memory for the temporary copy. Nothing has been written in this case.
///
/// # Safety
///
/// The caller must ensure everything that [`copy`] requires, and that the shapes are equal.
unsafe fn copy_direct<T: Element>(target: &Raw<T, Dyn>, source: &Raw<T, Dyn>) -> Result<(), Error> {
    let itemsize = size_of::<T>();
    let nest = nest_of(target, source);
    let (to, from) = (target.addresses(), source.addresses());
    let disjoint = to.1 <= from.0 || from.1 <= to.0;
    if disjoint {
        // SAFETY: the caller guarantees what is required of both memories, which are disjoint.
        unsafe { copy_disjoint(&nest, target, source) };
    } else if nest.is_shift(itemsize) {
        let backwards = target.as_ptr().addr() > source.as_ptr().addr();
        // SAFETY: the caller guarantees what is required of both memories, and the nest is made from the layouts of
        // both, so it visits only indices inside their shapes.
        unsafe { copy_runs(&nest, backwards, target, source) };
    } else {
        // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written by others.
        let away = unsafe { try_to_vec(source) }?;
        // SAFETY: the caller guarantees what is required of `target`. The shapes are equal, so the vector has one
        // element for each element of `target`.
        unsafe { write_each(target, away.into_iter()) };
    }
    Ok(())
}

/// Returns the loops over two layouts of the same shape, in an order that suits the memory of `target`.
fn nest_of<T: Element>(target: &Raw<T, Dyn>, source: &Raw<T, Dyn>) -> LoopNest<2> {
    let strides = |axis| [target, source].map(|raw| raw.layout().stride(axis, size_of::<T>()));
    LoopNest::new(target.layout().shape(), strides)
}

/// Copies between two layouts of the same shape, whose memories are disjoint. Nothing is read of the target.
///
/// # Safety
///
/// The caller must ensure that both memories are alive and do not overlap, that the one of `source` is initialised, that the one of `target`
/// is writable, that nobody else uses either of them, and that `nest` is made from the layouts of `target` and `source`, in this order.
unsafe fn copy_disjoint<T: Element>(nest: &LoopNest<2>, target: &Raw<T, Dyn>, source: &Raw<T, Dyn>) {
    let Some((planes, rows, columns)) = nest.planes(size_of::<T>()) else {
        // SAFETY: the caller guarantees what is required of both memories and of the nest.
        return unsafe { copy_runs(nest, false, target, source) };
    };
    let (to, from) = (target.as_ptr().cast::<u8>(), source.as_ptr().cast::<u8>());
    let nbytes = target.layout().size() * size_of::<T>();
    planes.for_each_run(false, |[to_offset, from_offset], _, _| {
        // SAFETY: the nest gives the offset of an element of `target`, which stays inside its allocation (R1).
        let to = unsafe { to.offset(to_offset) };
        // SAFETY: the nest gives the offset of an element of `source`, which stays inside its allocation (R1).
        let from = unsafe { from.offset(from_offset) };
        // SAFETY: the caller guarantees what is required of both memories, which are disjoint. The plane has indices of both
        // layouts.
        unsafe { Plane { to, from, rows, columns }.copy::<T>(nbytes) };
    });
}

/// Copies run by run, in the order of the nest, or in reverse order if `backwards` is true.
///
/// # Safety
///
/// The caller must ensure everything that [`copy`] requires, and that `nest` is made from the layouts of `target` and
/// `source`, in this order.
unsafe fn copy_runs<T: Element>(
    nest: &LoopNest<2>,
    backwards: bool,
    target: &Raw<T, Dyn>,
    source: &Raw<T, Dyn>,
) {
    let itemsize = size_of::<T>().cast_signed();
    let (to, from) = (target.as_ptr().cast::<u8>(), source.as_ptr().cast::<u8>());
    nest.for_each_run(backwards, |[to_offset, from_offset], length, strides| {
        // SAFETY: the nest gives the offset of an element of `target`, which stays inside its allocation (R1).
        let to = unsafe { to.offset(to_offset) };
        // SAFETY: the nest gives the offset of an element of `source`, which stays inside its allocation (R1).
        let from = unsafe { from.offset(from_offset) };
        // Elements with padding are not copied as one block: padding of the source may be uninitialised, and padding of
        // the target must keep its bytes.
        if strides == [itemsize; 2] && !T::PADDED {
            // SAFETY: both runs are `length` elements without gaps, in memory that the caller guarantees to be alive;
            // `core::ptr::copy` allows the runs to overlap.
            unsafe { core::ptr::copy(from, to, length * size_of::<T>()) };
            return;
        }
        let one = |i: usize, strides: [isize; 2]| {
            // SAFETY: the run of `source` has more than `i` elements, so the offset stays inside its allocation (R1).
            let element = unsafe { from.offset(strides[1] * i.cast_signed()) };
            // SAFETY: the run of `target` has more than `i` elements, so the offset stays inside its allocation (R1).
            let ptr = unsafe { to.offset(strides[0] * i.cast_signed()) };
            // SAFETY: the caller guarantees that the element is alive and initialised; the read needs no alignment.
            let element = unsafe { element.cast::<T>().read_unaligned() };
            // SAFETY: the caller guarantees that the memory of `target` is writable; the write needs no alignment.
            unsafe { element.write_to(ptr) };
        };
        // The compiler can vectorise the loop whose strides are constants.
        if backwards {
            (0..length).rev().for_each(|i| one(i, strides));
        } else if strides == [itemsize, 2 * itemsize] {
            (0..length).for_each(|i| one(i, [itemsize, 2 * itemsize]));
        } else {
            (0..length).for_each(|i| one(i, strides));
        }
    });
}

/// The number of elements from which on they are copied in an order that suits their memory.
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
    let size = source.layout().size();
    let mut elements = room(size)?;
    // For few elements, and for a single run, it takes longer to make a nest of loops than to visit the elements in index order.
    let direct = if size < FEW || L::ONE_RUN { None } else { source.direct() };
    let Some(direct) = direct else {
        // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive,
        // initialised and not written by others.
        elements.extend(PtrIter::new(source.clone()).map(|ptr| unsafe { Raw::<T, L>::read(ptr) }));
        return Ok(elements);
    };
    let block = Dyn::dense(source.layout().shape(), size_of::<T>());
    // SAFETY: the vector has room for as many elements as the layout has, which are one block in C order (R1).
    let target: Raw<T, Dyn> = unsafe { Raw::new(elements.as_mut_ptr().cast(), block) };
    let nest = nest_of(&target, &direct);
    // SAFETY: the caller guarantees what is required of `source`. The memory of the vector is new, so it is disjoint from it.
    unsafe { copy_disjoint(&nest, &target, &direct) };
    // SAFETY: the vector has room for `size` elements, all of which have been written.
    unsafe { elements.set_len(size) };
    Ok(elements)
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
    // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive, writable
    // and not used by others.
    PtrIter::new(target.clone()).for_each(|ptr| unsafe { Raw::<T, L>::write(ptr, value) });
}

/// Writes the items of `elements` into the elements of `target`, in index order.
///
/// # Safety
///
/// The caller must ensure what [`copy`] requires of its target: the memory is alive, initialised and writable, and
/// nobody else uses it.
unsafe fn write_each<T: Element, L: Layout>(target: &Raw<T, L>, mut elements: impl Iterator<Item = T>) {
    PtrIter::new(target.clone()).for_each(|ptr| {
        if let Some(element) = elements.next() {
            // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive,
            // writable and not used by others.
            unsafe { Raw::<T, L>::write(ptr, element) };
        }
    });
}
