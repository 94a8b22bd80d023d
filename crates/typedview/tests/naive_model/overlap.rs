//! Overlapping copies: both views are over the same memory, one reversed, transposed, or shifted by some bytes.
//! The result must be as if the source had been copied elsewhere first.

use crate::choices::{Choices, choices, chosen, slice};
use crate::model::{Model, indices};
use proptest::prelude::*;
use typedview::{C, CellViewMut, Strided, ViewMut};

/// Returns a part of a table that lies `shift` bytes into the memory, its model, and `shift`.
fn part<'a>(
    bytes: &CellViewMut<'a, u8, C<1>>,
    shape: [usize; 3],
    choices: &Choices,
) -> (CellViewMut<'a, u32, Strided<3>>, Model, usize) {
    let shift = choices.below(13);
    let nbytes = 4 * shape.iter().product::<usize>();
    let numbers =
        bytes.slice_rows(shift as isize..(shift + nbytes) as isize).try_reinterpret::<u32>().unwrap();
    let mut part = numbers.reshape(shape).to_strided();
    let mut model = Model::dense(&shape);
    for axis in 0..3 {
        if !choices.once_in(2) {
            let positions = choices.positions();
            part = part.slice_axis(axis, slice(positions));
            model = model.take(axis, &chosen(model.shape[axis], positions));
        }
    }
    let order = if choices.once_in(2) { choices.order(3) } else { vec![0, 1, 2] };
    (part.permute(&order), model.permute(&order), shift)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_source_is_as_if_copied_away_first(
        shape in [1usize..5, 1usize..5, 1usize..7],
        choices in choices(),
    ) {
        let count = 4 * shape.iter().product::<usize>() + 13;
        let mut bytes: Vec<u8> = (0..count).map(|i| (i * 37 % 251) as u8).collect();
        let mut expected = bytes.clone();
        let before = bytes.clone();
        let whole = ViewMut::from(&mut bytes).into_cells();
        let (mut to, mut to_model, to_shift) = part(&whole, shape, &choices);
        let (mut from, mut from_model, from_shift) = part(&whole, shape, &choices);
        for axis in 0..3 {
            let (target, source) = (to_model.shape[axis], from_model.shape[axis]);
            let length = target.min(source);
            to = to.slice_axis(axis, ..length as isize);
            to_model = to_model.range(axis, 0, length);
            // Sometimes the source has one index, which is repeated.
            let length = if choices.once_in(6) { length.min(1) } else { length };
            from = from.slice_axis(axis, ..length as isize);
            from_model = from_model.range(axis, 0, length);
        }
        let repeated = from_model.copied_to(&to_model.shape).unwrap();
        for (to, from) in to_model.elements.iter().zip(&repeated.elements) {
            let (to, from) = (to_shift + 4 * *to as usize, from_shift + 4 * *from as usize);
            expected[to..to + 4].copy_from_slice(&before[from..from + 4]);
        }
        to.copy_from(&from.to_cell_view());
        prop_assert_eq!(bytes, expected);
    }

    #[test]
    fn a_table_is_shifted_by_any_number_of_rows_columns_and_bytes(
        shape in [2usize..7, 2usize..7],
        shifts in [0usize..3, 0usize..3, 0usize..3, 0usize..3],
        bytes_between in [0usize..9, 0usize..9],
    ) {
        let count = 4 * shape[0] * shape[1] + 9;
        let mut bytes: Vec<u8> = (0..count).map(|i| (i * 37 % 251) as u8).collect();
        let before = bytes.clone();
        let mut expected = bytes.clone();
        let [down, right, up, left] = shifts;
        let rows = shape[0].saturating_sub(down.max(up));
        let columns = shape[1].saturating_sub(right.max(left));
        let whole = ViewMut::from(&mut bytes).into_cells();
        let table = |shift: usize, row: usize, column: usize| {
            let stop = shift + 4 * shape[0] * shape[1];
            let numbers = whole.slice_rows(shift as isize..stop as isize).try_reinterpret::<u32>().unwrap();
            let table = numbers.reshape(shape).slice_rows(row as isize..(row + rows) as isize);
            table.slice_axis(1, column as isize..(column + columns) as isize)
        };
        let offset = |shift: usize, row: usize, column: usize| shift + 4 * (row * shape[1] + column);
        for i in 0..rows {
            for j in 0..columns {
                let to = offset(bytes_between[0], down + i, right + j);
                let from = offset(bytes_between[1], up + i, left + j);
                expected[to..to + 4].copy_from_slice(&before[from..from + 4]);
            }
        }
        table(bytes_between[0], down, right).copy_from(&table(bytes_between[1], up, left).to_cell_view());
        prop_assert_eq!(bytes, expected);
    }

    #[test]
    fn axes_that_interleave_are_copied_as_any_other(
        shape in [2usize..5, 2usize..5],
        strides in [1isize..30, 1isize..30],
        other in [1isize..30, 1isize..30],
        same in any::<bool>(),
        starts in [0usize..30, 0usize..30],
    ) {
        let offsets = |[down, right]: [isize; 2]| -> Vec<usize> {
            indices(&shape).iter().map(|index| index[0] * down as usize + index[1] * right as usize).collect()
        };
        let mut sorted = offsets(strides);
        sorted.sort_unstable();
        // If the target has overlapping elements, no result is right.
        if sorted.windows(2).any(|pair| pair[0] + 4 > pair[1]) {
            return Ok(());
        }
        let from_strides = if same { strides } else { other };
        let mut bytes: Vec<u8> = (0..300).map(|i| (i * 37 % 251) as u8).collect();
        let (before, mut expected) = (bytes.clone(), bytes.clone());
        for (to, from) in offsets(strides).into_iter().zip(offsets(from_strides)) {
            let (to, from) = (starts[0] + to, starts[1] + from);
            expected[to..to + 4].copy_from_slice(&before[from..from + 4]);
        }
        let first = bytes.as_mut_ptr();
        let cells = |start: usize, strides: [isize; 2]| {
            let layout = Strided::new(shape, strides, 4).unwrap();
            // SAFETY: an element ends at most 29 + 2 * 4 * 29 + 4 bytes into the 300, and nothing else uses the memory.
            unsafe { CellViewMut::<u32, _>::from_raw_parts(first.wrapping_add(start).cast(), layout) }
        };
        cells(starts[0], strides).copy_from(&cells(starts[1], from_strides).to_cell_view());
        prop_assert_eq!(bytes, expected);
    }
}
