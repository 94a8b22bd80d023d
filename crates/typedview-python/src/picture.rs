//! The picture of a view for notebooks: the elements that it shows are read here, and the rest is drawn from shape and strides.

use pyo3::prelude::*;
use typedview_picture::{drawn_extents, html};
use typedview_pyo3::ViewObject;

/// The picture of a view as HTML. `View._repr_html_` calls it.
#[pyfunction]
#[pyo3(name = "_picture")]
pub(crate) fn picture(view: &Bound<'_, PyAny>) -> PyResult<String> {
    let class = view.py().get_type::<ViewObject>();
    let view = class.call1((view,))?.cast_into::<ViewObject>()?;
    let (elements, readonly) = (view.get().elements(), view.get().is_readonly());
    let repr = view.repr()?.to_string();
    let title = repr.lines().next().unwrap_or_default();
    let mut texts = Vec::new();
    // The empty index of a view without axes is its element. Elements that Python has no object for are drawn without a text.
    let first = if elements.ndim() == 0 { view.get_item(()) } else { Ok(view.clone().into_any()) };
    _ = first.and_then(|first| first_values(&first, &drawn_extents(elements.shape()), &mut texts));
    Ok(html(&elements.found(readonly), title, &texts))
}

/// Appends the texts of the first elements along each axis, in index order.
fn first_values(part: &Bound<'_, PyAny>, extents: &[usize], texts: &mut Vec<String>) -> PyResult<()> {
    let Some((&extent, inner)) = extents.split_first() else {
        texts.push(part.str()?.to_string());
        return Ok(());
    };
    (0..extent).try_for_each(|i| first_values(&part.get_item(i)?, inner, texts))
}
