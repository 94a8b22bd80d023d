//! The fields of a record: a bar for the bytes of one element, and a line for each field.
//! Bytes that belong to no field are padding, which is hatched.

use super::svg::{Anchor, Area, Canvas, Edge, NORMAL, SMALL, TINY, WIDTH, byte_count, clip, text_width};
use typedview::Field;

/// The largest number of fields that are drawn.
const LIMIT: usize = 12;
/// The largest number of characters of the name and of the type of a field.
const TEXT: usize = 20;
/// The distance of two lines.
const LINE: f64 = 17.0;
/// Where the bars begin.
const LEFT: f64 = 262.0;

/// Draws the first element of a view of records, and returns the lower edge.
pub(super) fn draw(canvas: &mut Canvas, top: f64, fields: &[Field], itemsize: usize) -> f64 {
    canvas.text(
        [0.0, top + 9.0],
        NORMAL,
        Anchor::Start,
        1.0,
        &format!("one element, {}", byte_count(itemsize as i128)),
    );
    if itemsize == 0 {
        return top + 12.0;
    }
    let width = WIDTH - LEFT - 1.0;
    let scale = (width / itemsize as f64).min(17.0);
    let area = |start: usize, end: usize, y: f64| Area {
        x: LEFT + start as f64 * scale,
        y,
        width: (end.saturating_sub(start) as f64 * scale).max(1.0),
        height: LINE - 4.0,
    };
    let end_of = |field: &Field| field.offset().saturating_add(field.format().itemsize()).min(itemsize);
    let drawn = fields.get(..fields.len().min(LIMIT)).unwrap_or_default();
    let shade = |position: usize| position as f64 / drawn.len().saturating_sub(1).max(1) as f64;
    for (position, field) in drawn.iter().enumerate() {
        let bar = area(field.offset(), end_of(field), top);
        canvas.fill(bar, shade(position));
        canvas.frame(bar, Edge::Solid);
    }
    let padding = padding(fields, itemsize);
    for &(start, end) in padding.iter().take(LIMIT) {
        canvas.hatch(area(start, end, top));
    }
    canvas.frame(area(0, itemsize, top), Edge::Solid);
    let mut y = top + LINE + 4.0;
    for (position, field) in drawn.iter().enumerate() {
        let name = field.name().map_or_else(|| format!("field {position}"), |name| clip(name, TEXT));
        canvas.text([8.0, y + 10.0], SMALL, Anchor::Start, 1.0, &name);
        let kind = clip(&field.format().to_string(), TEXT);
        canvas.text([8.0 + 124.0, y + 10.0], SMALL, Anchor::Start, 0.7, &kind);
        let bar = area(field.offset(), end_of(field), y);
        canvas.fill(bar, shade(position));
        canvas.frame(bar, Edge::Solid);
        label_bytes(canvas, bar, field.offset(), end_of(field));
        y += LINE;
    }
    if fields.len() > drawn.len() {
        canvas.text(
            [8.0, y + 10.0],
            SMALL,
            Anchor::Start,
            1.0,
            &format!("\u{22ef} {} more fields", fields.len() - drawn.len()),
        );
        y += LINE;
    }
    if !padding.is_empty() {
        let bytes =
            padding.iter().map(|(start, end)| end.saturating_sub(*start)).fold(0, usize::saturating_add);
        canvas.text([8.0, y + 10.0], SMALL, Anchor::Start, 1.0, "padding");
        canvas.text([8.0 + 124.0, y + 10.0], SMALL, Anchor::Start, 0.7, &byte_count(bytes as i128));
        for &(start, end) in padding.iter().take(LIMIT) {
            let bar = area(start, end, y);
            canvas.hatch(bar);
            canvas.frame(bar, Edge::Dashed);
        }
        y += LINE;
    }
    y
}

/// Writes the bytes of a field beside its bar: at its right if there is room, else at its left.
fn label_bytes(canvas: &mut Canvas, bar: Area, start: usize, end: usize) {
    let label = if end.saturating_sub(start) == 1 {
        start.to_string()
    } else {
        format!("{start}\u{2013}{}", end.saturating_sub(1))
    };
    let (right, width) = (bar.x + bar.width + 4.0, text_width(&label, TINY));
    if right + width < WIDTH {
        canvas.text([right, bar.y + 10.0], TINY, Anchor::Start, 0.7, &label);
    } else if bar.x - 4.0 - width > LEFT {
        canvas.text([bar.x - 4.0, bar.y + 10.0], TINY, Anchor::End, 0.7, &label);
    } else {
        canvas.text([bar.x + bar.width / 2.0, bar.y + 10.0], TINY, Anchor::Middle, 0.9, &label);
    }
}

/// Returns the ranges of bytes that no field uses. The fields are in the order of their bytes.
fn padding(fields: &[Field], itemsize: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut used = 0;
    for field in fields {
        if field.offset() > used {
            ranges.push((used, field.offset()));
        }
        used = used.max(field.offset().saturating_add(field.format().itemsize()));
    }
    if used < itemsize {
        ranges.push((used, itemsize));
    }
    ranges
}
