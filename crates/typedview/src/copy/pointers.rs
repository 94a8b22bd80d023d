//! Pointers: a copy between layouts whose axes hold pointers.
//! It is separate because the memory that pointers lead to is known part by part only, as the rows of a table are.

use super::ends::Ends;
use super::overlap::Order;
use super::transfer::transfer;
use super::{Sides, items, nest_of, source_axis, try_to_vec, view_of};
use crate::element::Element;
use crate::error::Error;
use crate::layout::{Layout, PerAxis, Reach, advance};
use crate::raw::Raw;

/// Returns the number of axes up to the last one that holds pointers, or 0 if none does.
#[inline]
pub(super) fn pointer_axes<L: Layout>(layout: &L) -> usize {
    let last = layout.suboffsets().iter().rposition(|&suboffset| suboffset >= 0);
    if layout.is_empty() { 0 } else { last.map_or(0, |axis| axis + 1) }
}

/// Copies between two layouts, of which at least one has axes that hold pointers.
///
/// # Errors
///
/// Fails when there is not enough memory for a temporary copy, which is needed when the two may overlap. Nothing has been written in this case.
///
/// # Safety
///
/// The caller must ensure what [`copy`](super::copy) requires, that the source can be repeated to the shape of the target, and that
/// neither is empty.
#[inline(never)]
pub(super) unsafe fn copy_parts<T: Element, L: Layout, M: Layout>(
    target: &Raw<T, L>,
    source: &Raw<T, M>,
    sides: Sides,
) -> Result<(), Error> {
    let parts = Parts::of(target, source);
    if sides == Sides::Apart || parts.are_apart() {
        // SAFETY: the caller guarantees what is required of both memories, no part of which overlaps one of the other side.
        unsafe { parts.copy() };
        return Ok(());
    }
    let once = source.unrepeated();
    // SAFETY: the caller guarantees that the memory of `source` is alive, initialised and not written by others.
    let away = unsafe { try_to_vec(&once) }?;
    let away = view_of(&away, once.layout().shape());
    // SAFETY: the caller guarantees what is required of `target`. The vector is alive, initialised, used by nobody
    // else, and separate from `target`.
    unsafe { Parts::of(target, &away).copy() };
    Ok(())
}

/// A copy that is divided so that no axis inside a part holds pointers. Neither side is empty.
struct Parts<'a, T: Element, L: Layout, M: Layout> {
    target: &'a Raw<T, L>,
    source: &'a Raw<T, M>,
    /// The number of axes of the target on which a part has one index.
    outer: usize,
}

impl<'a, T: Element, L: Layout, M: Layout> Parts<'a, T, L, M> {
    fn of(target: &'a Raw<T, L>, source: &'a Raw<T, M>) -> Self {
        let ndim = [target.layout().ndim(), source.layout().ndim()];
        // Axes are counted from the last one, because the source may have fewer of them, or more.
        let outer = (pointer_axes(source.layout()) + ndim[0]).saturating_sub(ndim[1]);
        Self { target, source, outer: outer.max(pointer_axes(target.layout())) }
    }

    /// Calls `part` with the pointers to the first elements of each part.
    #[inline(never)]
    fn for_each(&self, part: &mut dyn FnMut(Ends)) {
        let [target, source] = [self.target.layout().shape(), self.source.layout().shape()];
        let inner = target.len() - self.outer;
        // Where the target stays at one pointer, one index is enough: the part would be written again and again.
        let stays = |axis: usize| self.target.layout().stride(axis, size_of::<T>()) == 0;
        let counts: PerAxis<usize> =
            (0..self.outer).map(|axis| if stays(axis) { 1 } else { target[axis] }).collect();
        let mut index: PerAxis<usize> = counts.iter().map(|_| 0).collect();
        // The axes of the source in front of those inside a part.
        let mut from: PerAxis<usize> =
            source[..source.len().saturating_sub(inner)].iter().map(|_| 0).collect();
        loop {
            for axis in 0..self.outer {
                if let Some(place) = source_axis([target, source], axis) {
                    from[place] = index[axis];
                }
            }
            // Nobody writes the pointers, and the copy does not write them either (R2).
            // SAFETY: the index is inside the shape on the first axes, and those after them hold no pointers.
            let to = unsafe { self.target.element_ptr(&index) }.as_ptr();
            // SAFETY: the index is inside the shape on the first axes, and those after them hold no pointers.
            let from = unsafe { self.source.element_ptr(&from) }.as_ptr().cast_const();
            part(Ends { to, from });
            if !advance(&mut index, &counts, self.outer) {
                return;
            }
        }
    }

    /// Returns whether no part of one side overlaps a part of the other side.
    ///
    /// The parts of one side are held against the range of addresses that all parts of the other side span.
    fn are_apart(&self) -> bool {
        let [target, source] = self.reaches();
        let addresses = |ends: Ends| {
            [(target, ends.to.addr()), (source, ends.from.addr())].map(|(reach, first)| {
                match reach.addresses(first) {
                    Some(addresses) => addresses,
                    // An allocation does not wrap around the address space (R1).
                    None => unreachable!("the elements are inside one allocation"),
                }
            })
        };
        let mut spans = [(usize::MAX, 0); 2];
        self.for_each(&mut |ends| {
            for (span, part) in spans.iter_mut().zip(addresses(ends)) {
                *span = (span.0.min(part.0), span.1.max(part.1));
            }
        });
        let mut apart = [true; 2];
        self.for_each(&mut |ends| {
            let parts = addresses(ends);
            for k in 0..2 {
                let (part, span) = (parts[k], spans[1 - k]);
                apart[k] &= part.1 <= span.0 || span.1 <= part.0;
            }
        });
        apart[0] || apart[1]
    }

    /// Returns the reach of a part, from its first element, on both sides.
    fn reaches(&self) -> [Reach; 2] {
        let inner = self.target.layout().ndim() - self.outer;
        [reach_of_last(self.target, inner), reach_of_last(self.source, inner)]
    }

    /// Copies all parts.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy`](super::copy) requires, and that no part overlaps one of the other side.
    unsafe fn copy(&self) {
        let mut nest = nest_of(self.target, self.source, self.outer);
        let itemsize = items::<T>(&mut nest);
        // SAFETY: the nest is made from the axes of the layouts inside a part. The caller guarantees what is required of both
        // memories, and that they do not overlap.
        self.for_each(&mut |ends| unsafe { transfer::<T>(itemsize, Order::Any, ends, &nest) });
    }
}

/// Returns the reach of the last axes, at most `count` of them, from an element on.
fn reach_of_last<T: Element, L: Layout>(raw: &Raw<T, L>, count: usize) -> Reach {
    let (shape, strides) = (raw.layout().shape(), raw.layout().strides(size_of::<T>()));
    let first = shape.len().saturating_sub(count);
    match Reach::of(&shape[first..], &strides.as_ref()[first..], size_of::<T>()) {
        Ok(reach) => reach,
        Err(_) => unreachable!("the offsets of a layout fit `isize`"),
    }
}
