//! Results that are arrays of NumPy.

use pyo3::prelude::*;
use std::sync::Arc;
use typedview_pyo3::{
    C, Dyn, Element, F, Memory, OrRaise, Owned, PyNdarray, PyView, PyViewMut, Shared, Strided, field, s,
};

/// New memory in C order, and its address.
#[pyfunction]
pub(crate) fn ndarray_counted(rows: usize, columns: usize) -> PyResult<(PyNdarray<f64, C<2>>, usize)> {
    let numbers: Vec<f64> = (0..rows * columns).map(|i| i as f64).collect();
    let address = numbers.as_ptr().addr();
    Ok((Owned::try_from_vec(numbers, [rows, columns]).or_raise()?.into(), address))
}

/// New memory in Fortran order.
#[pyfunction]
pub(crate) fn ndarray_f(rows: usize, columns: usize) -> PyResult<PyNdarray<f32, F<2>>> {
    Ok(Owned::try_zeroed([columns, rows]).or_raise()?.transpose().into())
}

/// Memory whose number of axes is known at run time only.
#[pyfunction]
pub(crate) fn ndarray_dyn(shape: Vec<usize>) -> PyResult<PyNdarray<i16, Dyn>> {
    Ok(Owned::try_zeroed_dyn(&shape).or_raise()?.into())
}

/// Every other row of an argument, readonly.
#[pyfunction]
pub(crate) fn ndarray_part(x: PyView<'_, f64, Strided<1>>) -> PyNdarray<f64, Strided<1>> {
    x.export_part(|x| x.slice(s![..;-2])).into()
}

/// An argument itself, writable.
#[pyfunction]
pub(crate) fn ndarray_same(x: PyViewMut<'_, f64, Strided<1>>) -> PyNdarray<f64, Strided<1>> {
    x.export().into()
}

/// Memory that others read, too.
#[pyfunction]
pub(crate) fn ndarray_shared(n: usize) -> PyNdarray<u8, C<1>> {
    Shared::from_owner(Arc::<[u8]>::from(vec![7; n])).into()
}

/// Memory that calls `freed` when it is freed.
#[pyfunction]
pub(crate) fn ndarray_freed(freed: Py<PyAny>) -> PyResult<PyNdarray<f64, C<1>>> {
    let (first, layout, memory) = Owned::from(vec![1.0, 2.0]).into_raw_parts();
    let memory = Memory::calling(move || {
        drop(memory);
        Python::attach(|py| freed.call0(py)).map(drop).unwrap_or_default();
    });
    // SAFETY: the parts are those of an `Owned`, whose memory lives until the closure is called.
    let owned = unsafe { Owned::try_from_raw_parts(first, layout, memory) };
    Ok(owned.or_raise()?.into())
}

/// A record whose dtype is kept from one result to the next.
#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
pub(crate) struct Reading {
    sensor: u16,
    value: f64,
}

/// Returns new records, which count up from 0.
#[pyfunction]
pub(crate) fn ndarray_readings(n: u16) -> PyNdarray<Reading, C<1>> {
    Owned::from_fn([usize::from(n)], |[i]| Reading { sensor: i as u16, value: i as f64 }).into()
}

/// Returns the sum of the values of records.
#[pyfunction]
pub(crate) fn sum_of_readings(x: PyView<'_, Reading, Strided<1>>) -> f64 {
    x.cells().field(field!(Reading, value)).iter().sum()
}
