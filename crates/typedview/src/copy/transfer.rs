//! Transfers: the copy of all items of a loop nest, by the size of the items and in a given order.
//! Nothing here depends on the element type, except for elements with padding.

use super::ends::Ends;
use super::exchange::exchange;
use super::loop_nest::LoopNest;
use super::loops::Loop;
use super::overlap::Order;
use super::runs::copy_run;
use super::tiles::copy_plane;
use super::unit::{Bits, Bytes, Padded, Unit};
use crate::element::Element;

/// Copies the items that `nest` visits, which have `itemsize` bytes. They are elements of type `T`, or blocks of such elements.
///
/// # Safety
///
/// The caller must ensure what [`transfer_units`] requires, and that elements with padding are visited one by one.
pub(super) unsafe fn transfer<T: Element>(itemsize: usize, order: Order, ends: Ends, nest: &LoopNest<2>) {
    if T::PADDED {
        // SAFETY: the caller guarantees what is required of the ends, the nest and the order.
        unsafe { transfer_units(Padded::<T>::NEW, order, ends, nest) }
    } else {
        // SAFETY: the caller guarantees this, and all bytes of the items are initialised.
        unsafe { transfer_bytes(itemsize, order, ends, nest) }
    }
}

/// Copies items without padding.
///
/// # Safety
///
/// The caller must ensure what [`transfer_units`] requires, and that all bytes of the items of the source are initialised.
#[inline(never)]
unsafe fn transfer_bytes(itemsize: usize, order: Order, ends: Ends, nest: &LoopNest<2>) {
    macro_rules! by_size {
        ($($size:literal: $bits:ty,)*) => {
            match itemsize {
                0 => {}
                // SAFETY: the caller guarantees what is required of the ends, the nest and the order.
                $($size => unsafe { transfer_units(Bits::<$bits>::NEW, order, ends, nest) },)*
                // SAFETY: the caller guarantees what is required of the ends, the nest and the order.
                _ => unsafe { transfer_units(Bytes(itemsize), order, ends, nest) },
            }
        };
    }
    // Three bytes are a pixel.
    by_size! { 1: u8, 2: u16, 3: [u8; 3], 4: u32, 8: u64, 16: [u64; 2], }
}

/// Copies the items that `nest` visits.
///
/// # Safety
///
/// The caller must ensure that `ends` and the nest lead to items of the target that are writable and of the source that are
/// initialised, all of them alive and used by nobody else, and that `order` was chosen for them, or that they do not overlap.
unsafe fn transfer_units<U: Unit>(unit: U, order: Order, ends: Ends, nest: &LoopNest<2>) {
    if order == Order::Exchange {
        // SAFETY: the caller guarantees this, and that the items change places in pairs.
        return unsafe { exchange(unit, ends, nest) };
    }
    if order == Order::Any {
        let (others, plane) = nest.planes();
        return others.for_each_run_in_order(false, |offsets, _, _| {
            // SAFETY: the nest gives the offsets of the first items of a plane.
            let ends = unsafe { ends.moved(offsets) };
            // SAFETY: the caller guarantees this for all planes.
            unsafe { copy_plane(unit, ends, plane) };
        });
    }
    let backwards = order == Order::Backwards;
    nest.for_each_run_in_order(backwards, |offsets, extent, strides| {
        // SAFETY: the nest gives the offsets of the first items of a run.
        let ends = unsafe { ends.moved(offsets) };
        // SAFETY: the caller guarantees this for all runs. In this order, no item is written before it is read.
        unsafe { copy_run(unit, backwards, ends, Loop { extent, strides }) };
    });
}
