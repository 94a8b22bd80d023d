//! The extension through which the Python tests reach the library: every argument type, every lock, every result.

mod arrays;
mod copies;
mod dispatch;
mod elements;
mod export;
mod holding;
mod hostile;
mod locks;
#[cfg(not(Py_GIL_DISABLED))]
mod objects;
mod pinned;
mod records;

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::{IntoPyObjectExt, pymodule};
use typedview_pyo3::{
    C, Dyn, Element, F, Indirect, Layout, Owned, Pitched, PyOwned, PyUntypedView, PyView, PyViewMut, Strided,
};

/// The shape, strides, address and elements (in index order) of an argument.
type Read<'py> = (Vec<usize>, Vec<isize>, usize, Vec<Bound<'py, PyAny>>);

fn read_as<'py, T, L>(x: &Bound<'py, PyAny>) -> PyResult<Read<'py>>
where
    T: Element + IntoPyObject<'py>,
    L: Layout,
{
    let view: PyView<'_, T, L> = x.extract()?;
    let cells = view.cells();
    let elements = cells.iter().map(|element| element.into_bound_py_any(x.py())).collect::<PyResult<_>>()?;
    Ok((cells.shape().to_vec(), cells.strides().as_ref().to_vec(), cells.as_ptr().addr(), elements))
}

macro_rules! by_spec {
    ($x:expr, $wanted:expr, $($spec:literal => $element:ty, $layout:ty;)*) => {
        match $wanted {
            $($spec => read_as::<$element, $layout>($x),)*
            other => Err(PyKeyError::new_err(other.to_owned())),
        }
    };
}

#[pymodule(gil_used = false)]
mod typedview_probe {
    use super::*;

    #[pymodule_export]
    use crate::arrays::{
        ndarray_counted, ndarray_dyn, ndarray_f, ndarray_freed, ndarray_part, ndarray_readings, ndarray_same,
        ndarray_shared, sum_of_readings,
    };
    #[pymodule_export]
    use crate::elements::{
        elements, elements_of_locked, elements_of_open, elements_of_slice, handed_over, lend_mut_slice,
        ndarray, size_of_some, write,
    };

    #[pymodule_export]
    use crate::copies::{convert_exact_into, copied, copied_f, copy_into, decode_into, listed, reverse};

    #[pymodule_export]
    use crate::dispatch::{clear, dispatched, dispatched_after, doubled, multiply, weighted};

    #[pymodule_export]
    use crate::export::{
        counting, export, export_dyn, export_mut, export_mut_part, export_other, export_part, export_row,
        export_then_lock_mut, export_transposed, freed, inside, retnew, shared, zeroed,
    };
    #[pymodule_export]
    use crate::holding::{
        while_locked, while_locked_mut, while_locked_mut_within, while_locked_within, while_read,
        while_written,
    };
    #[pymodule_export]
    use crate::hostile::Hostile;
    #[pymodule_export]
    use crate::locks::{
        copy_locked, fill_within, lock_all, lock_indirect, lock_mut_then_lock, lock_twice, sum_detached,
        sum_within, take, take_locked, take_locked_mut, take_locked_often, take_often, while_all_read,
        while_locked_mut_untouched,
    };
    #[cfg(not(Py_GIL_DISABLED))]
    #[pymodule_export]
    use crate::objects::{count_objects, increment, lines, object, objects, objects_in_fortran_order, store};
    #[pymodule_export]
    use crate::pinned::{
        Keeper, add_scaled, add_to_row_within, fail, fill_row, fill_tile, sum_column, sum_of_all,
        sum_of_pinned_within,
    };
    #[pymodule_export]
    use crate::records::{
        clear_record, copy_aligned, dispatched_record, made, made_days, offsets, read_aligned, read_packed,
        read_quotes, scale_prices, set_aligned, sum_of_closes,
    };

