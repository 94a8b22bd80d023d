//! Corner cases: numbers at the ends of their types, where sums and products would wrap.
//! Tests run with overflow checks, so what is not refused must not panic either.

use std::panic::catch_unwind;
use typedview::{
    C, Direct, Dyn, F, Indirect, Layout, Order, Owned, Pitched, Reach, RowStack, Slice, SliceItem, Strided,
    View, ViewMut, s, specialise, zip,
};

const EDGES: [isize; 9] =
    [isize::MIN, isize::MIN + 1, isize::MIN / 2, -2, -1, 1, 2, isize::MAX - 1, isize::MAX];

/// Returns a view of three elements with two axes of length 1, whose strides mean nothing.
fn odd<'a>(data: &'a [u32; 3], stride: isize) -> View<'a, u32, Strided<3>> {
    let layout = Strided::new([1, 3, 1], [stride, 4, stride], 4).unwrap();
    // SAFETY: only the axis of length 3 has a stride that is used, and it reaches three elements one after the other.
    unsafe { View::from_raw_parts(data.as_ptr(), layout) }
}

/// Returns a view without elements, of a shape that is allowed only because it contains a 0.
fn nothing<const N: usize>(shape: [usize; N]) -> View<'static, u32, C<N>> {
    // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
    unsafe { View::from_raw_parts(std::ptr::null(), C::new(shape, 4).unwrap()) }
}

/// Yields the longest extents that a layout accepts on an axis beside an axis of length 0.
fn longest() -> impl Iterator<Item = usize> {
    let longest = [isize::MAX.cast_unsigned(), usize::MAX];
    longest.into_iter().filter(|&extent| C::new([0, extent], 4).is_ok())
}

#[test]
fn strides_of_axes_of_length_1_may_be_anything() {
    let data = [1, 2, 3];
    for stride in EDGES {
        let view = odd(&data, stride);
        assert_eq!(view.to_vec(), data);
        assert_eq!(view.at([0, 2, 0]), 3);
        assert_eq!(view.layout().reach(4), Reach { lowest: 0, highest: 12 });
        assert!(view.is_contiguous(Order::C) && view.is_contiguous(Order::F));
        assert_eq!(view.as_slice(), Some(&data[..]));
        assert_eq!(view.flip(0).flip(1).flip(2).to_vec(), [3, 2, 1]);
        assert_eq!(view.transpose().permute(&[1, 2, 0]).squeeze().to_vec(), data);
        assert_eq!(view.diagonal(0, 2).to_vec(), data);
        assert_eq!(view.diagonal(0, 1).to_vec(), [1]);
        assert_eq!(view.reshape([3]).to_vec(), data);
        assert_eq!(view.remove_axis(0).remove_axis(1).to_vec(), data);
        assert_eq!(view.index_axis(0, -1).index_axis(1, 0).to_vec(), data);
        assert_eq!(view.broadcast_to([2, 3, 2]).to_vec(), [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3]);
        assert_eq!(view.lanes(0).len(), 3);
        assert_eq!(view.lanes(2).map(|lane| lane.at(0)).collect::<Vec<_>>(), data);
        assert_eq!(view.try_to_layout::<C<3>>().unwrap().to_vec(), data);
        assert_eq!(view.try_to_layout::<F<3>>().unwrap().to_vec(), data);
        assert_eq!(view.to_dyn().try_to_layout::<Indirect<3>>().unwrap().to_vec(), data);
    }
}

#[test]
fn strides_of_axes_of_length_1_do_not_disturb_copies_and_zips() {
    let data = [1, 2, 3];
    for stride in EDGES {
        let mut copy = [0u32; 3];
        let layout = Strided::new([1, 3, 1], [stride, 4, stride], 4).unwrap();
        // SAFETY: only the axis of length 3 has a stride that is used, and `copy` has three elements one after the
        // other.
        let mut target = unsafe { ViewMut::try_from_raw_parts(copy.as_mut_ptr(), layout) }.unwrap();
        target.copy_from(&odd(&data, isize::MIN));
        zip((target, odd(&data, stride))).for_each(|(mut place, x)| place.set(place.get() * 10 + x));
        assert_eq!(copy, [11, 22, 33]);
        let cells = ViewMut::from(&mut copy).into_cells();
        let column = cells.insert_axis(1).to_strided().slice_axis(1, Slice::from(..).step_by(isize::MAX));
        column.flip(0).copy_from(&column.to_cell_view());
        assert_eq!(copy, [33, 22, 11]);
    }
}

