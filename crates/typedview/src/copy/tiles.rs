//! Tiles: copies a plane in which the items of the target are adjacent along one axis and those of the source along the other, such
//! as a transposition. Item by item, each item of the source would cost a cache line. In tiles, every line that is loaded is used at once.

use super::ends::Ends;
use super::line::{LINE, Stores};
use super::loops::{Loop, Plane};
use super::runs::copy_run;
#[cfg(all(target_arch = "x86_64", not(miri)))]
use super::transpose::load_transposed;
use super::unit::Unit;
use core::mem::MaybeUninit;

/// Room for a tile of the smallest items: a line of lines.
#[repr(align(64))]
pub(super) struct Tile(MaybeUninit<[u8; LINE * LINE]>);

impl Tile {
    pub(super) const EMPTY: Self = Self(MaybeUninit::uninit());

    /// Returns a pointer to the first line.
    pub(super) fn lines(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// Copies a plane.
///
/// # Safety
///
/// The caller must ensure that `ends` are the first items of the plane, that the items of the two sides do not overlap, that the memory of both is alive
/// and initialised, that the memory of the target is writable, and that nobody else uses either of them.
pub(super) unsafe fn copy_plane<U: Unit>(unit: U, ends: Ends, plane: Plane<2>) {
    let Plane { rows, columns, .. } = plane;
    let adjacent = [columns.strides[0], rows.strides[1]] == [unit.size().cast_signed(); 2];
    if U::SIDE == 0 || !plane.in_blocks || !adjacent {
        return plane.for_each_run([0; 2], |offsets, extent, strides| {
            // SAFETY: the offsets are those of an item of the plane.
            let ends = unsafe { ends.moved(offsets) };
            // SAFETY: the run is inside the plane, for which the caller guarantees this.
            unsafe { copy_run(unit, false, ends, Loop { extent, strides }) };
        });
    }
    let stores = Stores::choose(&plane, ends.to, unit.size());
    // The first tiles end where lines of the target begin.
    let mut width = stores.to_line(ends.to) / unit.size();
    let mut column = 0;
    while column < columns.extent {
        width = if width == 0 { U::SIDE } else { width }.min(columns.extent - column);
        // The inner loop goes along the source, which the processor can then load ahead.
        for row in (0..rows.extent).step_by(U::SIDE) {
            // SAFETY: the row and the column are inside the plane.
            let ends = unsafe { ends.moved(plane.offsets(row, column)) };
            let height = U::SIDE.min(rows.extent - row);
            if [height, width] == [U::SIDE; 2] {
                // SAFETY: the tile is inside the plane, for which the caller guarantees this, and its items are adjacent as required. Its
                // lines begin where the stores require it.
                unsafe { copy_tile(unit, ends, plane, stores) };
            } else {
                // SAFETY: the tile is inside the plane, for which the caller guarantees this, and its items are adjacent as required.
                unsafe { copy_part_of_tile(unit, ends, plane, [height, width]) };
            }
        }
        column += width;
        width = 0;
    }
    stores.finish();
}

/// Copies one tile: reads a line of each of its columns, and writes a line of each of its rows.
///
/// # Safety
///
/// The caller must ensure what [`copy_plane`] requires, that the plane has a tile of rows and columns from here on, that the items of the
/// target are adjacent along the columns and those of the source along the rows, and that lines of the target begin where `stores` requires it.
#[inline(always)]
unsafe fn copy_tile<U: Unit>(unit: U, ends: Ends, plane: Plane<2>, stores: Stores) {
    let mut tile = Tile::EMPTY;
    let lines = tile.lines();
    // SAFETY: the caller guarantees that the tile is inside the plane.
    unsafe { load_tile(unit, lines, ends.from, plane.columns.strides[1]) };
    for i in 0..U::SIDE {
        // SAFETY: the caller guarantees that the plane has this row, so the offset stays inside the allocation.
        let target = unsafe { ends.to.offset(plane.rows.strides[0] * i.cast_signed()) };
        // SAFETY: there are `SIDE` lines in the tile that was loaded.
        let line = unsafe { lines.add(i * LINE) };
        // SAFETY: the line was written above, and the items of the target are adjacent along the columns, of which the caller
        // guarantees that there are enough. It begins where the stores require it.
        unsafe { stores.write(target, line) };
    }
}

/// Copies the first rows and columns of a tile. It is not inlined, so that the loops over whole tiles stay small.
///
/// # Safety
///
/// The caller must ensure what [`copy_tile`] requires, for `height` rows and `width` columns.
#[inline(never)]
unsafe fn copy_part_of_tile<U: Unit>(unit: U, ends: Ends, plane: Plane<2>, [height, width]: [usize; 2]) {
    let mut tile = Tile::EMPTY;
    let lines = tile.lines();
    // SAFETY: the caller guarantees that the rows and the columns are inside the plane.
    unsafe { load_items(unit, lines, ends.from, plane.columns.strides[1], [height, width]) };
    for i in 0..height {
        // SAFETY: the caller guarantees that the plane has this row, so the offset stays inside the allocation.
        let target = unsafe { ends.to.offset(plane.rows.strides[0] * i.cast_signed()) };
        // SAFETY: there are `height` lines in the tile that was loaded.
        let line = unsafe { lines.add(i * LINE) };
        // SAFETY: this part of the line was written above, and the caller guarantees that the plane has these columns.
        unsafe { core::ptr::copy_nonoverlapping(line, target, width * unit.size()) };
    }
}

/// Reads `SIDE` lines, `stride` bytes apart, and writes line `j` into column `j` of the tile at `lines`.
///
/// # Safety
///
/// The caller must ensure that the lines can be read, and that `lines` are those of a [`Tile`].
#[inline(always)]
pub(super) unsafe fn load_tile<U: Unit>(unit: U, lines: *mut u8, from: *const u8, stride: isize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    match LINE.checked_div(U::SIDE) {
        // SAFETY: the caller guarantees that the lines can be read. A tile is aligned to a line.
        Some(1) => return unsafe { load_transposed::<1>(lines, from, stride) },
        // SAFETY: the caller guarantees that the lines can be read. A tile is aligned to a line.
        Some(2) => return unsafe { load_transposed::<2>(lines, from, stride) },
        // SAFETY: the caller guarantees that the lines can be read. A tile is aligned to a line.
        Some(4) => return unsafe { load_transposed::<4>(lines, from, stride) },
        _ => {}
    }
    // SAFETY: the caller guarantees that the lines can be read, and that there is room for them.
    unsafe { load_items(unit, lines, from, stride, [U::SIDE; 2]) };
}

/// Reads `width` lines of `height` items, `stride` bytes apart, and writes line `j` into column `j` of the tile at `lines`.
///
/// # Safety
///
/// The caller must ensure that the lines can be read, that `lines` has room for a tile, and that neither `height` nor `width` is more than
/// the side of a tile.
#[inline(always)]
unsafe fn load_items<U: Unit>(
    unit: U,
    lines: *mut u8,
    from: *const u8,
    stride: isize,
    [height, width]: [usize; 2],
) {
    for j in 0..width {
        // SAFETY: the caller guarantees that this line can be read.
        let from = unsafe { from.offset(stride * j.cast_signed()) };
        for i in 0..height {
            // SAFETY: a line has `SIDE` items, and the tile `SIDE` lines.
            let to = unsafe { lines.add(i * LINE + j * unit.size()) };
            // SAFETY: the line has more than `i` items, as the caller guarantees.
            let from = unsafe { from.add(i * unit.size()) };
            // SAFETY: the caller guarantees that the item can be read, and that the tile has room for it.
            unsafe { unit.copy(Ends { to, from }) };
        }
    }
}
