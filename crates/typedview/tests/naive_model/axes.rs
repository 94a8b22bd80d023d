//! Axes: rearranged, inserted and removed, with the same elements at other indices.
//! Refusals name an axis that does not exist, is given twice, or does not have length 1.

use crate::choices::{Choices, choices, many_axes, shapes};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{Direct, InsertAxis, RemoveAxis, View};

fn orders<L: Direct>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    let model = &region.model;
    let ndim = model.ndim();
    same(&view.transpose(), &model.transpose());
    same(&view.transpose().transpose(), model);
    for _ in 0..4 {
        let order = choices.order(ndim);
        same(&view.permute(&order), &model.permute(&order));
    }
    let identity: Vec<usize> = (0..ndim).collect();
    assert!(view.try_permute(&[&identity[..], &[0]].concat()).is_err());
    assert!(view.try_move_axis(ndim, 0).is_err() && view.try_swap_axes(0, ndim).is_err());
    assert!(view.try_move_axis(0, ndim).is_err() && view.try_swap_axes(usize::MAX, 0).is_err());
    if ndim > 0 {
        assert!(view.try_permute(&identity[1..]).is_err());
        assert!(view.try_permute(&[&identity[1..], &[ndim]].concat()).is_err());
    }
    if ndim > 1 {
        assert!(view.try_permute(&[&identity[1..], &[1]].concat()).is_err());
    }
}

fn pairs_of_axes<L: Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for first in 0..model.ndim() {
        for second in 0..model.ndim() {
            same(&view.move_axis(first, second), &model.move_axis(first, second));
            same(&view.swap_axes(first, second), &model.swap_axes(first, second));
        }
    }
}

fn single_axes<L: RemoveAxis>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for (axis, &extent) in model.shape.iter().enumerate() {
        let holds_pointers = view.layout().suboffsets().get(axis).is_some_and(|&suboffset| suboffset >= 0);
        match view.try_remove_axis(axis) {
            // Another test checks that pointers are followed.
            Ok(_) if holds_pointers => assert_eq!(extent, 1),
            Ok(removed) => same(&removed, &model.index_axis(axis, 0)),
            Err(_) => assert!(extent != 1 || holds_pointers),
        }
    }
    assert!(view.try_remove_axis(model.ndim()).is_err() && view.try_remove_axis(usize::MAX).is_err());
}

fn inserted_axes<L: InsertAxis>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for axis in 0..=model.ndim() {
        same(&view.insert_axis(axis), &model.insert_axis(axis));
    }
    assert!(view.try_insert_axis(model.ndim() + 1).is_err() && view.try_insert_axis(usize::MAX).is_err());
}

fn squeezed<L: Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    same(&view.squeeze(), &region.model.squeeze());
}

fn diagonals<L: RemoveAxis + Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    let ndim = model.ndim();
    for first in 0..ndim {
        for second in (0..ndim).filter(|&second| second != first) {
            same(&view.diagonal(first, second), &model.diagonal(first, second));
        }
        assert!(view.try_diagonal(first, first).is_err());
        assert!(view.try_diagonal(first, ndim).is_err() && view.try_diagonal(ndim, first).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn axes_in_another_order_are_the_same_elements(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(orders, shape, choices; 0 1 2 3 4);
        in_direct_layouts!(pairs_of_axes, shape, choices; 0 1 2 3 4);
    }

    #[test]
    fn axes_of_length_1_come_and_go(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(inserted_axes, shape, choices; 0 1 2 3 4);
        in_direct_layouts!(squeezed, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(inserted_axes, shape, choices);
    }

    #[test]
    fn only_axes_of_length_1_are_removed(
        shape in prop::collection::vec(0usize..3, 1..=4),
        choices in choices(),
    ) {
        in_direct_layouts!(single_axes, shape, choices; 1 2 3 4);
        in_indirect_layouts!(single_axes, shape, choices);
    }

    #[test]
    fn a_diagonal_has_the_same_index_on_two_axes(shape in shapes(1, 4), choices in choices()) {
        in_direct_layouts!(diagonals, shape, choices; 1 2 3 4);
    }

    #[test]
    fn many_axes_change_places_as_few_do(
        shape in prop_oneof![shapes(5, 6), many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() <= 32 {
            in_direct_layouts!(orders, shape, choices;);
            in_direct_layouts!(single_axes, shape, choices;);
            in_direct_layouts!(inserted_axes, shape, choices;);
            in_direct_layouts!(squeezed, shape, choices;);
            in_direct_layouts!(diagonals, shape, choices;);
        }
    }
}
