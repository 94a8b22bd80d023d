//! Tiles: a copy in which one axis suits the target and another one the source, such as a transposition.
//! Run by run, each item of the source would cost a cache line. In tiles, every line that is loaded is used at once.

use super::ends::Ends;
use super::line::{LINE, Stores};
use super::loops::{Loop, Plane};
use super::runs::copy_run;
use super::unit::Unit;
use core::mem::MaybeUninit;
use core::ops::Range;

/// Room for a tile of the smallest items: a line of lines.
#[repr(align(64))]
struct Tile(MaybeUninit<[u8; LINE * LINE]>);

/// Copies a plane. `nbytes` is the size of the whole copy that it is a part of.
///
/// # Safety
///
/// The caller must ensure that `ends` are the first items of the plane, that the items of the two sides do not overlap, that the memory of both is alive
/// and initialised, that the memory of the target is writable, and that nobody else uses either of them.
pub(super) unsafe fn copy_plane<U: Unit>(unit: U, ends: Ends, plane: Plane<2>, nbytes: usize) {
    let Plane { rows, columns } = plane;
    let adjacent = [columns.strides[0], rows.strides[1]] == [unit.size().cast_signed(); 2];
    if U::SIDE == 0 || !adjacent {
        // SAFETY: the caller guarantees this for the whole plane.
        return unsafe { copy_blocks(unit, ends, plane, plane.all()) };
    }
    let stores = Stores::choose(nbytes, ends.to, rows.strides[0], unit.size());
    let first = (stores.to_line(ends.to) / unit.size()).min(columns.extent);
    let whole_rows = rows.extent - rows.extent % U::SIDE;
    let last = columns.extent - (columns.extent - first) % U::SIDE;
    // SAFETY: the caller guarantees this for the whole plane.
    unsafe { copy_blocks(unit, ends, plane, [0..rows.extent, 0..first]) };
    // The inner loop goes along the source, which the processor can then load ahead.
    for column in (first..last).step_by(U::SIDE) {
        for row in (0..whole_rows).step_by(U::SIDE) {
            // SAFETY: the row and the column are inside the plane.
            let ends = unsafe { ends.moved(plane.offsets(row, column)) };
            // SAFETY: the tile is inside the plane, for which the caller guarantees this. The items are adjacent as required.
            unsafe { copy_tile(unit, ends, plane, stores) };
        }
    }
    stores.finish();
    // SAFETY: the caller guarantees this for the whole plane.
    unsafe { copy_blocks(unit, ends, plane, [whole_rows..rows.extent, first..last]) };
    // SAFETY: the caller guarantees this for the whole plane.
    unsafe { copy_blocks(unit, ends, plane, [0..rows.extent, last..columns.extent]) };
}

/// Copies some rows and columns.
///
/// # Safety
///
/// The caller must ensure what [`copy_plane`] requires, and that the plane has these rows and columns.
unsafe fn copy_blocks<U: Unit>(unit: U, ends: Ends, plane: Plane<2>, part: [Range<usize>; 2]) {
    plane.for_each_run([0; 2], part, |offsets, extent, strides| {
        // SAFETY: the offsets are those of an item of the plane.
        let ends = unsafe { ends.moved(offsets) };
        // SAFETY: the run is inside the plane, for which the caller guarantees this.
        unsafe { copy_run(unit, false, ends, Loop { extent, strides }) };
    });
}

/// Copies one tile: reads a line of each of its columns, and writes a line of each of its rows.
///
/// # Safety
///
/// The caller must ensure what [`copy_plane`] requires, that the plane has a line of rows and of columns from here on, that the items of
/// the target are adjacent along the columns, and those of the source along the rows.
#[inline(always)]
unsafe fn copy_tile<U: Unit>(unit: U, ends: Ends, plane: Plane<2>, stores: Stores) {
    let mut tile = Tile(MaybeUninit::uninit());
    let lines = tile.0.as_mut_ptr().cast::<u8>();
    // SAFETY: the caller guarantees that the tile is inside the plane.
    unsafe { load_tile(unit, lines, ends.from, plane.columns.strides[1]) };
    for i in 0..U::SIDE {
        // SAFETY: the caller guarantees that the plane has this row, so the offset stays inside the allocation.
        let target = unsafe { ends.to.offset(plane.rows.strides[0] * i.cast_signed()) };
        // SAFETY: there are `SIDE` lines in the tile that was loaded.
        let line = unsafe { lines.add(i * LINE) };
        // SAFETY: the line was written above, and the items of the target are adjacent along the columns, of which the caller
        // guarantees that there are enough. It begins a line in memory if the stores require it, as `copy_plane` has made sure.
        unsafe { stores.write(target, line) };
    }
}

/// Reads `SIDE` lines, `stride` bytes apart, and writes line `j` into column `j` of the tile at `lines`.
///
/// # Safety
///
/// The caller must ensure that the lines can be read, and that `lines` has room for `SIDE` lines.
#[inline(always)]
pub(super) unsafe fn load_tile<U: Unit>(unit: U, lines: *mut u8, from: *const u8, stride: isize) {
    for j in 0..U::SIDE {
        // SAFETY: the caller guarantees that this line can be read.
        let from = unsafe { from.offset(stride * j.cast_signed()) };
        for i in 0..U::SIDE {
            // SAFETY: a line has `SIDE` items, and the tile `SIDE` lines.
            let to = unsafe { lines.add(i * LINE + j * unit.size()) };
            // SAFETY: a line has `SIDE` items, of which this is one.
            let from = unsafe { from.add(i * unit.size()) };
            // SAFETY: the caller guarantees that the item can be read, and that the tile has room for it.
            unsafe { unit.copy(Ends { to, from }) };
        }
    }
}
