//! The sentences below the drawing, which say what it cannot show.
//! Each one is there only if the view has what it explains.

use super::drawn::{Drawn, GridAxis, first_pointer_axis};
use super::svg::escape;
use typedview::Found;

/// The largest number of leading axes whose zeros are written out.
const ZEROS: usize = 6;

/// Returns the sentences as HTML.
pub(super) fn html(found: &Found<'_>, drawn: &Drawn) -> String {
    let mut notes = vec![selection(found)];
    if drawn.cells.is_empty() {
        notes.push(emptiness(found));
    } else {
        notes.extend(drawn.axes().map(elision));
        if found.format.itemsize() > 0 {
            notes.extend(drawn.axes().map(direction));
        }
        notes.push(pointers(found, drawn));
        notes.push(sharing(found, drawn));
        notes.push(gaps(found, drawn));
        notes.push(reading(found, drawn));
    }
    let notes: Vec<String> = notes.into_iter().flatten().map(|note| escape(&note)).collect();
    if notes.is_empty() {
        return String::new();
    }
    format!(
        "<div style=\"font-size:12px;opacity:.8;max-width:640px;margin-top:6px\">{}</div>",
        notes.join("<br/>")
    )
}

/// Says which axes are drawn.
fn selection(found: &Found<'_>) -> Option<String> {
    let leading = found.shape.len().checked_sub(2).filter(|leading| *leading > 0)?;
    let others = if leading == 1 { "axis 0" } else { "all other axes" };
    let mut zeros = vec!["0"; leading.min(ZEROS)];
    if leading > ZEROS {
        zeros.push("\u{2026}");
    }
    Some(format!("Drawn is [{}, :, :]: the last two axes, at index 0 of {others}.", zeros.join(", ")))
}

/// Says why there are no elements.
fn emptiness(found: &Found<'_>) -> Option<String> {
    let axis = found.shape.iter().position(|extent| *extent == 0)?;
    Some(format!("The view has no elements, because axis {axis} has length 0."))
}

/// Says which indices of an axis are not drawn.
fn elision(axis: &GridAxis) -> Option<String> {
    let GridAxis { axis: number, extent, .. } = axis;
    let drawn = axis.drawn();
    (*extent > drawn).then(|| format!("Of axis {number}, the first {drawn} of {extent} indices are drawn."))
}

/// Says what a stride does that is not positive.
fn direction(axis: &GridAxis) -> Option<String> {
    let GridAxis { axis: number, extent, stride } = axis;
    match stride {
        _ if *extent < 2 => None,
        0 => Some(format!("Axis {number} has stride 0: all of its {extent} indices lead to the same bytes.")),
        ..0 => Some(format!("Axis {number} has a negative stride: the next index is at a lower address.")),
        _ => None,
    }
}

/// Says which pointers are drawn if an index of another axis of the grid selects them.
fn pointers(found: &Found<'_>, drawn: &Drawn) -> Option<String> {
    let rows = drawn.rows.as_ref().filter(|rows| rows.extent > 1)?;
    let axis = first_pointer_axis(found).filter(|axis| *axis > rows.axis)?;
    Some(format!("Of the pointers of axis {axis}, those at index 0 of axis {} are drawn.", rows.axis))
}

/// Explains the boxes that several elements use.
fn sharing(found: &Found<'_>, drawn: &Drawn) -> Option<String> {
    let is_shared = distances(drawn).any(|distance| distance < found.format.itemsize() as i128);
    let text = "A box with \u{d7}2 has bytes that two elements share, and so on; it has the colors of both.";
    (is_shared && first_pointer_axis(found).is_none()).then(|| text.to_owned())
}

/// Explains how the bytes are drawn that no element uses.
fn gaps(found: &Found<'_>, drawn: &Drawn) -> Option<String> {
    let itemsize = found.format.itemsize() as i128;
    let has_gap = match first_pointer_axis(found) {
        None => distances(drawn).any(|distance| distance > itemsize),
        Some(_) => found.suboffsets.iter().any(|suboffset| *suboffset > 0),
    };
    let text = "No drawn element uses the bytes in dashed boxes and beside \u{22ef}, which stands for a gap that is not to scale.";
    (itemsize > 0 && has_gap).then(|| text.to_owned())
}

/// Returns the distances from each drawn element to the next one in memory, in bytes.
fn distances(drawn: &Drawn) -> impl Iterator<Item = i128> {
    let mut offsets: Vec<i128> = drawn.cells.iter().map(|cell| cell.offset).collect();
    offsets.sort_unstable();
    let next = offsets.clone().into_iter().skip(1);
    offsets.into_iter().zip(next).map(|(one, two)| two - one)
}

/// Explains the numbers in the boxes and below them.
fn reading(found: &Found<'_>, drawn: &Drawn) -> Option<String> {
    if found.format.itemsize() == 0 || drawn.cells.len() < 2 {
        return None;
    }
    let from = match first_pointer_axis(found) {
        None => "its offset from the first element",
        Some(_) => {
            "its offset from the address in the pointer, and below a pointer its offset from the first one"
        }
    };
    Some(format!(
        "A box in memory has the index of its element. The small number counts the elements in index order. Below a box is {from}, in bytes."
    ))
}
