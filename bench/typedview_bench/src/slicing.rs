//! Section B: the cost of passing a slice to another function, beside passing the whole view and an index.
//! Callees are not inlined. For `_noipa` the compiler cannot see them either, as if they were in another crate.

use pyo3::prelude::*;
use std::hint::black_box;
use typedview_pyo3::{CellView, PyView, Strided, View, s};

type Table<'py> = PyView<'py, f64, Strided<2>>;

/// Returns the sum of the first and the last element of a row.
#[inline(never)]
fn ends(row: CellView<'_, f64, Strided<1>>) -> f64 {
    row.at(0) + row.at(row.size() - 1)
}

/// Returns the same sum of a row that is locked.
#[inline(never)]
fn ends_locked(row: View<'_, f64, Strided<1>>) -> f64 {
    row.at(0) + row.at(row.size() - 1)
}

/// Returns the sum of the first and the last element of row `i`.
#[inline(never)]
fn ends_at(table: CellView<'_, f64, Strided<2>>, i: usize) -> f64 {
    table.at([i, 0]) + table.at([i, table.shape()[1] - 1])
}

#[pyfunction]
pub(crate) fn slice_rows(x: Table<'_>) -> f64 {
    let x = x.cells();
    (0..x.shape()[0]).map(|i| ends(x.slice(s![i, ..]))).sum()
}

/// Puts the slice into a variable first. It is a plain value, so the result and the cost are the same.
#[pyfunction]
pub(crate) fn slice_rows_var(x: Table<'_>) -> f64 {
    let x = x.cells();
    let mut sum = 0.0;
    for i in 0..x.shape()[0] {
        let row = x.slice(s![i, ..]);
        sum += ends(row);
    }
    sum
}

#[pyfunction]
pub(crate) fn slice_rows_row(x: Table<'_>) -> f64 {
    let x = x.cells();
    (0..x.shape()[0]).map(|i| ends(x.row(i))).sum()
}

#[pyfunction]
pub(crate) fn slice_rows_iter(x: Table<'_>) -> f64 {
    x.cells().rows().map(ends).sum()
}

#[pyfunction]
pub(crate) fn slice_rows_nogil(py: Python<'_>, x: Table<'_>) -> PyResult<f64> {
    let lock = x.lock()?;
    let x = lock.view();
    Ok(py.detach(|| (0..x.shape()[0]).map(|i| ends_locked(x.slice(s![i, ..]))).sum()))
}

#[pyfunction]
pub(crate) fn slice_rows_noipa(x: Table<'_>) -> f64 {
    let ends: fn(CellView<'_, f64, Strided<1>>) -> f64 = black_box(ends);
    let x = x.cells();
    (0..x.shape()[0]).map(|i| ends(x.slice(s![i, ..]))).sum()
}

#[pyfunction]
pub(crate) fn slice_index(x: Table<'_>) -> f64 {
    let x = x.cells();
    (0..x.shape()[0]).map(|i| ends_at(x, i)).sum()
}

#[pyfunction]
pub(crate) fn slice_index_noipa(x: Table<'_>) -> f64 {
    let ends_at: fn(CellView<'_, f64, Strided<2>>, usize) -> f64 = black_box(ends_at);
    let x = x.cells();
    (0..x.shape()[0]).map(|i| ends_at(x, i)).sum()
}
