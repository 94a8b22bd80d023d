//! Conversions: numbers of one type copied into views of another type, in any layout and in memory that overlaps.

use typedview::{
    Big, Bool, CellViewMut, Dyn, ErrorKind, Exact, Little, Number, Owned, RowStack, SameKind, View, ViewMut,
    s, zip,
};

/// Returns a table of small numbers of any type.
fn table<T: Number + Exact<u8>>(rows: usize, columns: usize) -> Owned<T, typedview::C<2>> {
    let mut table = Owned::zeroed([rows, columns]);
    let small = Owned::from_fn([rows, columns], |[i, j]| ((i * columns + j) * 37 % 101) as u8);
    table.view_mut().convert_exact_from(&small.view());
    table
}

/// Converts a table in many layouts and compares each element with the element converted alone.
fn agrees<S, T>(alone: impl Fn(S) -> T)
where
    S: Number + Exact<u8>,
    T: Number + Exact<u8> + SameKind<S> + PartialEq + std::fmt::Debug,
{
    let source = table::<S>(67, 70);
    let part = source.view().slice(s![1.., 2..;3]).to_strided();
    for view in
        [source.view().to_strided(), part, source.view().transpose().to_strided(), part.flip(0).transpose()]
    {
        let [rows, columns] = [view.shape()[0], view.shape()[1]];
        let mut target = Owned::<T, _>::zeroed([rows, 2 * columns + 1]);
        target.view_mut().slice(s![.., ..columns as isize]).convert_from(&view);
        target.view_mut().slice(s![..;-1, columns as isize + 1..]).convert_from(&view);
        zip((target.view().slice(s![.., ..columns as isize]), view))
            .for_each(|(t, s)| assert_eq!(t, alone(s)));
        zip((target.view().slice(s![..;-1, columns as isize + 1..]), view))
            .for_each(|(t, s)| assert_eq!(t, alone(s)));
    }
}

#[test]
fn each_element_of_any_layout_is_converted() {
    agrees(|x: i32| f64::from(x));
    agrees(|x: f64| x as f32);
    agrees(|x: u8| i64::from(x));
    agrees(|x: i64| x as i8);
    agrees(|x: Big<f64>| x.get());
    agrees(|x: f32| Big::new(f64::from(x)));
    agrees(|x: Big<u16>| Little::new(x.get()));
}

#[test]
fn booleans_are_0_and_1_whatever_their_bytes() {
    let bytes = [0u8, 1, 2, 255];
    let mut numbers = [9i16; 4];
    ViewMut::from(&mut numbers).convert_from(&View::from(&bytes).reinterpret::<Bool>());
    assert_eq!(numbers, [0, 1, 1, 1]);
}

