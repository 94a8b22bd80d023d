//! The functions of the page "Views of existing memory".

use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, PyOwned, PyView, detached};

// [row_sums]
/// Returns the sum of each row.
#[pyfunction]
pub(crate) fn row_sums(py: Python<'_>, table: PyView<'_, f64, C<2>>) -> PyResult<PyOwned<f64, C<1>>> {
    let sums: Vec<f64> = detached(py, &table, |table| table.rows().map(|row| row.iter().sum()).collect())?;
    Ok(Owned::from(sums).into())
}
// [row_sums]
