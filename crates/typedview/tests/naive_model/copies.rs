//! Copies between all pairs of layouts: repeated by Cython's rule, or refused as a whole.
//! A refusal must leave every byte of the target as it was.

use crate::choices::{Choices, choices, many_axes, shapes};
use crate::pairs::{from_every_layout, to_every_layout};
use crate::region::Region;
use proptest::prelude::*;
use typedview::{C, Dyn, Error, ErrorKind, F, Indirect, Layout, Order, Pitched, Strided};

/// The first number of the source, chosen so that none of its numbers is in the target.
const COPIED: u32 = 1_000_000;

fn copies<L: Layout, M: Layout>(mut target: Region, source: &Region) {
    let view = source.view::<M>();
    let model = target.model.clone();
    let expected = source.model.copied_to(&model.shape);
    let copied = |number: u32| match (&expected, model.elements.iter().position(|&element| element == number))
    {
        (Some(expected), Some(at)) => COPIED + expected.elements[at],
        _ => number,
    };
    let judge = |found: Result<(), Error>| match (found, &expected) {
        (Ok(()), Some(_)) => {}
        (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Layout),
        (found, expected) => panic!("{found:?}, not {expected:?}"),
    };
    target.after(|target| judge(target.view_mut::<L>().try_copy_from(&view)), copied);
    target.after(|target| judge(target.cells::<L>().try_copy_from(&view.clone().into())), copied);
}

/// Does the same as [`copies`] between layouts whose ndim is known at run time only.
fn copies_dynamically(target: &[usize], source: &[usize], choices: &Choices) {
    let mut region = Region::strided(source, true, choices);
    region.number_from(COPIED);
    copies::<Dyn, Dyn>(Region::strided(target, false, choices), &region);
}

/// Generates extents of a source for a target: mostly equal to the target's, or 1.
fn sources(ndim: usize) -> impl Strategy<Value = ([usize; 2], Vec<usize>)> {
    ([0usize..4, 0usize..5], prop::collection::vec(0usize..8, ndim)).prop_map(|(target, draws)| {
        let ndim = draws.len();
        let extent = |(axis, draw): (usize, usize)| match ((axis + 2).checked_sub(ndim), draw) {
            (None, 0) => 2,
            (None, _) => 1,
            (Some(_), 0) => 1,
            (Some(_), 1) => 1,
            (Some(to), 2) => target[to] + 1,
            (Some(to), _) => target[to],
        };
        (target, draws.into_iter().enumerate().map(extent).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_missing_axis_is_repeated((target, source) in sources(1), choices in choices()) {
        from_every_layout!(copies(target, source, choices); 1);
    }

    #[test]
    fn an_axis_of_length_1_is_repeated_and_any_other_refused(
        (target, source) in sources(2),
        choices in choices(),
    ) {
        from_every_layout!(copies(target, source, choices); 2);
    }

    #[test]
    fn a_superfluous_axis_goes_when_its_length_is_1((target, source) in sources(3), choices in choices()) {
        from_every_layout!(copies(target, source, choices); 3);
    }

    #[test]
    fn many_axes_are_copied_as_few_are(
        shape in prop_oneof![shapes(0, 5), many_axes()],
        choices in choices(),
    ) {
        let longer = [&[1, 2], &shape[..]].concat();
        copies_dynamically(&shape, &shape, &choices);
        copies_dynamically(&longer, &shape, &choices);
        copies_dynamically(&shape, &[&[1, 1], &shape[..]].concat(), &choices);
        copies_dynamically(&shape, &longer, &choices);
    }
}
