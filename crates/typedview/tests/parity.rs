//! Parity with Cython's typed memoryviews: one test for each thing that they do and the core does too.
//! The list of lines is `docs/parity.md`, and `scripts/check_parity.py` compares it with these tests.

use typedview::{C, CellView, CellViewMut, Dyn, F, Memory, Order, Owned, Pitched, Strided, View, ViewMut, s};

/// Returns the first `count` of the numbers 0, 1, 2 and so on.
fn numbers(count: usize) -> Vec<i32> {
    (0..count as i32).collect()
}

/// Returns the text of the panic that `act` ends in.
fn refusal<R>(act: impl FnOnce() -> R) -> String {
    let Err(refusal) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)) else {
        panic!("nothing was refused");
    };
    *refusal.downcast::<String>().unwrap()
}

/// Lines I1 to I13.
mod indexing {
    use super::*;

    #[test]
    fn an_index_names_one_element() {
        let mut data = [[1, 2, 3], [4, 5, 6]];
        let mut view = ViewMut::from(&mut data);
        assert_eq!(view.at([1, 2]), 6);
        view.set([1, 2], 60);
        assert_eq!(data, [[1, 2, 3], [4, 5, 60]]);
    }

    #[test]
    fn where_ndim_is_known_at_run_time_the_number_of_indices_is_checked() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]).to_dyn();
        assert_eq!(view.at([1, 2]), 5);
        assert_eq!(view.try_at([1]).unwrap_err().to_string(), "1 indices for ndim 2");
        assert_eq!(view.try_at([1, 2, 0]).unwrap_err().to_string(), "3 indices for ndim 2");
    }

    #[test]
    fn an_index_out_of_bounds_is_refused_by_the_first_axis_it_leaves() {
        let mut data = numbers(6);
        let mut view = ViewMut::from_slice(&mut data, [2, 3]);
        let text = "axis 0: index 2 is out of bounds for length 2";
        assert_eq!(view.get([2, 3]), None);
        assert_eq!(view.try_at([2, 3]).unwrap_err().to_string(), text);
        assert_eq!(view.try_set([2, 3], 9).unwrap_err().to_string(), text);
        assert_eq!(refusal(|| view.view().at([2, 3])), text);
        assert_eq!(refusal(|| view.set([2, 3], 9)), text);
        assert_eq!(data, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_negative_index_counts_from_the_end() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        assert_eq!(view.slice(s![-1, -1]).at([]), 5);
        assert_eq!(view.index_axis(1, -3).to_vec(), [0, 3]);
        let text = "axis 1: index -4 is out of bounds for length 3";
        assert_eq!(view.try_index_axis(1, -4).unwrap_err().to_string(), text);
    }

    #[test]
    fn an_unsigned_index_never_wraps() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        assert_eq!(view.get([usize::MAX, 0]), None);
        assert_eq!(view.get([0, 0usize.wrapping_sub(1)]), None);
        assert!(view.try_slice(s![usize::MAX]).is_err());
        assert!(view.slice(s![usize::MAX..]).is_empty());
    }

    #[test]
    fn an_unchecked_index_is_spelled_out() {
        let mut data = numbers(6);
        let mut view = ViewMut::from_slice(&mut data, [2, 3]);
        // SAFETY: the index is inside the shape of 2 x 3.
        unsafe { view.set_unchecked([1, 2], 50) };
        // SAFETY: the index is inside the shape of 2 x 3.
        assert_eq!(unsafe { view.at_unchecked([1, 2]) }, 50);
    }

    #[test]
    fn one_index_after_another_is_one_index() {
        let data = numbers(24);
        let view = View::from_slice(&data, [2, 3, 4]);
        for (i, j, k) in [(0, 0, 0), (1, 2, 3), (0, 2, 1)] {
            assert_eq!(view.row(i).row(j).at(k), view.at([i, j, k]));
            assert_eq!(view.slice(s![.., j]).row(i).at(k), view.at([i, j, k]));
        }
    }

    #[test]
    fn fewer_indices_than_axes_leave_a_view_of_the_rest() {
        let data = numbers(24);
        let view = View::from_slice(&data, [2, 3, 4]);
        assert_eq!(view.slice(s![1]).shape(), [3, 4]);
        assert_eq!(view.slice(s![.., 2, 1..3]).shape(), [2, 2]);
        assert_eq!(view.slice(s![.., 2, 1..3]).to_vec(), [9, 10, 21, 22]);
        let text = "axis 1: index 3 is out of bounds for length 3";
        assert_eq!(view.try_slice(s![.., 3]).unwrap_err().to_string(), text);
    }

    #[test]
    fn an_element_is_changed_by_reading_and_setting_it() {
        let mut data = numbers(3);
        let mut view = ViewMut::from(&mut data);
        view.set(2, view.at(2) + 40);
        view.set(2, view.at(2) / 4);
        view.update(2, |x| x.pow(2));
        let text = "axis 0: index 3 is out of bounds for length 3";
        assert_eq!(view.try_update(3, |x| x + 1).unwrap_err().to_string(), text);
        assert_eq!(data, [0, 1, 100]);
    }

    #[test]
    fn iterating_gives_elements_or_rows() {
        let data = numbers(6);
        let row = View::from(&data);
        let mut sum = 0;
        for x in &row {
            if x == 1 {
                continue;
            }
            sum += x;
        }
        assert_eq!(sum, 14);
        assert_eq!(row.iter().rev().collect::<Vec<_>>(), [5, 4, 3, 2, 1, 0]);
        assert_eq!(row.slice(s![..;2]).iter().collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(row.slice(s![..;-1]).iter().collect::<Vec<_>>(), [5, 4, 3, 2, 1, 0]);
        let table = row.reshape([2, 3]);
        let sums: Vec<i32> = table.rows().map(|row| row.iter().sum()).collect();
        assert_eq!(sums, [3, 12]);
    }

    #[test]
    fn a_loop_keeps_its_view_when_the_name_gets_another() {
        let (data, other) = (numbers(3), [70, 80, 90]);
        let mut view = View::from(&data);
        let mut seen = vec![];
        for x in view.iter() {
            view = View::from(&other);
            seen.push(x);
        }
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(view.at(0), 70);
    }

    #[test]
    fn the_length_is_the_first_extent() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        assert_eq!((view.shape()[0], view.rows().len()), (2, 2));
    }

    #[test]
    fn containing_and_being_empty_are_questions_to_the_elements() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        assert!(view.iter().any(|x| x == 4) && !view.iter().any(|x| x == 6));
        assert!(!view.is_empty());
        assert!(view.slice(s![2..]).is_empty());
    }
}

