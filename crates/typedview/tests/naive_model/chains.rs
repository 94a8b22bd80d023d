//! Chains: several operations after one another, on the layouts that every operation returns to.
//! After any chain of operations, the view equals the model.

use crate::choices::{Choices, choices, chosen, many_axes, shapes, slice};
use crate::model::Model;
use crate::region::Region;
use crate::same::{same, same_with_indices};
use proptest::prelude::*;
use typedview::{Dyn, Indirect, Strided, View};

/// Returns a random shape with the same size as `shape`: its extents are multiplied together on `N` axes.
fn regrouped<const N: usize>(shape: &[usize], choices: &Choices) -> [usize; N] {
    let mut regrouped = [1; N];
    for extent in shape.iter().flat_map(|&n| if n == 4 { vec![2, 2] } else { vec![n] }) {
        regrouped[choices.below(N)] *= extent;
    }
    regrouped
}

fn step<'a>(
    view: View<'a, u32, Strided<3>>,
    model: &Model,
    choices: &Choices,
) -> (View<'a, u32, Strided<3>>, Model) {
    let (axis, other) = (choices.below(3), choices.below(3));
    match choices.below(11) {
        0 | 1 => {
            let positions = choices.positions();
            let expected = model.take(axis, &chosen(model.shape[axis], positions));
            (view.slice_axis(axis, slice(positions)), expected)
        }
        2 => (view.flip(axis), model.flip(axis)),
        3 => (view.transpose(), model.transpose()),
        4 => {
            let order = choices.order(3);
            (view.permute(&order), model.permute(&order))
        }
        5 => (view.move_axis(axis, other), model.move_axis(axis, other)),
        6 => (view.swap_axes(axis, other), model.swap_axes(axis, other)),
        7 => {
            let (view, model) = (view.insert_axis(axis), model.insert_axis(axis));
            let kept = (0..4).find(|&axis| model.shape[axis] > 0).unwrap_or(axis);
            (view.index_axis(kept, -1), model.index_axis(kept, model.shape[kept] - 1))
        }
        8 if axis != other => {
            (view.diagonal(axis, other).insert_axis(axis), model.diagonal(axis, other).insert_axis(axis))
        }
        9 => {
            let shape = regrouped(&model.shape, choices);
            match (view.try_reshape(shape), model.reshape(&shape)) {
                (Ok(view), Some(model)) => (view, model),
                (Err(_), None) => (view, model.clone()),
                (found, expected) => panic!("{shape:?}: {found:?}, not {expected:?}"),
            }
        }
        10 => {
            let shape: [usize; 3] = core::array::from_fn(|axis| {
                if model.shape[axis] == 1 { 1 + choices.below(3) } else { model.shape[axis] }
            });
            (view.broadcast_to(shape), model.broadcast_to(&shape).unwrap())
        }
        _ => {
            let at = choices.below(model.shape[0] + 1);
            (view.split_rows(at).1, model.range(0, at, model.shape[0]))
        }
    }
}

fn dynamic_step<'a>(
    view: &View<'a, u32, Dyn>,
    model: &Model,
    choices: &Choices,
) -> (View<'a, u32, Dyn>, Model) {
    let ndim = model.ndim();
    let (axis, other) = (choices.below(ndim.max(1)), choices.below(ndim.max(1)));
    match choices.below(12) {
        0 if ndim < 12 => {
            let axis = choices.below(ndim + 1);
            (view.insert_axis(axis), model.insert_axis(axis))
        }
        1 => (view.squeeze(), model.squeeze()),
        2 => (view.transpose(), model.transpose()),
        3 => {
            let shape: [usize; 3] = regrouped(&model.shape, choices);
            match (view.try_reshape(shape), model.reshape(&shape)) {
                (Ok(view), Some(model)) => (view.to_dyn(), model),
                (Err(_), None) => (view.clone(), model.clone()),
                (found, expected) => panic!("{shape:?}: {found:?}, not {expected:?}"),
            }
        }
        _ if ndim == 0 => (view.clone(), model.clone()),
        4 => {
            let positions = choices.positions();
            let expected = model.take(axis, &chosen(model.shape[axis], positions));
            (view.slice_axis(axis, slice(positions)), expected)
        }
        5 => (view.flip(axis), model.flip(axis)),
        6 => (view.move_axis(axis, other), model.move_axis(axis, other)),
        7 => (view.swap_axes(axis, other), model.swap_axes(axis, other)),
        8 if model.shape[axis] > 0 => {
            let at = choices.below(model.shape[axis]);
            (view.index_axis(axis, at as isize), model.index_axis(axis, at))
        }
        9 if axis != other => (view.diagonal(axis, other), model.diagonal(axis, other)),
        10 if model.shape[axis] == 1 => (view.remove_axis(axis), model.index_axis(axis, 0)),
        _ => {
            let order = choices.order(ndim);
            (view.permute(&order), model.permute(&order))
        }
    }
}

fn step_with_pointers<'a>(
    view: View<'a, u32, Indirect<2>>,
    model: &Model,
    choices: &Choices,
) -> (View<'a, u32, Indirect<2>>, Model) {
    let axis = choices.below(2);
    match choices.below(6) {
        0 => (view.flip(axis), model.flip(axis)),
        1 => {
            let axis = choices.below(3);
            let (view, model) = (view.insert_axis(axis), model.insert_axis(axis));
            match view.try_index_axis(axis, 0) {
                Ok(view) => (view, model.index_axis(axis, 0)),
                Err(error) => panic!("an inserted axis holds no pointers: {error}"),
            }
        }
        2 if model.shape[0] > 0 => {
            let row = choices.below(model.shape[0]);
            (view.row(row).insert_axis(axis), model.index_axis(0, row).insert_axis(axis))
        }
        3 => {
            let at = choices.below(model.shape[axis] + 1);
            (view.split_at(axis, at).1, model.range(axis, at, model.shape[axis]))
        }
        _ => {
            let positions = choices.positions();
            let expected = model.take(axis, &chosen(model.shape[axis], positions));
            (view.slice_axis(axis, slice(positions)), expected)
        }
    }
}

proptest! {
    #[test]
    fn any_chain_on_strides_is_what_the_model_says(
        shape in [0usize..6, 1usize..6, 1usize..6],
        choices in choices(),
    ) {
        let region = Region::strided(&shape, true, &choices);
        let (mut view, mut model) = (region.view::<Strided<3>>(), region.model.clone());
        for _ in 0..choices.below(8) {
            (view, model) = step(view, &model, &choices);
            same(&view, &model);
        }
        same_with_indices(&view, &model);
    }

    #[test]
    fn any_chain_on_any_number_of_axes_is_what_the_model_says(
        shape in prop_oneof![4 => shapes(0, 5), 1 => many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() > 128 {
            return Ok(());
        }
        let region = Region::strided(&shape, true, &choices);
        let (mut view, mut model) = (region.view::<Dyn>(), region.model.clone());
        for _ in 0..choices.below(8) {
            (view, model) = dynamic_step(&view, &model, &choices);
            same(&view, &model);
        }
        same_with_indices(&view, &model);
    }

    #[test]
    fn any_chain_on_pointers_is_what_the_model_says(
        shape in [1usize..6, 1usize..6],
        pointers in any::<[bool; 2]>(),
        choices in choices(),
    ) {
        let region = Region::indirect(&shape, &pointers, &choices);
        let (mut view, mut model) = (region.view::<Indirect<2>>(), region.model.clone());
        for _ in 0..choices.below(8) {
            (view, model) = step_with_pointers(view, &model, &choices);
            same(&view, &model);
        }
        same_with_indices(&view, &model);
    }
}