#[test]
fn slices_take_any_positions_and_steps() {
    let data = [1, 2, 3];
    let positions: Vec<Option<isize>> = EDGES.into_iter().chain([0, 3, -3]).map(Some).chain([None]).collect();
    for &start in &positions {
        for &stop in &positions {
            for step in EDGES {
                let expected = walked(3, start, stop, step);
                let expected: Vec<u32> = expected.into_iter().map(|i| data[i]).collect();
                let slice = Slice::new(start, stop, step);
                assert_eq!(View::from(&data).slice_axis(0, slice).to_vec(), expected);
                let view = odd(&data, isize::MIN).slice_axis(1, slice);
                assert_eq!(view.to_vec(), expected);
                assert_eq!(view.flip(1).iter().rev().collect::<Vec<_>>(), expected);
                let again = walked(expected.len() as i128, None, None, step);
                let again: Vec<u32> = again.into_iter().map(|i| expected[i]).collect();
                assert_eq!(view.slice_axis(1, Slice::new(None, None, step)).to_vec(), again);
            }
        }
    }
}

/// Returns the positions of a slice by Python's own definition:
/// <https://docs.python.org/3/reference/datamodel.html> (slice.indices).
fn walked(length: i128, start: Option<isize>, stop: Option<isize>, step: isize) -> Vec<usize> {
    let step = step as i128;
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let (first, last) = if step > 0 { (0, length) } else { (length - 1, -1) };
    let position = |given: Option<isize>, default: i128| match given {
        None => default,
        Some(i) if i < 0 => (i as i128 + length).clamp(low, high),
        Some(i) => (i as i128).clamp(low, high),
    };
    let (mut i, stop) = (position(start, first), position(stop, last));
    let mut indices = vec![];
    while if step > 0 { i < stop } else { i > stop } {
        indices.push(i as usize);
        i += step;
    }
    indices
}

#[test]
fn a_step_beyond_an_axis_of_length_1_changes_nothing() {
    let data = [1u32, 2, 3];
    for step in EDGES {
        let every = Slice::new(None, None, step);
        let column = View::from_slice(&data, [3, 1]).slice_axis(1, every);
        assert_eq!(column.to_vec(), data);
        let expected: Vec<u32> = walked(3, None, None, step).into_iter().map(|i| data[i]).collect();
        assert_eq!(column.slice_axis(0, every).slice_axis(1, every).to_vec(), expected);
    }
}

#[test]
fn a_0_beside_the_longest_axis_is_empty() {
    for extent in longest() {
        let view = nothing([0, extent]);
        assert_eq!((view.size(), view.nbytes()), (0, 0));
        assert_eq!(view.get([0, 0]), None);
        assert_eq!(view.to_vec(), []);
        assert_eq!(view.iter().rev().count() + view.indexed_iter().count(), 0);
        assert!(view.transpose().is_contiguous(Order::C) && view.is_contiguous(Order::F));
        assert_eq!(view.rows().len() + view.chunks(3).len(), 0);
        assert_eq!(view.lanes(1).len(), 0);
        assert_eq!(view.lanes(0).len(), extent);
        assert!(view.lanes(0).next_back().unwrap().is_empty());
        assert_eq!(view.transpose().rows().len(), extent);
        assert!(view.transpose().rows().nth(extent - 1).unwrap().is_empty());
        assert!(view.transpose().rows().nth(extent).is_none());
        assert_eq!(view.insert_axis(1).squeeze().permute(&[1, 0]).shape(), [extent, 0]);
        assert_eq!(view.diagonal(0, 1).shape(), [0]);
        assert_eq!(view.reshape([7, 0]).shape(), [7, 0]);
        assert_eq!(view.reshape([extent, 0, extent]).shape(), [extent, 0, extent]);
        assert_eq!(view.insert_axis(0).broadcast_to([extent, 0, extent]).size(), 0);
        zip((view, view.to_strided())).for_each(|_| unreachable!());
        assert!(view.try_to_layout::<F<2>>().is_ok() && view.try_to_layout::<Dyn>().is_ok());
        let mut owned = Owned::<u32, _>::zeroed([0, extent]);
        owned.view_mut().fill(1);
        owned.view_mut().copy_from(&view);
        assert!(owned.view_mut().try_copy_from(&nothing([extent, 0])).is_err());
    }
}