/// Lines S1 to S10.
mod slicing {
    use super::*;
    use typedview::{Layout, NewAxis, RowStack, Slice, SliceItem};

    #[test]
    fn a_slice_clamps_what_lies_outside() {
        let data = numbers(5);
        let view = View::from(&data);
        assert_eq!(view.slice(s![1..100]).to_vec(), [1, 2, 3, 4]);
        assert_eq!(view.slice(s![-100..2]).to_vec(), [0, 1]);
        assert_eq!(view.slice(s![-3..-1]).to_vec(), [2, 3]);
        assert_eq!(view.slice(s![100..;-2]).to_vec(), [4, 2, 0]);
        assert_eq!(view.slice(s![3..3]).to_vec(), []);
    }

    #[test]
    fn step_0_is_refused() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        let text = "axis 1: the step of a slice must not be 0";
        assert_eq!(view.try_slice(s![.., ..;0]).unwrap_err().to_string(), text);
        assert_eq!(refusal(|| view.slice(s![.., ..;0])), text);
    }

    #[test]
    fn an_ellipsis_is_as_many_whole_axes_as_are_left() {
        let data = numbers(24);
        let view = View::from_slice(&data, [2, 3, 4]);
        assert_eq!(view.slice(s![...]).shape(), [2, 3, 4]);
        assert_eq!(view.slice(s![..., 0]).shape(), [2, 3]);
        assert_eq!(view.slice(s![0, ..., 0]).to_vec(), [0, 4, 8]);
        assert_eq!(view.slice(s![0, 0, 0, ...]).at([]), 0);
        assert_eq!(view.slice(s![1]).shape(), [3, 4]);
    }

    #[test]
    fn a_second_ellipsis_in_a_list_is_one_whole_axis() {
        let data = numbers(24);
        let view = View::from_slice(&data, [2, 3, 4]).to_dyn();
        let picked =
            view.try_select(&[SliceItem::Ellipsis, SliceItem::Index(0), SliceItem::Ellipsis]).unwrap();
        assert_eq!(picked.shape(), [2, 4]);
        let text = "3 indices for ndim 2";
        let three = [SliceItem::Index(0), SliceItem::Index(0), SliceItem::Index(0)];
        assert_eq!(picked.try_select(&three).unwrap_err().to_string(), text);
    }

    #[test]
    fn a_new_axis_has_one_index() {
        let data = numbers(6);
        let view = View::from(&data);
        assert_eq!(view.slice(s![NewAxis]).shape(), [1, 6]);
        assert_eq!(view.slice(s![.., NewAxis]).shape(), [6, 1]);
        let both = view.slice(s![..., NewAxis, 1.., NewAxis]);
        assert_eq!((both.shape(), both.to_vec()), (&[1, 5, 1][..], vec![1, 2, 3, 4, 5]));
        let strided = view.slice(s![..;2]).insert_axis(0);
        assert_eq!((strided.shape(), strided.strides()), (&[1, 3][..], [0, 8]));
    }

    #[test]
    fn the_type_of_a_slice_promises_what_is_true_of_it() {
        let data = numbers(24);
        let table: View<'_, i32, C<2>> = View::from_slice(&data, [4, 6]);
        let _row: View<'_, i32, C<1>> = table.slice(s![1]);
        let _column: View<'_, i32, Strided<1>> = table.slice(s![.., 1]);
        let _rows: View<'_, i32, C<2>> = table.slice(s![1..3]);
        let _every_other_row: View<'_, i32, Pitched<2>> = table.slice(s![..;2]);
        let _columns: View<'_, i32, Pitched<2>> = table.slice(s![.., 1..3]);
        let _part_of_a_row: View<'_, i32, C<1>> = table.slice(s![1, 2..4]);
        let _deeper: View<'_, i32, C<3>> = table.slice(s![NewAxis]);
        let fortran: View<'_, i32, F<2>> = table.transpose();
        let _whole: View<'_, i32, F<2>> = fortran.slice(s![.., ..]);
        let _row_of_fortran: View<'_, i32, Strided<1>> = fortran.slice(s![1]);
        let _rows_of_fortran: View<'_, i32, Strided<2>> = fortran.slice(s![1..3]);
    }

    #[test]
    fn an_index_on_an_axis_of_pointers_follows_one() {
        let stack = RowStack::try_new(vec![vec![1, 2, 3], vec![4, 5, 6]]).unwrap();
        let table = stack.view();
        assert_eq!(table.slice(s![1]).to_vec(), [4, 5, 6]);
        assert_eq!(table.slice(s![1..]).to_vec(), [4, 5, 6]);
        assert_eq!(table.slice(s![.., 1..]).to_vec(), [2, 3, 5, 6]);
        assert_eq!(table.slice(s![..;-1, 2]).to_vec(), [6, 3]);
        assert_eq!(table.slice_axis(1, 1..).layout().suboffsets(), [4, -1]);
    }

    #[test]
    fn an_axis_of_pointers_behind_a_whole_one_cannot_be_indexed() {
        let pointers_last = typedview::Indirect::<2>::new([1, 2], [16, 8], [-1, 0], 4).unwrap();
        let numbers = [10, 20];
        let table = [&raw const numbers[0], &raw const numbers[1]];
        // SAFETY: the layout reaches the two pointers of `table`, each of which leads to one number.
        let view = unsafe { View::<i32, _>::from_raw_parts(table.as_ptr().cast(), pointers_last) };
        assert_eq!(view.at([0, 1]), 20);
        assert_eq!(view.slice(s![0, 1]).at([]), 20);
        assert_eq!(
            view.try_slice(s![.., 1]).unwrap_err().to_string(),
            "axis 1 holds pointers: an index on it needs an index on every axis before"
        );
    }

    #[test]
    fn transposing_reverses_axes_and_orders() {
        let data = numbers(24);
        let view = View::from_slice(&data, [2, 3, 4]);
        let transposed: View<'_, i32, F<3>> = view.transpose();
        assert_eq!(transposed.shape(), [4, 3, 2]);
        assert_eq!(transposed.strides(), [4, 16, 48]);
        assert_eq!(transposed.at([3, 2, 1]), view.at([1, 2, 3]));
        let _back: View<'_, i32, C<3>> = transposed.transpose();
        let row = View::from(&data);
        assert_eq!(row.transpose().to_vec(), data);
        assert_eq!(view.permute(&[1, 0, 2]).shape(), [3, 2, 4]);
    }

    #[test]
    fn shapes_may_change_where_nothing_has_to_move() {
        let data = numbers(6);
        let view = View::from(&data);
        let table = view.reshape([2, 3]);
        assert_eq!(table.reshape([6]).to_vec(), data);
        assert_eq!(view.reshape([1, 6, 1]).squeeze().shape(), [6]);
        assert_eq!(table.swap_axes(0, 1).shape(), [3, 2]);
        assert_eq!(table.row(0).broadcast_to([2, 3]).to_vec(), [0, 1, 2, 0, 1, 2]);
        assert_eq!(table.diagonal(0, 1).to_vec(), [0, 4]);
        assert_eq!(table.try_reinterpret::<u8>().unwrap().shape(), [2, 12]);
        let text = "shape (3, 2) with strides (4, 12) cannot have shape (6,) without a copy";
        assert_eq!(table.transpose().try_reshape([6]).unwrap_err().to_string(), text);
    }

    #[test]
    fn a_slice_is_a_small_value_of_the_same_memory() {
        let data = numbers(6);
        let view = View::from_slice(&data, [2, 3]);
        let part = view.slice(s![1.., 1..]);
        assert_eq!(part.as_ptr(), &raw const data[4]);
        assert_eq!(size_of_val(&part), 5 * size_of::<usize>());
        let again = part;
        assert_eq!(again, part);
    }

    #[test]
    fn a_slice_may_be_put_together_at_run_time() {
        let data = numbers(5);
        for (start, stop, step, expected) in [
            (None, None, 1, vec![0, 1, 2, 3, 4]),
            (Some(1), Some(-1), 2, vec![1, 3]),
            (None, None, -2, vec![4, 2, 0]),
        ] {
            assert_eq!(View::from(&data).slice_axis(0, Slice::new(start, stop, step)).to_vec(), expected);
        }
    }
}

