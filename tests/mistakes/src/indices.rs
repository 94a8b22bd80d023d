//! Indices of another type, or of another number of axes.

use typedview::{C, Dyn, View, ViewMut};

fn too_few(x: View<'_, f64, C<2>>) -> f64 {
    x[0]
}
//~ error[E0277]: `usize` is not an index of one element of a `...C<2>`
//~ expected one `usize` for each axis
//~ a view with two axes is indexed by `x[[i, j]]` or `x.at([i, j])`, one with one axis by `x[i]` or `x.at(i)`

fn too_many(x: View<'_, f64, C<2>>) -> f64 {
    x.at([0, 0, 0])
}
//~ error[E0277]: `[usize; 3]` is not an index of one element of a `...C<2>`

fn a_tuple(mut x: ViewMut<'_, f64, C<2>>) {
    x.set((0, 0), 1.0);
}
//~ error[E0277]: `({integer}, {integer})` is not an index of one element of a `...C<2>`

fn other_integers(x: View<'_, f64, C<2>>, i: u32) -> f64 {
    x[[i, i]]
}
//~ error[E0277]: `[u32; 2]` is not an index of one element of a `...C<2>`
//~ convert other integers, `i as usize`; `x.slice(s![..])` takes negative indices and ranges

fn another_integer(x: View<'_, f64, C<1>>, i: i64) -> f64 {
    x.at(i)
}
//~ error[E0277]: `i64` is not an index of one element of a `...C<1>`

fn a_range(x: View<'_, f64, C<1>>) -> f64 {
    x[1..3]
}
//~ error[E0277]: `...Range<{integer}>` is not an index of one element of a `...C<1>`

fn of_any_ndim(x: View<'_, f64, Dyn>) -> f64 {
    x[0]
}
//~ error[E0277]: `usize` is not an index of one element of a `Dyn`
//~ and one with `Dyn` by an array or a `&[usize]`

fn position(x: View<'_, f64, C<2>>, i: u64) {
    x.index_axis(1, i);
}
//~ error[E0277]: `u64` is not a position on an axis
//~ expected an `isize`, an `i32` or a `usize`
