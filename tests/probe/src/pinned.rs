//! Classes that keep memory, and closures over several views that are locked at once.

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::time::Duration;
use typedview_pyo3::{C, PyPinned, PyPinnedMut, PyView, PyViewMut, Strided, detached, locked, raising, s};

/// A class with two attributes that hold memory.
#[pyclass]
pub(crate) struct Keeper {
    #[pyo3(get, set)]
    read: PyPinned<f64, Strided<2>>,
    #[pyo3(get, set)]
    write: Option<PyPinnedMut<f64, C<1>>>,
    /// Something that may refer to this object.
    #[pyo3(get, set)]
    other: Option<Py<PyAny>>,
}

#[pymethods]
impl Keeper {
    #[new]
    #[pyo3(signature = (read, write=None))]
    fn new(read: PyPinned<f64, Strided<2>>, write: Option<PyPinnedMut<f64, C<1>>>) -> Self {
        Self { read, write, other: None }
    }

    fn __repr__(&self) -> String {
        format!("{:?}, {:?}", self.read, self.write)
    }

    /// The sum of the elements, by value.
    fn sum(&self, py: Python<'_>) -> PyResult<f64> {
        Ok(self.read.local(py)?.cells().iter().sum())
    }

    /// Calls `callback` while the memory is used by value.
    fn while_local(&self, py: Python<'_>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        let local = self.read.local(py)?;
        callback.call0()?;
        Ok(local.cells().iter().sum())
    }

    /// Calls `callback` while the memory is locked for reading.
    fn while_locked(&self, py: Python<'_>, callback: &Bound<'_, PyAny>) -> PyResult<f64> {
        let lock = self.read.lock(py)?;
        callback.call0()?;
        Ok(lock.view().iter().sum())
    }

    /// Writes the sums of the rows, with both locked, detached from the interpreter.
    fn write_row_sums(&self, py: Python<'_>) -> PyResult<bool> {
        let write = self.write.as_ref().map(PyPinnedMut::writing);
        detached(py, (&self.read, write), |(read, write)| {
            let Some(mut write) = write else { return false };
            for (i, row) in read.rows().enumerate() {
                write.set(i, row.iter().sum());
            }
            true
        })
    }

    /// Adds to an element, by value.
    fn add(&self, py: Python<'_>, i: usize, value: f64) -> PyResult<()> {
        if let Some(write) = &self.write {
            let local = write.local(py)?;
            raising(|| local.cells().update(i, |x| x + value))?;
        }
        Ok(())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.read.traverse(&visit)?;
        if let Some(write) = &self.write {
            write.traverse(&visit)?;
        }
        visit.call(&self.other)
    }

    fn __clear__(&mut self) {
        (self.write, self.other) = (None, None);
    }
}

/// Fills a row of a table that many threads get as a whole, and calls `callback` meanwhile.
#[pyfunction]
pub(crate) fn fill_row(
    py: Python<'_>,
    table: PyPinnedMut<f64, Strided<2>>,
    row: isize,
    value: f64,
    callback: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut lock = table.lock_mut_part(py, s![row, ..])?;
    callback.call0()?;
    let mut row = lock.view_mut();
    py.detach(|| row.fill(value));
    Ok(())
}

/// Adds to a row of a table, and waits for other threads that use it.
#[pyfunction]
pub(crate) fn add_to_row_within(
    py: Python<'_>,
    table: PyPinnedMut<f64, Strided<2>>,
    row: isize,
    value: f64,
    seconds: f64,
) -> PyResult<()> {
    let mut lock = table.lock_mut_part_within(py, s![row, ..], Duration::from_secs_f64(seconds))?;
    let mut row = lock.view_mut();
    py.detach(|| (0..row.size()).for_each(|i| row.update(i, |x| x + value)));
    Ok(())
}

/// The sum of a table, after waiting for other threads that write it: locked as a whole, or in two parts.
#[pyfunction]
pub(crate) fn sum_of_pinned_within(
    py: Python<'_>,
    table: PyPinnedMut<f64, Strided<2>>,
    seconds: f64,
    in_parts: bool,
) -> PyResult<f64> {
    let timeout = Duration::from_secs_f64(seconds);
    if in_parts {
        let low = table.lock_part_within(py, s![..1, ..], timeout)?;
        let high = table.lock_part_within(py, s![1.., ..], timeout)?;
        return Ok(low.view().iter().chain(high.view().iter()).sum());
    }
    let sum = table.lock_within(py, timeout)?.view().iter().sum();
    // Nothing else is locked any more, so this thread can have all of it.
    drop(table.lock_mut_within(py, timeout)?);
    Ok(sum)
}

/// Fills a tile of a table, and calls `callback` meanwhile.
#[pyfunction]
pub(crate) fn fill_tile(
    py: Python<'_>,
    table: PyPinnedMut<f64, Strided<2>>,
    rows: (isize, isize),
    columns: (isize, isize),
    value: f64,
    callback: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let mut lock = table.lock_mut_part(py, s![rows.0..rows.1, columns.0..columns.1])?;
    callback.call0()?;
    lock.view_mut().fill(value);
    Ok(())
}

/// The sum of a column, locked alone.
#[pyfunction]
pub(crate) fn sum_column(py: Python<'_>, table: PyPinned<f64, Strided<2>>, column: isize) -> PyResult<f64> {
    Ok(table.lock_part(py, s![.., column])?.view().iter().sum())
}

/// `y += a * x`, detached from the interpreter.
#[pyfunction]
pub(crate) fn add_scaled(
    py: Python<'_>,
    a: f64,
    x: PyView<'_, f64, Strided<1>>,
    mut y: PyViewMut<'_, f64, Strided<1>>,
) -> PyResult<()> {
    detached(py, (&x, &mut y), |(x, mut y)| {
        for i in 0..x.size() {
            y.update(i, |y| y + a * x.at(i));
        }
    })
}

/// The sum of all elements of `arrays` and of `more`, locked.
#[pyfunction]
#[pyo3(signature = (arrays, more=None))]
pub(crate) fn sum_of_all(
    py: Python<'_>,
    arrays: Vec<PyView<'_, f64, Strided<1>>>,
    more: Option<PyView<'_, f64, Strided<1>>>,
) -> PyResult<f64> {
    locked(py, (&arrays[..], more.as_ref()), |(arrays, more)| {
        arrays.iter().chain(&more).map(|x| x.iter().sum::<f64>()).sum()
    })
}

/// Fails in a closure, in the way that `how` says.
#[pyfunction]
pub(crate) fn fail(py: Python<'_>, x: PyView<'_, f64, Strided<1>>, how: &str) -> PyResult<f64> {
    match how {
        "index, raising" => raising(|| x.cells().at(100)),
        "index, locked" => locked(py, &x, |x| x.at(100)),
        "index, detached" => detached(py, &x, |x| x.at(100)),
        "window, detached" => detached(py, (&x,), |(x,)| x.windows(0).map(|x| x.at(0)).sum()),
        "reshape, locked" => locked(py, &x, |x| x.reshape([7, 7]).at([0, 0])),
        "slice, detached" => detached(py, &x, |x| x.slice(s![..;0]).at(0)),
        "nested" => locked(py, &x, |x| raising(|| x.at(100)).unwrap_or(-1.0)),
        "bug, detached" => detached(py, &x, |_| panic!("a bug")),
        _ => Ok(x.cells().at(100)),
    }
}