/// Lines A1 to A10.
mod assignment {
    use super::*;
    use typedview::RowStack;

    /// The two kinds of assignment: this function makes the name refer to other memory, the next one writes through it.
    fn retarget<'a>(mut x: CellViewMut<'a, f64, Strided<1>>, other: CellViewMut<'a, f64, Strided<1>>) {
        assert_eq!(x.at(0), 0.0);
        x = other;
        assert_eq!(x.at(0), 1.0);
    }

    fn change(x: CellViewMut<'_, f64, Strided<1>>, other: CellViewMut<'_, f64, Strided<1>>) {
        x.copy_from(&other.into());
    }

    #[test]
    fn giving_a_name_other_memory_changes_no_memory() {
        let (mut zeros, mut ones) = ([0.0; 5], [1.0; 5]);
        let x = ViewMut::from(&mut zeros).into_cells().to_strided();
        let other = ViewMut::from(&mut ones).into_cells().to_strided();
        retarget(x, other);
        assert_eq!(x.to_vec(), [0.0; 5]);
        change(x, other);
        assert_eq!(zeros, [1.0; 5]);
    }

    #[test]
    fn views_conform_towards_promising_less() {
        let mut data = [[1, 2], [3, 4]];
        let cells: CellViewMut<'_, i32, C<2>> = ViewMut::from(&mut data).into_cells();
        let strided: CellViewMut<'_, i32, Strided<2>> = cells.into();
        let generic: CellViewMut<'_, i32, typedview::Indirect<2>> = cells.into();
        let constant: CellView<'_, i32, C<2>> = cells.into();
        assert_eq!((strided.to_vec(), generic.to_vec()), (vec![1, 2, 3, 4], constant.to_vec()));
        assert!(strided.try_to_layout::<C<2>>().is_ok());
        let text = "shape (2, 2) with strides (8, 4) is not Fortran-contiguous";
        assert_eq!(strided.try_to_layout::<F<2>>().unwrap_err().to_string(), text);
    }

    #[test]
    fn copying_goes_between_any_layouts() {
        let source = [[1, 2, 3], [4, 5, 6]];
        let mut target = [0; 6];
        let mut fortran = ViewMut::from_slice(&mut target, [3, 2]).transpose();
        fortran.copy_from(&View::from(&source));
        assert_eq!(target, [1, 4, 2, 5, 3, 6]);
        let mut data = numbers(6);
        ViewMut::from(&mut data).slice(s![1..3]).copy_from(&View::from(&[70, 80, 90]).slice(s![..;2]));
        assert_eq!(data, [0, 70, 90, 3, 4, 5]);
    }

    #[test]
    fn copying_repeats_axes_of_length_1_and_missing_ones() {
        let mut target = [[0; 4]; 3];
        ViewMut::from(&mut target).copy_from(&View::from(&[1, 2, 3, 4]));
        assert_eq!(target, [[1, 2, 3, 4]; 3]);
        ViewMut::from(&mut target).copy_from(&View::from(&[[7], [8], [9]]));
        assert_eq!(target, [[7; 4], [8; 4], [9; 4]]);
        let mut row = [0; 4];
        ViewMut::from(&mut row).copy_from(&View::from(&[[5, 6, 7, 8]]));
        assert_eq!(row, [5, 6, 7, 8]);
    }

    #[test]
    fn copying_between_shapes_that_do_not_fit_writes_nothing() {
        let mut row = [1, 2, 3, 4];
        let mut view = ViewMut::from(&mut row);
        let text = "cannot copy shape (2, 4) into shape (4,)";
        assert_eq!(view.try_copy_from(&View::from(&[[0; 4]; 2])).unwrap_err().to_string(), text);
        let mut column = view.reshape([4, 1]);
        let text = "cannot copy shape (4, 2) into shape (4, 1)";
        assert_eq!(column.try_copy_from(&View::from(&[[0; 2]; 4])).unwrap_err().to_string(), text);
        assert_eq!(refusal(|| column.copy_from(&View::from(&[[0; 2]; 4]))), text);
        assert_eq!(row, [1, 2, 3, 4]);
    }

    #[test]
    fn copying_follows_pointers() {
        let mut stack = RowStack::try_new(vec![vec![0; 2], vec![0; 2]]).unwrap();
        stack.view_mut().copy_from(&View::from(&[[1, 2], [3, 4]]));
        let mut block = [[0; 2]; 2];
        ViewMut::from(&mut block).copy_from(&stack.view());
        assert_eq!(block, [[1, 2], [3, 4]]);
        stack.view_mut().fill(9);
        assert_eq!(stack.into_rows(), [[9, 9], [9, 9]]);
    }

    #[test]
    fn copying_onto_itself_is_as_if_the_source_were_copied_first() {
        let mut data = numbers(5);
        let cells = ViewMut::from(&mut data).into_cells();
        cells.slice(s![1..]).copy_from(&cells.slice(s![..-1]).into());
        assert_eq!(cells.to_vec(), [0, 0, 1, 2, 3]);
        cells.copy_from(&cells.slice(s![..;-1]).into());
        assert_eq!(data, [3, 2, 1, 0, 0]);
        let mut square = [[1, 2], [3, 4]];
        let cells = ViewMut::from(&mut square).into_cells();
        cells.copy_from(&cells.transpose().into());
        assert_eq!(square, [[1, 3], [2, 4]]);
        let mut interleaved = numbers(6);
        let cells = ViewMut::from(&mut interleaved).into_cells();
        cells.slice(s![..;2]).copy_from(&cells.slice(s![1..;2]).into());
        assert_eq!(interleaved, [1, 1, 3, 3, 5, 5]);
    }

    #[test]
    fn one_value_fills_a_view() {
        let mut data = [[0; 4]; 3];
        ViewMut::from(&mut data).slice(s![1.., ..;2]).fill(7);
        assert_eq!(data, [[0, 0, 0, 0], [7, 0, 7, 0], [7, 0, 7, 0]]);
        ViewMut::from(&mut data).fill(1);
        assert_eq!(data, [[1; 4]; 3]);
    }

    #[test]
    fn views_are_values_to_unpack_choose_and_collect() {
        let (left, right) = ([1, 2], [3, 4]);
        let (a, b) = (View::from(&left), View::from(&right));
        let larger = if a.at(0) > b.at(0) { a } else { b };
        assert_eq!(larger.to_vec(), [3, 4]);
        let sums: Vec<i32> = [a, b].iter().map(|view| view.iter().sum()).collect();
        assert_eq!(sums, [3, 7]);
    }
}

