//! The function of the recipe "Blocks on a cluster of Dask".

use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, Pitched, PyOwned, PyView, detached, zip};

// [rise]
/// Returns half the difference of the rows below and above each row. The first and the last row have none.
#[pyfunction]
pub(crate) fn rise(py: Python<'_>, heights: PyView<'_, f32, Pitched<2>>) -> PyResult<PyOwned<f32, C<2>>> {
    let rise = detached(py, &heights, |heights| {
        let mut rise = Owned::zeroed([heights.shape()[0].saturating_sub(2), heights.shape()[1]]);
        for (three, out) in heights.windows(3).zip(rise.view_mut().rows()) {
            zip((out, three.row(2), three.row(0)))
                .for_each(|(mut out, below, above)| out.set((below - above) / 2.0));
        }
        rise
    })?;
    Ok(rise.into())
}
// [rise]
