//! The functions of the recipe "Threads over rows".

use pyo3::prelude::*;
use rayon::prelude::*;
use std::time::Duration;
use typedview_pyo3::{C, Owned, PyOwned, PyPinned, PyPinnedMut, PyView, detached, s};

// [row_totals]
/// Returns the total of each row, computed by some threads of Rust.
#[pyfunction]
pub(crate) fn row_totals(
    py: Python<'_>,
    table: PyView<'_, f64, C<2>>,
    threads: usize,
) -> PyResult<PyOwned<f64, C<1>>> {
    let totals = detached(py, &table, |table| {
        let rows = table.shape()[0];
        let mut totals = Owned::zeroed([rows]);
        let share = rows.div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for (table, mut totals) in table.chunks(share).zip(totals.view_mut().chunks(share)) {
                scope.spawn(move || {
                    for (i, row) in table.rows().enumerate() {
                        totals.set(i, row.iter().sum());
                    }
                });
            }
        });
        totals
    })?;
    Ok(totals.into())
}
// [row_totals]

// [row_totals_by_rayon]
/// Returns the total of each row, computed by rayon's threads.
#[pyfunction]
pub(crate) fn row_totals_by_rayon(
    py: Python<'_>,
    table: PyView<'_, f64, C<2>>,
) -> PyResult<PyOwned<f64, C<1>>> {
    let totals = detached(py, &table, |table| {
        table.par_rows().map(|row| row.iter().sum::<f64>()).collect::<Vec<_>>()
    })?;
    Ok(Owned::from(totals).into())
}
// [row_totals_by_rayon]

// [parts]
/// Returns the total of one row.
#[pyfunction]
pub(crate) fn row_total(py: Python<'_>, table: PyPinned<f64, C<2>>, row: isize) -> PyResult<f64> {
    let lock = table.lock_part(py, s![row])?;
    let row = lock.view();
    Ok(py.detach(|| row.iter().sum()))
}

/// Multiplies one row in place. Waits for at most `patience` until nobody else uses the row.
#[pyfunction]
#[pyo3(signature = (table, row, factor, patience=Duration::ZERO))]
pub(crate) fn scale_row(
    py: Python<'_>,
    table: PyPinnedMut<f64, C<2>>,
    row: isize,
    factor: f64,
    patience: Duration,
) -> PyResult<()> {
    let mut lock = table.lock_mut_part_within(py, s![row], patience)?;
    let mut row = lock.view_mut();
    py.detach(|| row.map_in_place(|x| x * factor));
    Ok(())
}
// [parts]
