use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, PyOwned, PyView, PyViewMut, Strided};

#[pymodule]
mod row_means {
    use super::*;

    /// The mean of each row, computed while Python runs on.
    #[pyfunction]
    fn row_means(py: Python<'_>, table: PyView<'_, f64, C<2>>) -> PyResult<PyOwned<f64, C<1>>> {
        let lock = table.lock()?; // nobody in this process writes the table now
        let table = lock.view();
        let columns = table.shape()[1] as f64;
        let means: Vec<f64> =
            py.detach(|| table.rows().map(|row| row.iter().sum::<f64>() / columns).collect());
        Ok(Owned::from(means).into()) // handed over, not copied
    }

    /// Multiplies every element in place.
    #[pyfunction]
    fn scale(x: PyViewMut<'_, f64, Strided<1>>, factor: f64) {
        let x = x.cells(); // values in, values out: others may hold the same memory
        for i in 0..x.size() {
            x.set(i, x.at(i) * factor);
        }
    }
}
