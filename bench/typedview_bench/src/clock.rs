//! The clock of `bench/compare`: it calls a Python function in a compiled loop and returns the time.
//! No peer has a function of this name; the clock is here because the loop of the interpreter would be measured too.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::time::Instant;

/// Returns the nanoseconds that `count` calls of `function` with `arguments` take.
#[pyfunction]
pub(crate) fn time_calls(
    function: &Bound<'_, PyAny>,
    arguments: Vec<Bound<'_, PyAny>>,
    count: u32,
) -> PyResult<f64> {
    let start = Instant::now();
    for _ in 0..count {
        call(function, &arguments)?;
    }
    Ok(start.elapsed().as_secs_f64() * 1e9)
}

/// Passes the arguments without a tuple of Python, as the interpreter does: PyO3 uses the vector call for such tuples.
#[inline]
fn call<'py>(function: &Bound<'py, PyAny>, arguments: &[Bound<'py, PyAny>]) -> PyResult<Bound<'py, PyAny>> {
    match arguments {
        [] => function.call0(),
        [a] => function.call1((a,)),
        [a, b] => function.call1((a, b)),
        [a, b, c] => function.call1((a, b, c)),
        _ => Err(PyTypeError::new_err("the clock passes at most three arguments")),
    }
}
