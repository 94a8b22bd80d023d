//! The strip of memory: the drawn elements where their bytes are, and the gaps between them.
//! The same code draws the whole memory of a view, and the block behind one pointer.

use super::arrangement::{Elements, Piece, used_bytes};
use super::drawn::{Cell, Drawn};
use super::grid::{NUMBERED, signed};
use super::svg::{Anchor, Area, Canvas, Edge, NORMAL, SMALL, TINY, byte_count, clip, pixels, text_width};
use typedview::Found;

/// The height of the box of an element, and of the lines of text below and above it.
const HEIGHT: f64 = 28.0;
const OFFSETS: f64 = 18.0;
const STEP: f64 = 13.0;
/// The largest number of lines of the strip of a whole memory.
const LINES: usize = 12;
/// The largest number of bytes that are shown one by one.
const BYTES: i128 = 160;
/// The number of colors that a strip of a whole memory may have.
const COLORS: usize = 160;

/// An arrow from the first element to another one.
pub(super) struct Step {
    /// The offset of the element to which the arrow goes.
    pub(super) offset: i128,
    pub(super) label: String,
}

/// What a strip shows.
pub(super) struct Strip<'a> {
    pub(super) elements: Elements<'a>,
    pub(super) steps: &'a [Step],
    /// How many colors the strip may have in all. A segment that several elements use has several.
    pub(super) colors: usize,
    /// The largest number of lines.
    pub(super) lines: usize,
}

/// Where a strip has been drawn.
pub(super) struct Placed {
    /// The upper edge of the boxes of the first line.
    pub(super) boxes: f64,
    pub(super) bottom: f64,
}

/// Draws the memory of a view without pointers, and returns the lower edge.
pub(super) fn draw_memory(
    canvas: &mut Canvas,
    [x, y]: [f64; 2],
    width: f64,
    found: &Found<'_>,
    drawn: &Drawn,
) -> f64 {
    let itemsize = found.format.itemsize() as i128;
    if itemsize == 0 {
        canvas.text([x, y + 9.0], NORMAL, Anchor::Start, 1.0, "Elements of 0 bytes use no memory.");
        return y + 12.0;
    }
    let last = |select: fn(i128, i128) -> i128| {
        drawn.cells.iter().map(|cell| cell.offset).reduce(select).unwrap_or(0)
    };
    let reach = last(i128::max) - last(i128::min) + itemsize;
    let title = format!("memory, {}, lowest address first", byte_count(reach));
    canvas.text([x, y + 9.0], NORMAL, Anchor::Start, 1.0, &title);
    let steps = steps(drawn);
    let strip = Strip {
        elements: Elements { cells: &drawn.cells, itemsize, has_rows: drawn.has_rows(), start: None },
        steps: &steps,
        colors: COLORS,
        lines: LINES,
    };
    strip.draw(canvas, [x, y + 18.0], width - 1.0).bottom
}

/// Returns the arrows that show the strides of the axes of the grid.
fn steps(drawn: &Drawn) -> Vec<Step> {
    let moves = drawn.axes().filter(|axis| axis.extent > 1 && axis.stride != 0);
    moves
        .map(|axis| Step { offset: axis.stride as i128, label: step_label(axis.axis, axis.stride) })
        .collect()
}

/// Returns the text of the arrow of an axis.
pub(super) fn step_label(axis: usize, stride: isize) -> String {
    format!("axis {axis}: {}", signed(stride as i128))
}