#[test]
fn a_slice_of_the_longest_axis_keeps_its_length() {
    for extent in longest() {
        let view = nothing([0, extent]);
        assert_eq!(view.slice_axis(1, ..).shape(), [0, extent]);
        assert_eq!(view.flip(1).shape(), [0, extent]);
        assert_eq!(view.transpose().slice_rows(1..).shape(), [extent - 1, 0]);
    }
}

#[test]
fn the_longest_axis_is_split_where_asked() {
    for extent in longest() {
        let view = nothing([extent, 0]);
        for at in [0, 1, extent - 1, extent] {
            let (first, second) = view.split_rows(at);
            assert_eq!((first.shape()[0], second.shape()[0]), (at, extent - at));
            let (first, second) = view.split_at(0, at);
            assert_eq!((first.shape()[0], second.shape()[0]), (at, extent - at));
        }
    }
}

#[test]
fn the_longest_axis_has_as_many_chunks_and_windows_as_it_should() {
    for extent in longest() {
        let view = nothing([extent, 0]);
        assert_eq!(view.chunks(extent).len(), 1);
        assert_eq!(view.chunks(1).len(), extent);
        assert_eq!(view.windows(extent).len(), 1);
        assert_eq!(view.windows(1).len(), extent);
        assert_eq!(view.windows(usize::MAX).len(), usize::from(extent == usize::MAX));
        assert_eq!(view.chunks(2).next_back().unwrap().shape(), [1, 0]);
    }
}

#[test]
fn an_index_of_the_longest_axis_is_found_from_both_ends() {
    for extent in longest() {
        let view = nothing([extent, 0]);
        assert!(view.index_axis(0, -1).is_empty() && view.index_axis(0, isize::MAX - 1).is_empty());
        assert!(view.row(extent - 1).is_empty() && view.try_row(usize::MAX).is_err());
    }
}

#[test]
fn layouts_beyond_the_address_space_are_refused() {
    for stride in EDGES.into_iter().filter(|stride| stride.unsigned_abs() > 2) {
        assert!(Strided::new([4], [stride], 8).is_err());
        assert!(Dyn::new(&[4], &[stride], 8).is_err());
        assert!(Indirect::new([4], [stride], [-1], 8).is_err());
        assert!(C::<1>::from_strides(&[4], &[stride], 8).is_err());
    }
    assert!(Strided::new([2, 2], [isize::MIN / 2, isize::MAX / 2], 8).is_err());
    assert!(Indirect::new([2, 2], [8, 4], [isize::MAX, -1], 4).is_err());
    assert!(Indirect::new([1, 1, 1], [8, 8, 4], [isize::MAX / 2, isize::MAX / 2, 9], 4).is_err());
    assert!(C::new([usize::MAX, 2], 1).is_err() && F::new([isize::MAX.cast_unsigned(), 1], 2).is_err());
    assert!(C::new([1 << 62, 1 << 62], 1).is_err());
    assert!(Owned::<u64, _>::try_zeroed([usize::MAX / 8]).is_err());
}

#[test]
fn shapes_beyond_the_address_space_are_refused() {
    let view = View::from(&[5u32]);
    for shape in [[usize::MAX, 2], [1 << 63, 2], [usize::MAX, usize::MAX], [1 << 32, 1 << 32]] {
        assert!(view.try_reshape(shape).is_err());
        assert!(view.try_broadcast_to(shape).is_err());
        assert!(view.try_reshape(&shape[..]).is_err());
        assert!(view.try_broadcast_to(&shape[..]).is_err());
        assert!(View::try_from_slice(&[5u32], shape).is_err());
    }
}

