//! Pointers: the operations that only views with suboffsets have, on fixed and on random regions.
//! Operations that other layouts have as well are checked together with those.

use crate::choices::{choices, many_axes};
use crate::model::Model;
use crate::region::Region;
use crate::same::{same, same_with_indices};
use proptest::prelude::*;
use typedview::{C, Dyn, ErrorKind, Indirect, Layout, RowStack, Slice, View};

proptest! {
    #[test]
    fn any_axes_may_hold_pointers(
        shape in [1usize..4, 1usize..4, 1usize..4],
        pointers in any::<[bool; 3]>(),
        choices in choices(),
    ) {
        let region = Region::indirect(&shape, &pointers, &choices);
        same_with_indices(&region.view::<Indirect<3>>(), &region.model);
        prop_assert_eq!(region.view::<Indirect<3>>().try_to_layout::<Dyn>().is_ok(), pointers == [false; 3]);
    }

    #[test]
    fn rows_that_were_allocated_one_by_one_are_one_table(rows in 0usize..5, columns in 0usize..5) {
        let model = Model::dense(&[rows, if rows == 0 { 0 } else { columns }]);
        let row = |i: usize| (0..columns as u32).map(|j| (i * columns) as u32 + j).collect();
        let mut stack = RowStack::try_new((0..rows).map(row).collect()).unwrap();
        same_with_indices(&stack.view(), &model);
        same(&stack.view().flip(0).flip(1), &model.flip(0).flip(1));
        for j in 0..model.shape[1] {
            same(&stack.view().index_axis(1, j as isize), &model.index_axis(1, j));
        }
        for (row, value) in stack.view_mut().rows().zip(100..) {
            let mut row = row;
            row.fill(value);
        }
        let expected: Vec<Vec<u32>> = (0..rows as u32).map(|i| vec![100 + i; columns]).collect();
        prop_assert_eq!(stack.into_rows(), expected);
    }

    #[test]
    fn a_stack_takes_rows_of_one_length(lengths in prop::collection::vec(0usize..3, 0..4)) {
        let rows: Vec<Vec<u32>> = lengths.iter().map(|&length| vec![0; length]).collect();
        prop_assert_eq!(RowStack::try_new(rows).is_ok(), lengths.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn removing_an_axis_of_pointers_follows_the_pointer_or_is_refused(
        columns in 1usize..5,
        rows in 1usize..4,
        choices in choices(),
    ) {
        let region = Region::indirect(&[1, columns], &[true, false], &choices);
        let view = region.view::<Indirect<2>>();
        if let Ok(removed) = view.try_remove_axis(0) {
            // This is checked before anything is read: the elements are behind the pointer, not at its own address.
            prop_assert_ne!(removed.as_ptr(), view.as_ptr());
            same(&removed, &region.model.index_axis(0, 0));
        }
        let region = Region::indirect(&[rows, 1], &[false, true], &choices);
        let view = region.view::<Indirect<2>>();
        if let Ok(removed) = view.try_remove_axis(1) {
            prop_assert!(removed.layout().suboffsets()[0] >= 0, "nobody follows the pointers");
            same(&removed, &region.model.index_axis(1, 0));
        }
    }

    #[test]
    fn cells_behind_pointers_are_copied_as_if_the_source_were_copied_away(
        shape in [1usize..5, 1usize..5],
        to in prop::collection::vec(0isize..3, 2),
        choices in choices(),
    ) {
        let mut region = Region::indirect(&shape, &[choices.once_in(2), choices.once_in(2)], &choices);
        let model = region.model.clone();
        let [rows, columns] = shape;
        let (down, right) = ((to[0] as usize).min(rows - 1), (to[1] as usize).min(columns - 1));
        let target = model.range(0, down, rows).range(1, right, columns);
        let source = model.range(0, 0, rows - down).range(1, 0, columns - right).flip(0);
        region.after(
            |region| {
                let cells = region.cells::<Indirect<2>>();
                let part = cells.slice_axis(0, ..(rows - down) as isize);
                let part = part.slice_axis(1, ..(columns - right) as isize);
                let beside = cells.slice_axis(0, down as isize..).slice_axis(1, right as isize..);
                beside.copy_from(&part.flip(0).to_cell_view());
            },
            |number| match target.elements.iter().position(|&element| element == number) {
                Some(at) => source.elements[at],
                None => number,
            },
        );
    }

    #[test]
    fn a_dynamic_layout_of_many_axes_is_read_by_index(shape in many_axes(), choices in choices()) {
        let region = Region::strided(&shape, false, &choices);
        same_with_indices(&region.view::<Dyn>(), &region.model);
    }
}

#[test]
fn what_lies_before_a_pointer_cannot_be_sliced_to() {
    let row = [10u32, 20, 30];
    // The pointer leads to the last element, and the axis goes backwards from there.
    let table = [&raw const row[2]];
    let layout = Indirect::new([1, 3], [8, -4], [0, -1], 4).unwrap();
    // SAFETY: the layout reaches one pointer, and the three elements of `row` backwards from its target.
    let view = unsafe { View::<u32, _>::from_raw_parts(table.as_ptr().cast(), layout) };
    assert_eq!(view.to_vec(), [30, 20, 10]);
    assert_eq!(view.slice_axis(1, ..2).to_vec(), [30, 20]);
    let error = view.try_slice_axis(1, 1..).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Layout);
    assert_eq!(error.to_string(), "axis 1: -4 bytes before the pointers of axis 0 cannot be expressed");
    assert!(view.try_flip(1).is_err() && view.try_index_axis(1, 1).is_err());
    assert_eq!(view.row(0).flip(0).to_vec(), [10, 20, 30]);
    assert!(view.slice_axis(1, 3..).is_empty());
}

#[test]
fn pointers_may_be_null_where_there_are_no_elements() {
    let table = [std::ptr::null::<u32>(); 2];
    let layout = Indirect::new([2, 0], [8, 4], [0, -1], 4).unwrap();
    // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
    let view = unsafe { View::<u32, _>::from_raw_parts(table.as_ptr().cast(), layout) };
    assert!(view.row(1).is_empty() && view.index_axis(0, -1).is_empty());
    assert_eq!(view.rows().len(), 2);
    assert_eq!(view.flip(0).flip(1).slice_axis(0, Slice::from(1..)).shape(), [1, 0]);
    assert_eq!(view.insert_axis(1).to_vec(), []);
}

#[test]
fn without_elements_pointers_promise_nothing_so_any_order_holds() {
    let stack = RowStack::<u32>::try_new(vec![vec![], vec![]]).unwrap();
    let view = stack.view();
    assert!(view.is_contiguous(typedview::Order::C));
    assert!(view.try_to_layout::<C<2>>().is_ok(), "contiguous, but not convertible");
}
