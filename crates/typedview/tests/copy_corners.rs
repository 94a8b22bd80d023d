//! Corners of copies and conversions: empty targets, elements of size 0, 2^40 indices of one element, and rounding twice.
//! Each of them once panicked, did not end, asked for memory that it does not need, or was rounded to the wrong side.

use typedview::{CellView, CellViewMut, Dyn, Indirect, Owned, RowStack, Strided, View, s};

/// A number of indices that no test can visit, and no memory can hold.
const MANY: usize = 1 << 40;

#[test]
fn nothing_is_copied_to_an_empty_target() {
    let stack = RowStack::try_new(vec![vec![1.0f64]]).unwrap();
    let mut target = Owned::<f64, _>::zeroed([0, 1 << 60]);
    target.view_mut().copy_from(&stack.view());
    target.view_mut().convert_from(&stack.view());
    // The value is none that the target can hold, but no element is written.
    let mut target = Owned::<u8, _>::zeroed([0, 1 << 60]);
    target.view_mut().convert_exact_from(&View::from(&[-0.5]));
}

#[test]
fn a_conversion_to_an_empty_part_of_its_own_memory_needs_none() {
    let mut numbers = [1.0f64, 2.0];
    let cells = typedview::ViewMut::from(&mut numbers).into_cells();
    let source = cells.clone().reinterpret::<f32>().to_cell_view().slice(s![..1]).to_dyn();
    let target = cells.slice(s![..0]).to_dyn().reshape([0, MANY]);
    target.convert_from(&source.broadcast_to([1, MANY]));
}

#[test]
fn elements_of_size_0_are_not_visited() {
    let mut none = Owned::<[u8; 0], _>::zeroed([MANY, 1 << 20]);
    none.view_mut().fill([]);
    none.view_mut().transpose().copy_from(&View::from_slice(&[[]], [1]));
    assert_eq!(none.view().transpose().to_vec().len(), 1 << 60);
}

#[test]
fn shapes_are_refused_before_values_are_looked_at() {
    let many = [0.5f64];
    let many = View::from(&many).broadcast_to([MANY]);
    let error = Owned::<u8, _>::zeroed([3]).view_mut().try_convert_exact_from(&many).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot copy shape ({MANY},) into shape (3,)"));
}

#[test]
fn a_repeated_number_is_converted_once() {
    let (mut target, mut source) = (0.0f64, 7i32);
    // SAFETY: all indices lead to the one number, and cells may overlap.
    let target_cells: CellViewMut<'_, f64, Dyn> =
        unsafe { CellViewMut::from_raw_parts(&raw mut target, Dyn::new(&[MANY], &[0], 8).unwrap()) };
    // SAFETY: all indices lead to the one number, and cells may overlap.
    let source_cells: CellView<'_, i32, Dyn> =
        unsafe { CellView::from_raw_parts(&raw mut source, Dyn::new(&[MANY], &[0], 4).unwrap()) };
    target_cells.convert_exact_from(&source_cells);
    assert_eq!(target, 7.0);
}

#[test]
fn a_conversion_onto_itself_keeps_each_number_once() {
    let mut numbers = [1i32, 2, 3, 4];
    let first = numbers.as_mut_ptr();
    let (up, down) =
        (Strided::new([MANY, 4], [0, 4], 4).unwrap(), Strided::new([MANY, 4], [0, -4], 4).unwrap());
    // SAFETY: all indices lead to the four numbers, and cells may overlap.
    let target: CellViewMut<'_, i32, _> = unsafe { CellViewMut::from_raw_parts(first, up) };
    // SAFETY: all indices lead to the four numbers, and cells may overlap.
    let source: CellView<'_, i32, _> = unsafe { CellView::from_raw_parts(first.wrapping_add(3), down) };
    target.convert_from(&source);
    assert_eq!(numbers, [4, 3, 2, 1]);
}

#[test]
fn a_pointer_at_many_indices_is_followed_once() {
    let mut row = [1u32, 2];
    let mut pointer = [row.as_mut_ptr()];
    let layout = Indirect::new([MANY, 2], [0, 4], [0, -1], 4).unwrap();
    // SAFETY: every index of the first axis reads the one pointer, which leads to two numbers, and cells may overlap.
    let cells: CellViewMut<'_, u32, _> =
        unsafe { CellViewMut::from_raw_parts(pointer.as_mut_ptr().cast(), layout) };
    cells.copy_from(&cells.to_cell_view());
    assert_eq!([cells.at([7, 0]), cells.at([MANY - 1, 1])], [1, 2]);
    cells.convert_from(&cells.to_cell_view());
    cells.convert_exact_from(&View::from(&[5i64, 6]).into());
    assert_eq!([cells.at([7, 0]), cells.at([MANY - 1, 1])], [5, 6]);
    cells.fill(3);
    assert_eq!(row, [3, 3]);
}

#[cfg(feature = "half")]
#[test]
fn halves_are_rounded_once() {
    use half::{bf16, f16};
    use typedview::ViewMut;

    /// Returns what `f64` and integers next to the middle between 1 and the next half are converted to.
    fn converted<T: typedview::SameKind<f64> + Default>(middle: f64) -> [T; 3] {
        let mut halves = [T::default(); 3];
        let next = f64::EPSILON;
        ViewMut::from(&mut halves[..]).convert_from(&View::from(&[middle - next, middle, middle + next]));
        halves
    }
    let (one, above) = (f16::ONE, f16::from_bits(f16::ONE.to_bits() + 1));
    assert_eq!(converted::<f16>(1.0 + 2f64.powi(-11)), [one, one, above]);
    let (one, above) = (bf16::ONE, bf16::from_bits(bf16::ONE.to_bits() + 1));
    assert_eq!(converted::<bf16>(1.0 + 2f64.powi(-8)), [one, one, above]);
    let mut halves = [bf16::ZERO; 4];
    let integers = [(1u64 << 63) + (1 << 55) - 1, (1 << 63) + (1 << 55), (1 << 63) + (1 << 55) + 1, u64::MAX];
    ViewMut::from(&mut halves).convert_from(&View::from(&integers));
    assert_eq!(
        halves.map(f64::from),
        [2f64.powi(63), 2f64.powi(63), 2f64.powi(63) + 2f64.powi(56), 2f64.powi(64)]
    );
    let mut halves = [f16::ZERO; 4];
    ViewMut::from(&mut halves).convert_from(&View::from(&[f64::MAX, -1e-30, f64::NEG_INFINITY, 65519.999]));
    assert_eq!(halves.map(f64::from), [f64::INFINITY, 0.0, f64::NEG_INFINITY, 65504.0]);
}