#[test]
fn a_row_is_repeated_and_a_wrong_shape_refused() {
    let mut target = Owned::<f64, _>::zeroed([3, 2]);
    target.view_mut().convert_from(&View::from(&[1u8, 2]));
    assert_eq!(target.view().to_vec(), [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
    let refused = target.view_mut().try_convert_from(&View::from(&[1u8, 2, 3])).unwrap_err();
    assert_eq!(refused.to_string(), "cannot copy shape (3,) into shape (3, 2)");
    let mut many = Owned::<f64, _>::zeroed([0, 5]);
    many.view_mut().convert_from(&Owned::<i32, _>::zeroed([1, 5]).view());
}

#[test]
fn memory_is_converted_in_place() {
    let mut memory: Vec<u32> = (1..=6).map(|k: u32| (k as f32).to_bits().to_be()).collect();
    let cells = ViewMut::from(&mut memory[..]).into_cells();
    let (big, native) = (cells.clone().reinterpret::<Big<f32>>(), cells.clone().reinterpret::<f32>());
    native.convert_from(&big.to_cell_view());
    assert_eq!(native.to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    // Shifted by one, upwards, downwards, and reversed: each number is read before it is overwritten.
    let integers = cells.clone().reinterpret::<i32>();
    integers.slice(s![1..]).convert_exact_from(&native.slice(s![..-1]).to_cell_view());
    assert_eq!(integers.to_vec()[1..], [1, 2, 3, 4, 5]);
    native.slice(s![..-1]).convert_from(&integers.slice(s![1..]).to_cell_view());
    assert_eq!(native.to_vec()[..5], [1.0, 2.0, 3.0, 4.0, 5.0]);
    let first = native.slice(s![..5]);
    integers.slice(s![..5]).convert_exact_from(&first.flip(0).to_cell_view());
    assert_eq!(integers.to_vec()[..5], [5, 4, 3, 2, 1]);
}

#[test]
fn memory_of_another_itemsize_is_read_first() {
    let mut memory = [0u64; 4];
    let cells = ViewMut::from(&mut memory).into_cells();
    let (wide, narrow) = (cells.clone().reinterpret::<f64>(), cells.clone().reinterpret::<u16>());
    for (i, number) in [7u16, 8, 9, 10].into_iter().enumerate() {
        narrow.set(i, number);
    }
    wide.convert_from(&narrow.slice(s![..4]).to_cell_view());
    assert_eq!(wide.to_vec(), [7.0, 8.0, 9.0, 10.0]);
    narrow.slice(s![4..8]).convert_exact_from(&wide.to_cell_view());
    assert_eq!(narrow.to_vec()[4..8], [7, 8, 9, 10]);
}

#[test]
fn tables_of_pointers_are_converted() {
    let rows = RowStack::try_new(vec![vec![1i16, 2, 3], vec![-4, 5, 6]]).unwrap();
    let mut target = Owned::<f32, _>::zeroed([2, 3]);
    target.view_mut().convert_from(&rows.view());
    assert_eq!(target.view().to_vec(), [1.0, 2.0, 3.0, -4.0, 5.0, 6.0]);
    let mut rows = RowStack::try_new(vec![vec![0i16; 3], vec![0; 3]]).unwrap();
    rows.view_mut().convert_exact_from(&target.view());
    assert_eq!(rows.view().to_vec(), [1, 2, 3, -4, 5, 6]);
}

#[test]
fn a_value_that_cannot_be_held_is_named_and_nothing_is_written() {
    let mut source = table::<f64>(20, 30);
    let mut target = Owned::<i16, _>::zeroed([30, 20]);
    target.view_mut().convert_exact_from(&source.view().transpose());
    let before = target.view().to_vec();
    for (value, text) in [(0.5, "0.5"), (40000.0, "40000"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        source.view_mut().set([7, 11], value);
        source.view_mut().set([7, 12], 0.25);
        let error = target.view_mut().try_convert_exact_from(&source.view().transpose()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the element at index (11, 7) is {text}, which int16 cannot hold")
        );
        assert_eq!(error.kind(), ErrorKind::Value);
        assert_eq!(target.view().to_vec(), before);
    }
    let mut none: [u8; 1] = [0];
    let error =
        ViewMut::from(&mut none).try_convert_exact_from(&View::from(&[[Big::new(-1i64)]])).unwrap_err();
    assert_eq!(error.to_string(), "the element at index (0, 0) is -1, which uint8 cannot hold");
}

#[test]
fn any_number_of_axes_is_converted() {
    let numbers: Vec<u16> = (0..120).collect();
    let source: View<'_, u16, Dyn> = View::from_slice(&numbers, [2, 3, 4, 5]).to_dyn();
    let mut target = Owned::<f64, Dyn>::zeroed_dyn(&[5, 4, 3, 2]);
    target.view_mut().convert_from(&source.transpose());
    assert!(target.view().iter().zip(source.transpose().iter()).all(|(t, s)| t == f64::from(s)));
    // One number at many indices is converted once.
    let mut one = [0.0f32];
    let layout = Dyn::new(&[1 << 40], &[0], 4).unwrap();
    // SAFETY: every index leads to the one number, and cells may overlap.
    let cells: CellViewMut<'_, f32, Dyn> = unsafe { CellViewMut::from_raw_parts(one.as_mut_ptr(), layout) };
    cells.convert_from(&View::from(&[3u8]).into());
    assert_eq!(one, [3.0]);
}

#[cfg(all(feature = "half", feature = "num-complex"))]
#[test]
fn halves_and_complex_numbers_are_converted() {
    use half::{bf16, f16};
    use num_complex::Complex;

    let source = [0.5f64, -2.0, 65504.0, 1e6];
    let mut halves = [f16::ZERO; 4];
    ViewMut::from(&mut halves).convert_from(&View::from(&source));
    assert_eq!(halves.map(f64::from), [0.5, -2.0, 65504.0, f64::INFINITY]);
    let mut brains = [bf16::ZERO; 4];
    ViewMut::from(&mut brains).convert_from(&View::from(&halves));
    assert_eq!(brains.map(f64::from)[..2], [0.5, -2.0]);
    let mut complex = [Complex::<f32>::default(); 4];
    ViewMut::from(&mut complex).convert_from(&View::from(&[1i64, 2, 3, 4]));
    assert_eq!(complex[3], Complex::new(4.0, 0.0));
    let mut wide = [Complex::<f64>::default(); 4];
    ViewMut::from(&mut wide).convert_from(&View::from(&complex.map(|z| z * Complex::i())));
    assert_eq!(wide[1], Complex::new(0.0, 2.0));
}