/// Lines M1 to M7.
mod attributes {
    use super::*;
    use typedview::{Layout, RowStack};

    #[test]
    fn shape_and_strides_have_one_number_an_axis() {
        let data = numbers(12);
        let view = View::from_slice(&data, [3, 4]);
        let [rows, columns] = *view.shape() else { panic!("two axes") };
        assert_eq!((rows, columns), (3, 4));
        assert_eq!(view.strides(), [16, 4]);
        assert_eq!(view.layout().suboffsets(), []);
        let stack = RowStack::try_new(vec![vec![1u8; 4]; 3]).unwrap();
        assert_eq!(stack.view().shape(), [3, 4]);
        assert_eq!(stack.view().strides(), [size_of::<usize>() as isize, 1]);
        assert_eq!(stack.view().layout().suboffsets(), [0, -1]);
    }

    #[test]
    fn facts_are_read_on_any_thread() {
        let data = numbers(12);
        let view = View::from_slice(&data, [3, 4]);
        let facts = std::thread::scope(|scope| {
            scope.spawn(move || (view.ndim(), view.size(), view.nbytes())).join().unwrap()
        });
        assert_eq!(facts, (2, 12, 48));
        assert_eq!(<i32 as typedview::Element>::DTYPE.itemsize(), 4);
    }