    /// Takes `x` as the argument type that `spec` names, and returns what was received.
    #[pyfunction]
    fn read<'py>(spec: &str, x: &Bound<'py, PyAny>) -> PyResult<Read<'py>> {
        by_spec! { x, spec,
            "const int8[:]" => i8, Strided<1>;
            "const int16[:]" => i16, Strided<1>;
            "const int32[:]" => i32, Strided<1>;
            "const int64[:]" => i64, Strided<1>;
            "const uint8[:]" => u8, Strided<1>;
            "const uint16[:]" => u16, Strided<1>;
            "const uint32[:]" => u32, Strided<1>;
            "const uint64[:]" => u64, Strided<1>;
            "const float[:]" => f32, Strided<1>;
            "const double[]" => f64, Strided<0>;
            "const double[:]" => f64, Strided<1>;
            "const double[:, :]" => f64, Strided<2>;
            "const double[:, :, :]" => f64, Strided<3>;
            "const double[...]" => f64, Dyn;
            "const double[::generic, ::generic]" => f64, Indirect<2>;
            "const double[::1]" => f64, C<1>;
            "const double[:, ::1]" => f64, C<2>;
            "const double[:, :, ::1]" => f64, C<3>;
            "const double[::1, :]" => f64, F<2>;
            "const double[::1, :, :]" => f64, F<3>;
            "const double[:, ::contiguous]" => f64, Pitched<2>;
            "const double[:, :, ::contiguous]" => f64, Pitched<3>;
            "const int16[:, :]" => i16, Strided<2>;
            "const uint8[:, :]" => u8, Strided<2>;
            "const uint8[::1]" => u8, C<1>;
        }
    }

    /// Returns the sum of an argument whose element and axes are chosen after it was acquired.
    #[pyfunction]
    fn sum_any(x: PyUntypedView<'_>) -> PyResult<f64> {
        let x = x.typed::<f64, Strided<1>>()?;
        Ok(x.cells().iter().sum())
    }

    /// Computes `x[:] = value` on an argument that writes.
    #[pyfunction]
    fn fill(x: PyViewMut<'_, f64, Strided<1>>, value: f64) {
        x.cells().fill(value);
    }

    /// Computes `x[:] = value` on contiguous memory.
    #[pyfunction]
    fn fill_contiguous(x: PyViewMut<'_, f64, C<1>>, value: f64) {
        x.cells().fill(value);
    }

    /// Computes `x[index] = value`.
    #[pyfunction]
    fn set(x: PyViewMut<'_, f64, Strided<2>>, index: [usize; 2], value: f64) -> PyResult<()> {
        use typedview_pyo3::OrRaise;
        x.cells().try_set(index, value).or_raise()
    }

    /// Computes `target[:] = source`.
    #[pyfunction]
    fn copy(target: PyViewMut<'_, f64, Strided<1>>, source: PyView<'_, f64, Strided<1>>) -> PyResult<()> {
        use typedview_pyo3::OrRaise;
        target.cells().try_copy_from(&source.cells()).or_raise()
    }

    /// Returns the size of an argument that may be `None`.
    #[pyfunction]
    #[pyo3(signature = (x=None))]
    fn size_or_none(x: Option<PyView<'_, f64, Strided<1>>>) -> Option<usize> {
        x.map(|x| x.cells().size())
    }

    /// Returns new memory of a shape in Fortran order, which counts up from 0 in the order of memory.
    #[pyfunction]
    fn counted_fortran(rows: usize, columns: usize) -> PyResult<PyOwned<f64, F<2>>> {
        use typedview_pyo3::OrRaise;
        let numbers = (0..rows * columns).map(|i| i as f64).collect();
        Ok(Owned::try_from_vec(numbers, [columns, rows]).or_raise()?.transpose().into())
    }

    /// Returns new memory of a shape, which counts up from 0.
    #[pyfunction]
    fn counted(rows: usize, columns: usize) -> PyResult<PyOwned<f64, C<2>>> {
        use typedview_pyo3::OrRaise;
        let numbers = (0..rows * columns).map(|i| i as f64).collect();
        Ok(Owned::try_from_vec(numbers, [rows, columns]).or_raise()?.into())
    }

    /// Returns a vector of the given element type, without a copy, and its address.
    #[pyfunction]
    fn one_to_three<'py>(py: Python<'py>, element: &str) -> PyResult<(Bound<'py, PyAny>, usize)> {
        macro_rules! of {
            ($($name:literal => $element:ty),*) => {
                match element {
                    $($name => {
                        let numbers: Vec<$element> = (1u8..4).map(|i| i as $element).collect();
                        let address = numbers.as_ptr().addr();
                        Ok((PyOwned::from(Owned::from(numbers)).into_bound_py_any(py)?, address))
                    })*
                    other => Err(PyKeyError::new_err(other.to_owned())),
                }
            };
        }
        of! {
            "int8" => i8, "int16" => i16, "int32" => i32, "int64" => i64,
            "uint8" => u8, "uint16" => u16, "uint32" => u32, "uint64" => u64,
            "float" => f32, "double" => f64
        }
    }
}
