//! The function of the recipe "Mapped archives".

use pyo3::prelude::*;
use typedview_pyo3::{C, PyView, detached};

// [peak]
/// Returns the row and the column of the greatest height, or None if there is none. NaN is never the greatest.
#[pyfunction]
pub(crate) fn peak(py: Python<'_>, heights: PyView<'_, f32, C<2>>) -> PyResult<Option<(usize, usize)>> {
    detached(py, &heights, |heights| {
        let mut peak = None;
        let mut greatest = f32::NEG_INFINITY;
        for (i, row) in heights.rows().enumerate() {
            for (j, height) in row.iter().enumerate() {
                if height > greatest {
                    (peak, greatest) = (Some((i, j)), height);
                }
            }
        }
        peak
    })
}
// [peak]
