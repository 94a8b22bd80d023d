//! Conversion: copies numbers of one type into a view of another type.
//! Each number is converted while it is copied, in an order that suits the memory of both sides.

use super::cpu::{Kernel, vectorised};
use super::ends::Ends;
use super::loop_nest::LoopNest;
use super::loops::Loop;
use super::overlap::{Order, are_apart};
use super::pointers::pointer_axes;
use super::temporary::through_temporary;
use super::{Sides, check_repeats, copy, nest_of, new_elements, try_to_vec, view_of};
use crate::element::{Element, Exact, Number};
use crate::error::{Error, ValueError};
use crate::layout::{Layout, advance};
use crate::raw::{PtrIter, Raw};
use alloc::string::ToString;
use core::marker::PhantomData;

/// Sets the elements of `target` to those of `source`, converted without a change of their values.
///
/// # Errors
///
/// Fails as [`convert`] does, and when `T` cannot hold a value. Nothing has been written in these cases.
///
/// # Safety
///
/// The caller must ensure what [`convert`] requires.
pub(crate) unsafe fn convert_exact<T: Exact<S>, S: Number, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<S, M>,
    sides: Sides,
) -> Result<(), Error> {
    check_repeats([target.layout().shape(), source.layout().shape()])?;
    if target.layout().is_empty() {
        return Ok(());
    }
    // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written by others.
    unsafe { check_exact::<T, S, M>(source) }?;
    // SAFETY: the caller guarantees what is required of both memories.
    unsafe { convert(target, source, sides, |number| T::nearest(number).0) }
}

/// Sets the elements of `target` to what `number` makes of those of `source`, which is repeated to the shape of `target`.
///
/// # Errors
///
/// Fails when the source cannot be broadcast to the shape of the target, or when there is not enough memory for a temporary copy,
/// which is needed when the two overlap or have axes that hold pointers. Nothing has been written in these cases.
///
/// # Safety
///
/// The caller must ensure that the memory of both is alive and initialised, that the memory of `target` is writable,
/// that nobody else uses either of them, that `number` runs no code that does, and that `sides` says the truth.
pub(crate) unsafe fn convert<T: Element, S: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<S, M>,
    sides: Sides,
    number: impl Fn(S) -> T + Copy,
) -> Result<(), Error> {
    let shape = target.layout().shape();
    check_repeats([shape, source.layout().shape()])?;
    if target.layout().is_empty() {
        return Ok(());
    }
    if pointer_axes(source.layout()) > 0 {
        let once = source.unrepeated();
        // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written by others.
        let away = unsafe { try_to_vec(&once) }?;
        let away = view_of(&away, once.layout().shape());
        // SAFETY: the caller guarantees what is required of the target. The vector is used by nobody else.
        return unsafe { convert(target, &away, Sides::Apart, number) };
    }
    if pointer_axes(target.layout()) > 0 {
        let once = source.unrepeated();
        // SAFETY: the caller guarantees what is required of the source. The new elements do not overlap it, and all are written.
        let write = |converted: &Raw<T, _>| unsafe { convert(converted, &once, Sides::Apart, number) };
        // SAFETY: a conversion without an error has written all elements.
        let converted = unsafe { new_elements(once.layout().shape(), write) }?;
        let converted = view_of(&converted, once.layout().shape());
        // SAFETY: the caller guarantees what is required of the target. The vector is used by nobody else.
        return unsafe { copy(target, &converted, Sides::Apart) };
    }
    let nest = nest_of(target, source, 0);
    let ends = Ends { to: target.as_ptr().cast(), from: source.as_ptr().cast() };
    let order = match sides {
        Sides::Apart => Some(Order::Any),
        Sides::Any => order_of(&nest, ends, [size_of::<T>(), size_of::<S>()]),
    };
    if let Some(order) = order {
        // SAFETY: the caller guarantees what is required of both memories, and the order was chosen for them.
        unsafe { convert_nest(&nest, order, ends, number) };
        return Ok(());
    }
    let store = |ends, nest: &LoopNest<2>| {
        // SAFETY: the caller guarantees what is required of the source, and the temporary copy is new memory.
        unsafe { convert_nest(nest, Order::Any, ends, number) };
    };
    // SAFETY: the caller guarantees what is required of both memories, and `store` writes all numbers.
    unsafe { through_temporary::<T>(&nest, ends, size_of::<T>(), store) }
}

/// Returns the order in which each number is read before it is overwritten, if there is one.
fn order_of(nest: &LoopNest<2>, ends: Ends, itemsizes: [usize; 2]) -> Option<Order> {
    let addresses = [ends.to.addr(), ends.from.addr()];
    if itemsizes[0] == itemsizes[1] {
        // Numbers that are converted cannot change places in pairs.
        return Order::choose(nest, addresses, itemsizes[0]).filter(|order| *order != Order::Exchange);
    }
    are_apart(nest, addresses, itemsizes).then_some(Order::Any)
}

