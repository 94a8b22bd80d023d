//! `numpy`: the arrays of rust-numpy as arguments and results of this crate, so that functions change over one by one.
//! Apart because rust-numpy's borrows and typedview's claims are two tables, and each way between them passes through both.
//!
//! | from | to | by |
//! |---|---|---|
//! | `&Bound<PyArray>` | `PyView`, `PyViewMut` | `TryFrom` |
//! | `&PyReadonlyArray` | `PyView` | `TryFrom` |
//! | `PyReadwriteArray`, which ends | `PyViewMut` | `TryFrom` |
//! | `PyView`, `PyViewMut`, which end | `Bound<PyArray>` | `into_pyarray` |
//! | `PyOwned` | `Bound<PyArray>` | `into_pyarray` |
//!
//! # Rationale
//!
//! A `PyReadonlyArray` becomes a `PyView`, and a `View` by its `lock`: of a `View` made directly typedview's own
//! writers would know nothing.

use crate::acquire::Export;
use crate::export::PyOwned;
use crate::view::{PyView, PyViewMut};
use ::numpy::ndarray::Dimension;
use ::numpy::{
    PyArray, PyArrayMethods, PyReadonlyArray, PyReadwriteArray, PyUntypedArray, PyUntypedArrayMethods,
    get_array_module,
};
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use typedview::{Direct, Element, Layout};

/// The memory of the array.
///
/// # Errors
///
/// As [`PyView`] as an argument.
///
/// # Examples
///
/// ```no_run
/// use numpy::PyArray1;
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyView, Strided};
///
/// fn total(array: &Bound<'_, PyArray1<f64>>) -> PyResult<f64> {
///     let x = PyView::<f64, Strided<1>>::try_from(array)?;
///     Ok(x.cells().iter().sum())
/// }
/// ```
impl<'py, T, D, L> TryFrom<&Bound<'py, PyArray<T, D>>> for PyView<'py, T, L>
where
    T: Element + ::numpy::Element,
    L: Layout,
{
    type Error = PyErr;

    fn try_from(array: &Bound<'py, PyArray<T, D>>) -> PyResult<Self> {
        array.as_any().extract()
    }
}

/// The memory of the array, to write too.
///
/// # Errors
///
/// As [`PyViewMut`] as an argument, and `BufferError` while rust-numpy has lent the array.
impl<'py, T, D, L> TryFrom<&Bound<'py, PyArray<T, D>>> for PyViewMut<'py, T, L>
where
    T: Element + ::numpy::Element,
    L: Layout,
{
    type Error = PyErr;

    fn try_from(array: &Bound<'py, PyArray<T, D>>) -> PyResult<Self> {
        array.as_any().extract()
    }
}

/// The memory that rust-numpy lends, lent by typedview too.
///
/// # Errors
///
/// As [`PyView`] as an argument.
///
/// # Examples
///
/// ```no_run
/// use numpy::PyReadonlyArray2;
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyView, Strided};
///
/// #[pyfunction]
/// fn sum_backwards(table: PyReadonlyArray2<'_, f64>) -> PyResult<f64> {
///     let table = PyView::<f64, Strided<2>>::try_from(&table)?;
///     let lock = table.lock()?;
///     Ok(lock.view().flip(0).iter().sum())
/// }
/// ```
impl<'py, T, D, L> TryFrom<&PyReadonlyArray<'py, T, D>> for PyView<'py, T, L>
where
    T: Element + ::numpy::Element,
    D: Dimension,
    L: Layout,
{
    type Error = PyErr;

    fn try_from(array: &PyReadonlyArray<'py, T, D>) -> PyResult<Self> {
        array.as_any().extract()
    }
}

/// The memory that rust-numpy has lent to write: its borrow ends, and typedview lends it instead.
///
/// # Errors
///
/// As [`PyViewMut`] as an argument.
///
/// # Examples
///
/// ```no_run
/// use numpy::PyReadwriteArray1;
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyViewMut, Strided};
///
/// #[pyfunction]
/// fn zero(x: PyReadwriteArray1<'_, f64>) -> PyResult<()> {
///     let mut x = PyViewMut::<f64, Strided<1>>::try_from(x)?;
///     x.lock_mut()?.view_mut().fill(0.0);
///     Ok(())
/// }
/// ```
impl<'py, T, D, L> TryFrom<PyReadwriteArray<'py, T, D>> for PyViewMut<'py, T, L>
where
    T: Element + ::numpy::Element,
    D: Dimension,
    L: Layout,
{
    type Error = PyErr;

    fn try_from(array: PyReadwriteArray<'py, T, D>) -> PyResult<Self> {
        let unborrowed = array.as_any().clone();
        drop(array);
        unborrowed.extract()
    }
}

