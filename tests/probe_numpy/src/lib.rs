//! An extension for tests that uses typedview and rust-numpy: its functions take arguments of both libraries, convert
//! between them, and call Python while one of them holds an array.

use ndarray::{Array, Array2, ArrayView2, IxDyn, ShapeBuilder};
use numpy::{Ix1, Ix2, PyArray1, PyArray2, PyArrayDyn, PyArrayMethods};
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyReadwriteArray1};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::{IntoPyObjectExt, pymodule};
use std::time::Duration;
use typedview_pyo3::{C, Dyn, OrRaise, Owned, PyOwned, PyUntypedView, PyView, PyViewMut, Strided};

#[path = "../../probe/src/holding.rs"]
mod holding;

#[pymodule(gil_used = false)]
mod typedview_probe_numpy {
    use super::*;

    #[pymodule_export]
    use crate::holding::{
        while_locked, while_locked_mut, while_locked_mut_within, while_locked_within, while_read,
        while_written,
    };

    // Functions that hold an argument while `callback` runs: first those of typedview, then those of rust-numpy.

    #[pyfunction]
    fn while_open(x: PyUntypedView<'_>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        let x = x.typed::<f64, Strided<1>>()?;
        callback.call0()?;
        Ok(x.cells().iter().sum())
    }

    #[pyfunction]
    fn while_open_within(x: PyUntypedView<'_>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        let mut x = x.typed_mut_within::<f64, Strided<1>>(Duration::ZERO)?;
        let lock = x.lock_mut()?;
        callback.call0()?;
        Ok(lock.view().iter().sum())
    }

    #[pyfunction]
    fn while_readonly(x: PyReadonlyArray1<'_, f64>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        callback.call0()?;
        Ok(x.as_array().sum())
    }

    #[pyfunction]
    fn while_readwrite(x: PyReadwriteArray1<'_, f64>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        callback.call0()?;
        Ok(x.as_array().sum())
    }

    /// Takes one argument of each library. A test passes the same memory to both.
    #[pyfunction]
    fn write_and_read(x: PyViewMut<'_, f64, Strided<1>>, y: PyReadonlyArray1<'_, f64>) -> f64 {
        x.cells().fill(1.0);
        y.as_array().sum()
    }

    /// Does `target[:] = source`. Both are arguments of typedview.
    #[pyfunction]
    fn copy(target: PyViewMut<'_, f64, Strided<1>>, source: PyView<'_, f64, Strided<1>>) -> PyResult<()> {
        target.cells().try_copy_from(&source.cells()).or_raise()
    }

    // Conversions between the types of the two libraries.

    #[pyfunction]
    fn sum_backwards(table: PyReadonlyArray2<'_, f64>) -> PyResult<f64> {
        let table = PyView::<f64, Strided<2>>::try_from(&table)?;
        let lock = table.lock()?;
        Ok(lock.view().flip(0).iter().sum())
    }

    #[pyfunction]
    fn zero(x: PyReadwriteArray1<'_, f64>) -> PyResult<()> {
        let mut x = PyViewMut::<f64, Strided<1>>::try_from(x)?;
        x.lock_mut()?.view_mut().fill(0.0);
        Ok(())
    }

    #[pyfunction]
    fn sum_and_double(x: &Bound<'_, PyArray1<f64>>) -> PyResult<f64> {
        let sum = PyView::<f64, Strided<1>>::try_from(x)?.cells().iter().sum();
        let x = PyViewMut::<f64, Strided<1>>::try_from(x)?;
        (0..x.cells().size()).for_each(|i| x.cells().set(i, 2.0 * x.cells().at(i)));
        Ok(sum)
    }

    /// Returns the array that a view becomes. rust-numpy can borrow it at once, because the view has ended.
    #[pyfunction]
    fn array_of<'py>(x: PyView<'py, f64, Strided<1>>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let array = x.into_pyarray::<Ix1>()?;
        array.try_readonly()?;
        Ok(array)
    }

    /// Returns the array that a view for writing becomes. rust-numpy can borrow it for writing at once, because the
    /// view has ended.
    #[pyfunction]
    fn array_of_mut<'py>(x: PyViewMut<'py, f64, Dyn>) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
        let array = x.into_pyarray::<IxDyn>()?;
        array.try_readwrite()?;
        Ok(array)
    }

    #[pyfunction]
    fn bytes_of<'py>(x: PyView<'py, u8, Strided<1>>) -> PyResult<Bound<'py, PyArray1<u8>>> {
        x.into_pyarray()
    }

    #[pyfunction]
    fn with_another_ndim<'py>(x: PyView<'py, f64, Strided<1>>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        x.into_pyarray::<Ix2>()
    }

    /// Returns memory of Rust as an array, and the address of that memory.
    #[pyfunction]
    fn counted(py: Python<'_>, rows: usize, columns: usize) -> PyResult<(Bound<'_, PyArray2<f64>>, usize)> {
        let numbers: Vec<f64> = (0..rows * columns).map(|i| i as f64).collect();
        let address = numbers.as_ptr().addr();
        let owned = PyOwned::from(Owned::try_from_vec(numbers, [rows, columns]).or_raise()?);
        Ok((owned.into_pyarray(py)?, address))
    }

    /// Makes `[[0, 1, 2], [10, 11, 12]]` as an array of `ndarray`. Returns its memory, which is not copied, and the
    /// address of its first element.
    #[pyfunction]
    fn handed_over<'py>(py: Python<'py>, order: &str) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let number = |(i, j): (usize, usize)| (10 * i + j) as f64;
        let array: Array2<f64> = match order {
            "C" => Array::from_shape_fn((2, 3), number),
            "F" => Array::from_shape_fn((2, 3).f(), number),
            "reversed" => {
                let mut array = Array::from_shape_fn((2, 3), |(i, j)| number((i, 2 - j)));
                array.invert_axis(ndarray::Axis(1));
                array
            }
            "part" => {
                let mut array = Array::from_shape_fn((4, 7), |(i, j)| number((i.max(1) - 1, j.max(1) - 1)));
                array.slice_collapse(ndarray::s![1..3, 1..4]);
                array
            }
            "any ndim" => {
                let array = Array::from_shape_fn((2, 3), number).into_dyn();
                let address = array.as_ptr().addr();
                return Ok((PyOwned::try_from(array).or_raise()?.into_bound_py_any(py)?, address));
            }
            other => return Err(PyKeyError::new_err(other.to_owned())),
        };
        let address = array.as_ptr().addr();
        Ok((PyOwned::from(array).into_bound_py_any(py)?, address))
    }

    /// Returns the matrix product, which `ndarray` computes while the thread is detached from the interpreter.
    #[pyfunction]
    fn product(
        py: Python<'_>,
        a: PyView<'_, f64, Strided<2>>,
        b: PyView<'_, f64, C<2>>,
    ) -> PyResult<PyOwned<f64, Strided<2>>> {
        let (a, b) = (a.lock()?, b.lock()?);
        let a = ArrayView2::try_from(a.view()).or_raise()?;
        let b = ArrayView2::try_from(b.view()).or_raise()?;
        Ok(py.detach(|| a.dot(&b)).into())
    }

    /// Returns the size of an argument that may be `None`.
    #[pyfunction]
    #[pyo3(signature = (x=None))]
    fn size_or_none(x: Option<PyView<'_, f64, Strided<1>>>) -> Option<usize> {
        x.map(|x| x.cells().size())
    }
}
