//! Records of a file and big-endian numbers, read where they are.
//! Apart from the terrain, whose elements are the machine's own numbers.

mod prices;
mod scan;

use prices::{Date, Price, Prices};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scan::{Scan, Window};
use typedview_pyo3::{
    Access, Big, C, Element, Layout, OrRaise, Owned, PyOwned, PyUntypedView, Spec, Strided, View,
};

/// Days, and what was earned on each.
type Returns = (PyOwned<Date, C<1>>, PyOwned<f64, C<1>>);

/// Does `work` with prices as they are: records, or the bytes of some.
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

/// Does `work` with a scan as it is; `shape` says how it lies in plain bytes.
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

/// What a view is, and where.
fn describe<T: Element, L: Layout>(view: View<'_, T, L>) -> PyResult<(String, usize)> {
    Ok((Spec::of::<T, L>(Access::Read).to_string(), view.as_ptr().addr()))
}

/// Views of measurements, whoever holds them.
#[pymodule(gil_used = false)]
mod measurements {
    use super::*;

    /// The days of some prices but the first, and what the share earned on each: datetime64[D] and float64.
    ///
    /// `prices` are records of a day, as `goog.npz` has them, with an axis; or their bytes. They are not copied, and the
    /// interpreter is free meanwhile. `ValueError` when they are not in the order of their days.
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

    /// The type that `daily_returns` reads prices as, and the address of the first.
    #[pyfunction]
    fn describe_prices(prices: PyUntypedView<'_>) -> PyResult<(String, usize)> {
        with_prices(prices, describe)
    }

    /// How many cells of a scan have each intensity, from 0 to the greatest, as uint64.
    ///
    /// `scan` is any buffer of big-endian uint16 with two axes; or bytes, with a `shape`. It is not copied, and the
    /// interpreter is free meanwhile.
    #[pyfunction]
    #[pyo3(signature = (scan, *, shape=None))]
    fn histogram(
        py: Python<'_>,
        scan: PyUntypedView<'_>,
        shape: Option<[usize; 2]>,
    ) -> PyResult<PyOwned<u64, C<1>>> {
        with_scan(scan, shape, |scan| Ok(Owned::from(py.detach(|| scan::histogram(&scan))).into()))
    }

    /// A scan as a picture, uint8: intensities up to `black` are 0, from `white` on 255, evenly between them.
    ///
    /// `scan` and `shape` as for `histogram`. `ValueError` when `white` is not above `black`.
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

    /// The type that `histogram` and `grey` read a scan as, and the address of its first intensity.
    #[pyfunction]
    #[pyo3(signature = (scan, *, shape=None))]
    fn describe_scan(scan: PyUntypedView<'_>, shape: Option<[usize; 2]>) -> PyResult<(String, usize)> {
        with_scan(scan, shape, describe)
    }
}
