//! Slices with items that do not fit.

use typedview::{C, View, s};

fn too_many(x: View<'_, f64, C<2>>) {
    x.slice(s![0, 0, 0]);
}
//~ error[E0277]: this does not select a part of a `...C<...>`
//~ expected `s![..]` with at most one item for each axis

fn without_the_macro(x: View<'_, f64, C<2>>) {
    x.slice([0, 1]);
}
//~ error[E0277]: this does not select a part of a `...C<2>`
//~ for example, `x.slice(s![0, 1.., ..;2])` of a view with three axes; `x.row(0)` is one row

fn other_integers(x: View<'_, f64, C<2>>, i: u32) {
    x.slice(s![i]);
}
//~ error[E0277]: `u32` is not an item of `s!`
//~ expected an index, a range `a..b`, a range with a step `a..b;2`, `NewAxis` or `...`
//~ indices and ends of ranges are `usize`, `isize` or `i32`: convert other integers, `i as usize`

fn an_inclusive_range(x: View<'_, f64, C<2>>) {
    x.slice(s![0..=3]);
}
//~ error[E0277]: `...RangeInclusive<{integer}>` is not an item of `s!`
//~ instead of `a..=b`, write `a..b + 1`

fn none(x: View<'_, f64, C<2>>) {
    x.slice(s![.., None]);
}
//~ error[E0277]: `Option<...>` is not an item of `s!`
//~ Python's `None` is `NewAxis`
