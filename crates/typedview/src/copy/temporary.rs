//! Temporary copies: where no order of moving the items is exact, the source is first copied to other memory.
//! They are separate because conversions need them, too, and write the converted numbers there.

use super::ends::Ends;
use super::loop_nest::LoopNest;
use super::overlap::Order;
use super::room;
use super::transfer::transfer;
use crate::element::Element;
use crate::error::Error;
use crate::layout::PerAxis;
use alloc::vec::Vec;
use core::mem::MaybeUninit;

/// Copies items through other memory, which `store` fills with the items of the source. Elements with padding are visited one by one.
///
/// # Errors
///
/// Fails when there is not enough memory. Nothing has been written in this case.
///
/// # Safety
///
/// The caller must ensure that `ends` and the nest lead to items of two memories, for which it ensures what [`copy`](super::copy) requires, and that
/// `store` writes an item of `itemsize` bytes for each item of the nest that it is given.
pub(super) unsafe fn through_temporary<T: Element>(
    nest: &LoopNest<2>,
    ends: Ends,
    itemsize: usize,
    store: impl FnOnce(Ends, &LoopNest<2>),
) -> Result<(), Error> {
    // SAFETY: the nest gives the offsets of the first items.
    let ends = unsafe { ends.moved(nest.start) };
    let parts = Temporary::of(nest, itemsize);
    let mut memory: Vec<MaybeUninit<u8>> = room(parts.size)?;
    let memory = memory.as_mut_ptr().cast::<u8>();
    store(Ends { to: memory, ..ends }, &parts.store);
    // SAFETY: all items have been stored, and the caller guarantees what is required of the target.
    unsafe { transfer::<T>(itemsize, Order::Any, Ends { from: memory, ..ends }, &parts.load) };
    Ok(())
}

/// How items are copied through other memory, which has them once, in the order of the target.
struct Temporary {
    /// The number of bytes of the items that are there.
    size: usize,
    /// From the source into the memory, and from there to the target. Both begin at the first items.
    store: LoopNest<2>,
    load: LoopNest<2>,
}

impl Temporary {
    fn of(nest: &LoopNest<2>, itemsize: usize) -> Self {
        let extents: PerAxis<usize> = nest.axes().iter().map(|axis| axis.extent).collect();
        let strides = |axis: usize| nest.axes()[axis].strides;
        // The axes along which the source repeats its items have one index in the temporary copy.
        let kept: PerAxis<usize> = extents
            .iter()
            .enumerate()
            .map(|(axis, &extent)| if strides(axis)[1] == 0 { 1 } else { extent })
            .collect();
        let dense = PerAxis::c_strides(&kept, itemsize);
        let dense = |axis: usize| if kept[axis] == 1 { 0 } else { dense[axis] };
        Self {
            size: kept.iter().product::<usize>() * itemsize,
            store: LoopNest::new(&kept, |axis| [dense(axis), strides(axis)[1]]),
            load: LoopNest::new(&extents, |axis| [strides(axis)[0], dense(axis)]),
        }
    }
}
