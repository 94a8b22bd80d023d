use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, PyOwned, PyView, PyViewMut, Strided, detached, zip};

#[pymodule]
mod row_means {
    use super::*;

    /// Returns the mean of each row. Other Python threads can run during the computation.
    #[pyfunction]
    fn row_means(py: Python<'_>, table: PyView<'_, f64, C<2>>) -> PyResult<PyOwned<f64, C<1>>> {
        let lock = table.lock()?; // no view in this process may write the table while the lock lives
        let table = lock.view();
        let columns = table.shape()[1] as f64;
        let means: Vec<f64> =
            py.detach(|| table.rows().map(|row| row.iter().sum::<f64>() / columns).collect());
        Ok(Owned::from(means).into()) // Python gets this memory itself, not a copy
    }

    /// Multiplies every element in place.
    #[pyfunction]
    fn scale(x: PyViewMut<'_, f64, Strided<1>>, factor: f64) {
        let x = x.cells(); // elements by value, because other code may use the same memory
        for i in 0..x.size() {
            x.set(i, x.at(i) * factor);
        }
    }

    /// `y += a * x`, with both locked and the interpreter detached: Cython's `with nogil:`.
    #[pyfunction]
    fn add_scaled(
        py: Python<'_>,
        a: f64,
        x: PyView<'_, f64, C<1>>,
        mut y: PyViewMut<'_, f64, C<1>>,
    ) -> PyResult<()> {
        detached(py, (&x, &mut y), |(x, y)| zip((y, x)).for_each(|(mut y, x)| y.set(y.get() + a * x)))
    }
}
