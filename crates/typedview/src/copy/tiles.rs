//! Tiles: a copy in which one axis suits the target and another one the source, such as a transposition.
//! Run by run, each item of the source would cost a cache line. In tiles, every line that is loaded is used at once.

use super::ends::Ends;
use super::line::{LINE, Stores};
use super::loop_nest::{Loop, Plane};
use super::runs::copy_run;
use super::unit::Unit;
use core::mem::MaybeUninit;
use core::ops::Range;

/// Room for a tile of the smallest items: a line of lines.
#[repr(align(64))]
struct Tile(MaybeUninit<[u8; LINE * LINE]>);

/// The number of items of a block: a part of a plane whose lines stay in the fastest cache while it is copied item by item.
const BLOCK: usize = 4096;
/// The number of items of each side of a block, if the plane is as long and as wide.
const SIDE: usize = 64;

/// Copies a plane. `nbytes` is the size of the whole copy that it is a part of.
///
/// # Safety
///
/// The caller must ensure that `ends` are the first items of the plane, that the items of the two sides do not overlap, that the memory of both is alive
/// and initialised, that the memory of the target is writable, and that nobody else uses either of them.
pub(super) unsafe fn copy_plane<U: Unit>(unit: U, ends: Ends, plane: Plane, nbytes: usize) {
    let Plane { rows, columns } = plane;
    let adjacent = [columns.strides[0], rows.strides[1]] == [unit.size().cast_signed(); 2];
    if U::SIDE == 0 || !adjacent {
        // SAFETY: the caller guarantees this for the whole plane.
        return unsafe { copy_blocks(unit, ends, plane, [0..rows.extent, 0..columns.extent]) };
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
            let ends = unsafe { at(ends, plane, [row, column]) };
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

/// Returns the ends of the item in a row and a column.
///
/// # Safety
///
/// The caller must ensure that `ends` are the first items of the plane, and that it has this row and this column.
#[inline(always)]
pub(super) unsafe fn at(ends: Ends, plane: Plane, [row, column]: [usize; 2]) -> Ends {
    // SAFETY: the caller guarantees that the plane has this row.
    let ends = unsafe { ends.along(&plane.rows, row) };
    // SAFETY: the caller guarantees that the plane has this column.
    unsafe { ends.along(&plane.columns, column) }
}

/// Copies some rows and columns, block by block. Runs go along the longer side of a block.
///
/// # Safety
///
/// The caller must ensure what [`copy_plane`] requires, and that the plane has these rows and columns.
unsafe fn copy_blocks<U: Unit>(unit: U, ends: Ends, plane: Plane, [rows, columns]: [Range<usize>; 2]) {
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    let height = rows.len().min(SIDE.max(BLOCK / columns.len().min(SIDE)));
    let width = columns.len().min(SIDE.max(BLOCK / height));
    let along_rows = height > width;
    let (outer, inner) = if along_rows { (plane.columns, plane.rows) } else { (plane.rows, plane.columns) };
    for row in rows.clone().step_by(height) {
        for column in columns.clone().step_by(width) {
            // SAFETY: the row and the column are inside the plane.
            let ends = unsafe { at(ends, plane, [row, column]) };
            let (height, width) = (height.min(rows.end - row), width.min(columns.end - column));
            let (count, extent) = if along_rows { (width, height) } else { (height, width) };
            for i in 0..count {
                // SAFETY: the block has more than `i` of these runs.
                let ends = unsafe { ends.along(&outer, i) };
                // SAFETY: the run is inside the plane, for which the caller guarantees this.
                unsafe { copy_run(unit, false, ends, Loop { extent, ..inner }) };
            }
        }
    }
}

/// Copies one tile: reads a line of each of its columns, and writes a line of each of its rows.
///
/// # Safety
///
/// The caller must ensure what [`copy_plane`] requires, that the plane has a line of rows and of columns from here on, that the items of
/// the target are adjacent along the columns, and those of the source along the rows.
#[inline(always)]
unsafe fn copy_tile<U: Unit>(unit: U, ends: Ends, plane: Plane, stores: Stores) {
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
