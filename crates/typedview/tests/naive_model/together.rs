//! Zips: two to eight views of different layouts, visited element by element.
//! The order is not promised. Each index comes once, with the values of that index.

use crate::choices::{choices, many_axes, shapes};
use crate::region::Region;
use proptest::prelude::*;
use typedview::{C, CellView, Dyn, F, Order, Strided, try_zip, zip};

/// The first value that is written. A counter supplies the values, so an index that is visited twice or never shows.
const VISITED: u32 = 1_000_000;

proptest! {
    #[test]
    fn two_views_meet_at_each_index_once(
        shape in prop_oneof![5 => shapes(0, 5), 1 => many_axes()],
        choices in choices(),
    ) {
        let first = Region::strided(&shape, true, &choices);
        let second = Region::strided(&shape, true, &choices);
        let mut met = vec![];
        zip((first.view::<Dyn>(), second.view::<Dyn>())).for_each(|pair| met.push(pair));
        let pairs = first.model.elements.iter().copied().zip(second.model.elements.iter().copied());
        let mut expected: Vec<(u32, u32)> = pairs.collect();
        met.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(met, expected);
    }

    #[test]
    fn writes_land_at_the_index_they_were_made_for(shape in shapes(3, 3), choices in choices()) {
        let mut target = Region::strided(&shape, false, &choices);
        let dense = Region::dense(&shape, Order::C);
        let columns = Region::dense(&shape, Order::F);
        let any = Region::strided(&shape, true, &choices);
        let model = target.model.clone();
        let sum = |number: u32| {
            let at = model.elements.iter().position(|&element| element == number)?;
            let sources = [&dense, &columns, &any].map(|region| region.model.elements[at]);
            Some(VISITED + number + sources.iter().sum::<u32>())
        };
        target.after(
            |target| {
                let any: CellView<'_, u32, Dyn> = any.view().into();
                let operands =
                    (target.view_mut::<Strided<3>>(), dense.view::<C<3>>(), columns.view::<F<3>>(), any);
                zip(operands).for_each(|(mut place, b, c, d)| {
                    assert!(place.get() < VISITED, "visited twice");
                    place.set(VISITED + place.get() + b + c + d);
                });
            },
            |number| sum(number).unwrap_or(number),
        );
    }

    #[test]
    fn the_first_of_three_views_may_be_read_only_and_the_last_written(
        shape in shapes(2, 2),
        choices in choices(),
    ) {
        let mut target = Region::strided(&shape, false, &choices);
        let mut cells = Region::dense(&shape, Order::F);
        let source = Region::strided(&shape, true, &choices);
        let (model, values) = (target.model.clone(), source.model.elements.clone());
        let expected = |number: u32| match model.elements.iter().position(|&element| element == number) {
            Some(at) => VISITED + values[at],
            None => number,
        };
        target.after(
            |target| {
                let operands = (source.view::<Strided<2>>(), cells.cells::<F<2>>(), target.view_mut::<Dyn>());
                zip(operands).for_each(|(x, mut cell, mut place)| {
                    cell.set(x);
                    place.set(VISITED + x);
                });
            },
            expected,
        );
        prop_assert_eq!(cells.view::<F<2>>().to_vec(), values);
    }

    /// These layouts have all elements in one run, which is visited without a loop nest.
    #[test]
    fn eight_views_of_one_run_each_meet_at_each_index_once(length in 0usize..9, choices in choices()) {
        let regions: Vec<Region> = (0..7).map(|_| Region::strided(&[length], true, &choices)).collect();
        let mut target = Region::strided(&[length], false, &choices);
        let (model, values) = (target.model.clone(), regions.iter().map(|region| &region.model.elements));
        let sums: Vec<u32> = (0..length).map(|i| values.clone().map(|values| values[i]).sum()).collect();
        let expected = |number: u32| match model.elements.iter().position(|&element| element == number) {
            Some(at) => VISITED + number + sums[at],
            None => number,
        };
        target.after(
            |target| {
                let [a, b, c, d, e, f, g] = core::array::from_fn(|k| regions[k].view::<Strided<1>>());
                zip((a, b, c, target.view_mut::<Strided<1>>(), d, e, f, g)).for_each(
                    |(a, b, c, mut place, d, e, f, g)| {
                        assert!(place.get() < VISITED, "visited twice");
                        place.set(VISITED + place.get() + a + b + c + d + e + f + g);
                    },
                );
            },
            expected,
        );
    }

    #[test]
    fn blocks_of_one_order_meet_in_index_order(shape in [0usize..4, 0usize..4]) {
        let source = Region::dense(&shape, Order::C);
        let mut target = Region::dense(&shape, Order::C);
        target.number_from(VISITED);
        let mut met = vec![];
        zip((target.view_mut::<C<2>>(), source.view::<C<2>>())).for_each(|(place, x)| met.push((place.get(), x)));
        let expected: Vec<(u32, u32)> = source.model.elements.iter().map(|&x| (VISITED + x, x)).collect();
        prop_assert_eq!(met, expected);
    }

    #[test]
    fn elements_of_different_sizes_meet(shape in [0usize..4, 0usize..4], choices in choices()) {
        let numbers = Region::strided(&shape, true, &choices);
        let size = shape.iter().product::<usize>();
        let bytes: Vec<u8> = (0..size as u8).collect();
        let bytes = typedview::View::from_slice(&bytes, shape);
        let mut met = vec![];
        let operands = (bytes.to_strided().flip(1).flip(1), numbers.view::<Strided<2>>());
        zip(operands).for_each(|(i, x)| met.push((i, x)));
        met.sort_unstable();
        let expected: Vec<(u8, u32)> = (0..).zip(numbers.model.elements.iter().copied()).collect();
        prop_assert_eq!(met, expected);
    }

    #[test]
    fn other_shapes_are_refused(shape in shapes(1, 4), other in shapes(1, 4), choices in choices()) {
        let first = Region::strided(&shape, true, &choices);
        let second = Region::strided(&other, true, &choices);
        let zipped = try_zip((first.view::<Dyn>(), first.view::<Dyn>(), second.view::<Dyn>()));
        prop_assert_eq!(zipped.is_ok(), shape == other);
    }
}