#[test]
fn one_element_repeated_as_often_as_can_be_counted_is_walked_from_both_ends() {
    let most = isize::MAX.cast_unsigned() / 4;
    let data = [5u32];
    let view = View::from(&data).broadcast_to([most]);
    let mut iter = view.iter();
    assert_eq!((iter.next(), iter.next_back(), iter.len()), (Some(5), Some(5), most - 2));
    assert_eq!(view.at(most - 1), 5);
    assert_eq!(view.slice_axis(0, Slice::from(..).step_by(-7)).size(), most.div_ceil(7));
    assert_eq!(view.reshape([most, 1]).transpose().shape(), [1, most]);
}

#[test]
fn a_dynamic_layout_has_at_most_64_axes_however_it_is_made() {
    let data = [5u32];
    let layout = Dyn::new(&[1; 64], &[4; 64], 4).unwrap();
    assert!(Dyn::new(&[1; 65], &[4; 65], 4).is_err());
    // SAFETY: all axes have length 1, so the layout reaches one element, which `data` has.
    let view = unsafe { View::<u32, _>::from_raw_parts(data.as_ptr(), layout) };
    assert_eq!(view.squeeze().ndim(), 0);
    assert_eq!(view.to_vec(), [5]);
    assert!(view.try_insert_axis(0).is_err());
    for result in [view.try_reshape(&[1; 65][..]), view.try_broadcast_to(&[1; 65][..])] {
        assert_eq!(result.unwrap_err().to_string(), "ndim 65 is more than 64");
    }
    assert_eq!(view.reshape(&[1; 64][..]).ndim(), 64);
}

#[test]
fn refusals_of_extreme_numbers_are_refusals_not_overflows() {
    let view = View::from(&[1u32, 2, 3]);
    let all = catch_unwind(|| {
        for axis in [1, 2, usize::MAX] {
            assert!(view.try_slice_axis(axis, ..).is_err() && view.try_index_axis(axis, 0).is_err());
            assert!(view.try_insert_axis(axis + usize::from(axis < 2)).is_err());
            assert!(view.try_move_axis(axis, axis).is_err() && view.try_swap_axes(axis, 0).is_err());
            assert!(view.try_diagonal(0, axis).is_err() && view.try_lanes(axis).is_err());
        }
        assert!(view.try_split_at(0, usize::MAX).is_err() && view.try_split_rows(4).is_err());
        assert_eq!(view.windows(usize::MAX).len(), 0);
        assert_eq!(view.chunks(usize::MAX).next().unwrap().to_vec(), [1, 2, 3]);
    });
    assert!(all.is_ok());
}

#[test]
fn reinterpreted_bytes_are_those_of_the_memory() {
    let data = [0x0102_0304u32, 0x0506_0708];
    let bytes = View::from(&data).try_reinterpret::<u8>().unwrap();
    assert_eq!(bytes.to_vec(), data.map(u32::to_ne_bytes).concat());
    assert_eq!(bytes.try_reinterpret::<u64>().unwrap().shape(), [1]);
    assert_eq!(bytes.slice_rows(1..7).try_reinterpret::<u16>().unwrap().shape(), [3]);
    assert!(bytes.slice_rows(1..).try_reinterpret::<u16>().is_err());
    let table = View::from_slice(&data, [2, 1]).try_reinterpret::<u16>().unwrap();
    assert_eq!(table.shape(), [2, 2]);
    let one = View::from_slice(&data[..1], []);
    assert_eq!(one.try_reinterpret::<i32>().unwrap().at([]), 0x0102_0304);
    assert!(one.try_reinterpret::<u16>().is_err() && one.try_reinterpret::<u64>().is_err());
    assert_eq!(nothing([3, 0]).try_reinterpret::<u64>().unwrap().shape(), [3, 0]);
}

