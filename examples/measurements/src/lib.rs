//! An extension that reads records and big-endian numbers from the memory of any exporter, without a copy.
//! It is separate from the terrain example, whose elements are native numbers.

mod prices;
mod scan;

use prices::{Date, Price, Prices};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scan::{Scan, Window};
use typedview_pyo3::{
    Access, Big, C, Element, Layout, OrRaise, Owned, PyOwned, PyUntypedView, Spec, Strided, View,
};

/// The days, and the return of each of them.
type Returns = (PyOwned<Date, C<1>>, PyOwned<f64, C<1>>);

/// Calls `work` with a view of prices, which are records or the bytes of records. Nothing is copied.
fn with_prices<R>(prices: PyUntypedView<'_>, work: impl FnOnce(Prices<'_>) -> PyResult<R>) -> PyResult<R> {
    if prices.holds::<u8>() {
        let bytes = prices.typed::<u8, C<1>>()?;
        let lock = bytes.lock()?;
        work(lock.view().try_reinterpret::<Price>().or_raise()?.into())
    } else {
        let prices = prices.typed::<Price, Strided<1>>()?;
        let lock = prices.lock()?;
        work(lock.view())
    }
}

/// Calls `work` with a view of a scan. Nothing is copied. `shape` is the shape of a scan in plain bytes.
fn with_scan<R>(
    scan: PyUntypedView<'_>,
    shape: Option<[usize; 2]>,
    work: impl FnOnce(Scan<'_>) -> PyResult<R>,
) -> PyResult<R> {
    if let Some(shape) = shape {
        let bytes = scan.typed::<u8, C<1>>()?;
        let lock = bytes.lock()?;
        let intensities = lock.view().try_reinterpret::<Big<u16>>().or_raise()?;
        work(intensities.try_reshape(shape).or_raise()?.into())
    } else {
        let scan = scan.typed::<Big<u16>, Strided<2>>()?;
        let lock = scan.lock()?;
        work(lock.view())
    }
}

/// Returns the spec and the address of a view.
fn describe<T: Element, L: Layout>(view: View<'_, T, L>) -> PyResult<(String, usize)> {
    Ok((Spec::of::<T, L>(Access::Read).to_string(), view.as_ptr().addr()))
}

/// Views of measurements that any exporter holds.
#[pymodule(gil_used = false)]
mod measurements {
    use super::*;

    /// Returns the days of some prices without the first, and the return of the share on each: datetime64[D] and
    /// float64.
    ///
    /// `prices` are the records of days, with one axis, as in `goog.npz`, or their bytes. They are not copied, and the
    /// thread is detached from the interpreter meanwhile. Raises `ValueError` if the days are not in order.
    #[pyfunction]
    fn daily_returns(py: Python<'_>, prices: PyUntypedView<'_>) -> PyResult<Returns> {
        with_prices(prices, |prices| {
            py.detach(|| match prices::disorder(&prices) {
                Some((i, (before, date))) => {
                    Err(PyValueError::new_err(format!("prices[{i}]: {date:?} does not follow {before:?}")))
                }
                None => Ok((prices::later_days(&prices).into(), prices::daily_returns(&prices).into())),
            })
        })
    }

    /// Returns the type that `daily_returns` reads prices as, and the address of the first one.
    #[pyfunction]
    fn describe_prices(prices: PyUntypedView<'_>) -> PyResult<(String, usize)> {
        with_prices(prices, describe)
    }

    /// Returns how many cells of a scan have each intensity, from 0 to the greatest, as uint64.
    ///
    /// `scan` is any buffer of big-endian uint16 with two axes, or bytes with a `shape`. It is not copied, and the
    /// thread is detached from the interpreter meanwhile.
    #[pyfunction]
    #[pyo3(signature = (scan, *, shape=None))]
    fn histogram(
        py: Python<'_>,
        scan: PyUntypedView<'_>,
        shape: Option<[usize; 2]>,
    ) -> PyResult<PyOwned<u64, C<1>>> {
        with_scan(scan, shape, |scan| Ok(Owned::from(py.detach(|| scan::histogram(&scan))).into()))
    }

    /// Returns a scan as a picture of uint8: 0 up to the intensity `black`, 255 from `white` on, and linear in between.
    ///
    /// `scan` and `shape` are those of `histogram`. Raises `ValueError` if `white` is not above `black`.
    #[pyfunction]
    #[pyo3(signature = (scan, black, white, *, shape=None))]
    fn grey(
        py: Python<'_>,
        scan: PyUntypedView<'_>,
        black: u16,
        white: u16,
        shape: Option<[usize; 2]>,
    ) -> PyResult<PyOwned<u8, C<2>>> {
        if white <= black {
            return Err(PyValueError::new_err(format!("white, {white}, is not above black, {black}")));
        }
        with_scan(scan, shape, |scan| {
            let mut picture = Owned::try_zeroed([scan.shape()[0], scan.shape()[1]]).or_raise()?;
            py.detach(|| scan::grey(scan, Window { black, white }, picture.view_mut()));
            Ok(picture.into())
        })
    }

    /// Returns the type that `histogram` and `grey` read a scan as, and the address of its first intensity.
    #[pyfunction]
    #[pyo3(signature = (scan, *, shape=None))]
    fn describe_scan(scan: PyUntypedView<'_>, shape: Option<[usize; 2]>) -> PyResult<(String, usize)> {
        with_scan(scan, shape, describe)
    }
}
