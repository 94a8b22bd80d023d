//! `PyNdarray`: a result that becomes a real `numpy.ndarray` without a copy.

use super::dtypes::dtype_of;
use super::handed::{Handed, Owner};
use super::numpy_api::NumpyApi;
use super::py_owned::PyOwned;
use crate::kept_export::KeptExport;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{PyErr, PyTraverseError, PyVisit};
use typedview::{C, Direct, Element, Memory, Order, Owned, Shared};

/// The result of a function: memory that becomes a `numpy.ndarray` without a copy.
///
/// It is made from an [`Owned`], a [`Shared`] or a [`PyOwned`], so also from an argument or a part of it. NumPy is found at run
/// time: nothing of it is needed to build an extension, and extensions that do not use this type do not import it.
/// [`PyOwned`] is the result for users without NumPy.
///
/// # Errors
///
/// Returning it raises `ImportError` when there is no NumPy, and `TypeError` for elements that NumPy does not have.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, Owned, PyNdarray, PyView, Strided, s};
///
/// #[pyfunction]
/// fn ones(rows: usize, columns: usize) -> PyNdarray<f64, C<2>> {
///     Owned::from_fn([rows, columns], |_| 1.0).into()
/// }
///
/// /// `x[::2]`, as an array that views the memory of `x`.
/// #[pyfunction]
/// fn every_other(x: PyView<'_, f64, Strided<1>>) -> PyNdarray<f64, Strided<1>> {
///     x.export_part(|x| x.slice(s![..;2])).into()
/// }
/// ```
#[derive(Debug)]
pub struct PyNdarray<T: Element, L: Direct>(PyOwned<T, L>);

impl<T: Element, L: Direct> From<PyOwned<T, L>> for PyNdarray<T, L> {
    #[inline]
    fn from(owned: PyOwned<T, L>) -> Self {
        Self(owned)
    }
}

impl<T: Element, L: Direct> From<Owned<T, L>> for PyNdarray<T, L> {
    #[inline]
    fn from(owned: Owned<T, L>) -> Self {
        Self(owned.into())
    }
}

impl<T: Element> From<Vec<T>> for PyNdarray<T, C<1>> {
    #[inline]
    fn from(elements: Vec<T>) -> Self {
        Owned::from(elements).into()
    }
}

impl<T: Element, L: Direct> From<Shared<T, L>> for PyNdarray<T, L> {
    fn from(shared: Shared<T, L>) -> Self {
        Self(shared.into())
    }
}

/// The base of an array over memory of Rust: the object that frees it. It refers to no object, so the garbage collector need not
/// know it, and it costs half as much as [`KeptMemory`].
#[pyclass(frozen, name = "Memory", module = "typedview")]
struct FreedMemory(#[expect(dead_code, reason = "held to be dropped")] Memory);

/// The base of an array over memory of another object: what keeps the export of that object.
#[pyclass(frozen, name = "Export", module = "typedview")]
struct KeptMemory(KeptExport);

#[pymethods]
impl KeptMemory {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

impl<'py, T: Element, L: Direct> IntoPyObject<'py> for PyNdarray<T, L> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "experimental-inspect")]
    const OUTPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let api = NumpyApi::get(py)?;
        let dtype = dtype_of::<T>(py, api)?;
        let PyOwned { handed: Handed { first, layout, readonly }, owner } = self.0;
        let base = match owner {
            Owner::Object([object, _]) => object.into_bound(py),
            Owner::Memory(memory) => Bound::new(py, FreedMemory(memory))?.into_any(),
            Owner::Export(export) => match export.as_object() {
                Some(object) => object.bind(py).clone(),
                None => Bound::new(py, KeptMemory(*export))?.into_any(),
            },
        };
        // NumPy computes the strides of C order itself, and then need not compare them with those of its flags.
        let strides = (L::ORDER != Order::C).then(|| layout.strides(size_of::<T>()));
        let strides = strides.as_ref().map(AsRef::as_ref);
        // SAFETY: the elements are initialised, and alive while their owner is (Q1), which `base` keeps. They may be written unless
        // they are readonly, and Rust has given them up (Q2). The dtype is that of `T`.
        unsafe { api.array(dtype, first.cast(), layout.shape(), strides, !readonly, base) }
    }
}