#[test]
fn zeroed_memory_asks_no_element_for_a_clone() {
    #[derive(Copy, Debug)]
    #[repr(transparent)]
    struct Panics(f64);
    #[expect(clippy::non_canonical_clone_impl, reason = "that is what is tested")]
    impl Clone for Panics {
        fn clone(&self) -> Self {
            panic!("code of others")
        }
    }
    // SAFETY: the type is a transparent wrapper of `f64`, so everything that holds for `f64` holds for it.
    unsafe impl typedview::Element for Panics {
        const DTYPE: typedview::Dtype = <f64 as typedview::Element>::DTYPE;
    }
    let block = typedview::Owned::<Panics, _>::zeroed([2, 3]);
    assert!(block.view().iter().all(|element| element.0 == 0.0));
    assert_eq!(typedview::Owned::<Panics, _>::try_zeroed_dyn(&[2, 3]).unwrap().view().size(), 6);
    assert_eq!(typedview::Owned::<[f64; 0], _>::zeroed([1 << 20]).view().size(), 1 << 20);
    assert!(typedview::Owned::<f64, _>::zeroed([0, 3]).view().is_empty());
}

#[test]
fn slices_without_bytes_may_be_too_long() {
    let longest = [[0u64; 0]; usize::MAX].to_vec();
    let text = format!("shape ({},) with itemsize 0 exceeds the address space", usize::MAX);
    assert_eq!(View::try_from_slice(&longest[..], [1]).unwrap_err().to_string(), text);
    assert_eq!(ViewMut::try_from_slice(&mut longest.clone(), [1]).unwrap_err().to_string(), text);
    assert_eq!(typedview::Owned::try_from_vec(longest, [1]).unwrap_err().to_string(), text);
}

#[test]
fn rows_without_bytes_are_counted_together() {
    let longest = [[0u64; 0]; usize::MAX].to_vec();
    let text = RowStack::try_new(vec![longest]).unwrap_err().to_string();
    assert_eq!(text, format!("shape (1, {}) with itemsize 8 exceeds the address space", usize::MAX));
    let half = [[0u64; 0]; 1 << (usize::BITS - 2)].to_vec();
    assert!(RowStack::try_new(vec![half.clone(), half]).is_err());
    assert_eq!(RowStack::try_new(vec![vec![[0u64; 0]; 3]; 2]).unwrap().view().size(), 6);
}

#[test]
#[should_panic(expected = "a slice of elements without bytes has more than isize::MAX of them")]
fn a_slice_that_no_layout_counts_is_no_view() {
    let longest = [[0u64; 0]; usize::MAX].to_vec();
    let _ = View::from(&longest[..]);
}

/// Checks that views without elements still point into the memory of their view: a pointer beyond it must not be made.
#[test]
fn parts_without_elements_stay_inside_their_memory() {
    let data = [1u32, 2, 3, 4, 5, 6];
    let memory = data.as_ptr_range();
    let table = View::from_slice(&data, [2, 3]);
    let whole: View<'_, u32, Strided<2>> = table.flip(0).flip(1);
    for view in [table.try_to_layout().unwrap(), whole, whole.transpose(), table.slice(s![.., 1..]).into()] {
        let rows = view.shape()[0] as isize;
        let columns = view.shape()[1] as isize;
        for first in 0..=rows {
            let none = view.slice_rows(first..first);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "rows {first}");
            let none = view.slice_axis(0, first..first);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "axis {first}");
        }
        for column in 0..=columns {
            let none = view.slice(s![.., column..column]);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "columns {column}");
            let none = view.slice(s![rows.., column..;-1]);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "both {column}");
            let none = view.slice(s![-1.., column..column]).slice(s![.., ..;-1]);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "twice {column}");
            let of_any = view.to_dyn();
            let selected = [SliceItem::Slice((1..).into()), SliceItem::Slice((column..column).into())];
            let none = of_any.select(&selected);
            assert!(none.is_empty() && memory.contains(&none.as_ptr()), "any {column}");
        }
        let (left, right) = view.slice_rows(rows..).split_at(1, 1);
        assert!(memory.contains(&left.as_ptr()) && memory.contains(&right.as_ptr()));
        assert!(view.slice_rows(rows..).lanes(0).all(|lane| memory.contains(&lane.as_ptr())));
    }
}

