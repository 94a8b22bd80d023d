//! The function of the recipe "Arrow and DLPack".

use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, PyOwned, PyView, detached};

// [running_total]
/// Returns the total of the numbers up to each of them.
#[pyfunction]
pub(crate) fn running_total(py: Python<'_>, numbers: PyView<'_, f64, C<1>>) -> PyResult<PyOwned<f64, C<1>>> {
    let totals: Vec<f64> = detached(py, &numbers, |numbers| {
        let add = |total: &mut f64, x| {
            *total += x;
            Some(*total)
        };
        numbers.iter().scan(0.0, add).collect()
    })?;
    Ok(Owned::from(totals).into())
}
// [running_total]
