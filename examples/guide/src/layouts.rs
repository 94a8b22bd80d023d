//! The functions of the page "Layouts, in pictures".

use pyo3::prelude::*;
use typedview_pyo3::{
    C, CellView, Direct, Dyn, F, Indirect, OrRaise, Order, Pitched, PyView, Strided, detached, specialise,
};

// [functions]
/// Returns the largest element: one loop over one block.
#[pyfunction]
pub(crate) fn largest(table: PyView<'_, i16, C<2>>) -> Option<i16> {
    table.cells().iter().max()
}

/// Returns the sum of each column, which is a contiguous row of the transposed table.
#[pyfunction]
pub(crate) fn column_sums(table: PyView<'_, i16, F<2>>) -> Vec<i64> {
    let columns: CellView<'_, i16, C<2>> = table.cells().transpose();
    columns.rows().map(|column| column.iter().map(i64::from).sum()).collect()
}

/// Returns the largest element of each row. The rows are contiguous.
#[pyfunction]
pub(crate) fn row_maxima(crop: PyView<'_, i16, Pitched<2>>) -> Vec<i16> {
    let largest = |row: CellView<'_, i16, C<1>>| row.iter().max().unwrap_or(0);
    crop.cells().rows().map(largest).collect()
}

/// Returns how often an element is larger than the one before it.
#[pyfunction]
pub(crate) fn rises(x: PyView<'_, i16, Strided<1>>) -> usize {
    let x = x.cells();
    (1..x.size()).filter(|&i| x.at(i) > x.at(i - 1)).count()
}

/// Returns the sum of the elements `[i, i]`. The rows may be behind pointers.
#[pyfunction]
pub(crate) fn trace(table: PyView<'_, i16, Indirect<2>>) -> i64 {
    let table = table.cells();
    let side = table.shape()[0].min(table.shape()[1]);
    (0..side).map(|i| i64::from(table.at([i, i]))).sum()
}

/// Returns the number of axes, and the sum of all elements.
#[pyfunction]
pub(crate) fn ndim_and_sum(x: PyView<'_, i16, Dyn>) -> (usize, i64) {
    let x = x.cells();
    (x.shape().len(), x.iter().map(i64::from).sum())
}
// [functions]

// [conversions]
/// Returns the sum of all elements, and whether they were copied into one block first.
#[pyfunction]
pub(crate) fn packed_sum(py: Python<'_>, x: PyView<'_, i16, Strided<2>>) -> PyResult<(i64, bool)> {
    detached(py, &x, |x| {
        let packed = x.to_c_contiguous(); // the memory itself, or an `Owned` copy
        let block = packed.view(); // a `View<'_, i16, C<2>>` in both cases
        (block.iter().map(i64::from).sum(), block.as_ptr() != x.as_ptr())
    })
}

/// Returns the largest element of each row, if the rows have no gaps.
#[pyfunction]
pub(crate) fn row_maxima_if_pitched(x: PyView<'_, i16, Strided<2>>) -> PyResult<Vec<i16>> {
    let crop = x.cells().try_to_layout::<Pitched<2>>().or_raise()?; // checks the strides
    Ok(crop.rows().map(|row| row.iter().max().unwrap_or(0)).collect())
}

/// Returns the sum of all elements, and the name of the order in which they were found.
#[pyfunction]
pub(crate) fn fastest_sum(x: PyView<'_, i16, Strided<2>>) -> (i64, String) {
    fn sum<L: Direct>(x: CellView<'_, i16, L>) -> (i64, Order) {
        (x.iter().map(i64::from).sum(), L::ORDER)
    }
    let (sum, order) = specialise!(x.cells(), |x| sum(x));
    (sum, order.to_string())
}
// [conversions]
