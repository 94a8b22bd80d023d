//! `ndarray`: its arrays as results, the same memory, nothing copied.
//! Apart from the core's conversions, which turn the views of a lock into array views, because this one ends in Python.

use crate::export::PyOwned;
use ndarray::{Array, ArrayD, Dim, Dimension};
use typedview::{Dyn, Element, Error, Owned, Strided};

/// The memory of the array, handed over in whatever order its elements are; nothing is copied.
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

/// The memory of the array, handed over in whatever order its elements are; nothing is copied.
///
/// # Errors
///
/// There are more than 64 axes.
impl<T: Element> TryFrom<ArrayD<T>> for PyOwned<T, Dyn> {
    type Error = Error;

    fn try_from(array: ArrayD<T>) -> Result<Self, Error> {
        Ok(Owned::try_from(array)?.into())
    }
}
