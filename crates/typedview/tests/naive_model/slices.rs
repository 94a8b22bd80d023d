//! Slices: a range of an axis, a reversed axis, an axis split in two, and one index of an axis.
//! Every axis of every layout is tested, with positions inside and outside, counted from both ends.

use crate::choices::{Choices, choices, chosen, many_axes, shapes, slice};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{ErrorKind, Layout, RemoveAxis, Slice, View};

fn slices<L: Layout>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    let model = &region.model;
    for (axis, &extent) in model.shape.iter().enumerate() {
        for _ in 0..3 {
            let positions = choices.positions();
            let expected = model.take(axis, &chosen(extent, positions));
            same(&view.slice_axis(axis, slice(positions)), &expected);
        }
        same(&view.flip(axis), &model.flip(axis));
        same(&view.flip(axis).flip(axis), model);
        let error = view.try_slice_axis(axis, Slice::from(..).step_by(0)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Layout);
    }
    for axis in [model.ndim(), usize::MAX] {
        assert_eq!(view.try_slice_axis(axis, ..).unwrap_err().kind(), ErrorKind::Index);
        assert_eq!(view.try_flip(axis).unwrap_err().kind(), ErrorKind::Index);
        assert_eq!(view.try_split_at(axis, 0).unwrap_err().kind(), ErrorKind::Index);
    }
}

fn halves<L: Layout>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for (axis, &extent) in model.shape.iter().enumerate() {
        for at in 0..=extent {
            let (first, second) = view.split_at(axis, at);
            same(&first, &model.range(axis, 0, at));
            same(&second, &model.range(axis, at, extent));
        }
        assert!(view.try_split_at(axis, extent + 1).is_err());
        assert!(view.try_split_at(axis, usize::MAX).is_err());
    }
}

fn indices_of_an_axis<L: RemoveAxis>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    for (axis, &extent) in model.shape.iter().enumerate() {
        let holds_pointers = view.layout().suboffsets().get(axis).is_some_and(|&suboffset| suboffset >= 0);
        for at in 0..extent {
            let expected = model.index_axis(axis, at);
            for index in [at as isize, at as isize - extent as isize] {
                match view.try_index_axis(axis, index) {
                    Ok(part) => same(&part, &expected),
                    // Each index of the axes before would have its own pointer to follow.
                    Err(error) => assert!(axis > 0 && holds_pointers, "{error}"),
                }
            }
        }
        for index in [extent as isize, -(extent as isize) - 1, isize::MIN, isize::MAX] {
            assert_eq!(view.try_index_axis(axis, index).unwrap_err().kind(), ErrorKind::Index);
        }
    }
    assert!(view.try_index_axis(model.ndim(), 0).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn slices_choose_what_python_chooses(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(slices, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(slices, shape, choices);
    }

    #[test]
    fn splitting_an_axis_gives_what_is_before_and_what_is_from_there_on(
        shape in shapes(0, 4),
        choices in choices(),
    ) {
        in_direct_layouts!(halves, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(halves, shape, choices);
    }

    #[test]
    fn an_index_of_an_axis_drops_the_axis(shape in shapes(1, 4), choices in choices()) {
        in_direct_layouts!(indices_of_an_axis, shape, choices; 1 2 3 4);
        in_indirect_layouts!(indices_of_an_axis, shape, choices);
    }

    #[test]
    fn many_axes_are_sliced_as_few_are(
        shape in prop_oneof![shapes(5, 6), many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() <= 64 {
            in_direct_layouts!(slices, shape, choices;);
            in_direct_layouts!(halves, shape, choices;);
            in_direct_layouts!(indices_of_an_axis, shape, choices;);
        }
    }
}
