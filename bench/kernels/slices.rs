//! Slicing kernels: the cost of passing a row to a function, beside passing the whole view and an index.
//! Callees are not inlined and not visible to the caller, so that the view is really passed in a call.

use ndarray::{ArrayViewD, SliceInfoElem};
use std::hint::black_box;
use typedview::{C, Dyn, SliceItem, View};

/// Returns the sum of the first and the last element of a row.
#[inline(never)]
fn ends(row: View<'_, f64, C<1>>) -> f64 {
    row.at(0) + row.at(row.size() - 1)
}

/// Returns the sum of the first and the last element of row `i`.
#[inline(never)]
fn ends_at(table: View<'_, f64, C<2>>, i: usize) -> f64 {
    table.at([i, 0]) + table.at([i, table.shape()[1] - 1])
}

/// Passes each row to a function.
#[inline(never)]
pub(crate) fn by_row(table: View<'_, f64, C<2>>) -> f64 {
    (0..table.shape()[0]).map(|i| ends(table.row(i))).sum()
}

/// Passes the whole table and an index to a function.
#[inline(never)]
pub(crate) fn by_index(table: View<'_, f64, C<2>>) -> f64 {
    (0..table.shape()[0]).map(|i| ends_at(table, i)).sum()
}

/// Takes `x[1:, ::2, :, :, :]` of a view whose ndim is known at run time only.
#[inline(never)]
pub(crate) fn dynamic(x: &View<'_, f64, Dyn>) -> usize {
    let items = [SliceItem::Slice((1..).into()), SliceItem::Slice(typedview::Slice::from(..).step_by(2))];
    x.select(black_box(&items)).size()
}

/// Takes the same slice of an `ndarray`, which needs an item for each axis.
#[inline(never)]
pub(crate) fn dynamic_ndarray(x: &ArrayViewD<'_, f64>) -> usize {
    let slice = |start, step| SliceInfoElem::Slice { start, end: None, step };
    let items = [slice(1, 1), slice(0, 2), slice(0, 1), slice(0, 1), slice(0, 1)];
    x.slice(&black_box(&items)[..x.ndim()]).len()
}
