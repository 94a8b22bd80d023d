//! Showing: the `repr` of a view, with its elements as NumPy elides them.

use super::contents::to_list;
use super::view_object::ViewObject;
use crate::acquire::exporter_name;
use crate::error::OrRaise;
use pyo3::prelude::*;
use std::fmt::Write;
use typedview::Untyped;

/// A view of more elements shows the first and the last ones of each axis.
const MOST: usize = 100;

/// The number of indices that are shown at each end of an axis.
const EDGE: usize = 3;

/// Returns the view in the notation of specs, and its elements in the lines below.
pub(super) fn repr(slf: &Bound<'_, ViewObject>) -> PyResult<String> {
    let this = slf.get();
    if this.hold().is_released() {
        return Ok("View(released)".to_owned());
    }
    let _pointers = this.while_pointers()?;
    let elements = this.elements();
    let owner = match ViewObject::obj_of(slf)? {
        Some(owner) => format!(", owner={}", exporter_name(&owner)),
        None => String::new(),
    };
    let mut text = format!("View({}{owner})", elements.found(this.is_readonly()).summary());
    let mut shown = String::new();
    // Elements that cannot be shown, because of a lock or because Python has no object for them, are left out.
    if elements.ndim() <= 8 && contents(slf, elements, 0, elements.size() > MOST, &mut shown).is_ok() {
        _ = write!(text, "\n{shown}");
    }
    Ok(text)
}

fn contents(
    slf: &Bound<'_, ViewObject>,
    elements: &Untyped,
    depth: usize,
    elides: bool,
    text: &mut String,
) -> PyResult<()> {
    let Some(&length) = elements.shape().first() else {
        text.push_str(&to_list(slf.py(), slf.get(), elements)?.repr()?.to_string());
        return Ok(());
    };
    if elements.size() == 0 {
        text.push_str("[]");
        return Ok(());
    }
    text.push('[');
    let separator =
        if elements.ndim() > 1 { format!(",\n{}", " ".repeat(depth + 1)) } else { ", ".to_owned() };
    let is_elided = elides && length > 2 * EDGE;
    let indices = if is_elided { (0..EDGE).chain(length - EDGE..length) } else { (0..length).chain(0..0) };
    for (number, i) in indices.enumerate() {
        if number > 0 {
            text.push_str(&separator);
        }
        if is_elided && number == EDGE {
            text.push_str("...");
            text.push_str(&separator);
        }
        slf.get().checked()?;
        contents(slf, &elements.index_axis(0, i.cast_signed()).or_raise()?, depth + 1, elides, text)?;
    }
    text.push(']');
    Ok(())
}
