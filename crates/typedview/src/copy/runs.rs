//! Runs: copies the items along one axis.
//! Strides that are constants have loops of their own, because the compiler can vectorise these.

use super::ends::Ends;
use super::gather::gather_bytes;
use super::loops::Loop;
use super::unit::Unit;

/// Copies the items along an axis, from the last to the first if `backwards` is true.
///
/// # Safety
///
/// The caller must ensure that the items of both sides along the axis are alive and used by nobody else, that those of the source
/// are initialised and those of the target writable, and that no item is written before it is read in this order.
#[inline(always)]
pub(super) unsafe fn copy_run<U: Unit>(unit: U, backwards: bool, ends: Ends, axis: Loop<2>) {
    let size = unit.size().cast_signed();
    let copy_with = |strides: [isize; 2], i: usize| {
        // SAFETY: the axis has more than `i` items, so the offsets stay inside the allocations of both sides.
        let ends = unsafe { ends.moved(strides.map(|stride| stride * i.cast_signed())) };
        // SAFETY: the caller guarantees that the items can be read and written.
        unsafe { unit.copy(ends) };
    };
    let all = 0..axis.extent;
    if U::PLAIN && axis.strides == [size; 2] {
        // SAFETY: both runs are items without gaps, which the caller guarantees to be alive; `core::ptr::copy` allows the runs to
        // overlap.
        unsafe { core::ptr::copy(ends.from, ends.to, axis.extent * unit.size()) };
    } else if backwards {
        all.rev().for_each(|i| copy_with(axis.strides, i));
    } else if axis.strides == [size, 0] {
        all.for_each(|i| copy_with([size, 0], i));
    } else if axis.strides == [1, 2] && size == 1 {
        // SAFETY: the caller guarantees that the items can be read and written. They are single bytes, and every second byte of the
        // source is one.
        unsafe { gather_bytes(ends, axis.extent) };
    } else if axis.strides == [size, 2 * size] {
        all.for_each(|i| copy_with([size, 2 * size], i));
    } else {
        all.for_each(|i| copy_with(axis.strides, i));
    }
}
