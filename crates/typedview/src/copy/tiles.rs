//! Tiles: a copy in which the target is contiguous along one axis and the source along another one, such as a transposition.
//! Run by run, each element of the source would cost a cache line. In tiles, every line that is loaded is used at once.

use super::line::{LINE, Stores};
use super::loop_nest::Loop;
use crate::element::Element;
use core::mem::MaybeUninit;

/// Room for a tile of the smallest elements: a line of lines.
#[repr(align(64))]
struct Tile(MaybeUninit<[u8; LINE * LINE]>);

/// A plane of elements in both layouts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    pub(super) to: *mut u8,
    pub(super) from: *const u8,
    /// The axis along which the elements of the source are adjacent.
    pub(super) rows: Loop<2>,
    /// The axis along which the elements of the target are adjacent.
    pub(super) columns: Loop<2>,
}

impl Plane {
    /// Copies the plane. `nbytes` is the size of the whole copy that it is a part of.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the elements of the two sides do not overlap, that the memory of both is alive and initialised, that
    /// the memory of the target is writable, and that nobody else uses either of them.
    pub(super) unsafe fn copy<T: Element>(self, nbytes: usize) {
        let side = LINE / size_of::<T>().clamp(1, LINE);
        // Lines are written as bytes. Padding must keep its bytes, so elements with padding are written one by one.
        if T::PADDED || side < 4 || side * size_of::<T>() != LINE {
            // SAFETY: the caller guarantees this for the whole plane.
            return unsafe { self.copy_part::<T>([0, self.rows.extent], [0, self.columns.extent]) };
        }
        let stores = Stores::choose(nbytes, self.to, self.rows.strides[0], size_of::<T>());
        let first = (stores.to_line(self.to) / size_of::<T>()).min(self.columns.extent);
        let whole_rows = self.rows.extent - self.rows.extent % side;
        let last = self.columns.extent - (self.columns.extent - first) % side;
        // SAFETY: the caller guarantees this for the whole plane.
        unsafe { self.copy_part::<T>([0, self.rows.extent], [0, first]) };
        // The inner loop goes along the source, which the processor can then load ahead.
        for column in (first..last).step_by(side) {
            for row in (0..whole_rows).step_by(side) {
                // SAFETY: the tile is inside the plane, for which the caller guarantees this.
                unsafe { self.copy_tile::<T>(row, column, stores) };
            }
        }
        stores.finish();
        // SAFETY: the caller guarantees this for the whole plane.
        unsafe { self.copy_part::<T>([whole_rows, self.rows.extent], [first, last]) };
        // SAFETY: the caller guarantees this for the whole plane.
        unsafe { self.copy_part::<T>([0, self.rows.extent], [last, self.columns.extent]) };
    }

    /// Returns the pointers to the element in a row and a column of the target and of the source.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the plane has this row and this column.
    #[inline(always)]
    unsafe fn at(self, row: usize, column: usize) -> (*mut u8, *const u8) {
        let offset = |k: usize| {
            self.rows.strides[k] * row.cast_signed() + self.columns.strides[k] * column.cast_signed()
        };
        // SAFETY: the element is inside the plane, so the offset stays inside the allocation of the target.
        let to = unsafe { self.to.offset(offset(0)) };
        // SAFETY: the element is inside the plane, so the offset stays inside the allocation of the source.
        let from = unsafe { self.from.offset(offset(1)) };
        (to, from)
    }

    /// Copies some rows and columns one by one.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy`](Self::copy) requires, and that the plane has these rows and columns.
    unsafe fn copy_part<T: Element>(self, rows: [usize; 2], columns: [usize; 2]) {
        for row in rows[0]..rows[1] {
            for column in columns[0]..columns[1] {
                // SAFETY: the caller guarantees that the plane has this row and this column.
                let (to, from) = unsafe { self.at(row, column) };
                // SAFETY: the caller guarantees that the element is alive and initialised; the read needs no alignment.
                let element = unsafe { from.cast::<T>().read_unaligned() };
                // SAFETY: the caller guarantees that the memory is writable; the write needs no alignment.
                unsafe { element.write_to(to) };
            }
        }
    }

    /// Copies one tile: reads a line of each of its columns, and writes a line of each of its rows.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy`](Self::copy) requires, that the plane has a line of rows and of columns from here on, and
    /// that the elements have no padding.
    #[inline(always)]
    unsafe fn copy_tile<T: Element>(self, row: usize, column: usize, stores: Stores) {
        let side = LINE / size_of::<T>();
        let mut tile = Tile(MaybeUninit::uninit());
        let lines = tile.0.as_mut_ptr().cast::<T>();
        // SAFETY: the caller guarantees that the plane has this row and this column.
        let (to, from) = unsafe { self.at(row, column) };
        for j in 0..side {
            // SAFETY: the caller guarantees that the plane has this column, so the offset stays inside the allocation.
            let source = unsafe { from.offset(self.columns.strides[1] * j.cast_signed()) }.cast::<T>();
            for i in 0..side {
                // SAFETY: the elements of the source are adjacent along the rows, of which the caller guarantees that there are
                // enough.
                let source = unsafe { source.add(i) };
                // SAFETY: the caller guarantees that the element is alive and initialised; the read needs no alignment.
                let element = unsafe { source.read_unaligned() };
                // SAFETY: the tile has room for `side` times `side` elements.
                let place = unsafe { lines.add(i * side + j) };
                // SAFETY: the place is inside the tile, which is aligned for every element of at most 16 bytes.
                unsafe { place.write(element) };
            }
        }
        for i in 0..side {
            // SAFETY: the caller guarantees that the plane has this row, so the offset stays inside the allocation.
            let target = unsafe { to.offset(self.rows.strides[0] * i.cast_signed()) };
            // SAFETY: the tile has `side` lines, of `side` elements each.
            let line = unsafe { lines.add(i * side) };
            // SAFETY: the line was written above, and the elements of the target are adjacent along the columns, of which the caller
            // guarantees that there are enough. It begins a line in memory if the stores require it, as `copy` has made sure.
            unsafe { stores.write(target, line.cast()) };
        }
    }
}
