//! The clock of `bench/compare`: it calls a Python function in a compiled loop and returns the time.
//! No peer has a function of this name; the clock is here because the loop of the interpreter would be measured too.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::ptr::null_mut;
use std::time::Instant;

/// Returns the nanoseconds that `count` calls of `function` with `arguments` take.
#[pyfunction]
pub(crate) fn time_calls(
    function: &Bound<'_, PyAny>,
    arguments: &Bound<'_, PyTuple>,
    count: u32,
) -> PyResult<f64> {
    let py = function.py();
    let pointers: Vec<_> = arguments.iter_borrowed().map(|argument| argument.as_ptr()).collect();
    let start = Instant::now();
    for _ in 0..count {
        // SAFETY: this thread holds the GIL, and `function` and the tuple keep alive all objects that are passed.
        let result = unsafe {
            ffi::PyObject_Vectorcall(function.as_ptr(), pointers.as_ptr(), pointers.len(), null_mut())
        };
        // SAFETY: `result` is a new reference, or null with an exception set.
        drop(unsafe { Bound::from_owned_ptr_or_err(py, result) }?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e9)
}
