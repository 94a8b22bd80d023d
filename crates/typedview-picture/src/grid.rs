//! The grid of indices: a box for each drawn element, with its value.
//! It shows how a user counts the elements; the strip of memory shows where they are.

use super::drawn::{Drawn, GridAxis, holds_pointers};
use super::svg::{Anchor, Area, Canvas, Edge, NORMAL, SMALL, TINY, clip};
use typedview::Found;

/// The number of elements whose place in the order of indices is shown.
pub(super) const NUMBERED: u128 = 12;
/// The largest number of characters of a value.
const VALUE: usize = 8;
/// The size of the box of an element.
const BOX: [f64; 2] = [56.0, 28.0];
/// The width of the box that stands for the columns that are not drawn, and the height of the one for the rows.
const ELLIPSIS: [f64; 2] = [26.0, 18.0];
/// The space for the indices of rows, and for those of columns.
const MARGIN: [f64; 2] = [16.0, 16.0];

/// Writes a line about each axis of the grid, and returns where the lines end.
pub(super) fn draw_axes(canvas: &mut Canvas, found: &Found<'_>, drawn: &Drawn) -> f64 {
    let mut y = 2.0;
    for axis in drawn.axes() {
        let is_row = drawn.rows.as_ref().is_some_and(|rows| rows.axis == axis.axis);
        y += 14.0;
        let arrow = if is_row { "\u{2193}" } else { "\u{2192}" };
        let pointers = if holds_pointers(found, axis.axis) { ", then a pointer is followed" } else { "" };
        let GridAxis { axis, extent, stride } = axis;
        let text = format!(
            "{arrow} axis {axis}: length {extent}, stride {} bytes{pointers}",
            signed(*stride as i128)
        );
        canvas.text([0.0, y], NORMAL, Anchor::Start, 1.0, &text);
    }
    y + 10.0
}

/// Returns a number with a true minus sign, or with a plus sign.
pub(super) fn signed(number: i128) -> String {
    match number {
        0 => "0".to_owned(),
        1.. => format!("+{number}"),
        _ => format!("\u{2212}{}", number.unsigned_abs()),
    }
}

/// Draws the grid, and returns its right and its lower edge.
pub(super) fn draw(canvas: &mut Canvas, top: f64, drawn: &Drawn, values: &[String]) -> (f64, f64) {
    let left = if drawn.rows.is_some() { MARGIN[0] } else { 1.0 };
    let top = if drawn.columns.is_some() { top + MARGIN[1] } else { top };
    if drawn.cells.is_empty() {
        return draw_empty(canvas, [left, top]);
    }
    for index in 0..drawn.columns.as_ref().map_or(0, GridAxis::drawn) {
        let x = left + (index as f64 + 0.5) * BOX[0];
        canvas.text([x, top - 5.0], SMALL, Anchor::Middle, 0.7, &index.to_string());
    }
    for index in 0..drawn.rows.as_ref().map_or(0, GridAxis::drawn) {
        let y = top + (index as f64 + 0.5) * BOX[1] + 3.0;
        canvas.text([left - 6.0, y], SMALL, Anchor::End, 0.7, &index.to_string());
    }
    for (position, cell) in drawn.cells.iter().enumerate() {
        let [x, y] = [left + cell.column as f64 * BOX[0], top + cell.row as f64 * BOX[1]];
        let area = Area { x, y, width: BOX[0], height: BOX[1] };
        canvas.fill(area, cell.shade);
        canvas.frame(area, Edge::Solid);
        if cell.order <= NUMBERED && drawn.cells.len() > 1 {
            canvas.text([x + 3.0, y + 8.0], TINY, Anchor::Start, 0.7, &cell.order.to_string());
        }
        let middle = [x + BOX[0] / 2.0, y + 20.0];
        match values.get(position) {
            Some(value) => canvas.text(middle, NORMAL, Anchor::Middle, 1.0, &clip(value, VALUE)),
            None => canvas.text(middle, SMALL, Anchor::Middle, 0.7, &format!("[{}]", cell.label)),
        }
    }
    draw_ellipsis(canvas, [left, top], drawn)
}

/// Draws the boxes that stand for what is not drawn, and returns the right and the lower edge of the whole grid.
fn draw_ellipsis(canvas: &mut Canvas, [left, top]: [f64; 2], drawn: &Drawn) -> (f64, f64) {
    let width = drawn.column_count() as f64 * BOX[0];
    let height = drawn.row_count() as f64 * BOX[1];
    let is_elided = |axis: &Option<GridAxis>| axis.as_ref().is_some_and(|axis| axis.extent > axis.drawn());
    let (mut right, mut bottom) = (left + width, top + height);
    if is_elided(&drawn.columns) {
        let area = Area { x: right, y: top, width: ELLIPSIS[0], height };
        canvas.frame(area, Edge::Dashed);
        canvas.text(
            [right + ELLIPSIS[0] / 2.0, top + height / 2.0 + 3.0],
            NORMAL,
            Anchor::Middle,
            1.0,
            "\u{22ef}",
        );
        right += ELLIPSIS[0];
    }
    if is_elided(&drawn.rows) {
        let area = Area { x: left, y: bottom, width, height: ELLIPSIS[1] };
        canvas.frame(area, Edge::Dashed);
        canvas.text(
            [left + width / 2.0, bottom + ELLIPSIS[1] / 2.0 + 4.0],
            NORMAL,
            Anchor::Middle,
            1.0,
            "\u{22ee}",
        );
        bottom += ELLIPSIS[1];
    }
    (right + 1.0, bottom + 1.0)
}

/// Draws the grid of a view without elements.
fn draw_empty(canvas: &mut Canvas, [x, y]: [f64; 2]) -> (f64, f64) {
    let area = Area { x, y, width: 2.0 * BOX[0], height: BOX[1] };
    canvas.frame(area, Edge::Dashed);
    canvas.text([x + BOX[0], y + 17.0], NORMAL, Anchor::Middle, 1.0, "no elements");
    (x + area.width, y + area.height)
}