impl Strip<'_> {
    /// Draws the strip. The elements must have bytes.
    pub(super) fn draw(&self, canvas: &mut Canvas, [left, top]: [f64; 2], width: f64) -> Placed {
        let segments = self.elements.segments();
        let scale = self.elements.scale(&segments, width);
        let lines = self.elements.lines(&segments, scale, left, width);
        let bands = (self.colors / segments.len().max(1)).clamp(1, 8);
        let has_ticks = scale >= 4.0 && self.elements.itemsize > 1 && used_bytes(&segments) <= BYTES;
        let mut y = top;
        let mut boxes = None;
        for line in lines.iter().take(self.lines) {
            y = self.draw_steps(canvas, line, y, left + width);
            boxes = boxes.or(Some(y));
            let mut ticks = String::new();
            for piece in line {
                self.draw_piece(canvas, piece, y, bands);
                if has_ticks && !piece.segment.users.is_empty() {
                    add_ticks(&mut ticks, piece, y);
                }
            }
            canvas.lines(&ticks, Edge::Solid);
            draw_offsets(canvas, line, y + HEIGHT + 9.0, left + width);
            y += HEIGHT + OFFSETS;
        }
        if lines.len() > self.lines {
            let text = format!(
                "\u{22ef} {} more boxes at higher addresses",
                lines.iter().skip(self.lines).map(Vec::len).sum::<usize>()
            );
            canvas.text([left, y + 8.0], NORMAL, Anchor::Start, 1.0, &text);
            y += 14.0;
        }
        Placed { boxes: boxes.unwrap_or(top), bottom: y }
    }

    /// Draws the arrows whose two ends are on this line, and returns the upper edge of the boxes.
    fn draw_steps(&self, canvas: &mut Canvas, line: &[Piece<'_>], top: f64, right: f64) -> f64 {
        let at = |offset: i128| line.iter().find(|piece| piece.segment.start == offset).map(|piece| piece.x);
        let first = self.elements.cells.first().map_or(0, |cell| cell.offset);
        let Some(from) = at(first) else { return top };
        let mut arrows: Vec<(f64, &Step)> =
            self.steps.iter().filter_map(|step| Some((at(step.offset)?, step))).collect();
        // The longest arrow is the highest, so that no arrow crosses another one.
        arrows.sort_by(|one, two| (two.0 - from).abs().total_cmp(&(one.0 - from).abs()));
        let edge = top + arrows.len() as f64 * STEP + if arrows.is_empty() { 0.0 } else { 3.0 };
        for (level, (to, step)) in arrows.iter().enumerate() {
            let y = top + (level as f64 + 1.0) * STEP - 3.0;
            // Each arrow leaves from its own point of the first box, in an order in which no arrow crosses a label.
            let is_forward = *to >= from;
            let inset = if is_forward { level } else { arrows.len() - 1 - level };
            let (start, end) = (from + 4.0 + 4.0 * inset as f64, to + 4.0);
            let path = format!(
                "M{} {}V{}H{}V{}",
                pixels(start),
                pixels(edge),
                pixels(y),
                pixels(end),
                pixels(edge - 4.0)
            );
            canvas.lines(&path, Edge::Solid);
            canvas.arrow_head([end, edge], [0.0, -1.0]);
            let width = text_width(&step.label, TINY);
            let text =
                if is_forward { (start + 3.0).min(right - width) } else { (start - 3.0 - width).max(1.0) };
            canvas.text([text, y - 2.0], TINY, Anchor::Start, 0.9, &step.label);
        }
        edge
    }

    /// Draws the box of a segment.
    fn draw_piece(&self, canvas: &mut Canvas, piece: &Piece<'_>, y: f64, bands: usize) {
        let Piece { segment, x, width } = *piece;
        let area = Area { x, y, width, height: HEIGHT };
        let middle = [x + width / 2.0, y + 21.0];
        if segment.users.is_empty() {
            draw_gap(canvas, area, segment.len(), self.elements.is_elided(segment));
            return;
        }
        let users: Vec<&Cell> =
            segment.users.iter().filter_map(|&position| self.elements.cells.get(position)).collect();
        let colors = users.len().min(bands).max(1);
        for (band, cell) in users.iter().take(colors).enumerate() {
            let height = HEIGHT / colors as f64;
            canvas.fill(Area { x, y: y + band as f64 * height, width, height }, cell.shade);
        }
        canvas.frame(area, Edge::Solid);
        let label = match users.as_slice() {
            [one] => one.label.clone(),
            several => format!("\u{d7}{}", several.len()),
        };
        if text_width(&label, SMALL) < width {
            canvas.text(middle, SMALL, Anchor::Middle, 1.0, &label);
        }
        let numbers: Vec<String> = users
            .iter()
            .filter(|cell| cell.order <= NUMBERED && cell.offset == segment.start)
            .map(|cell| cell.order.to_string())
            .collect();
        let room = ((width - 4.0) / (TINY * 0.61)) as usize;
        if !numbers.is_empty() && room > 0 {
            canvas.text([x + 3.0, y + 8.0], TINY, Anchor::Start, 0.7, &clip(&numbers.join(" "), room));
        }
    }
}

/// Draws bytes that no element uses. A gap that is not to scale has no edges at its top and bottom.
fn draw_gap(canvas: &mut Canvas, area: Area, bytes: i128, is_elided: bool) {
    let Area { x, y, width, height } = area;
    let middle = x + width / 2.0;
    if is_elided {
        canvas.text([middle, y + 12.0], NORMAL, Anchor::Middle, 0.8, "\u{22ef}");
        canvas.text([middle, y + 23.0], TINY, Anchor::Middle, 0.8, &byte_count(bytes));
        return;
    }
    let inner = Area { x: x + 1.5, y: y + 4.0, width: (width - 3.0).max(0.5), height: height - 8.0 };
    canvas.frame(inner, Edge::Dashed);
    for label in [byte_count(bytes), bytes.to_string()] {
        if text_width(&label, TINY) + 4.0 < width {
            canvas.text([middle, y + 17.0], TINY, Anchor::Middle, 0.8, &label);
            return;
        }
    }
}

/// Adds a short line between every two bytes of a segment.
fn add_ticks(ticks: &mut String, piece: &Piece<'_>, y: f64) {
    let bytes = piece.segment.len();
    for byte in 1..bytes.min(BYTES) {
        let x = piece.x + piece.width * byte as f64 / bytes as f64;
        *ticks += &format!("M{} {}v-4", pixels(x), pixels(y + HEIGHT));
    }
}

/// Writes offsets below the segments that elements use, where there is room.
fn draw_offsets(canvas: &mut Canvas, line: &[Piece<'_>], y: f64, right: f64) {
    let mut free = f64::MIN;
    for piece in line.iter().filter(|piece| !piece.segment.users.is_empty()) {
        let start = piece.segment.start;
        let text = if start < 0 { signed(start) } else { start.to_string() };
        let width = text_width(&text, TINY);
        if piece.x < free || (piece.x + width > right && free > 0.0) {
            continue;
        }
        canvas.text([piece.x, y], TINY, Anchor::Start, 0.7, &text);
        free = piece.x + width + 4.0;
    }
}
