//! rayon: copies on several cores give what a copy on one core gives.

#![cfg(feature = "rayon")]

use typedview::{COPY_GRAIN, Dyn, Owned, Strided, View, s};

/// Enough for several parts.
const SIDE: usize = 1500;

fn table() -> Owned<f64, typedview::C<2>> {
    const { assert!(SIDE * SIDE * 8 > 4 * COPY_GRAIN) };
    Owned::from_fn([SIDE, SIDE], |[i, j]| (i * SIDE + j) as f64)
}

#[test]
fn the_parts_are_the_whole() {
    let table = table();
    let all: View<'_, f64, Strided<2>> = table.view().to_strided();
    for source in [all.transpose(), all.slice(s![..1, ..])] {
        let mut target = Owned::zeroed([SIDE, SIDE]);
        target.view_mut().par_copy_from(&source);
        assert!(target.view() == source.broadcast_to([SIDE, SIDE]));
    }
    let mut target = Owned::<f64, Dyn>::zeroed_dyn(&[3, SIDE, SIDE]);
    target.view_mut().par_copy_from(&all.to_dyn());
    assert!((0..3).all(|i| target.view().row(i) == all.to_dyn()));
}

#[test]
fn small_and_superfluous_axes_are_copied() {
    let mut target = [0; 3];
    typedview::ViewMut::from(&mut target).par_copy_from(&View::from(&[[1, 2, 3]]));
    assert_eq!(target, [1, 2, 3]);
    let mut target = Owned::zeroed([SIDE, SIDE]);
    target.view_mut().par_copy_from(&table().view().insert_axis(0));
    assert!(target.view() == table().view());
    let mut none = Owned::<f64, _>::zeroed([0, 7]);
    none.view_mut().par_copy_from(&View::from(&[1.0]));
}

#[test]
fn a_wrong_shape_is_refused_in_the_words_of_a_copy() {
    let mut target = Owned::<f64, _>::zeroed([SIDE, SIDE]);
    let error = target.view_mut().try_par_copy_from(&View::from(&[1.0, 2.0])).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot copy shape (2,) into shape ({SIDE}, {SIDE})"));
    let mut small = Owned::<f64, _>::zeroed([2, 2]);
    let error = small.view_mut().try_par_copy_from(&View::from(&[1.0, 2.0, 3.0])).unwrap_err();
    assert_eq!(error.to_string(), "cannot copy shape (3,) into shape (2, 2)");
}
