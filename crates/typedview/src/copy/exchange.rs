//! Exchange: a copy that transposes or reverses its own memory. Pairs of items change places, so nothing is copied elsewhere.
//! It is separate because it visits each pair once, while every other copy visits each item once.

use super::ends::Ends;
use super::line::LINE;
use super::loop_nest::LoopNest;
use super::loops::Plane;
use super::tiles::{Tile, load_tile};
use super::unit::Unit;

/// Exchanges each item of the target with the item that is copied to it.
///
/// # Safety
///
/// The caller must ensure that `ends` and the nest lead to items that are alive, initialised, writable and used by nobody else, that the
/// items of the target do not overlap each other, and that the source has the same items, in an order that is its own inverse:
/// where item `a` goes to the place of `b`, item `b` goes to the place of `a`.
pub(super) unsafe fn exchange<U: Unit>(unit: U, ends: Ends, nest: &LoopNest<2>) {
    let (others, plane) = nest.planes();
    if U::SIDE > 0 && is_square_on_itself(&others, plane, unit.size()) {
        return others.for_each_run_in_order(false, |offsets, _, _| {
            // SAFETY: the nest gives the offsets of the first items of a plane.
            let ends = unsafe { ends.moved(offsets) };
            // SAFETY: the caller guarantees this for all planes.
            unsafe { transpose(unit, ends, plane) };
        });
    }
    let size = unit.size();
    nest.for_each_run_in_order(false, |offsets, extent, strides| {
        if U::PLAIN && strides == [size.cast_signed(); 2] {
            // SAFETY: the nest gives the offsets of the first items of a run.
            let Ends { to, from } = unsafe { ends.moved(offsets) };
            if to.cast_const() < from {
                // SAFETY: the caller guarantees that both runs can be read and written. Their items are adjacent on both sides, so they
                // are the items at all indices of this axis, at other indices of another axis: they do not overlap.
                unsafe { core::ptr::swap_nonoverlapping(to, from.cast_mut(), extent * size) };
            }
            return;
        }
        for i in 0..extent {
            // SAFETY: the nest gives the offsets of the first items of a run that has more than `i` items.
            let ends = unsafe { ends.moved([0, 1].map(|k| offsets[k] + strides[k] * i.cast_signed())) };
            // Each pair is met twice, and exchanged at the first of its addresses.
            if ends.to.cast_const() < ends.from {
                // SAFETY: the caller guarantees that both items can be read and written. Both are items of the target, and not the same
                // one, so they do not overlap.
                unsafe { unit.exchange([ends.to, ends.from.cast_mut()]) };
            }
        }
    });
}

/// Returns whether each plane is a square whose items are adjacent, and is copied to its own transpose.
fn is_square_on_itself(others: &LoopNest<2>, Plane { rows, columns, .. }: Plane<2>, size: usize) -> bool {
    let unit = size.cast_signed();
    others.start[0] == others.start[1]
        && others.axes().iter().all(|axis| axis.strides[0] == axis.strides[1])
        && [columns.strides[0], rows.strides[1]] == [unit; 2]
        && rows.strides[0] == columns.strides[1]
        && rows.extent == columns.extent
}

/// Transposes a square in place.
///
/// # Safety
///
/// The caller must ensure what [`exchange`] requires, that the plane is a square on itself, and that `ends` are its first items.
unsafe fn transpose<U: Unit>(unit: U, ends: Ends, plane: Plane<2>) {
    let whole = plane.rows.extent - plane.rows.extent % U::SIDE;
    let exchange_pairs = |rows: [usize; 2], columns: [usize; 2]| {
        for row in rows[0]..rows[1] {
            for column in columns[0]..columns[1].min(row) {
                // SAFETY: the row and the column are inside the plane.
                let Ends { to, from } = unsafe { ends.moved(plane.offsets(row, column)) };
                // SAFETY: the caller guarantees that the items can be read and written. The row is not the column, so they are two.
                unsafe { unit.exchange([to, from.cast_mut()]) };
            }
        }
    };
    for row in (0..whole).step_by(U::SIDE) {
        for column in (0..row).step_by(U::SIDE) {
            // SAFETY: the row and the column are inside the plane.
            let ends = unsafe { ends.moved(plane.offsets(row, column)) };
            // SAFETY: both tiles are inside the plane, on both sides of the diagonal, so they do not overlap.
            unsafe { exchange_tiles(unit, [ends.to, ends.from.cast_mut()], plane.rows.strides[0]) };
        }
        exchange_pairs([row, row + U::SIDE], [row, row + U::SIDE]);
    }
    exchange_pairs([whole, plane.rows.extent], [0, plane.rows.extent]);
}

/// Writes the transpose of each of two tiles, whose lines are `stride` bytes apart, to the place of the other.
///
/// # Safety
///
/// The caller must ensure that both tiles can be read and written, and that they do not overlap.
#[inline(always)]
unsafe fn exchange_tiles<U: Unit>(unit: U, tiles: [*mut u8; 2], stride: isize) {
    let mut kept = [Tile::EMPTY; 2];
    let lines = kept.each_mut().map(Tile::lines);
    for k in 0..2 {
        // SAFETY: the caller guarantees that the tile can be read.
        unsafe { load_tile(unit, lines[k], tiles[k], stride) };
    }
    for (lines, tile) in [(lines[0], tiles[1]), (lines[1], tiles[0])] {
        for i in 0..U::SIDE {
            // SAFETY: there are `SIDE` lines in the tile that was loaded.
            let line = unsafe { lines.add(i * LINE) };
            // SAFETY: the caller guarantees that the tile has this line.
            let to = unsafe { tile.offset(stride * i.cast_signed()) };
            // SAFETY: the line was written above, and the caller guarantees that the other one can be written.
            unsafe { core::ptr::copy_nonoverlapping(line, to, LINE) };
        }
    }
}