    #[test]
    fn a_copy_is_packed_in_the_order_asked_for() {
        let data = numbers(12);
        let view = View::from_slice(&data, [3, 4]).slice(s![.., ..;-2]);
        let c: Owned<i32, C<2>> = view.to_owned();
        let f: Owned<i32, F<2>> = view.to_owned_f();
        assert_eq!(c.view().as_slice(), Some(&[3, 1, 7, 5, 11, 9][..]));
        assert_eq!((c.view().strides(), f.view().strides()), ([8, 4], [4, 12]));
        assert_eq!(c.view().to_strided(), f.view().to_strided());
        let mut c = c;
        c.view_mut().fill(0);
        assert_eq!(data, numbers(12));
    }

    #[test]
    fn memory_behind_pointers_can_be_copied_into_a_block() {
        let stack = RowStack::try_new(vec![vec![1, 2], vec![3, 4]]).unwrap();
        assert_eq!(stack.view().to_owned().view().as_slice(), Some(&[1, 2, 3, 4][..]));
        assert_eq!(stack.view().to_owned_f().view().strides(), [4, 8]);
    }

    #[test]
    fn cells_are_copied_out_as_a_vector() {
        let mut data = numbers(4);
        let cells = ViewMut::from(&mut data).into_cells();
        let copy = Owned::try_from_vec(cells.to_vec(), [2, 2]).unwrap();
        cells.fill(0);
        assert_eq!(copy.view().to_vec(), [0, 1, 2, 3]);
    }

    #[test]
    fn axes_of_length_1_and_empty_views_do_not_hinder_contiguity() {
        let data = numbers(12);
        let view = View::from_slice(&data, [3, 4]);
        let one_row = view.slice(s![..;3]);
        assert_eq!((one_row.shape(), one_row.strides()), (&[1, 4][..], [48, 4]));
        assert!(one_row.is_contiguous(Order::C) && one_row.is_contiguous(Order::F));
        assert!(view.slice(s![.., ..0]).is_contiguous(Order::C));
        assert!(view.slice(s![.., ..0]).is_contiguous(Order::F));
        let columns = view.slice(s![.., 1..3]);
        assert!(!columns.is_contiguous(Order::C) && !columns.is_contiguous(Order::F));
    }

    #[test]
    fn the_address_of_the_first_element_is_there_even_without_elements() {
        let data = numbers(12);
        let view = View::from_slice(&data, [3, 4]);
        assert_eq!(view.as_ptr(), data.as_ptr());
        assert_eq!(view.slice(s![1, 2..]).as_ptr(), &raw const data[6]);
        assert!(!view.slice(s![3..]).as_ptr().is_null());
    }

