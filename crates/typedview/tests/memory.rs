//! Failing allocations: an error where there is a `try_` form, a panic elsewhere, and nothing is written.

use std::panic::catch_unwind;
use typedview::{CellViewMut, Dyn, ErrorKind, Indirect, Owned, Strided, View, ViewMut};

/// A number of `f64` that takes 8 TiB, more than any machine that runs the tests has.
const MANY: usize = 1 << 40;
const TEXT: &str = "cannot allocate 8796093022208 bytes";

fn refused<X>(tried: Result<X, typedview::Error>) -> bool {
    let error = tried.err().expect("there is no such memory");
    error.to_string() == TEXT && error.kind() == ErrorKind::Memory
}

#[test]
fn copies_that_no_memory_can_hold_are_refused() {
    let one = [1.0];
    let many: View<'_, f64, Strided<1>> = View::from(&one).broadcast_to([MANY]);
    assert!(refused(many.try_to_vec()));
    assert!(refused(many.try_to_owned()));
    assert!(refused(many.try_to_owned_f()));
    assert!(refused(many.try_to_c_contiguous()) && refused(many.try_to_f_contiguous()));
    assert!(refused(many.to_dyn().try_to_owned()));
    let panics: [fn(&View<'_, f64, Strided<1>>); 5] = [
        |many| drop(many.to_vec()),
        |many| drop(many.to_owned()),
        |many| drop(many.to_owned_f()),
        |many| drop(many.to_c_contiguous()),
        |many| drop(many.to_dyn().to_owned()),
    ];
    for panics in panics {
        let payload = catch_unwind(|| panics(&many)).unwrap_err();
        assert_eq!(payload.downcast_ref::<String>().unwrap(), TEXT);
    }
}

#[test]
fn new_memory_that_cannot_be_had_is_refused() {
    assert!(refused(Owned::<f64, _>::try_zeroed([MANY])));
    assert!(refused(Owned::<f64, _>::try_zeroed([MANY / 4, 4])));
    assert!(refused(Owned::<f64, Dyn>::try_zeroed_dyn(&[MANY])));
    assert!(refused(Owned::<f64, _>::try_from_fn([MANY], |_| unreachable!("there is no place for it"))));
    let payload = catch_unwind(|| Owned::<f64, _>::zeroed([MANY])).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), TEXT);
}

#[test]
fn a_copy_onto_itself_that_needs_too_much_is_refused_and_writes_nothing() {
    const SIDE: usize = 1 << 20;
    let mut numbers: Vec<f64> = (0..2 * SIDE).map(|k| k as f64).collect();
    let before = numbers.clone();
    let first = numbers.as_mut_ptr();
    let windows = Strided::new([SIDE, SIDE], [8, 8], 8).unwrap();
    // SAFETY: the strides reach the first `2 * SIDE - 1` numbers, most of them from many indices, and cells may overlap.
    let cells: CellViewMut<'_, f64, _> = unsafe { CellViewMut::from_raw_parts(first, windows) };
    assert!(refused(cells.try_copy_from(&cells.flip(0).to_cell_view())));
    let table = [first];
    let windows = Indirect::new([1, SIDE, SIDE], [8, 8, 8], [0, -1, -1], 8).unwrap();
    // SAFETY: the pointer leads to the numbers, of which the strides reach the first `2 * SIDE - 1`.
    let pointers: CellViewMut<'_, f64, _> =
        unsafe { CellViewMut::from_raw_parts(table.as_ptr().cast_mut().cast(), windows) };
    assert!(refused(pointers.try_copy_from(&cells.to_cell_view())));
    assert!(refused(cells.try_copy_from(&pointers.to_cell_view())));
    assert_eq!(numbers, before);
}

#[test]
fn a_copy_to_one_element_at_many_indices_writes_it_once() {
    let mut pair = [1.0, 2.0];
    let layout = Strided::new([2, MANY], [8, 0], 8).unwrap();
    // SAFETY: the strides reach only the two numbers of `pair`, each from many indices, and cells may overlap.
    let cells: CellViewMut<'_, f64, _> = unsafe { CellViewMut::from_raw_parts(pair.as_mut_ptr(), layout) };
    cells.copy_from(&cells.flip(0).flip(1).to_cell_view());
    assert_eq!([cells.at([0, 0]), cells.at([1, MANY - 1])], [2.0, 1.0]);
    cells.row(0).copy_from(&cells.row(1).to_cell_view());
    assert_eq!(cells.at([0, 7]), 1.0);
    cells.fill(4.0);
    let table = [pair.as_mut_ptr()];
    let layout = Indirect::new([MANY], [0], [0], 8).unwrap();
    // SAFETY: every index reads the same pointer, which leads to a number of `pair`.
    let pointers: CellViewMut<'_, f64, _> =
        unsafe { CellViewMut::from_raw_parts(table.as_ptr().cast_mut().cast(), layout) };
    pointers.copy_from(&View::from(&[3.0]).into());
    assert_eq!(pair, [3.0, 4.0]);
}

#[test]
fn a_shape_beyond_the_address_space_is_a_fault_of_the_shape() {
    let error = Owned::<f64, _>::try_zeroed([usize::MAX / 8]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Layout);
    let mut none: [f64; 0] = [];
    assert!(ViewMut::from(&mut none).try_copy_from(&View::from(&[1.0]).broadcast_to([0])).is_ok());
}

#[test]
fn more_bytes_than_32_bits_can_count_are_copied() {
    const SIDE: usize = 1025;
    let mut blocks = vec![[0u8; 4096]; 2 * SIDE - 1];
    let windows = Strided::new([SIDE, SIDE], [4096, 4096], 4096).unwrap();
    // SAFETY: the strides reach all blocks, most of them from many indices, and cells may overlap.
    let cells: CellViewMut<'_, [u8; 4096], _> =
        unsafe { CellViewMut::from_raw_parts(blocks.as_mut_ptr(), windows) };
    assert!(cells.nbytes() > u32::MAX as usize);
    cells.copy_from(&View::from_slice(&[[7; 4096]], [1]).into());
    assert_eq!(blocks, vec![[7; 4096]; 2 * SIDE - 1]);
}