/// Converts the elements that `nest` visits.
///
/// # Safety
///
/// The caller must ensure that `ends` and the nest lead to elements of two memories, for which it ensures what [`convert`] requires,
/// and that the order was chosen for them, or that they do not overlap.
unsafe fn convert_nest<T: Element, S: Element>(
    nest: &LoopNest<2>,
    order: Order,
    ends: Ends,
    number: impl Fn(S) -> T + Copy,
) {
    let run = |offsets, extent, strides| {
        // SAFETY: the nest gives the offsets of the first elements of a run.
        let ends = unsafe { ends.moved(offsets) };
        vectorised(Run {
            ends,
            axis: Loop { extent, strides },
            backwards: order == Order::Backwards,
            number,
            types: PhantomData,
        });
    };
    if order == Order::Any {
        nest.for_each_run(run);
    } else {
        nest.for_each_run_in_order(order == Order::Backwards, run);
    }
}

/// The numbers along an axis.
///
/// Whoever makes one ensures that the elements of both sides along the axis are alive and used by nobody else, that those of the
/// source are initialised and those of the target writable, and that no element is written before it is read in this order.
struct Run<S, T, F> {
    ends: Ends,
    axis: Loop<2>,
    backwards: bool,
    number: F,
    types: PhantomData<(S, T)>,
}

impl<S: Element, T: Element, F: Fn(S) -> T> Kernel for Run<S, T, F> {
    #[inline(always)]
    fn run(self) {
        let Self { ends, axis, backwards, number, .. } = self;
        let one = |i: usize, strides: [isize; 2]| {
            // SAFETY: the run has more than `i` elements, so the offsets stay inside the allocations of both sides.
            let ends = unsafe { ends.moved(strides.map(|stride| stride * i.cast_signed())) };
            // SAFETY: whoever made the run ensures that the element is alive, initialised and not written by others.
            let element = unsafe { ends.from.cast::<S>().read_unaligned() };
            // SAFETY: whoever made the run ensures that the memory of the target is writable and not used by others.
            unsafe { number(element).write_to(ends.to) };
        };
        // The compiler can vectorise the loop whose strides are constants.
        let adjacent = [size_of::<T>(), size_of::<S>()].map(usize::cast_signed);
        if backwards {
            (0..axis.extent).rev().for_each(|i| one(i, axis.strides));
        } else if axis.strides == adjacent {
            (0..axis.extent).for_each(|i| one(i, adjacent));
        } else {
            (0..axis.extent).for_each(|i| one(i, axis.strides));
        }
    }
}

/// Fails if an element of `source` has a value that `T` cannot hold. The error names the first of them. An element that is repeated along an
/// axis of stride 0 is looked at once.
///
/// # Safety
///
/// The caller must ensure that the memory is alive and initialised, and that nobody writes it during the call.
unsafe fn check_exact<T: Exact<S>, S: Number, M: Layout>(source: &Raw<S, M>) -> Result<(), Error> {
    let source = &source.unrepeated();
    // SAFETY: the iterator gives pointers to elements, and the caller guarantees that their memory is alive, initialised and not
    // written by others.
    let elements = || PtrIter::new(source.clone()).map(|ptr| unsafe { Raw::<S, M>::read(ptr) });
    let exact = if pointer_axes(source.layout()) > 0 {
        elements().all(|element| T::nearest(element).1)
    } else {
        let nest =
            LoopNest::new(source.layout().shape(), |axis| [source.layout().stride(axis, size_of::<S>())]);
        let (from, mut exact) = (source.as_ptr().cast::<u8>(), true);
        nest.for_each_run(|[offset], extent, [stride]| {
            // SAFETY: the nest gives the offset of an element, which stays inside the allocation (R1).
            let from = unsafe { from.offset(offset) };
            vectorised(Check { from, extent, stride, exact: &mut exact, types: PhantomData::<(S, T)> });
        });
        exact
    };
    if exact {
        return Ok(());
    }
    let mut index = source.layout().origin();
    for element in elements() {
        if !T::nearest(element).1 {
            let (value, wanted) = (element.value().to_string(), T::DTYPE.to_string());
            return Err(ValueError { index: index.as_ref().into(), value, wanted }.into());
        }
        advance(index.as_mut(), source.layout().shape(), source.layout().ndim());
    }
    Ok(())
}

/// Finds out whether `T` can hold all numbers of a run.
///
/// Whoever makes one ensures that the run has `extent` elements, which are alive, initialised and not written by others.
struct Check<'a, S, T> {
    from: *const u8,
    extent: usize,
    stride: isize,
    exact: &'a mut bool,
    types: PhantomData<(S, T)>,
}

impl<S: Number, T: Exact<S>> Kernel for Check<'_, S, T> {
    #[inline(always)]
    fn run(self) {
        let itemsize = size_of::<S>().cast_signed();
        let is_exact = |i: usize, stride: isize| {
            // SAFETY: the run has more than `i` elements, so the offset stays inside the allocation.
            let from = unsafe { self.from.offset(stride * i.cast_signed()) };
            // SAFETY: whoever made the run ensures that the element is alive, initialised and not written by others.
            T::nearest(unsafe { from.cast::<S>().read_unaligned() }).1
        };
        // All numbers are looked at, because a loop that ends early is not vectorised.
        *self.exact &= if self.stride == itemsize {
            (0..self.extent).fold(true, |all, i| all & is_exact(i, itemsize))
        } else {
            (0..self.extent).fold(true, |all, i| all & is_exact(i, self.stride))
        };
    }
}