    #[test]
    fn counting_and_finding_are_what_iterators_do() {
        let view = View::from(&[3, 1, 3, 2]);
        assert_eq!(view.iter().filter(|&x| x == 3).count(), 2);
        assert_eq!(view.iter().position(|x| x == 2), Some(3));
    }
}

/// Lines P1 to P8.
mod pointers_arrays_vectors {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use typedview::{Element, Format};

    #[test]
    fn a_pointer_becomes_a_view_with_a_layout() {
        let mut memory = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let ptr = memory.as_mut_ptr();
        // SAFETY: `memory` has six numbers, which nothing else uses meanwhile.
        let c = unsafe { CellViewMut::from_raw_parts(ptr, C::new([2, 3], 8).unwrap()) };
        // SAFETY: `memory` has six numbers, and memory may have two views of cells.
        let f = unsafe { CellViewMut::from_raw_parts(ptr, F::new([2, 3], 8).unwrap()) };
        assert_eq!((c.at([1, 0]), f.at([1, 0])), (3.0, 1.0));
        f.set([1, 2], 50.0);
        assert_eq!(c.at([1, 2]), 50.0);
    }

    #[test]
    fn a_null_pointer_is_a_view_without_elements() {
        // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
        let view = unsafe { View::<f64, _>::from_raw_parts(std::ptr::null(), C::new([3, 0], 8).unwrap()) };
        assert_eq!((view.shape(), view.iter().next()), (&[3, 0][..], None));
    }

