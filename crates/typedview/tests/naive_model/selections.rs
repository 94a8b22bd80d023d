//! Selections: several operations in one expression, resolved by the type (`s!`) or at run time (`try_select`).
//! The model applies them one after the other.

use crate::choices::{Choices, choices, chosen, many_axes, shapes, slice};
use crate::model::Model;
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{C, Dyn, F, Indirect, NewAxis, Order, Pitched, Slice, SliceItem, Strided, View, s};

/// Applies the items to the model. Returns `None` if an item names an axis or an index that does not exist.
fn selected(model: &Model, items: &[SliceItem]) -> Option<Model> {
    let mut whole = items.contains(&SliceItem::Ellipsis);
    let taken = items.iter().filter(|item| !matches!(item, SliceItem::NewAxis)).count() - usize::from(whole);
    let left = model.ndim().checked_sub(taken)?;
    let (mut model, mut axis) = (model.clone(), 0);
    for item in items {
        match *item {
            SliceItem::NewAxis => model = model.insert_axis(axis),
            SliceItem::Index(index) => {
                let length = model.shape[axis] as isize;
                let at = if index < 0 { index + length } else { index };
                model = (0..length).contains(&at).then(|| model.index_axis(axis, at as usize))?;
                continue;
            }
            SliceItem::Slice(slice) => model = sliced(&model, axis, slice),
            // The first ellipsis stands for all the axes that are left, any other one for a single axis.
            SliceItem::Ellipsis if whole => {
                whole = false;
                axis += left;
                continue;
            }
            SliceItem::Ellipsis => {}
        }
        axis += 1;
    }
    Some(model)
}

/// Slices the model by slicing a view of the numbers of one axis, which has its own test.
fn sliced(model: &Model, axis: usize, slice: Slice) -> Model {
    let numbers: Vec<usize> = (0..model.shape[axis]).collect();
    model.take(axis, &View::from(&numbers).slice_axis(0, slice).to_vec())
}

fn items(choices: &Choices) -> Vec<SliceItem> {
    let item = |_| match choices.below(8) {
        0 | 1 => SliceItem::Index(choices.below(6) as isize - 3),
        2..=4 => SliceItem::Slice(slice(choices.positions())),
        5 => SliceItem::NewAxis,
        6 => SliceItem::Ellipsis,
        _ => SliceItem::Slice((..).into()),
    };
    (0..choices.below(7)).map(item).collect()
}

/// Compares each form of `s!` for a layout of three axes with the operations that it stands for.
macro_rules! expressions {
    ($view:expr, $model:expr, $choices:expr) => {{
        let (view, model, choices): (_, &Model, &Choices) = ($view, $model, $choices);
        let [a, b, c] = [0, 1, 2].map(|axis| choices.below(model.shape[axis]));
        let (start, stop, step) = choices.positions();
        let (from, to) = (start.unwrap_or(0), stop.unwrap_or(-1));
        let take = |model: &Model, axis: usize, positions| {
            model.take(axis, &chosen(model.shape[axis], positions))
        };
        let range = |model: &Model, axis| take(model, axis, (Some(from), Some(to), 1));
        let stepped = |model: &Model, axis| take(model, axis, (Some(from), None, step));
        same(&view.slice(s![]), model);
        same(&view.slice(s![..]), model);
        same(&view.slice(s![...]), model);
        same(&view.slice(s![a]), &model.index_axis(0, a));
        same(&view.slice(s![a, b]), &model.index_axis(0, a).index_axis(0, b));
        same(&view.slice(s![a, b, c]), &model.index_axis(0, a).index_axis(0, b).index_axis(0, c));
        same(&view.slice(s![-1, .., NewAxis]), &model.index_axis(0, model.shape[0] - 1).insert_axis(1));
        same(&view.slice(s![from..to]), &range(model, 0));
        same(&view.slice(s![from..to, from..to, ..]), &range(&range(model, 0), 1));
        same(&view.slice(s![.., from..; step]), &stepped(model, 1));
        same(&view.slice(s![..., from..; step]), &stepped(model, 2));
        same(&view.slice(s![from..; step, from..to]), &range(&stepped(model, 0), 1));
        same(&view.slice(s![NewAxis, ..., NewAxis]), &model.insert_axis(0).insert_axis(4));
        same(&view.slice(s![a, NewAxis, from..to]), &range(&model.index_axis(0, a).insert_axis(0), 1));
        assert!(view.try_slice(s![model.shape[0]]).is_err());
        assert!(view.try_slice(s![from..; 0]).is_err());
    }};
}

proptest! {
    #[test]
    fn items_chosen_at_run_time_are_done_one_after_the_other(
        shape in prop_oneof![4 => shapes(0, 5), 1 => many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() > 128 {
            return Ok(());
        }
        let region = Region::strided(&shape, true, &choices);
        for _ in 0..8 {
            let items = items(&choices);
            match (region.view::<Dyn>().try_select(&items), selected(&region.model, &items)) {
                (Ok(view), Some(expected)) => same(&view, &expected),
                (Err(_), None) => {}
                (found, expected) => panic!("{items:?} of {shape:?}: {found:?}, not {expected:?}"),
            }
        }
    }

    #[test]
    fn items_in_one_expression_are_done_one_after_the_other(
        shape in [1usize..5, 1usize..5, 1usize..5],
        choices in choices(),
    ) {
        let region = Region::dense(&shape, Order::C);
        expressions!(&region.view::<C<3>>(), &region.model, &choices);
        let region = Region::dense(&shape, Order::F);
        expressions!(&region.view::<F<3>>(), &region.model, &choices);
        let region = Region::strided(&shape, true, &choices);
        expressions!(&region.view::<Strided<3>>(), &region.model, &choices);
        expressions!(&region.view::<Dyn>(), &region.model, &choices);
        let region = Region::pitched(&shape, true, &choices);
        expressions!(&region.view::<Pitched<3>>(), &region.model, &choices);
        let region = Region::indirect(&shape, &[choices.once_in(2), false, false], &choices);
        expressions!(&region.view::<Indirect<3>>(), &region.model, &choices);
    }
}