/// Copies blocks with three axes that no single stride covers, forwards and backwards.
#[test]
fn a_block_in_a_block_is_shifted_in_every_direction() {
    let ranges = [(0isize, 3isize), (1, 4)];
    for choice in 0..64 {
        let pick = |axis: usize| (ranges[choice >> (2 * axis) & 1], ranges[choice >> (2 * axis + 1) & 1]);
        let [(a, b), (c, d), (e, f)] = [pick(0), pick(1), pick(2)];
        let mut data: Vec<u16> = (0..64).collect();
        let cells = ViewMut::from_slice(&mut data, [4, 4, 4]).into_cells();
        let source = cells.slice(s![a.0..a.1, c.0..c.1, e.0..e.1]);
        let away = source.to_vec();
        let target = cells.slice(s![b.0..b.1, d.0..d.1, f.0..f.1]);
        target.copy_from(&source.to_cell_view());
        assert_eq!(target.to_vec(), away, "{choice:b}");
    }
}

#[test]
fn strides_without_a_meaning_do_not_disturb_pitched_views() {
    let data = [1, 2, 3];
    for stride in [isize::MIN, isize::MAX, -1, 0, 7, 1 << 62] {
        for (shape, strides) in [([1, 3], [stride, 4]), ([3, 1], [4, stride]), ([1, 1], [stride, stride])] {
            let layout = Pitched::new(shape, strides, 4).unwrap();
            // SAFETY: the axes that are longer than 1 have the strides of the array.
            let view = unsafe { View::from_raw_parts(data.as_ptr(), layout) };
            let expected = &data[..shape[0] * shape[1]];
            assert_eq!(view.to_vec(), expected);
            assert_eq!(view.rows().flat_map(|row| row.to_vec()).collect::<Vec<_>>(), expected);
            assert_eq!(view.transpose().transpose().to_vec(), expected);
            assert_eq!(view.insert_axis(1).remove_axis(1).to_vec(), expected);
            assert_eq!(view.slice(s![..;-1, 0..]).flip(0).to_vec(), expected);
            assert_eq!(specialise!(view, |view| view.to_vec()), expected);
        }
    }
}

#[test]
fn strides_of_empty_pitched_views_are_never_used() {
    for shape in [[0, 5], [5, 0], [0, isize::MAX as usize], [isize::MAX as usize, 0]] {
        for strides in [[isize::MIN, isize::MIN], [isize::MAX, isize::MIN], [3, 7]] {
            let layout = Pitched::new(shape, strides, 4).unwrap();
            // SAFETY: the layout is empty, so its pointer may be null.
            let view = unsafe { View::<i32, _>::from_raw_parts(std::ptr::null(), layout) };
            assert!(view.iter().next().is_none() && view.iter().next_back().is_none());
            assert!(view.slice(s![-1.., 1..]).is_empty() && view.slice(s![..;isize::MIN, 1..]).is_empty());
            assert_eq!(view.rows().len(), shape[0]);
            assert!(view.rows().next_back().is_none_or(|row| row.is_empty()));
            assert!(
                view.flip(0).flip(1).is_empty()
                    && view.lanes(1).next_back().is_none_or(|lane| lane.is_empty())
            );
            assert_eq!(specialise!(view, |view| view.size()), 0);
            zip((view, view.to_strided())).for_each(|_| unreachable!());
        }
    }
}

#[test]
fn an_expression_of_specialise_may_leave_a_loop_or_a_function() {
    fn first_negative(rows: View<'_, i32, Strided<2>>) -> Option<i32> {
        for row in rows.rows() {
            specialise!(row, |row| match row.iter().find(|x| *x < 0) {
                Some(x) => return Some(x),
                None => continue,
            });
        }
        None
    }
    let table = View::from(&[[1, 2], [3, -4], [-5, 6]]).to_strided();
    assert_eq!(first_negative(table), Some(-4));
    assert_eq!(first_negative(table.slice_axis(0, ..1)), None);
    let mut evaluated = 0;
    let mut data = [1, 2, 3];
    let sum = specialise!(
        (
            {
                evaluated += 1;
                ViewMut::from(&mut data)
            },
            table.index_axis(0, 0)
        ),
        |mut view, name| {
            view.fill(7);
            view.iter().sum::<i32>() + name.size() as i32
        }
    );
    assert_eq!((evaluated, sum, data), (1, 23, [7, 7, 7]));
}
