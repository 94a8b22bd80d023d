//! Reshaping and broadcasting: allowed exactly if some strides can express the result.
//! The model tries all strides, so a refusal is tested as strictly as a result.

use crate::choices::{Choices, choices, many_axes, shapes};
use crate::layouts::in_direct_layouts;
use crate::model::indices;
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{Direct, Dyn, Error, ErrorKind, View};

fn to_shape<L: Direct, const M: usize>(view: &View<'_, u32, L>, region: &Region, shape: [usize; M]) {
    match (view.try_reshape(shape), region.model.reshape(&shape)) {
        (Ok(reshaped), Some(expected)) => {
            same(&reshaped, &expected);
            assert_eq!(reshaped.as_ptr(), view.as_ptr());
        }
        (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Layout),
        (found, expected) => panic!("{:?} to {shape:?}: {found:?}, not {expected:?}", view.layout()),
    }
    same_at_run_time(view.try_reshape(shape), view.try_reshape(&shape[..]));
}

/// Checks that a shape that is known at run time gives the same result as the array.
fn same_at_run_time<L: Direct>(
    known: Result<View<'_, u32, L>, Error>,
    found: Result<View<'_, u32, Dyn>, Error>,
) {
    match (known, found) {
        (Ok(known), Ok(found)) => {
            assert_eq!((known.as_ptr(), known.shape()), (found.as_ptr(), found.shape()));
            assert_eq!(known.to_vec(), found.to_vec());
        }
        (Err(known), Err(found)) => assert_eq!(known, found),
        (known, found) => panic!("{found:?}, not {known:?}"),
    }
}

/// Reshapes to every shape of `M` axes with as many elements, and to one with more.
fn to_shapes<L: Direct, const M: usize>(view: &View<'_, u32, L>, region: &Region) {
    let size = region.model.size();
    let longest = indices(&[size + 1; M].map(|extent| extent.min([1, 50, 50, 20, 9][M])));
    for shape in longest.iter().filter(|shape| shape.iter().product::<usize>() == size).take(200) {
        to_shape::<L, M>(view, region, shape.as_slice().try_into().unwrap());
    }
    to_shape::<L, M>(view, region, [size + 2; M]);
}

fn reshapes<L: Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    to_shapes::<L, 0>(view, region);
    to_shapes::<L, 1>(view, region);
    to_shapes::<L, 2>(view, region);
    to_shapes::<L, 3>(view, region);
}

/// Reshapes to shapes that are made of the old one: axes are split in two, and neighbours are joined.
fn reshapes_nearby<L: Direct>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    let shape = &region.model.shape;
    for _ in 0..8 {
        let mut near: Vec<usize> =
            shape.iter().flat_map(|&n| if n == 4 { vec![2, 2] } else { vec![n] }).collect();
        while near.len() > 4 || near.len() > 1 && choices.once_in(2) {
            let axis = choices.below(near.len() - 1);
            near[axis] *= near.remove(axis + 1);
        }
        while near.len() < 4 {
            near.insert(choices.below(near.len() + 1), 1);
        }
        to_shape::<L, 4>(view, region, near.try_into().unwrap());
    }
}

fn repeated_to<L: Direct, const M: usize>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    for _ in 0..4 {
        let missing = M.saturating_sub(region.model.ndim());
        let shape: [usize; M] = core::array::from_fn(|axis| {
            let here = axis.checked_sub(missing).and_then(|axis| region.model.shape.get(axis));
            match (here, choices.below(8)) {
                (None, extent) => extent % 4,
                (Some(1), extent) => extent % 4,
                (Some(&here), 0) => here + 1,
                (Some(_), 1) => 1,
                (Some(&here), _) => here,
            }
        });
        match (view.try_broadcast_to(shape), region.model.broadcast_to(&shape)) {
            (Ok(repeated), Some(expected)) => same(&repeated, &expected),
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Layout),
            (found, expected) => panic!("{:?} to {shape:?}: {found:?}, not {expected:?}", view.layout()),
        }
        same_at_run_time(view.try_broadcast_to(shape), view.try_broadcast_to(&shape[..]));
    }
}

fn repeats<L: Direct>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    repeated_to::<L, 0>(view, region, choices);
    repeated_to::<L, 1>(view, region, choices);
    repeated_to::<L, 2>(view, region, choices);
    repeated_to::<L, 3>(view, region, choices);
    repeated_to::<L, 4>(view, region, choices);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_shape_is_refused_when_no_strides_express_it(
        shape in prop::collection::vec(prop_oneof![1 => 0..=1usize, 6 => 2..=4usize], 0..=3),
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() <= 24 {
            in_direct_layouts!(reshapes, shape, choices; 0 1 2 3);
        }
    }

    #[test]
    fn axes_are_cut_and_taken_together_where_one_stride_walks_them(
        shape in prop::collection::vec(prop_oneof![2 => Just(1usize), 5 => 2..=4usize], 1..=4),
        choices in choices(),
    ) {
        in_direct_layouts!(reshapes_nearby, shape, choices; 1 2 3 4);
    }

    #[test]
    fn axes_of_length_1_and_missing_ones_are_repeated(shape in shapes(0, 4), choices in choices()) {
        if shape.iter().product::<usize>() <= 64 {
            in_direct_layouts!(repeats, shape, choices; 0 1 2 3 4);
        }
    }

    #[test]
    fn many_axes_take_shapes_of_few(shape in prop_oneof![shapes(5, 6), many_axes()], choices in choices()) {
        if shape.iter().product::<usize>() <= 32 {
            in_direct_layouts!(reshapes_nearby, shape, choices;);
        }
    }
}
