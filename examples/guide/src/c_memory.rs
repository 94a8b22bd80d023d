//! The functions of the recipe "Memory of a C library".

use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use std::ffi::c_void;
use std::ptr::with_exposed_provenance_mut;
use std::sync::atomic::{AtomicUsize, Ordering};
use typedview_pyo3::{C, Memory, OrRaise, Owned, PyOwned, Shared, s};

// [squares]
// SAFETY: these are the declarations of the C standard library.
unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

static FREED: AtomicUsize = AtomicUsize::new(0);

/// Returns `count` squares, at least 1, in memory that C has allocated.
fn c_squares(count: usize) -> PyResult<Owned<f64, C<1>>> {
    let layout = C::new([count], size_of::<f64>()).or_raise()?;
    // SAFETY: `malloc` takes any size. This one does not overflow, because there is a layout for it.
    let first = unsafe { malloc(count * size_of::<f64>()) }.cast::<f64>();
    if first.is_null() {
        return Err(PyMemoryError::new_err(format!("no memory for {count} squares")));
    }
    for i in 0..count {
        // SAFETY: the memory has room for `count` numbers.
        let place = unsafe { first.add(i) };
        // SAFETY: the place is inside the memory, which `malloc` has aligned.
        unsafe { place.write((i * i) as f64) };
    }
    // Any thread may free the memory, so the closure has to be `Send`. An address is, and a raw pointer is not.
    let address = first.expose_provenance();
    let memory = Memory::calling(move || {
        // SAFETY: `malloc` gave this address, and the closure is called once.
        unsafe { free(with_exposed_provenance_mut(address)) };
        FREED.fetch_add(1, Ordering::Relaxed);
    });
    // SAFETY: `count` initialised numbers are there, which nobody else uses until `memory` is dropped.
    unsafe { Owned::try_from_raw_parts(first, layout, memory) }.or_raise()
}

/// Returns squares in memory of the C library. Python may write them.
#[pyfunction]
pub(crate) fn squares(count: usize) -> PyResult<PyOwned<f64, C<1>>> {
    Ok(c_squares(count)?.into())
}

/// Returns how often the memory of squares was freed.
#[pyfunction]
pub(crate) fn squares_freed() -> usize {
    FREED.load(Ordering::Relaxed)
}
// [squares]

// [halves]
/// Returns the two halves of some squares, which share one block of memory. Nobody may write them.
#[pyfunction]
pub(crate) fn halves_of_squares(count: usize) -> PyResult<[PyOwned<f64, C<1>>; 2]> {
    let all = Shared::from(c_squares(count)?);
    let middle = count / 2;
    Ok([all.map(|all| all.slice(s![..middle])).into(), all.map(|all| all.slice(s![middle..])).into()])
}
// [halves]
