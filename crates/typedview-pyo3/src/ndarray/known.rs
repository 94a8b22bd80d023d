//! Known dtypes: dtype objects that arrays of a type have had before.
//! A dtype object does not change but in its names, so that its address says all of it while it is kept alive.

use super::fields::Descr;
use crate::attached::attached;
use crate::known::Memory;
use pyo3::prelude::*;
use std::ptr;
use typedview::Element;

attached!(static DTYPES: Memory<Py<PyAny>> = Memory::new());

/// Whether arrays with this dtype have been found to be of elements `T`.
#[inline]
pub(super) fn is_known<T: Element>(py: Python<'_>, descr: &Descr) -> bool {
    let address = ptr::from_ref(descr);
    let same = |dtype: &Py<PyAny>| ptr::eq(dtype.as_ptr().cast_const().cast(), address);
    DTYPES.with(py, |dtypes| dtypes.holds::<T>(mark(address), same))
}

/// Keeps the dtype of arrays that have been found to be of elements `T`.
pub(super) fn know<T: Element>(dtype: &Bound<'_, PyAny>) {
    let address = dtype.as_ptr().cast_const().cast::<Descr>();
    let replaced = DTYPES.with(dtype.py(), |dtypes| dtypes.keep::<T>(mark(address), dtype.clone().unbind()));
    // Out here, since it may run code of others.
    drop(replaced);
}

/// Objects stand at multiples of 16.
fn mark(address: *const Descr) -> usize {
    address.addr() >> 4
}
