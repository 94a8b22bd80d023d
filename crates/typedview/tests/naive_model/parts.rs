//! Parts: rows, ranges of rows, chunks, windows and lanes.
//! Each iterator is compared with the list of models that it should yield, from both ends.

use crate::choices::{Choices, choices, chosen, many_axes, shapes};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::region::Region;
use crate::same::{all_same, same};
use proptest::prelude::*;
use typedview::{Direct, RemoveAxis, View};

fn rows<L: RemoveAxis>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    let model = &region.model;
    let length = model.shape[0];
    all_same(view.rows(), &model.rows());
    for (i, row) in model.rows().iter().enumerate() {
        same(&view.row(i), row);
    }
    assert!(view.try_row(length).is_err() && view.try_row(usize::MAX).is_err());
    for _ in 0..3 {
        let (start, stop, _) = choices.positions();
        let range = match (start, stop) {
            (Some(start), Some(stop)) => view.slice_rows(start..stop),
            (Some(start), None) => view.slice_rows(start..),
            (None, Some(stop)) => view.slice_rows(..stop),
            (None, None) => view.slice_rows(..),
        };
        same(&range, &model.take(0, &chosen(length, (start, stop, 1))));
    }
    for at in 0..=length {
        let (first, second) = view.split_rows(at);
        same(&first, &model.range(0, 0, at));
        same(&second, &model.range(0, at, length));
    }
    assert!(view.try_split_rows(length + 1).is_err() && view.try_split_rows(usize::MAX).is_err());
}

fn stretches<L: RemoveAxis>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for count in 1..=model.shape[0] + 2 {
        all_same(view.chunks(count), &model.chunks(count));
        all_same(view.windows(count), &model.windows(count));
    }
    all_same(view.chunks(usize::MAX), &model.chunks(usize::MAX / 2));
    all_same(view.windows(usize::MAX), &[]);
    assert!(view.try_chunks(0).is_err() && view.try_windows(0).is_err());
}

fn lanes<L: Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for axis in 0..model.ndim() {
        all_same(view.lanes(axis), &model.lanes(axis));
    }
    assert!(view.try_lanes(model.ndim()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rows_are_the_indices_of_axis_0(shape in shapes(1, 4), choices in choices()) {
        in_direct_layouts!(rows, shape, choices; 1 2 3 4);
        in_indirect_layouts!(rows, shape, choices);
    }

    #[test]
    fn chunks_and_windows_are_ranges_of_rows(shape in shapes(1, 3), choices in choices()) {
        in_direct_layouts!(stretches, shape, choices; 1 2 3);
        in_indirect_layouts!(stretches, shape, choices);
    }

    #[test]
    fn lanes_run_along_one_axis_at_each_index_of_the_others(shape in shapes(0, 3), choices in choices()) {
        in_direct_layouts!(lanes, shape, choices; 0 1 2 3);
    }

    #[test]
    fn many_axes_have_the_parts_that_few_have(
        shape in prop_oneof![shapes(5, 6), many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() <= 32 {
            in_direct_layouts!(rows, shape, choices;);
            in_direct_layouts!(stretches, shape, choices;);
            in_direct_layouts!(lanes, shape, choices;);
        }
    }
}
