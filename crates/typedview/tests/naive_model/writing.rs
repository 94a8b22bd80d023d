//! Writing: single elements, all elements, and several parts that are borrowed at the same time.
//! Every byte that the model does not name must stay as it was.

use crate::choices::{Choices, choices, many_axes, shapes, slice};
use crate::model::Model;
use crate::region::Region;
use proptest::prelude::*;
use typedview::{C, Direct, Dyn, F, Indirect, Layout, Order, Pitched, RemoveAxis, Strided, View, ViewMut};

const FILLED: u32 = 1_000_000;

/// Calls `check(region, choices)` for each layout. With `direct`, only for layouts without pointers.
macro_rules! in_layouts {
    ($check:ident, $shape:expr, $choices:expr; $($ndim:literal)*) => {{
        let (shape, choices) = (&$shape[..], &$choices);
        match shape.len() {
            $($ndim => {
                $check::<C<$ndim>>(&mut Region::dense(shape, Order::C), choices);
                $check::<F<$ndim>>(&mut Region::dense(shape, Order::F), choices);
                $check::<Strided<$ndim>>(&mut Region::strided(shape, false, choices), choices);
                $check::<Pitched<$ndim>>(&mut Region::pitched(shape, false, choices), choices);
            })*
            _ => {}
        }
        $check::<Dyn>(&mut Region::strided(shape, false, choices), choices);
    }};
}

macro_rules! in_layouts_with_pointers {
    ($check:ident, $shape:expr, $choices:expr) => {{
        let (shape, choices) = (&$shape[..], &$choices);
        let pointers: Vec<bool> = shape.iter().map(|_| choices.once_in(2)).collect();
        let mut region = Region::indirect(shape, &pointers, choices);
        match shape.len() {
            1 => $check::<Indirect<1>>(&mut region, choices),
            2 => $check::<Indirect<2>>(&mut region, choices),
            3 => $check::<Indirect<3>>(&mut region, choices),
            _ => {}
        }
    }};
}

/// Returns which of the parts contains an element number.
fn part_of(parts: &[Model], number: u32) -> Option<u32> {
    (0..).zip(parts).find_map(|(i, part)| part.elements.contains(&number).then_some(i))
}

/// Returns the expected memory after each part `i` has been filled with `FILLED + i`.
fn filled(parts: &[Model]) -> impl Fn(u32) -> u32 {
    |number| part_of(parts, number).map_or(number, |part| FILLED + part)
}

/// Returns a shape of three axes that squeezes to that of the model.
fn shape_of(squeezed: &Model) -> [usize; 3] {
    let mut extents = squeezed.shape.iter().copied();
    std::array::from_fn(|_| extents.next().unwrap_or(1))
}

/// Fills each part with its number while all of them are borrowed.
fn fill_all<'a, L: Layout>(parts: impl Iterator<Item = ViewMut<'a, u32, L>>) {
    let mut parts: Vec<_> = parts.collect();
    parts.iter_mut().zip(FILLED..).for_each(|(part, value)| part.fill(value));
}

fn fills<L: Layout>(region: &mut Region, choices: &Choices) {
    let all = [region.model.clone()];
    region.after(|region| region.view_mut::<L>().fill(FILLED), filled(&all));
    region.after(|region| region.cells::<L>().fill(FILLED), filled(&all));
    let raised = |number| if all[0].elements.contains(&number) { FILLED + number } else { number };
    region.after(|region| region.view_mut::<L>().map_in_place(|x| FILLED + x), raised);
    region.after(|region| region.cells::<L>().map_in_place(|x| FILLED + x), raised);
    for axis in 0..all[0].ndim() {
        let positions = choices.positions();
        let part = all[0].take(axis, &crate::choices::chosen(all[0].shape[axis], positions));
        region.after(
            |region| region.view_mut::<L>().slice_axis(axis, slice(positions)).fill(FILLED),
            filled(&[part]),
        );
    }
}

