//! Views: sizes, refusals by their text, alignment and threads, with one idea for each test.

use typedview::{
    C, CellView, CellViewMut, Direct, F, NewAxis, Order, Owned, Pitched, Slice, SliceItem, Strided, View,
    ViewMut, s,
};

#[test]
fn views_are_small() {
    assert_eq!(size_of::<View<'_, f64, C<1>>>(), 16);
    assert_eq!(size_of::<View<'_, f64, Strided<2>>>(), 40);
    assert_eq!(size_of::<ViewMut<'_, f64, C<2>>>(), 24);
    assert_eq!(size_of::<View<'_, f64, Pitched<2>>>(), 40);
    assert_eq!(size_of::<CellView<'_, f64, F<2>>>(), 24);
    assert_eq!(size_of::<CellViewMut<'_, f64, Strided<1>>>(), 24);
    assert_eq!(size_of::<Option<View<'_, f64, C<1>>>>(), 16);
}

#[test]
fn refusals_name_axis_and_values() {
    let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
    assert_eq!(view.get([1, 7]), None);
    let text = [
        view.try_at([1, 7]).unwrap_err().to_string(),
        view.try_row(2).unwrap_err().to_string(),
        view.try_index_axis(1, -4).unwrap_err().to_string(),
        view.try_index_axis(2, 0).unwrap_err().to_string(),
        view.try_slice_axis(1, Slice::from(..).step_by(0)).unwrap_err().to_string(),
        view.transpose().try_to_layout::<C<2>>().unwrap_err().to_string(),
        view.try_to_layout::<C<1>>().unwrap_err().to_string(),
        View::try_from_slice(&[1, 2, 3], [2, 2]).unwrap_err().to_string(),
        Owned::<u8, _>::try_zeroed([usize::MAX, 2]).unwrap_err().to_string(),
        View::from(&[0u8; 7]).try_reinterpret::<u16>().unwrap_err().to_string(),
    ];
    assert_eq!(
        text,
        [
            "axis 1: index 7 is out of bounds for length 3",
            "axis 0: index 2 is out of bounds for length 2",
            "axis 1: index -4 is out of bounds for length 3",
            "axis 2 is out of range for ndim 2",
            "axis 1: the step of a slice must not be 0",
            "shape (3, 2) with strides (4, 12) is not C-contiguous",
            "expected ndim 1, got 2",
            "shape (2, 2) has 4 elements, the memory has 3",
            "shape (18446744073709551615, 2) with itemsize 1 exceeds the address space",
            "7 bytes on the last axis are no whole number of elements of 2 bytes",
        ]
    );
    let mut data = [0; 4];
    let error = ViewMut::from(&mut data).try_copy_from(&View::from(&[1, 2, 3])).unwrap_err();
    assert_eq!(error.to_string(), "cannot copy shape (3,) into shape (4,)");
    assert_eq!(data, [0; 4]);
}

#[test]
#[should_panic(expected = "axis 0: index 3 is out of bounds for length 3")]
fn plain_forms_panic_with_the_same_text() {
    let _ = View::from(&[1, 2, 3]).at(3);
}

#[test]
fn unaligned_memory_is_read_by_value_and_never_lent() {
    let mut bytes = [0u8; 17];
    bytes[1..9].copy_from_slice(&2.5f64.to_ne_bytes());
    bytes[9..17].copy_from_slice(&7.5f64.to_ne_bytes());
    let shift = 1 - bytes.as_ptr().align_offset(8).min(1);
    let odd = &bytes[1..];
    let view = View::from(odd).try_reinterpret::<f64>().unwrap();
    assert_eq!(view.to_vec(), [2.5, 7.5]);
    if shift == 1 {
        assert_eq!(view.as_slice(), None);
        let text = view.try_as_slice().unwrap_err().to_string();
        assert!(text.ends_with("is not a multiple of 8: read by value or copy"), "{text}");
    }
}

#[test]
fn strides_that_are_no_multiple_of_the_itemsize_are_read() {
    // The layout is that of a field in packed records of u8 and u32, which have five bytes each.
    let records = [1, 10, 0, 0, 0, 2, 20, 0, 0, 0, 3, 30, 0, 0, 0u8];
    let layout = Strided::new([3], [5], 4).unwrap();
    // SAFETY: the three u32 are at bytes 1, 6 and 11 of the 15 bytes in `records`.
    let field = unsafe { View::<u32, _>::from_raw_parts(records[1..].as_ptr().cast(), layout) };
    let expected: Vec<u32> = [10u8, 20, 30].iter().map(|&x| u32::from_ne_bytes([x, 0, 0, 0])).collect();
    assert_eq!(field.to_vec(), expected);
    assert_eq!(field.as_slice(), None);
}

#[test]
fn a_reversed_axis_has_a_negative_stride() {
    let data = [1, 2, 3];
    let view = View::from(&data).slice_axis(0, Slice::from(..).step_by(-1));
    assert_eq!(view.strides(), [-4]);
    assert_eq!(view.to_vec(), [3, 2, 1]);
    assert_eq!(view.layout().reach(4).lowest, -8);
}

#[test]
fn elements_that_overlap_are_not_lent_for_writing() {
    let mut data = [0u32; 5];
    let layout = Strided::new([3, 3], [4, 4], 4).unwrap();
    // SAFETY: the layout reaches bytes 0 to 20 of the 20 bytes in `data`.
    let error = unsafe { ViewMut::try_from_raw_parts(data.as_mut_ptr(), layout) }.unwrap_err();
    assert_eq!(
        error.to_string(),
        "shape (3, 3) with strides (4, 4): elements may overlap, so they cannot be lent for writing"
    );
}

#[test]
fn null_is_an_empty_view() {
    let layout = C::new([0, 3], 8).unwrap();
    // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
    let view = unsafe { View::<f64, _>::from_raw_parts(std::ptr::null(), layout) };
    assert_eq!(view.as_slice(), Some(&[][..]));
    assert_eq!(view.iter().count(), 0);
    assert_eq!(view.transpose().rows().len(), 3);
    assert!(view.transpose().row(2).is_empty());
}

#[test]
fn no_axes_is_one_element() {
    let view = View::from_slice(&[5], []);
    assert_eq!((view.size(), view.ndim(), view.at([])), (1, 0, 5));
    assert_eq!(view.iter().collect::<Vec<_>>(), [5]);
    assert_eq!(View::from(&[1, 2]).row(1).at([]), 2);
}

#[test]
fn the_layouts_of_parts_are_what_stays_true() {
    let view = View::from(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let _row: View<'_, f64, C<1>> = view.row(0);
    let _rows: View<'_, f64, C<2>> = view.slice_rows(1..);
    let _columns: View<'_, f64, Strided<2>> = view.slice_axis(1, 1..);
    let _column: View<'_, f64, Strided<1>> = view.index_axis(1, 0);
    let crop: View<'_, f64, Pitched<2>> = view.slice(s![.., 1..]);
    let _row: View<'_, f64, C<1>> = crop.row(0);
    let _crop: View<'_, f64, Pitched<2>> = crop.slice(s![1.., 1..]);
    let _every_second: View<'_, f64, Pitched<2>> = view.slice(s![..;2, 1..]);
    let _of_one_axis: View<'_, f64, Strided<1>> = view.row(0).slice(s![..;2]);
    let _one_axis_more: View<'_, f64, Pitched<3>> = crop.insert_axis(2);
    let transposed: View<'_, f64, F<2>> = view.transpose();
    assert!(transposed.is_contiguous(Order::F) && !transposed.is_contiguous(Order::C));
    let _back: View<'_, f64, C<2>> = transposed.transpose();
}

#[test]
fn rows_of_a_mutable_view_are_usable_at_once() {
    let mut data = [1, 2, 3, 4];
    let mut rows = ViewMut::from_slice(&mut data, [2, 2]).rows();
    let (mut first, mut second) = (rows.next().unwrap(), rows.next().unwrap());
    first.as_mut_slice().unwrap().swap_with_slice(second.as_mut_slice().unwrap());
    assert_eq!(data, [3, 4, 1, 2]);
}

#[test]
fn locked_views_work_on_other_threads() {
    let mut data = vec![1.0; 1000];
    let view = ViewMut::from_slice(&mut data, [10, 100]);
    std::thread::scope(|scope| {
        for mut row in view.rows() {
            scope.spawn(move || row.fill(2.0));
        }
    });
    assert_eq!(data.iter().sum::<f64>(), 2000.0);
}

#[test]
fn an_owner_is_dropped_once_wherever_its_memory_goes() {
    let owned = Owned::try_from_vec(vec![1u8; 4], [2, 2]).unwrap();
    assert_eq!(format!("{owned:?}"), "Owned(uint8[2, 2], C)");
    let (first, layout, memory) = owned.into_raw_parts();
    // SAFETY: the owner's memory is kept alive by `memory` until the end of the block.
    let view = unsafe { View::<u8, _>::from_raw_parts(first, layout) };
    assert_eq!(view.to_vec(), [1; 4]);
    std::thread::spawn(move || drop(memory)).join().unwrap();
}

#[test]
fn debug_shows_the_notation() {
    let view = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(format!("{view:?}"), "View(double[2, 2], C)");
    assert_eq!(format!("{:?}", view.transpose()), "View(double[2, 2], F)");
    assert_eq!(format!("{:?}", view.index_axis(1, 0)), "View(double[2], strided)");
}

#[test]
fn a_copy_of_cells_is_a_copy() {
    let mut data = [1, 2, 3, 4];
    let cells = ViewMut::from_slice(&mut data, [2, 2]).into_cells();
    let (fixed, any) = (cells.to_owned(), cells.to_dyn().to_owned());
    let by_columns = cells.to_cell_view().to_owned_f();
    cells.fill(9);
    assert_eq!(fixed.view().to_vec(), [1, 2, 3, 4]);
    assert_eq!(any.view().to_vec(), [1, 2, 3, 4]);
    assert_eq!(any.view().shape(), [2, 2]);
    assert_eq!(by_columns.view().to_vec(), [1, 2, 3, 4]);
    assert_eq!(by_columns.view().strides(), [4, 8]);
}

#[test]
fn refusals_of_a_slice_count_the_axes_that_the_user_wrote() {
    let view = View::from_slice(&[0; 24], [2, 3, 4]);
    let text = [
        view.try_slice(s![0, 1, 7]).unwrap_err().to_string(),
        view.try_slice(s![0, .., -5]).unwrap_err().to_string(),
        view.try_slice(s![.., 1, ..;0]).unwrap_err().to_string(),
        view.try_slice(s![0, .., .., ..]).unwrap_err().to_string(),
        view.try_at([1, usize::MAX, 0]).unwrap_err().to_string(),
    ];
    assert_eq!(
        text,
        [
            "axis 2: index 7 is out of bounds for length 4",
            "axis 2: index -5 is out of bounds for length 4",
            "axis 2: the step of a slice must not be 0",
            "4 indices for ndim 3",
            "axis 1: index 18446744073709551615 is out of bounds for length 3",
        ]
    );
}

#[test]
fn a_second_ellipsis_is_one_whole_axis_however_it_is_said() {
    let view = View::from_slice(&[0; 6], [2, 3]);
    let items = [SliceItem::Ellipsis, SliceItem::NewAxis, SliceItem::Ellipsis];
    assert_eq!(view.slice(s![..., NewAxis, ...]).shape(), [2, 1, 3]);
    assert_eq!(view.to_dyn().try_select(&items).unwrap().shape(), [2, 1, 3]);
    assert_eq!(view.to_dyn().select(&items).shape(), [2, 1, 3]);
}

#[test]
#[should_panic(expected = "3 indices for ndim 2")]
fn a_selection_of_too_many_axes_panics_with_its_text() {
    let _ = View::from_slice(&[0; 6], [2, 3]).to_dyn().select(&[SliceItem::Index(0); 3]);
}
