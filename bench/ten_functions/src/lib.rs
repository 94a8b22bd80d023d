//! Ten functions over views, of the kinds that extensions have: what it costs to build them.
//! `build_cost.py` builds this crate. It changes the number below to measure a build after one change.

use pyo3::prelude::*;
use typedview_pyo3::{
    C, OrRaise, Owned, PyOwned, PyUntypedView, PyView, PyViewMut, Strided, dispatch, s, zip,
};

/// The number that `build_cost.py` changes.
const CHANGED: f64 = 0.0;

#[pymodule]
mod ten_functions {
    use super::*;

    /// The sum of the elements.
    #[pyfunction]
    fn sum(x: PyView<'_, f64, Strided<1>>) -> f64 {
        x.cells().iter().sum::<f64>() + CHANGED
    }

    /// Multiplies every element in place.
    #[pyfunction]
    fn scale(x: PyViewMut<'_, f64, Strided<1>>, factor: f64) {
        let x = x.cells();
        (0..x.size()).for_each(|i| x.update(i, |element| element * factor));
    }

    /// The mean of each row, computed without the GIL.
    #[pyfunction]
    fn row_means(py: Python<'_>, table: PyView<'_, f64, C<2>>) -> PyResult<PyOwned<f64, C<1>>> {
        let lock = table.lock()?;
        let table = lock.view();
        let columns = table.shape()[1] as f64;
        let means: Vec<f64> =
            py.detach(|| table.rows().map(|row| row.iter().sum::<f64>() / columns).collect());
        Ok(Owned::from(means).into())
    }

    /// `y += a * x`.
    #[pyfunction]
    fn add_scaled(a: f64, x: PyView<'_, f64, C<1>>, y: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
        let (x, y) = (x.cells(), y.cells());
        typedview_pyo3::try_zip((y, x)).or_raise()?.for_each(|(mut y, x)| y.set(y.get() + a * x));
        Ok(())
    }

    /// The inner part of a grid, smoothed.
    #[pyfunction]
    fn smooth(grid: PyView<'_, f32, C<2>>) -> PyResult<PyOwned<f32, C<2>>> {
        let lock = grid.lock()?;
        let grid = lock.view();
        let shape = [grid.shape()[0].saturating_sub(2), grid.shape()[1].saturating_sub(2)];
        let smoothed = Owned::try_from_fn(shape, |[i, j]| {
            let (up, down) = (grid.at([i, j + 1]), grid.at([i + 2, j + 1]));
            (up + down + grid.at([i + 1, j]) + grid.at([i + 1, j + 2])) / 4.0
        });
        Ok(smoothed.or_raise()?.into())
    }

    /// Copies one image into another.
    #[pyfunction]
    fn copy(target: PyViewMut<'_, u8, Strided<3>>, source: PyView<'_, u8, Strided<3>>) -> PyResult<()> {
        target.cells().try_copy_from(&source.cells()).or_raise()
    }

    /// The largest element of numbers of several types.
    #[pyfunction]
    #[expect(clippy::useless_conversion, reason = "one of the types is f64")]
    fn largest(x: PyUntypedView<'_>) -> PyResult<f64> {
        dispatch!(x, f32 | f64 | i32 | u8, C<1> | Strided<1>, |x| {
            x.cells().iter().map(f64::from).fold(f64::NEG_INFINITY, f64::max)
        })
    }

    /// Sorts in place.
    #[pyfunction]
    fn sort(mut x: PyViewMut<'_, i64, C<1>>) -> PyResult<()> {
        let mut lock = x.lock_mut()?;
        let mut x = lock.view_mut();
        x.try_as_mut_slice().or_raise()?.sort_unstable();
        Ok(())
    }

    /// Every other row, without a copy.
    #[pyfunction]
    fn every_other_row(x: PyView<'_, f64, Strided<2>>) -> PyResult<PyOwned<f64, Strided<2>>> {
        x.try_export_part(|x| x.try_slice(s![..;2]))
    }

    /// The scalar product of two columns.
    #[pyfunction]
    fn product(x: PyView<'_, f64, Strided<2>>, i: isize, j: isize) -> PyResult<f64> {
        let x = x.cells();
        let (a, b) = (x.try_index_axis(1, i).or_raise()?, x.try_index_axis(1, j).or_raise()?);
        let mut sum = 0.0;
        zip((a, b)).for_each(|(a, b)| sum += a * b);
        Ok(sum)
    }
}
