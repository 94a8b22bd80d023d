//! `numpy`: conversions between the arrays of rust-numpy and the arguments and results of this crate, so that a module can be
//! ported one function at a time.
//! rust-numpy's borrows and typedview's claims are two tables, and every conversion registers the memory in both.
//!
//! | from | to | by |
//! |---|---|---|
//! | `&Bound<PyArray>` | `PyView`, `PyViewMut` | `TryFrom` |
//! | `&PyReadonlyArray` | `PyView` | `TryFrom` |
//! | `PyReadwriteArray`, consumed | `PyViewMut` | `TryFrom` |
//! | `PyView`, `PyViewMut`, consumed | `Bound<PyArray>` | `into_pyarray` |
//! | `PyOwned`, consumed | `Bound<PyArray>` | `into_pyarray` |
//!
//! # Rationale
//!
//! A `PyReadonlyArray` becomes a `PyView`, whose `lock` gives a `View`. It does not become a `View` directly, because
//! typedview's own writers would not know of that view.

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

/// Implements the conversions that reading and writing views have in common.
macro_rules! conversions {
    ($view:ident) => {
        /// The memory of the array.
        ///
        /// # Errors
        ///
        /// Raises the exceptions of the view as an argument. For a view that writes, also `BufferError` while rust-numpy has
        /// borrowed the array.
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
        impl<'py, T, D, L> TryFrom<&Bound<'py, PyArray<T, D>>> for $view<'py, T, L>
        where
            T: Element + ::numpy::Element,
            L: Layout,
        {
            type Error = PyErr;

            fn try_from(array: &Bound<'py, PyArray<T, D>>) -> PyResult<Self> {
                array.as_any().extract()
            }
        }

        impl<'py, T: Element + ::numpy::Element, L: Direct> $view<'py, T, L> {
            /// Returns the memory as a NumPy array, for functions that take one. An array that came as the argument is returned
            /// as it came.
            ///
            /// The view is consumed, so that rust-numpy can borrow the array.
            ///
            /// # Errors
            ///
            /// Raises `ValueError` when `D` has another ndim, and `BufferError` when NumPy would not see the same elements in
            /// the object that the exporter names as the owner of its memory.
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use numpy::{Ix1, PyArrayMethods, PyReadonlyArray1};
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{PyView, Strided};
            ///
            /// fn not_ported_yet(x: PyReadonlyArray1<'_, f64>) -> f64 {
            ///     x.as_array().sum()
            /// }
            ///
            /// #[pyfunction]
            /// fn total(x: PyView<'_, f64, Strided<1>>) -> PyResult<f64> {
            ///     Ok(not_ported_yet(x.into_pyarray::<Ix1>()?.try_readonly()?))
            /// }
            /// ```
            pub fn into_pyarray<D: Dimension>(self) -> PyResult<Bound<'py, PyArray<T, D>>> {
                // SAFETY: a view stays on its thread, which is attached to the interpreter for `'py`.
                let py = unsafe { Python::assume_attached() };
                let (first, layout, export) = self.into_held().into_parts();
                Elements::of(first, &layout).seen_by_numpy(py, export)
            }
        }
    };
}

conversions!(PyView);
conversions!(PyViewMut);

/// The memory of an array that rust-numpy has borrowed for reading. The borrow stays, beside typedview's claim.
///
/// # Errors
///
/// Raises the exceptions of [`PyView`] as an argument.
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

/// The memory of an array that rust-numpy has borrowed for writing. The borrow ends, and typedview claims the memory instead.
///
/// # Errors
///
/// Raises the exceptions of [`PyViewMut`] as an argument.
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

impl<T: Element + ::numpy::Element, L: Direct> PyOwned<T, L> {
    /// Returns the memory as a NumPy array, which frees it. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Raises `ValueError` when `D` has another ndim, and NumPy's exception when there are more axes than it supports.
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

/// The address, shape and strides of some elements, to recognise them in a NumPy array.
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

    /// Returns the array that NumPy makes of the owner of an export, if it has exactly these elements.
    fn seen_by_numpy<'py, T, D>(self, py: Python<'py>, export: Export) -> PyResult<Bound<'py, PyArray<T, D>>>
    where
        T: ::numpy::Element,
        D: Dimension,
    {
        // The export is released only after NumPy has acquired the memory from its owner.
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
        // The stride of an axis of length 1 has no meaning.
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

/// `numpy.asarray(obj)`, which copies nothing if `obj` exports its memory.
fn asarray<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = obj.py();
    let asarray = get_array_module(py)?.getattr(intern!(py, "asarray"))?;
    // A memoryview is passed where one can be made, because NumPy would read `bytes` as text.
    let memory = match PyMemoryView::from(obj) {
        Ok(memory) if !obj.is_instance_of::<PyUntypedArray>() => memory.into_any(),
        _ => obj.clone(),
    };
    asarray.call1((memory,))
}