impl<'py, T: Element + ::numpy::Element, L: Direct> PyView<'py, T, L> {
    /// The same memory as an array of NumPy, for functions that take one; the array that came, where it was one.
    ///
    /// The view ends, so that rust-numpy may lend the array.
    ///
    /// # Errors
    ///
    /// `ValueError` when `D` has another ndim; `BufferError` when the exporter names no owner of its memory in
    /// which NumPy would see the same elements.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use numpy::{Ix1, PyArrayMethods, PyReadonlyArray1};
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{PyView, Strided};
    ///
    /// fn not_changed_over_yet(x: PyReadonlyArray1<'_, f64>) -> f64 {
    ///     x.as_array().sum()
    /// }
    ///
    /// #[pyfunction]
    /// fn total(x: PyView<'_, f64, Strided<1>>) -> PyResult<f64> {
    ///     Ok(not_changed_over_yet(x.into_pyarray::<Ix1>()?.try_readonly()?))
    /// }
    /// ```
    pub fn into_pyarray<D: Dimension>(self) -> PyResult<Bound<'py, PyArray<T, D>>> {
        // SAFETY: a view stays on its thread, which is attached for `'py`.
        let py = unsafe { Python::assume_attached() };
        let (first, layout, export) = self.into_held().into_parts();
        Elements::of(first, &layout).seen_by_numpy(py, export)
    }
}

impl<'py, T: Element + ::numpy::Element, L: Direct> PyViewMut<'py, T, L> {
    /// The same memory as an array of NumPy, for functions that take one; the array that came, where it was one.
    ///
    /// The view ends, so that rust-numpy may lend the array.
    ///
    /// # Errors
    ///
    /// As [`PyView::into_pyarray`].
    pub fn into_pyarray<D: Dimension>(self) -> PyResult<Bound<'py, PyArray<T, D>>> {
        // SAFETY: a view stays on its thread, which is attached for `'py`.
        let py = unsafe { Python::assume_attached() };
        let (first, layout, export) = self.into_held().into_parts();
        Elements::of(first, &layout).seen_by_numpy(py, export)
    }
}

impl<T: Element + ::numpy::Element, L: Direct> PyOwned<T, L> {
    /// The memory as an array of NumPy, which frees it; nothing is copied.
    ///
    /// # Errors
    ///
    /// `ValueError` when `D` has another ndim; what NumPy raises for more axes than it has.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use numpy::PyArray2;
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Owned, PyOwned};
    ///
    /// #[pyfunction]
    /// fn zeros(py: Python<'_>, rows: usize, columns: usize) -> PyResult<Bound<'_, PyArray2<f64>>> {
    ///     PyOwned::from(Owned::zeroed([rows, columns])).into_pyarray(py)
    /// }
    /// ```
    pub fn into_pyarray<D: Dimension>(self, py: Python<'_>) -> PyResult<Bound<'_, PyArray<T, D>>> {
        let array = asarray(&self.into_pyobject(py)?)?;
        check_ndim::<D>(array.cast::<PyUntypedArray>()?.ndim())?;
        Ok(array.cast_into()?)
    }
}

/// Where elements are, to recognise them by.
struct Elements {
    first: usize,
    shape: Box<[usize]>,
    strides: Box<[isize]>,
}

impl Elements {
    fn of<T: Element, L: Direct>(first: *mut T, layout: &L) -> Self {
        let strides = layout.strides(size_of::<T>());
        Self { first: first.addr(), shape: layout.shape().into(), strides: strides.as_ref().into() }
    }

    /// The array that NumPy makes of the owner of an export, when it has these elements.
    fn seen_by_numpy<'py, T, D>(self, py: Python<'py>, export: Export) -> PyResult<Bound<'py, PyArray<T, D>>>
    where
        T: ::numpy::Element,
        D: Dimension,
    {
        // NumPy has asked the owner before the exporter gets its memory back.
        let array = export.owner().map(|owner| asarray(owner.bind(py))).transpose();
        export.release(py);
        let array = array?;
        check_ndim::<D>(self.shape.len())?;
        let array = array.and_then(|array| array.cast_into::<PyArray<T, D>>().ok());
        array.filter(|array| self.are_those_of(array)).ok_or_else(|| {
            PyBufferError::new_err("the exporter names no owner in which NumPy sees the same elements")
        })
    }

    fn are_those_of<T: ::numpy::Element, D: Dimension>(&self, array: &Bound<'_, PyArray<T, D>>) -> bool {
        let same_shape = *self.shape == *array.shape();
        if !same_shape || self.shape.contains(&0) {
            return same_shape;
        }
        // The stride of an axis of length 1 means nothing.
        let mut strides = self.shape.iter().zip(self.strides.iter().zip(array.strides()));
        array.data().addr() == self.first
            && strides.all(|(&extent, (ours, numpys))| extent == 1 || ours == numpys)
    }
}

fn check_ndim<D: Dimension>(ndim: usize) -> PyResult<()> {
    match D::NDIM {
        Some(wanted) if wanted != ndim => {
            Err(PyValueError::new_err(format!("expected an array of ndim {wanted}, got ndim {ndim}")))
        }
        _ => Ok(()),
    }
}

/// What NumPy makes of an object, which is no copy where the object exports its memory.
fn asarray<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = obj.py();
    let asarray = get_array_module(py)?.getattr(intern!(py, "asarray"))?;
    // Through a memoryview where there is one: NumPy takes `bytes` for text.
    let memory = match PyMemoryView::from(obj) {
        Ok(memory) if !obj.is_instance_of::<PyUntypedArray>() => memory.into_any(),
        _ => obj.clone(),
    };
    asarray.call1((memory,))
}