    #[test]
    fn an_array_becomes_a_view_of_its_shape() {
        let mut row = [0; 10];
        let mut view: ViewMut<'_, i32, C<1>> = ViewMut::from(&mut row);
        view.set(9, 5);
        assert_eq!(view.shape(), [10]);
        assert_eq!(row[9], 5);
        let table = [[1, 2, 3], [4, 5, 6]];
        let view: View<'_, i32, C<2>> = View::from(&table);
        assert_eq!((view.shape(), view.at([1, 0])), (&[2, 3][..], 4));
        let cube = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]];
        let view: View<'_, i32, C<3>> = View::from(&cube);
        assert_eq!(view.at([1, 0, 1]), 6);
        let text = "shape (3, 3) has 9 elements, the memory has 10";
        assert_eq!(View::try_from_slice(&row, [3, 3]).unwrap_err().to_string(), text);
    }

    #[test]
    fn a_vector_becomes_a_view() {
        let mut vec = vec![0.0; 6];
        ViewMut::from(&mut vec).fill(1.0);
        ViewMut::from_slice(&mut vec, [2, 3]).row(1).fill(2.0);
        assert_eq!(vec, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn new_memory_has_a_shape_and_an_order() {
        let c = Owned::<f64, C<2>>::zeroed([2, 3]);
        let f: Owned<f64, F<2>> = Owned::zeroed([3, 2]).transpose();
        assert_eq!((c.view().strides(), f.view().strides()), ([24, 8], [8, 16]));
        assert_eq!((c.view().shape(), f.view().shape()), (&[2, 3][..], &[2, 3][..]));
        assert_eq!(Owned::<u8, _>::zeroed([1; 9]).view().ndim(), 9);
        assert_eq!(Owned::<u8, _>::try_zeroed_dyn(&[1; 20]).unwrap().view().shape(), [1; 20]);
        let text = Owned::<u8, _>::try_zeroed_dyn(&[1; 65]).unwrap_err().to_string();
        assert_eq!(text, "ndim 65 is more than 64");
        let text = "shape (18446744073709551615, 2) with itemsize 8 exceeds the address space";
        assert_eq!(Owned::<f64, _>::try_zeroed([usize::MAX, 2]).unwrap_err().to_string(), text);
    }

    #[test]
    fn memory_from_elsewhere_is_freed_once_by_what_came_with_it() {
        static FREED: AtomicUsize = AtomicUsize::new(0);
        let address = Box::into_raw(Box::new([1.0, 2.0, 3.0])).expose_provenance();
        let pointer = move || std::ptr::with_exposed_provenance_mut::<[f64; 3]>(address);
        let first = pointer().cast::<f64>();
        let memory = Memory::calling(move || {
            // SAFETY: this runs once, when the memory is no longer used, and the pointer came from `Box::into_raw`.
            drop(unsafe { Box::from_raw(pointer()) });
            FREED.fetch_add(1, Ordering::Relaxed);
        });
        // SAFETY: `first` leads to three numbers that nothing else owns.
        let owned = unsafe { Owned::try_from_raw_parts(first, C::new([3], 8).unwrap(), memory) };
        let owned = owned.unwrap();
        assert_eq!(owned.view().to_vec(), [1.0, 2.0, 3.0]);
        let (first, layout, memory) = owned.into_raw_parts();
        assert_eq!(FREED.load(Ordering::Relaxed), 0);
        // SAFETY: pointer, layout and memory are the unchanged parts of an owner.
        let owned = unsafe { Owned::try_from_raw_parts(first, layout, memory) }.unwrap();
        std::thread::spawn(move || drop(owned)).join().unwrap();
        assert_eq!(FREED.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn shared_memory_lives_as_long_as_its_last_part() {
        let samples: Arc<[u8]> = Arc::from([1, 2, 3, 4]);
        let shared = typedview::Shared::from_owner(samples.clone());
        let tail = shared.map(|view| view.slice(s![2..]));
        drop(shared);
        assert_eq!((tail.view().to_vec(), Arc::strong_count(&samples)), (vec![3, 4], 2));
        drop(tail);
        assert_eq!(Arc::strong_count(&samples), 1);
    }

    #[test]
    fn the_format_follows_from_the_element() {
        assert_eq!(f64::format().code(), Some(c"d"));
        assert_eq!(u8::format().code(), Some(c"B"));
        assert!(Format::parse(b"<f").unwrap().describes::<f32>() == cfg!(target_endian = "little"));
        assert_eq!(<[[f64; 3]; 2]>::format().to_pep3118(), "(2,3)d");
    }
}

/// Lines X1, X3, X10, X11 and X12; X9 does not compile (`tests/forbidden`).
mod defects {
    use super::*;
    use typedview::{RowStack, Slice, SliceItem};

    /// Returns the numbers of Python's `range(length)[start:stop:step]`, counted one by one.
    fn picked(length: i32, start: Option<isize>, stop: Option<isize>, step: isize) -> Vec<i32> {
        let n = length as isize;
        let outside = |i: isize| {
            let i = if i < 0 { i + n } else { i };
            if step > 0 { i.clamp(0, n) } else { i.clamp(-1, n - 1) }
        };
        let mut i = start.map_or(if step > 0 { 0 } else { n - 1 }, outside);
        let stop = stop.map_or(if step > 0 { n } else { -1 }, outside);
        let mut picked = vec![];
        while if step > 0 { i < stop } else { i > stop } {
            picked.push(i as i32);
            i += step;
        }
        picked
    }

    #[test]
    fn every_slice_has_the_elements_python_gives_it() {
        let positions: Vec<Option<isize>> = (-13..=13).map(Some).chain([None]).collect();
        for length in [0, 1, 2, 10] {
            let data = numbers(length);
            let view = View::from(&data);
            for &start in &positions {
                for &stop in &positions {
                    for step in [-4, -3, -2, -1, 1, 2, 3, 4] {
                        let (slice, expected) =
                            (Slice::new(start, stop, step), picked(length as i32, start, stop, step));
                        assert_eq!(view.slice_axis(0, slice).to_vec(), expected, "{slice:?} of {length}");
                        let selected = view.to_dyn().try_select(&[SliceItem::Slice(slice)]).unwrap();
                        assert_eq!(selected.to_vec(), expected, "{slice:?} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_start_beyond_the_stop_leaves_nothing() {
        let data = numbers(10);
        let view = View::from(&data);
        for (start, stop, step) in [(Some(5), Some(4), 2), (None, Some(10), -3), (Some(10), Some(9), 2)] {
            assert_eq!(view.slice_axis(0, Slice::new(start, stop, step)).shape(), [0]);
        }
        assert_eq!(view.slice(s![..0]).slice(s![0..0;-2]).shape(), [0]);
    }

    #[test]
    fn a_position_before_the_first_is_before_it_backwards_too() {
        let data = numbers(10);
        let view = View::from(&data);
        assert_eq!(view.slice(s![-11..;-1]).to_vec(), []);
        assert_eq!(view.slice(s![..-11;-1]).to_vec(), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn no_slice_writes_outside() {
        let positions: Vec<Option<isize>> = (-8..=8).map(Some).chain([None]).collect();
        for &start in &positions {
            for &stop in &positions {
                for step in [-3, -2, -1, 1, 2, 3] {
                    let mut padded = [0; 11];
                    ViewMut::from(&mut padded[3..8]).slice_axis(0, Slice::new(start, stop, step)).fill(1);
                    assert_eq!((&padded[..3], &padded[8..]), (&[0; 3][..], &[0; 3][..]));
                    let written: i32 = padded.iter().sum();
                    assert_eq!(written as usize, picked(5, start, stop, step).len());
                }
            }
        }
    }

    #[test]
    fn a_range_of_columns_is_never_contiguous() {
        let mut data = numbers(12);
        let mut view = ViewMut::from_slice(&mut data, [3, 4]);
        {
            let columns: View<'_, i32, Pitched<2>> = view.view().slice(s![.., 1..3]);
            assert!(!columns.is_contiguous(Order::C) && !columns.is_contiguous(Order::F));
            assert_eq!(columns.as_slice(), None);
            assert_eq!(
                columns.try_to_layout::<C<2>>().unwrap_err().to_string(),
                "shape (3, 2) with strides (16, 4) is not C-contiguous"
            );
            let dynamic = view.view().to_dyn();
            let all = SliceItem::Slice((..).into());
            let columns = dynamic.try_select(&[all, SliceItem::Slice((1..3).into())]).unwrap();
            assert!(columns.try_to_layout::<C<2>>().is_err());
        }
        view.reborrow().slice(s![.., 1..3]).fill(-1);
        assert_eq!(data, [0, -1, -1, 3, 4, -1, -1, 7, 8, -1, -1, 11]);
    }

    #[test]
    fn more_than_seven_axes_are_ordinary() {
        let data = numbers(512);
        let view = View::from_slice(&data, [2; 9]);
        assert_eq!(view.at([1; 9]), 511);
        assert_eq!(view.transpose().at([1, 0, 0, 0, 0, 0, 0, 0, 0]), 1);
        let dynamic = view.to_dyn();
        assert_eq!(dynamic.row(1).ndim(), 8);
        assert_eq!(dynamic.row(1).at([0; 8]), 256);
        let many: View<'_, i32, Dyn> = View::from_slice(&data[..1], [1; 64]).to_dyn();
        assert_eq!((many.ndim(), many.squeeze().ndim()), (64, 0));
        let eight: View<'_, i32, C<8>> = View::from_slice(&data[..256], [2; 8]);
        assert_eq!(eight.slice(s![1, 1, 1, 1, 1, 1, 1]).to_vec(), [254, 255]);
    }

    #[test]
    fn more_axes_than_python_has_are_refused() {
        let text = "ndim 65 is more than 64";
        assert_eq!(Dyn::new(&[1; 65], &[0; 65], 8).unwrap_err().to_string(), text);
    }

    #[test]
    fn an_extent_of_0_is_ordinary_wherever_a_shape_is_given() {
        assert_eq!(Owned::<f64, _>::zeroed([3, 0]).view().to_vec(), []);
        assert_eq!(Owned::<f64, _>::from_fn([0, 3], |_| unreachable!()).view().shape(), [0, 3]);
        assert_eq!(Owned::try_from_vec(Vec::<u8>::new(), [0, 5]).unwrap().view().shape(), [0, 5]);
        let memory = Memory::calling(|| ());
        // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
        let owned = unsafe {
            Owned::<f64, _>::try_from_raw_parts(std::ptr::null_mut(), C::new([0], 8).unwrap(), memory)
        };
        assert_eq!(owned.unwrap().view().as_slice(), Some(&[][..]));
        assert_eq!(RowStack::<f64>::try_new(vec![]).unwrap().view().shape(), [0, 0]);
        assert_eq!(RowStack::<f64>::try_new(vec![vec![], vec![]]).unwrap().view().to_vec(), []);
        assert_eq!(View::<f64, C<1>>::from(&[]).shape(), [0]);
        assert_eq!(View::<f64, C<2>>::from(&[[]; 3]).shape(), [3, 0]);
    }

    #[test]
    fn an_extent_of_0_is_ordinary_wherever_a_view_goes() {
        let view = View::<i32, _>::from_slice(&[], [2, 0, 3]);
        assert_eq!((view.size(), view.nbytes(), view.get([0, 0, 0])), (0, 0, None));
        assert_eq!(view.iter().next_back(), None);
        assert_eq!(view.rows().map(|row| row.size()).collect::<Vec<_>>(), [0, 0]);
        assert_eq!(view.row(1).shape(), [0, 3]);
        assert_eq!(view.slice(s![1.., .., ..;-1]).shape(), [1, 0, 3]);
        assert_eq!(view.slice(s![.., 0..0, 2]).shape(), [2, 0]);
        assert_eq!(view.transpose().shape(), [3, 0, 2]);
        assert_eq!(view.reshape([5, 0]).shape(), [5, 0]);
        assert_eq!(view.to_owned().view().shape(), [2, 0, 3]);
        assert_eq!(view.to_owned_f().view().shape(), [2, 0, 3]);
        assert_eq!(view.as_slice(), Some(&[][..]));
        assert_eq!(view.to_dyn().squeeze().shape(), [2, 0, 3]);
        assert_eq!(view.lanes(0).len(), 0);
        assert_eq!(view.lanes(1).len(), 6);
        assert_eq!(view.try_reinterpret::<u8>().unwrap().shape(), [2, 0, 12]);
        let mut none: [i32; 0] = [];
        let mut target = ViewMut::from_slice(&mut none, [2, 0, 3]);
        target.fill(1);
        target.copy_from(&view);
        target.copy_from(&View::from(&[1, 2, 3]));
        assert!(target.try_copy_from(&View::from(&[1, 2])).is_err());
    }

    #[test]
    fn views_are_compared_element_by_element_whatever_the_layout() {
        let (left, right) = ([[1, 2], [3, 4]], [1, 3, 2, 4]);
        let (v, w) = (View::from(&left), View::from_slice(&right, [2, 2]));
        assert_ne!(v, w);
        assert_eq!(v, w.transpose());
        assert_eq!(v.to_strided(), w.transpose());
        assert_ne!(View::from(&right), View::from(&right[..3]));
        assert_eq!(View::<i32, _>::from_slice(&[], [0, 2]), View::from_slice(&[], [0, 2]));
        assert_ne!(View::<i32, _>::from_slice(&[], [0, 2]), View::from_slice(&[], [0, 3]));
        let nan = View::from(&[f64::NAN]);
        assert_ne!(nan, nan);
        let cells = CellView::from(v);
        assert_eq!(cells, CellView::from(w.transpose()));
        assert_eq!(v.to_dyn(), w.transpose());
    }
}
