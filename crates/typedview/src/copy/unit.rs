//! Units: how one item is moved, for each size of items.
//! The loops of a copy are compiled once for each unit, and not for each element type.

use super::ends::Ends;
use super::line::LINE;
use crate::element::Element;
use core::marker::PhantomData;

/// How one item is moved.
pub(super) trait Unit: Copy {
    /// Whether all bytes of an item are moved, so that items without gaps between them are one block of bytes.
    const PLAIN: bool;
    /// The number of items in the side of a [tile](super::tiles), or 0 if items of this size are not moved in tiles.
    const SIDE: usize;

    /// The number of bytes of an item.
    fn size(self) -> usize;

    /// Copies one item. It is read before it is written, so the two ends may overlap.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the item at `ends.from` is alive, initialised and not written by others, and that the one at
    /// `ends.to` is writable and not used by others. Neither needs alignment.
    unsafe fn copy(self, ends: Ends);

    /// Exchanges two items.
    ///
    /// # Safety
    ///
    /// The caller must ensure that both items are alive, initialised, writable and not used by others, and that they do not
    /// overlap.
    unsafe fn exchange(self, items: [*mut u8; 2]);
}

/// Items that are moved as one value `X`, which is an integer or an array of integers.
#[derive(Clone, Copy)]
pub(super) struct Bits<X>(PhantomData<X>);

impl<X> Bits<X> {
    pub(super) const NEW: Self = Self(PhantomData);
}

impl<X: Copy> Unit for Bits<X> {
    const PLAIN: bool = true;
    // The sizes of elements that fill a line, of which at least four belong into it.
    const SIDE: usize = match LINE / size_of::<X>() {
        side if side >= 4 && side * size_of::<X>() == LINE => side,
        _ => 0,
    };

    #[inline(always)]
    fn size(self) -> usize {
        size_of::<X>()
    }

    #[inline(always)]
    unsafe fn copy(self, ends: Ends) {
        // SAFETY: the caller guarantees that the item is alive, initialised and not written by others.
        let item = unsafe { ends.from.cast::<X>().read_unaligned() };
        // SAFETY: the caller guarantees that the item is writable and not used by others.
        unsafe { ends.to.cast::<X>().write_unaligned(item) };
    }

    #[inline(always)]
    unsafe fn exchange(self, [one, other]: [*mut u8; 2]) {
        // SAFETY: the caller guarantees that the item is alive, initialised and not used by others.
        let kept = unsafe { one.cast::<X>().read_unaligned() };
        // SAFETY: the caller guarantees that the items are alive and writable and that nobody else uses them.
        unsafe { self.copy(Ends { to: one, from: other }) };
        // SAFETY: the caller guarantees that the item is writable and not used by others.
        unsafe { other.cast::<X>().write_unaligned(kept) };
    }
}

/// Items of any other number of bytes.
#[derive(Clone, Copy)]
pub(super) struct Bytes(pub(super) usize);

impl Unit for Bytes {
    const PLAIN: bool = true;
    const SIDE: usize = 0;

    #[inline(always)]
    fn size(self) -> usize {
        self.0
    }

    #[inline(always)]
    unsafe fn copy(self, ends: Ends) {
        // SAFETY: the caller guarantees that the item can be read and written. `core::ptr::copy` allows an overlap.
        unsafe { core::ptr::copy(ends.from, ends.to, self.0) };
    }

    #[inline(always)]
    unsafe fn exchange(self, [one, other]: [*mut u8; 2]) {
        // SAFETY: the caller guarantees that both items can be read and written, and that they do not overlap.
        unsafe { core::ptr::swap_nonoverlapping(one, other, self.0) };
    }
}

/// Elements with padding. Padding of the source may be uninitialised, and padding of the target keeps its bytes.
#[derive(Clone, Copy)]
pub(super) struct Padded<T>(PhantomData<T>);

impl<T> Padded<T> {
    pub(super) const NEW: Self = Self(PhantomData);
}

impl<T: Element> Unit for Padded<T> {
    const PLAIN: bool = false;
    const SIDE: usize = 0;

    #[inline(always)]
    fn size(self) -> usize {
        size_of::<T>()
    }

    #[inline(always)]
    unsafe fn copy(self, ends: Ends) {
        // SAFETY: the caller guarantees that the item is alive, initialised and not written by others.
        let element = unsafe { ends.from.cast::<T>().read_unaligned() };
        // SAFETY: the caller guarantees that the item is writable and not used by others.
        unsafe { element.write_to(ends.to) };
    }

    #[inline(always)]
    unsafe fn exchange(self, [one, other]: [*mut u8; 2]) {
        // SAFETY: the caller guarantees that the item is alive, initialised and not used by others.
        let kept = unsafe { one.cast::<T>().read_unaligned() };
        // SAFETY: the caller guarantees that the items are alive and writable and that nobody else uses them.
        unsafe { self.copy(Ends { to: one, from: other }) };
        // SAFETY: the caller guarantees that the item is writable and not used by others.
        unsafe { kept.write_to(other) };
    }
}
