//! The picture of a memory view: an HTML fragment that shows how indices become bytes.
//! Only shape, strides and format are used, so that the picture needs no access to the memory.
//!
//! ```
//! use typedview::{Format, Found};
//! use typedview_picture::{drawn_extents, html};
//!
//! let format = Format::parse(b"d")?;
//! let table = Found { format: &format, shape: &[2, 3], strides: &[24, 8], suboffsets: &[], readonly: false };
//! assert_eq!(drawn_extents(table.shape), [2, 3]);
//! let values = ["1.0", "2.0", "3.0", "4.0", "5.0", "6.0"].map(String::from);
//! let picture = html(&table, "a table", &values);
//! assert!(picture.contains("<svg") && picture.contains("a table") && picture.contains("5.0"));
//! # Ok::<(), typedview::Error>(())
//! ```

mod arrangement;
mod drawn;
mod fields;
mod grid;
mod notes;
mod pointers;
mod strip;
mod svg;

use drawn::Drawn;
use svg::{Canvas, WIDTH, byte_count, clip, escape};
use typedview::{Found, Order};

/// The largest number of characters of the title that are shown.
const TITLE: usize = 300;
/// The largest number of axes whose extents and strides are listed.
const LISTED_AXES: usize = 8;
/// The widest grid, in pixels, that has the memory at its side. The memory of a wider grid is below it.
const NARROW_GRID: f64 = 250.0;
/// The number of pixels between two parts of the picture.
const SPACE: f64 = 18.0;

/// Returns an HTML fragment with the title, a table of facts and a drawing of the layout.
///
/// `first_values` are the texts of the elements that [`drawn_extents`] selects, in index order. The list may be shorter.
///
/// # Examples
///
/// ```
/// use typedview::{Format, Found};
///
/// let format = Format::parse(b"f")?;
/// let reversed = Found { format: &format, shape: &[4], strides: &[-4], suboffsets: &[], readonly: true };
/// let picture = typedview_picture::html(&reversed, "x[::-1]", &[]);
/// assert!(picture.starts_with("<div") && picture.contains("(-4,) bytes"));
/// # Ok::<(), typedview::Error>(())
/// ```
#[must_use]
pub fn html(found: &Found<'_>, title: &str, first_values: &[String]) -> String {
    let drawn = Drawn::new(found);
    let title = escape(&clip(title, TITLE));
    let heading = format!("<div style=\"font-weight:600;margin-bottom:4px\">{title}</div>");
    let facts = facts(found);
    let drawing = drawing(found, &drawn, first_values);
    let notes = notes::html(found, &drawn);
    format!("<div style=\"font-size:13px;line-height:1.4\">{heading}{facts}{drawing}{notes}</div>")
}

/// Returns how many of the first indices of each axis have their values in the picture. It is 1 for all axes but the last
/// two.
///
/// # Examples
///
/// ```
/// assert_eq!(typedview_picture::drawn_extents(&[5, 2, 3]), [1, 2, 3]);
/// ```
#[must_use]
pub fn drawn_extents(shape: &[usize]) -> Vec<usize> {
    let leading = shape.len().saturating_sub(2);
    let limit = |axis| if axis < leading { 1 } else { drawn::LIMIT };
    shape.iter().enumerate().map(|(axis, &extent)| extent.min(limit(axis))).collect()
}

/// Returns the table of facts.
fn facts(found: &Found<'_>) -> String {
    let mut rows =
        vec![("shape", tuple(found.shape)), ("strides", format!("{} bytes", tuple(found.strides)))];
    if drawn::first_pointer_axis(found).is_some() {
        rows.push(("suboffsets", tuple(found.suboffsets)));
    }
    rows.push(("itemsize", byte_count(found.format.itemsize() as i128)));
    rows.push(("order", order(found).to_owned()));
    rows.push(("readonly", if found.readonly { "yes" } else { "no" }.to_owned()));
    let row = |(name, value)| {
        let cell = "padding:0 14px 0 0;text-align:left;border:0;vertical-align:top";
        format!(
            "<tr style=\"background:none\"><td style=\"{cell};opacity:.7\">{name}</td><td style=\"{cell};font-family:monospace\">{value}</td></tr>"
        )
    };
    let rows: String = rows.into_iter().map(row).collect();
    format!("<table style=\"border-collapse:collapse;border:0;margin:0 0 8px;font-size:12px\">{rows}</table>")
}

/// Returns the numbers as Python writes a tuple, with an ellipsis after the first ones if there are many.
fn tuple<T: ToString>(numbers: &[T]) -> String {
    let mut texts: Vec<String> = numbers.iter().take(LISTED_AXES).map(T::to_string).collect();
    if numbers.len() > LISTED_AXES {
        texts.push(format!("\u{2026} {} axes", numbers.len()));
    }
    match texts.as_slice() {
        [one] => format!("({one},)"),
        all => format!("({})", all.join(", ")),
    }
}

/// Returns the order of the elements in words.
fn order(found: &Found<'_>) -> &'static str {
    if found.is_contiguous(Order::C) {
        "C: one block without gaps, the last axis moves fastest"
    } else if found.is_contiguous(Order::F) {
        "F: one block without gaps, the first axis moves fastest"
    } else if drawn::first_pointer_axis(found).is_some() {
        "indirect: the way to an element follows pointers"
    } else if found.is_contiguous(Order::Pitched) {
        "strided: not one block, but the last axis has no gaps"
    } else {
        "strided: not one block in the order of C or F"
    }
}

/// Returns the drawing: the grid of indices, the memory at its side or below it, and the fields of a record.
fn drawing(found: &Found<'_>, drawn: &Drawn, first_values: &[String]) -> String {
    let mut canvas = Canvas::default();
    let top = grid::draw_axes(&mut canvas, found, drawn);
    let (right, mut bottom) = grid::draw(&mut canvas, top, drawn, first_values);
    if !drawn.cells.is_empty() {
        let (x, y) = if right <= NARROW_GRID { (right + SPACE, top) } else { (1.0, bottom + SPACE) };
        let memory_bottom = match drawn::first_pointer_axis(found) {
            Some(axis) => pointers::draw(&mut canvas, [x, y], found, drawn, axis),
            None => strip::draw_memory(&mut canvas, [x, y], WIDTH - x, found, drawn),
        };
        bottom = bottom.max(memory_bottom);
        if let Some(fields) = found.format.fields().filter(|fields| !fields.is_empty()) {
            bottom = fields::draw(&mut canvas, bottom + SPACE, fields, found.format.itemsize());
        }
    }
    canvas.finish(bottom + 2.0, "The indices of the view, and the bytes that they reach")
}
