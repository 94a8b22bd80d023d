//! Records: arguments whose elements are structs, and results.

use pyo3::prelude::*;
use typedview_pyo3::{C, Element, OrRaise, Owned, PyOwned, PyView, PyViewMut, Strided, field};

/// What `numpy.dtype([("flag", "u1"), ("price", "f8")], align=True)` is.
#[derive(Clone, Copy, Element)]
#[repr(C)]
pub(crate) struct Aligned {
    flag: u8,
    price: f64,
}

/// The same without `align`.
#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
pub(crate) struct Packed {
    flag: u8,
    price: f64,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
pub(crate) struct Day(f32, f32);

#[derive(Clone, Copy, Element)]
#[repr(C)]
#[element(name = "quote")]
pub(crate) struct Quote {
    id: i32,
    day: Day,
    #[element(name = "class")]
    kind: i16,
}

#[pyfunction]
pub(crate) fn read_aligned(x: PyView<'_, Aligned, Strided<1>>) -> Vec<(u8, f64)> {
    x.cells().iter().map(|record| (record.flag, record.price)).collect()
}

#[pyfunction]
pub(crate) fn read_packed(x: PyView<'_, Packed, Strided<1>>) -> Vec<(u8, f64)> {
    x.cells().iter().map(|record| (record.flag, record.price)).collect()
}

#[pyfunction]
pub(crate) fn read_quotes(x: PyView<'_, Quote, Strided<1>>) -> Vec<(i32, (f32, f32), i16)> {
    x.cells().iter().map(|quote| (quote.id, (quote.day.0, quote.day.1), quote.kind)).collect()
}

/// `x["day"][:, 1].sum()`
#[pyfunction]
pub(crate) fn sum_of_closes(x: PyView<'_, Quote, C<1>>) -> PyResult<f32> {
    Ok(x.lock()?.view().field(field!(Quote, day.1)).iter().sum())
}

/// `x[index] = (flag, price)`
#[pyfunction]
pub(crate) fn set_aligned(
    x: PyViewMut<'_, Aligned, Strided<1>>,
    index: usize,
    flag: u8,
    price: f64,
) -> PyResult<()> {
    x.cells().try_set(index, Aligned { flag, price }).or_raise()
}

/// `target[:] = source`
#[pyfunction]
pub(crate) fn copy_aligned(
    target: PyViewMut<'_, Aligned, Strided<1>>,
    source: PyView<'_, Aligned, Strided<1>>,
) -> PyResult<()> {
    target.cells().try_copy_from(&source.cells()).or_raise()
}

/// `x["price"] *= factor`, under a lock.
#[pyfunction]
pub(crate) fn scale_prices(mut x: PyViewMut<'_, Aligned, Strided<1>>, factor: f64) -> PyResult<()> {
    let mut lock = x.lock_mut()?;
    let mut prices = lock.view_mut().field(field!(Aligned, price));
    (0..prices.size()).for_each(|i| prices.update(i, |price| price * factor));
    Ok(())
}

/// New records, whose padding nobody has written.
#[pyfunction]
pub(crate) fn made(count: u8) -> PyOwned<Aligned, C<1>> {
    let records: Vec<_> = (0..count).map(|flag| Aligned { flag, price: flag.into() }).collect();
    Owned::from(records).into()
}
