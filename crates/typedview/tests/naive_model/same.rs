//! Equality of a view and a model: the shape, the elements, and everything that follows from them.
//! Every other file ends its checks with these functions.

use crate::model::{Model, indices};
use typedview::{Layout, View};

pub(crate) fn same<L: Layout>(view: &View<'_, u32, L>, model: &Model) {
    assert_eq!(view.shape(), model.shape);
    assert_eq!(view.to_vec(), model.elements, "{view:?}");
    let counts = (view.ndim(), view.size(), view.nbytes(), view.is_empty());
    let size = model.size();
    assert_eq!(counts, (model.ndim(), size, 4 * size, size == 0));
    assert!(view.iter().eq(model.elements.iter().copied()));
    assert!(view.iter().rev().eq(model.elements.iter().rev().copied()));
    if let Some(slice) = view.as_slice() {
        assert_eq!(slice, model.elements);
    }
}

/// Does the same as [`same`], and compares each element with its index.
pub(crate) fn same_with_indices<L: Layout>(view: &View<'_, u32, L>, model: &Model) {
    same(view, model);
    let indexed = view.indexed_iter();
    assert_eq!(indexed.len(), model.size());
    let found: Vec<(Vec<usize>, u32)> = indexed.map(|(index, x)| (index.as_ref().to_vec(), x)).collect();
    let expected: Vec<(Vec<usize>, u32)> =
        indices(&model.shape).into_iter().zip(model.elements.iter().copied()).collect();
    assert_eq!(found, expected);
}

/// Checks that the views equal the models one after the other, from both ends.
pub(crate) fn all_same<'a, L: Layout>(
    views: impl DoubleEndedIterator<Item = View<'a, u32, L>> + ExactSizeIterator + Clone,
    models: &[Model],
) {
    assert_eq!(views.len(), models.len());
    views.clone().zip(models).for_each(|(view, model)| same(&view, model));
    views.clone().rev().zip(models.iter().rev()).for_each(|(view, model)| same(&view, model));
    for (n, model) in models.iter().enumerate() {
        let mut rest = views.clone();
        same(&rest.nth(n).unwrap(), model);
        assert_eq!(rest.len(), models.len() - n - 1);
    }
    assert!(views.clone().nth(models.len()).is_none());
}
