//! Interop with `ndarray`: conversions from its arrays into results of functions, over the same memory, without a copy.
//! They are separate from the conversions of the core, which turn the views that a lock lends into array views, because
//! the result of these conversions is a Python object.

use crate::export::PyOwned;
use ndarray::{Array, ArrayD, Dim, Dimension};
use typedview::{Dyn, Element, Error, Owned, Strided};

/// Takes the memory of an array. Nothing is copied, whatever the order of the elements is.
///
/// # Examples
///
/// ```no_run
/// use ndarray::{Array2, ArrayView2};
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, OrRaise, PyOwned, PyView, Strided};
///
/// #[pyfunction]
/// fn product(
///     py: Python<'_>,
///     a: PyView<'_, f64, C<2>>,
///     b: PyView<'_, f64, C<2>>,
/// ) -> PyResult<PyOwned<f64, Strided<2>>> {
///     let (a, b) = (a.lock()?, b.lock()?);
///     let a = ArrayView2::try_from(a.view()).or_raise()?;
///     let b = ArrayView2::try_from(b.view()).or_raise()?;
///     let product: Array2<f64> = py.detach(|| a.dot(&b));
///     Ok(product.into())
/// }
/// ```
impl<T, const N: usize> From<Array<T, Dim<[usize; N]>>> for PyOwned<T, Strided<N>>
where
    T: Element,
    Dim<[usize; N]>: Dimension,
{
    fn from(array: Array<T, Dim<[usize; N]>>) -> Self {
        Owned::from(array).into()
    }
}

/// Takes the memory of an array. Nothing is copied, whatever the order of the elements is.
///
/// # Errors
///
/// Fails when there are more than 64 axes.
impl<T: Element> TryFrom<ArrayD<T>> for PyOwned<T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayD<T>) -> Result<Self, Error> {
        Ok(Owned::try_from(array)?.into())
    }
}
