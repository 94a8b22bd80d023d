//! `PyView`: the argument of a function that reads memory of a Python object.

use super::extents::extents;
use super::held::Held;
use super::lock_guards::ReadLock;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{CellView, Element, Layout};

/// Memory of a Python object, for reading: `const double[:]`.
///
/// As an argument it takes any exporter whose element, ndim and order fit. Nothing is copied, and the memory is
/// released when the view is dropped. An argument `Option<PyView<..>>` also takes `None`.
///
/// The view arrives in local state: [`cells`](Self::cells) reads elements by value, on a thread that is attached to the
/// interpreter. [`lock`](Self::lock) it to get slices, to use other threads, or to call `Python::detach`.
///
/// # Errors
///
/// As an argument it raises:
///
/// - `TypeError` when the object exports no memory or has other elements;
/// - `ValueError` when the ndim or the order is another one;
/// - `BufferError` when the memory is locked for writing, and, without a GIL, when another thread uses it for writing.
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
/// The view cannot leave its thread:
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
    py: PhantomData<&'py ()>,
}

impl<'py, T: Element, L: Layout> PyView<'py, T, L> {
    pub(super) fn new(held: Held<T, L, false>, _py: Python<'py>) -> Self {
        Self { held, py: PhantomData }
    }

    pub(crate) fn into_held(self) -> Held<T, L, false> {
        self.held
    }

    extents!(|view| view.held.layout());

    /// Returns a view that reads the elements by value. Other holders may write the memory between two reads.
    ///
    /// See [`PyView`] for an example.
    #[inline]
    #[must_use]
    pub fn cells(&self) -> CellView<'_, T, L> {
        // SAFETY: the elements are alive and initialised while `self` is borrowed (H1). The claim of the view is in the
        // table, so no holder has a `&mut` to them (H2). The view stays on this thread, which is attached to the
        // interpreter, so no local holder writes an element while it is read.
        unsafe { CellView::from_raw_parts(self.held.first(), self.held.layout().clone()) }
    }

    /// Locks the memory for reading: nobody else in the process writes it through a view while the guard lives.
    ///
    /// The guard lends slices, and its views may be used on other threads.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when the memory is in use for writing elsewhere in the process, and when axes hold
    /// pointers.
    ///
    /// See [`ReadLock`] for an example.
    #[inline]
    pub fn lock(&self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: a `PyView` has no method that writes the memory.
        unsafe { self.held.lock() }
    }

    /// Turns the view into a lock for reading, and waits for at most `timeout` until conflicting views and locks have
    /// ended.
    ///
    /// While it waits, nothing is claimed, this thread is detached from the interpreter, and signals are handled.
    /// Threads that wait are served in order of arrival.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when conflicting views and locks have not ended within `timeout`. Fails with it at
    /// once when axes hold pointers, and when waiting would be in vain, because this thread, or a thread that waits for
    /// this thread, uses the memory. Fails with the exception that the handler of a signal raises.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use std::time::Duration;
    /// use typedview_pyo3::{C, PyView};
    ///
    /// /// Waits for at most a second until nobody writes `x`.
    /// #[pyfunction]
    /// fn total(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    ///     let lock = x.lock_within(Duration::from_secs(1))?;
    ///     let x = lock.view();
    ///     Ok(py.detach(|| x.iter().sum()))
    /// }
    /// ```
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
