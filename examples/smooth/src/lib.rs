//! Smooths series in place, beside other extensions that use the same memory: a second extension built on
//! `typedview-pyo3`, which knows of no other.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::time::Duration;
use typedview_pyo3::{C, Owned, PyOwned, PyUntypedView, PyView, PyViewMut, Strided, ViewMut};

/// Replaces each value by the mean of itself and its neighbours; gives the greatest change.
fn pass(mut series: ViewMut<'_, f64, Strided<1>>) -> f64 {
    let last = series.size().saturating_sub(1);
    let (mut before, mut greatest) = (None, 0.0_f64);
    for i in 0..series.size() {
        let here = series.at(i);
        let mean = (before.unwrap_or(here) + here + series.at(last.min(i + 1))) / 3.0;
        greatest = greatest.max((mean - here).abs());
        series.set(i, mean);
        before = Some(here);
    }
    greatest
}

#[pymodule(gil_used = false)]
mod smooth {
    use super::*;

    /// Smooths a series in place, while Python runs on.
    ///
    /// Waits up to `patience` seconds for other threads that read or write the series.
    #[pyfunction]
    #[pyo3(signature = (series, passes=1, *, patience=0.0))]
    fn smooth(py: Python<'_>, series: PyUntypedView<'_>, passes: usize, patience: f64) -> PyResult<()> {
        let patience = Duration::try_from_secs_f64(patience)
            .map_err(|error| PyValueError::new_err(format!("patience {patience}: {error}")))?;
        // An open view is in nobody's way while it waits, nor is anybody in its way when it arrives.
        let series = series.typed_mut_within::<f64, Strided<1>>(patience)?;
        let mut lock = series.lock_mut_within(patience)?;
        let mut series = lock.view_mut();
        py.detach(|| {
            for _ in 0..passes {
                pass(series.reborrow());
            }
        });
        Ok(())
    }

    /// Smooths a series in place until `enough(change)` is true, asked with the greatest change of each pass.
    ///
    /// Nobody else gets at the series meanwhile, not even `enough`. Gives the number of passes.
    #[pyfunction]
    fn smooth_until(
        py: Python<'_>,
        mut series: PyViewMut<'_, f64, Strided<1>>,
        enough: &Bound<'_, PyAny>,
    ) -> PyResult<usize> {
        let mut lock = series.lock_mut()?;
        let mut series = lock.view_mut();
        let mut passes = 1;
        while !enough.call1((py.detach(|| pass(series.reborrow())),))?.is_truthy()? {
            passes += 1;
        }
        Ok(passes)
    }

    /// A smoothed copy of a series.
    #[pyfunction]
    fn smoothed(py: Python<'_>, series: PyView<'_, f64, Strided<1>>) -> PyResult<PyOwned<f64, C<1>>> {
        let lock = series.lock()?;
        let series = lock.view();
        Ok(py.detach(|| {
            let mut copy = Owned::from(series.to_vec());
            pass(copy.view_mut().into());
            copy.into()
        }))
    }

    /// Fills a series with what `sensor(i)` answers, one value after the other; others may read it meanwhile.
    #[pyfunction]
    fn record(series: PyViewMut<'_, f64, Strided<1>>, sensor: &Bound<'_, PyAny>) -> PyResult<()> {
        let series = series.cells();
        for i in 0..series.size() {
            series.set(i, sensor.call1((i,))?.extract()?);
        }
        Ok(())
    }
}
