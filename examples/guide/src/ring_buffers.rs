//! The class of the recipe "Ring buffers".

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::ops::Range;
use typedview_pyo3::{C, PyOwned, PyPinnedMut, PyView, s};

// [Ring]
/// A queue of samples in memory of Python. The oldest sample is at `start`; after the last place comes the first one.
#[pyclass]
pub(crate) struct Ring {
    memory: PyPinnedMut<f64, C<1>>,
    start: usize,
    filled: usize,
}

impl Ring {
    /// Returns the places of `count` samples, the first of which is `from` places after the oldest one.
    fn places(&self, from: usize, count: usize) -> [Range<usize>; 2] {
        let capacity = self.memory.size();
        let first = (self.start + from) % capacity.max(1);
        let end = first + count;
        [first..end.min(capacity), 0..end.saturating_sub(capacity)]
    }
}

#[pymethods]
impl Ring {
    #[new]
    fn new(memory: PyPinnedMut<f64, C<1>>) -> Self {
        Self { memory, start: 0, filled: 0 }
    }

    /// Copies as many samples into the ring as it has room for, and returns their number.
    fn push(&mut self, py: Python<'_>, samples: PyView<'_, f64, C<1>>) -> PyResult<usize> {
        let samples = samples.lock()?;
        let count = samples.view().size().min(self.memory.size() - self.filled);
        let mut done = 0;
        for places in self.places(self.filled, count) {
            let next = done + places.len();
            let mut lock = self.memory.lock_mut_part(py, s![places])?;
            lock.view_mut().copy_from(&samples.view().slice(s![done..next]));
            done = next;
        }
        self.filled += count;
        Ok(count)
    }

    /// Returns what can be read, from the oldest sample on: one view, or two if it goes on at the first place.
    fn readable(&self, py: Python<'_>) -> PyResult<Vec<PyOwned<f64, C<1>>>> {
        let places = self.places(0, self.filled).into_iter().filter(|places| !places.is_empty());
        let view = |places: Range<usize>| {
            let whole: PyView<'_, f64, C<1>> = self.memory.exporter().extract(py)?;
            whole.try_export_part(|whole| whole.try_slice(s![places]))
        };
        places.map(view).collect()
    }

    /// Gives the places of the oldest samples free.
    fn consume(&mut self, count: usize) -> PyResult<()> {
        if count > self.filled {
            return Err(PyValueError::new_err(format!("the ring has {} samples, not {count}", self.filled)));
        }
        self.start = (self.start + count) % self.memory.size().max(1);
        self.filled -= count;
        Ok(())
    }

    fn __len__(&self) -> usize {
        self.filled
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.memory.traverse(&visit)
    }
}
// [Ring]
