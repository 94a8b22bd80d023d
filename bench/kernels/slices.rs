//! Slicing: what it costs to pass a row on, beside passing the whole view and an index.
//! Callees are not inlined and not known to the caller, so that the view really crosses a call.

use ndarray::{ArrayViewD, SliceInfoElem};
use std::hint::black_box;
use typedview::{C, Dyn, Selection, View};

/// First and last element of a row.
#[inline(never)]
fn ends(row: View<'_, f64, C<1>>) -> f64 {
    row.at(0) + row.at(row.size() - 1)
}

/// First and last element of row `i`.
#[inline(never)]
fn ends_at(table: View<'_, f64, C<2>>, i: usize) -> f64 {
    table.at([i, 0]) + table.at([i, table.shape()[1] - 1])
}

/// Each row by itself.
#[inline(never)]
pub(crate) fn by_row(table: View<'_, f64, C<2>>) -> f64 {
    (0..table.shape()[0]).map(|i| ends(table.row(i))).sum()
}

/// The whole table and an index.
#[inline(never)]
pub(crate) fn by_index(table: View<'_, f64, C<2>>) -> f64 {
    (0..table.shape()[0]).map(|i| ends_at(table, i)).sum()
}

/// `x[1:, ::2, :, :, :]` of an array whose ndim is known at run time only.
#[inline(never)]
pub(crate) fn dynamic(x: &View<'_, f64, Dyn>) -> usize {
    let items = [Selection::Slice((1..).into()), Selection::Slice(typedview::Slice::from(..).step_by(2))];
    x.select(black_box(&items)).size()
}

/// The same over `ndarray`, which wants an item for each axis.
#[inline(never)]
pub(crate) fn dynamic_ndarray(x: &ArrayViewD<'_, f64>) -> usize {
    let slice = |start, step| SliceInfoElem::Slice { start, end: None, step };
    let items = [slice(1, 1), slice(0, 2), slice(0, 1), slice(0, 1), slice(0, 1)];
    x.slice(&black_box(&items)[..x.ndim()]).len()
}