fn rows<L: RemoveAxis>(region: &mut Region, choices: &Choices) {
    let model = region.model.clone();
    region.after(|region| fill_all(region.view_mut::<L>().rows()), filled(&model.rows()));
    region.after(|region| fill_all(region.view_mut::<L>().rows().rev().rev()), filled(&model.rows()));
    let count = 1 + choices.below(4);
    region.after(|region| fill_all(region.view_mut::<L>().chunks(count)), filled(&model.chunks(count)));
    let at = choices.below(model.shape[0] + 1);
    let halves = [model.range(0, 0, at), model.range(0, at, model.shape[0])];
    region.after(
        |region| fill_all(<[_; 2]>::from(region.view_mut::<L>().split_rows(at)).into_iter()),
        filled(&halves),
    );
}

fn halves<L: Layout>(region: &mut Region, choices: &Choices) {
    let model = region.model.clone();
    for axis in 0..model.ndim() {
        let at = choices.below(model.shape[axis] + 1);
        let halves = [model.range(axis, 0, at), model.range(axis, at, model.shape[axis])];
        region.after(
            |region| fill_all(<[_; 2]>::from(region.view_mut::<L>().split_at(axis, at)).into_iter()),
            filled(&halves),
        );
    }
}

fn lanes<L: Direct>(region: &mut Region, _: &Choices) {
    let model = region.model.clone();
    for axis in 0..model.ndim() {
        region.after(|region| fill_all(region.view_mut::<L>().lanes(axis)), filled(&model.lanes(axis)));
    }
}

