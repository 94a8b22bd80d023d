//! Hillshade of real terrain that any exporter holds: a complete extension built on `typedview-pyo3`.

mod hillshade;

use hillshade::{Elevation, Scene};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use typedview_pyo3::{
    Access, C, ElementIndex, F, OrRaise, Owned, PyOwned, PyUntypedView, RemoveAxis, Spec, Strided, Tuple,
    View, dispatch,
};

/// A computation on a terrain of any element and layout.
trait Job {
    type Output;

    fn run<T, L>(self, py: Python<'_>, terrain: View<'_, T, L>) -> PyResult<Self::Output>
    where
        T: Elevation,
        L: RemoveAxis,
        usize: ElementIndex<L::Row>;
}

/// Runs `job` on the exporter's own memory. `shape` is the shape of a terrain in memory that has one axis.
fn visit<J: Job>(
    py: Python<'_>,
    terrain: PyUntypedView<'_>,
    shape: Option<[usize; 2]>,
    job: J,
) -> PyResult<J::Output> {
    match shape {
        Some(shape) if terrain.holds::<u8>() => {
            let bytes = terrain.typed::<u8, C<1>>()?;
            let lock = bytes.lock()?;
            let heights = lock.view().try_reinterpret::<i16>().or_raise()?;
            job.run(py, heights.try_reshape(shape).or_raise()?)
        }
        _ if terrain.holds::<f32>() => visit_heights::<f32, J>(py, terrain, shape, job),
        _ => visit_heights::<i16, J>(py, terrain, shape, job),
    }
}

fn visit_heights<T: Elevation, J: Job>(
    py: Python<'_>,
    terrain: PyUntypedView<'_>,
    shape: Option<[usize; 2]>,
    job: J,
) -> PyResult<J::Output> {
    if let Some(shape) = shape {
        let heights = terrain.typed::<T, C<1>>()?;
        let lock = heights.lock()?;
        job.run(py, lock.view().try_reshape(shape).or_raise()?)
    } else {
        dispatch!(terrain, T, C<2> | F<2> | Strided<2>, |heights| job.run(py, heights.lock()?.view())?)
    }
}

struct Shade(Scene);

impl Job for Shade {
    type Output = PyOwned<f32, C<2>>;

    fn run<T, L>(self, py: Python<'_>, terrain: View<'_, T, L>) -> PyResult<Self::Output>
    where
        T: Elevation,
        L: RemoveAxis,
        usize: ElementIndex<L::Row>,
    {
        let shape = [terrain.shape()[0], terrain.shape()[1]];
        if shape.iter().any(|&extent| extent < 2) {
            return Err(PyValueError::new_err(format!(
                "a terrain of shape {} has no slope: it needs 2 rows and 2 columns",
                Tuple(&shape)
            )));
        }
        py.detach(|| match terrain.iter().position(|height| height.metres().is_nan()) {
            Some(at) => {
                let (i, j) = (at / shape[1], at % shape[1]);
                Err(PyValueError::new_err(format!("terrain[{i}, {j}] is NaN: fill it in or crop it away")))
            }
            None => {
                let mut shade = Owned::try_zeroed(shape).or_raise()?;
                hillshade::hillshade(terrain, self.0, shade.view_mut());
                Ok(shade.into())
            }
        })
    }
}

struct Describe;

impl Job for Describe {
    type Output = (String, usize);

    fn run<T, L>(self, _py: Python<'_>, terrain: View<'_, T, L>) -> PyResult<Self::Output>
    where
        T: Elevation,
        L: RemoveAxis,
        usize: ElementIndex<L::Row>,
    {
        Ok((Spec::of::<T, L>(Access::Read).to_string(), terrain.as_ptr().addr()))
    }
}

/// Views of terrain that any exporter holds.
#[pymodule(gil_used = false)]
mod terrain {
    use super::*;

    /// Returns the light on each cell of a terrain, from 0 to 1, as float32.
    ///
    /// `terrain` is any buffer of int16 or float32 heights in metres with two axes, rows from north to south. With a
    /// `shape`, it has one axis, and may also be plain bytes of int16. `cell` is the distance of two rows and of two
    /// columns in metres. The sun stands `azimuth` degrees clockwise from north and `altitude` degrees above the
    /// horizon.
    ///
    /// The terrain is not copied, and the thread is detached from the interpreter meanwhile. Raises `ValueError` if
    /// there is no slope (less than 2 x 2 cells) or a height is NaN.
    #[pyfunction]
    #[pyo3(signature = (terrain, *, shape=None, cell=(1.0, 1.0), azimuth=315.0, altitude=45.0))]
    fn hillshade(
        py: Python<'_>,
        terrain: PyUntypedView<'_>,
        shape: Option<[usize; 2]>,
        cell: (f32, f32),
        azimuth: f32,
        altitude: f32,
    ) -> PyResult<PyOwned<f32, C<2>>> {
        visit(py, terrain, shape, Shade(Scene { cell, azimuth, altitude }))
    }

    /// Returns the type that `hillshade` reads a terrain as, and the address of its first height.
    #[pyfunction]
    #[pyo3(signature = (terrain, *, shape=None))]
    fn describe(
        py: Python<'_>,
        terrain: PyUntypedView<'_>,
        shape: Option<[usize; 2]>,
    ) -> PyResult<(String, usize)> {
        visit(py, terrain, shape, Describe)
    }
}
