//! `PyView`: an argument that reads.

use super::held::Held;
use super::lock_guards::ReadLock;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{CellView, Element, Layout};

/// Memory of a Python object, to read: `const double[:]`.
///
/// As an argument it takes any exporter whose element, ndim and order fit, without a copy, and gives the memory back
/// when dropped; `Option<PyView<..>>` takes `None` too.
///
/// It arrives in local state: elements by value, while the interpreter is attached. [`lock`](Self::lock) it for slices,
/// other threads and `Python::detach`.
///
/// # Errors
///
/// As an argument it raises `TypeError` for what is no buffer or has other elements, `ValueError` for another ndim or
/// order, `BufferError` when the memory is locked for writing.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyView, Strided};
///
/// #[pyfunction]
/// fn trace(matrix: PyView<'_, f64, Strided<2>>) -> f64 {
///     let matrix = matrix.cells();
///     let n = matrix.shape()[0].min(matrix.shape()[1]);
///     (0..n).map(|i| matrix.at([i, i])).sum()
/// }
/// ```
///
/// It does not leave its thread:
///
/// ```compile_fail,E0277
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyView};
///
/// fn total(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> f64 {
///     py.detach(|| x.cells().iter().sum())
/// }
/// ```
#[derive(Debug)]
pub struct PyView<'py, T: Element, L: Layout> {
    held: Held<T, L, false>,
    py: PhantomData<Python<'py>>,
}

impl<'py, T: Element, L: Layout> PyView<'py, T, L> {
    pub(super) fn new(held: Held<T, L, false>, _py: Python<'py>) -> Self {
        Self { held, py: PhantomData }
    }

    pub(crate) fn into_held(self) -> Held<T, L, false> {
        self.held
    }

    /// The elements by value, while others may write between two reads.
    #[inline]
    #[must_use]
    pub fn cells(&self) -> CellView<'_, T, L> {
        // SAFETY: H1 while `self` is borrowed. H2: no `&mut` exists; the view stays on this thread, which is attached.
        unsafe { CellView::from_raw_parts(self.held.first(), self.held.layout().clone()) }
    }

    /// Keeps writers out, for slices and for other threads.
    ///
    /// # Errors
    ///
    /// `BufferError` when the memory is in use for writing elsewhere in the process.
    #[inline]
    pub fn lock(&self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: a `PyView` does not write.
        unsafe { self.held.lock() }
    }

    /// Gives the view up for a lock, which it becomes as soon as others are done with the memory.
    ///
    /// Nothing is claimed while it waits, and the interpreter is detached. Whoever asks first is served first; signals are
    /// handled meanwhile.
    ///
    /// # Errors
    ///
    /// `BufferError` when others are not done within `timeout`, and at once when it would wait in vain: for this thread, or
    /// for one that waits for this thread. What a signal handler raises.
    pub fn lock_within(self, timeout: Duration) -> PyResult<ReadLock<'py, T, L>> {
        self.held.lock_within(timeout)
    }
}

impl<'a, 'py, T: Element, L: Layout> FromPyObject<'a, 'py> for PyView<'py, T, L> {
    type Error = PyErr;

    #[cfg(feature = "experimental-inspect")]
    const INPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

    fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::new(Held::acquire(&obj)?, obj.py()))
    }
}
