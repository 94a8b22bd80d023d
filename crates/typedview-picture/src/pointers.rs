//! The memory of an axis that holds pointers: the pointers below each other, and the block to which each one leads.
//! A block is drawn as a strip.

use super::arrangement::Elements;
use super::drawn::{Cell, Drawn, LIMIT, holds_pointers};
use super::grid::signed;
use super::strip::{Placed, Step, Strip, step_label};
use super::svg::{Anchor, Area, Canvas, Edge, NORMAL, SMALL, TINY, WIDTH, pixels};
use typedview::Found;

/// The box of a pointer.
const BOX: [f64; 2] = [58.0, 20.0];
/// The length of an arrow from a pointer to its block.
const ARROW: f64 = 34.0;
/// The number of colors that a block may have.
const COLORS: usize = 24;
/// The largest number of lines of a block.
const LINES: usize = 2;

/// Draws the first pointers of `axis` and their blocks, and returns the lower edge.
pub(super) fn draw(
    canvas: &mut Canvas,
    [x, top]: [f64; 2],
    found: &Found<'_>,
    drawn: &Drawn,
    axis: usize,
) -> f64 {
    let extent = found.shape.get(axis).copied().unwrap_or(0);
    let stride = found.strides.get(axis).copied().unwrap_or(0) as i128;
    let title = format!("the pointers of axis {axis}, and the blocks to which they lead");
    canvas.text([x, top + 9.0], NORMAL, Anchor::Start, 1.0, &title);
    let left = x + BOX[0] + ARROW;
    let mut y = top + 18.0;
    for index in 0..extent.min(LIMIT) {
        // The arrows of strides are above the boxes, so the pointer is beside the boxes of its block.
        let block = draw_block(canvas, [left, y], found, drawn, axis, index);
        let area = Area { x: x + 0.5, y: block.boxes + 4.0, width: BOX[0] - 1.0, height: BOX[1] };
        let middle = block.boxes + 4.0 + BOX[1] / 2.0;
        canvas.frame(area, Edge::Solid);
        canvas.text(
            [x + BOX[0] / 2.0, middle + 3.0],
            SMALL,
            Anchor::Middle,
            1.0,
            &pointer_label(found, axis, index),
        );
        let offset = index as i128 * stride;
        let offset = if offset < 0 { signed(offset) } else { offset.to_string() };
        canvas.text([x, block.boxes + 4.0 + BOX[1] + 9.0], TINY, Anchor::Start, 0.7, &offset);
        let path = format!("M{} {}H{}", pixels(x + BOX[0]), pixels(middle), pixels(left - 7.0));
        canvas.lines(&path, Edge::Solid);
        canvas.arrow_head([left - 2.0, middle], [-1.0, 0.0]);
        y = block.bottom;
    }
    if extent > LIMIT {
        canvas.text([x + BOX[0] / 2.0, y + 8.0], NORMAL, Anchor::Middle, 1.0, "\u{22ee}");
        canvas.text(
            [left, y + 8.0],
            NORMAL,
            Anchor::Start,
            0.8,
            &format!("{} more pointers", extent - LIMIT),
        );
        y += 14.0;
    }
    y
}

/// Draws what one pointer leads to.
fn draw_block(
    canvas: &mut Canvas,
    [x, y]: [f64; 2],
    found: &Found<'_>,
    drawn: &Drawn,
    axis: usize,
    index: usize,
) -> Placed {
    let is_last_pointer =
        (axis.saturating_add(1)..found.shape.len()).all(|later| !holds_pointers(found, later));
    let cells = cells_behind(found, drawn, axis, index);
    let itemsize = found.format.itemsize() as i128;
    if !is_last_pointer || cells.is_empty() || itemsize == 0 {
        let text = if !is_last_pointer {
            "further pointers"
        } else if itemsize == 0 {
            "elements of 0 bytes"
        } else {
            "elements that are not drawn"
        };
        let area = Area { x, y, width: 180.0, height: 28.0 };
        canvas.frame(area, Edge::Dashed);
        canvas.text([x + 90.0, y + 17.0], SMALL, Anchor::Middle, 0.8, text);
        return Placed { boxes: y, bottom: y + 46.0 };
    }
    let steps = if index == 0 { steps(found, axis, &cells) } else { Vec::new() };
    let strip = Strip {
        elements: Elements { cells: &cells, itemsize, has_rows: drawn.has_rows(), start: Some(0) },
        steps: &steps,
        colors: COLORS,
        lines: LINES,
    };
    strip.draw(canvas, [x, y], WIDTH - x - 1.0)
}

/// Returns the drawn elements behind a pointer. Their offsets count from the address in the pointer.
fn cells_behind(found: &Found<'_>, drawn: &Drawn, axis: usize, index: usize) -> Vec<Cell> {
    let suboffset = found.suboffsets.get(axis).copied().unwrap_or(0) as i128;
    let stride_after =
        |later: usize| if later > axis { found.strides.get(later).copied().unwrap_or(0) as i128 } else { 0 };
    // The axes before the last two have index 0 in the grid, and of the last axis only the first row is drawn.
    let is_behind = |cell: &&Cell| match (&drawn.rows, &drawn.columns) {
        (Some(rows), _) if rows.axis == axis => cell.row == index,
        (_, Some(columns)) if columns.axis == axis => cell.column == index && cell.row == 0,
        _ => index == 0,
    };
    let row_stride = drawn.rows.as_ref().map_or(0, |rows| stride_after(rows.axis));
    let column_stride = drawn.columns.as_ref().map_or(0, |columns| stride_after(columns.axis));
    let move_to = |cell: &Cell| Cell {
        offset: suboffset + cell.row as i128 * row_stride + cell.column as i128 * column_stride,
        ..cell.clone()
    };
    drawn.cells.iter().filter(is_behind).map(move_to).collect()
}

/// Returns the arrows that show the strides of the axes behind the pointers of `axis`.
fn steps(found: &Found<'_>, axis: usize, cells: &[Cell]) -> Vec<Step> {
    let first = cells.first().map_or(0, |cell| cell.offset);
    let later = axis.saturating_add(1).max(found.shape.len().saturating_sub(2))..found.shape.len();
    let is_long = |axis: &usize| found.shape.get(*axis).is_some_and(|extent| *extent > 1);
    let stride_of = |axis: usize| found.strides.get(axis).map(|stride| (axis, *stride));
    let moves = later.filter(is_long).filter_map(stride_of).filter(|(_, stride)| *stride != 0);
    moves
        .map(|(axis, stride)| Step { offset: first + stride as i128, label: step_label(axis, stride) })
        .collect()
}

/// Returns the index of a pointer, such as `[1, :]`, or a shorter text if there are many axes.
fn pointer_label(found: &Found<'_>, axis: usize, index: usize) -> String {
    let ndim = found.shape.len();
    if ndim > 3 {
        return format!("index {index}");
    }
    let item = |each: usize| match each {
        _ if each == axis => index.to_string(),
        _ if each < axis => "0".to_owned(),
        _ => ":".to_owned(),
    };
    format!("[{}]", (0..ndim).map(item).collect::<Vec<_>>().join(","))
}