fn refused<L: Layout>(region: &mut Region, _: &Choices) {
    let wanted = region.model.shape.iter().map(|extent| extent + 2).collect::<Vec<_>>();
    let source = Region::dense(&wanted, Order::C);
    region.after(
        |region| {
            let refused = region.view_mut::<L>().try_copy_from(&source.view::<Dyn>());
            assert_eq!(refused.is_err(), !wanted.is_empty());
            let ndim = wanted.len();
            assert!(region.view_mut::<L>().try_slice_axis(ndim, ..).is_err());
            assert!(region.view_mut::<L>().try_split_at(ndim, 0).is_err());
            assert!(region.view_mut::<L>().try_flip(ndim).is_err());
        },
        |number| number,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn fill_sets_each_element_and_nothing_between(
        shape in prop_oneof![4 => shapes(0, 4), 1 => shapes(5, 6), 1 => many_axes()],
        choices in choices(),
    ) {
        if shape.iter().product::<usize>() <= 64 {
            in_layouts!(fills, shape, choices; 0 1 2 3 4);
            in_layouts_with_pointers!(fills, shape, choices);
        }
    }

    #[test]
    fn rows_and_chunks_in_use_at_once_have_no_element_in_common(shape in shapes(1, 3), choices in choices()) {
        in_layouts!(rows, shape, choices; 1 2 3);
        in_layouts_with_pointers!(rows, shape, choices);
    }

    #[test]
    fn halves_in_use_at_once_have_no_element_in_common(shape in shapes(0, 3), choices in choices()) {
        in_layouts!(halves, shape, choices; 0 1 2 3);
        in_layouts_with_pointers!(halves, shape, choices);
    }

    #[test]
    fn lanes_in_use_at_once_have_no_element_in_common(shape in shapes(0, 3), choices in choices()) {
        in_layouts!(lanes, shape, choices; 0 1 2 3);
    }

    #[test]
    fn a_refused_write_writes_nothing(shape in shapes(0, 3), choices in choices()) {
        in_layouts!(refused, shape, choices; 0 1 2 3);
        in_layouts_with_pointers!(refused, shape, choices);
    }

    #[test]
    fn set_writes_one_element(
        shape in [1usize..4, 1usize..4],
        at in [0usize..5, 0usize..5],
        choices in choices(),
    ) {
        let mut region = Region::strided(&shape, false, &choices);
        let model = region.model.clone();
        let inside = model.contains(&at);
        let expected = |number: u32| if inside && number == model.at(&at) { FILLED } else { number };
        region.after(
            |region| assert_eq!(region.view_mut::<Strided<2>>().try_set(at, FILLED).is_ok(), inside),
            expected,
        );
        region.after(
            |region| assert_eq!(region.cells::<Dyn>().try_set(&at[..], FILLED).is_ok(), inside),
            expected,
        );
        if inside {
            region.after(|region| region.view_mut::<Strided<2>>().set(at, FILLED), expected);
            region.after(
                // SAFETY: the index `at` is inside the shape, and the region is borrowed exclusively.
                |region| unsafe { region.view_mut::<Strided<2>>().set_unchecked(at, FILLED) },
                expected,
            );
        }
        let mut region = Region::indirect(&shape, &[choices.once_in(2), choices.once_in(2)], &choices);
        let model = region.model.clone();
        let expected = |number: u32| if inside && number == model.at(&at) { FILLED } else { number };
        region.after(
            |region| assert_eq!(region.view_mut::<Indirect<2>>().try_set(at, FILLED).is_ok(), inside),
            expected,
        );
    }

    #[test]
    fn axes_in_another_order_are_written_where_they_are(shape in shapes(3, 3), choices in choices()) {
        let mut region = Region::strided(&shape, false, &choices);
        let model = region.model.clone();
        let order = choices.order(3);
        let (from, to) = (choices.below(3), choices.below(3));
        let rearranged = model.permute(&order).move_axis(from, to).insert_axis(1).flip(2).squeeze();
        let source: Vec<u32> = (FILLED..).take(model.size()).collect();
        region.after(
            |region| {
                let source = View::from(&source).reshape(shape_of(&rearranged)).squeeze();
                let view = region.view_mut::<Strided<3>>().permute(&order).move_axis(from, to);
                view.insert_axis(1).flip(2).squeeze().copy_from(&source);
            },
            |number| match rearranged.elements.iter().position(|&element| element == number) {
                Some(at) => source[at],
                None => number,
            },
        );
        region.after(
            |region| region.view_mut::<Strided<3>>().diagonal(0, 2).fill(FILLED),
            filled(&[model.diagonal(0, 2)]),
        );
    }

    #[test]
    fn reinterpreted_bytes_are_the_bytes_of_the_elements(
        rows in 0usize..4,
        words in 0usize..4,
        start in 0usize..9,
        beyond in 0usize..4,
    ) {
        let columns = 4 * words + beyond;
        let mut bytes: Vec<u8> = (0..start + rows * columns).map(|i| (i * 37 % 251) as u8).collect();
        let before = bytes.clone();
        let lines: Vec<&[u8]> = (0..rows).map(|i| &before[start + i * columns..][..columns]).collect();
        let table = View::from_slice(&before[start..], [rows, columns]);
        let halves = table.try_reinterpret::<u16>();
        prop_assert_eq!(halves.is_ok(), beyond % 2 == 0);
        if let Ok(halves) = halves {
            prop_assert_eq!(halves.shape(), [rows, columns / 2]);
            let expected = lines.iter().flat_map(|line| line.chunks(2));
            prop_assert!(halves.iter().map(u16::to_ne_bytes).eq(expected));
        }
        let whole = ViewMut::from_slice(&mut bytes[start..], [rows, columns]).try_reinterpret::<u32>();
        prop_assert_eq!(whole.is_ok(), beyond == 0);
        if let Ok(mut whole) = whole {
            let expected = lines.iter().flat_map(|line| line.chunks(4));
            prop_assert!(whole.view().iter().map(u32::to_ne_bytes).eq(expected));
            whole.fill(u32::from_ne_bytes([1, 2, 3, 4]));
            let expected = [&before[..start], &[1, 2, 3, 4].repeat(rows * words)].concat();
            prop_assert_eq!(bytes, expected);
        }
    }
}
