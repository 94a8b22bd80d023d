//! `PyViewMut`: an argument that reads and writes.

use super::held::Held;
use super::lock_guards::{ReadLock, WriteLock};
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{CellViewMut, Element, Layout};

/// Memory of a Python object, to read and write: `double[:]`.
///
/// As an argument it takes any writable exporter whose element, ndim and order fit, without a copy, and gives the
/// memory back when dropped; `Option<PyViewMut<..>>` takes `None` too.
///
/// It arrives in local state: elements by value, while the interpreter is attached; two arguments may overlap.
/// [`lock_mut`](Self::lock_mut) it for slices, other threads and `Python::detach`.
///
/// # Errors
///
/// As [`PyView`](super::PyView), and `BufferError` for readonly memory.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{OrRaise, PyView, PyViewMut, Strided};
///
/// /// `target[:] = source`, exact when the two overlap.
/// #[pyfunction]
/// fn copy(target: PyViewMut<'_, f64, Strided<1>>, source: PyView<'_, f64, Strided<1>>) -> PyResult<()> {
///     target.cells().try_copy_from(&source.cells()).or_raise()
/// }
/// ```
///
/// While it is locked, nothing else can be done with it:
///
/// ```compile_fail,E0502
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyViewMut};
///
/// fn zero(mut x: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
///     let cells = x.cells();
///     let mut lock = x.lock_mut()?;
///     cells.set(0, 1.0);
///     lock.view_mut().fill(0.0);
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct PyViewMut<'py, T: Element, L: Layout> {
    held: Held<T, L, true>,
    py: PhantomData<Python<'py>>,
}

impl<'py, T: Element, L: Layout> PyViewMut<'py, T, L> {
    pub(super) fn new(held: Held<T, L, true>, _py: Python<'py>) -> Self {
        Self { held, py: PhantomData }
    }

    pub(crate) fn into_held(self) -> Held<T, L, true> {
        self.held
    }

    /// The elements by value, while others may touch them between two accesses.
    #[inline]
    #[must_use]
    pub fn cells(&self) -> CellViewMut<'_, T, L> {
        // SAFETY: H1 while `self` is borrowed. H2: no reference exists; the view stays on this thread, which is
        // attached.
        unsafe { CellViewMut::from_raw_parts(self.held.first(), self.held.layout().clone()) }
    }

    /// Keeps writers out, for slices and for other threads.
    ///
    /// # Errors
    ///
    /// `BufferError` when the memory is in use for writing elsewhere in the process.
    #[inline]
    pub fn lock(&mut self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: `self` is borrowed exclusively, so it does not write.
        unsafe { self.held.lock() }
    }

    /// Keeps everybody out, for `&mut` slices and for other threads.
    ///
    /// # Errors
    ///
    /// `BufferError` when the memory is in use elsewhere in the process, and when elements may overlap.
    #[inline]
    pub fn lock_mut(&mut self) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: the memory is writable, and `self` is borrowed exclusively, so it keeps off.
        unsafe { self.held.lock_mut() }
    }

    /// Gives the view up for a lock for reading, which it becomes as soon as others are done with the memory.
    ///
    /// # Errors
    ///
    /// As [`PyView::lock_within`](super::PyView::lock_within).
    pub fn lock_within(self, timeout: Duration) -> PyResult<ReadLock<'py, T, L>> {
        self.held.lock_within(timeout)
    }

    /// Gives the view up for a lock for writing, which it becomes as soon as others are done with the memory.
    ///
    /// # Errors
    ///
    /// As [`PyView::lock_within`](super::PyView::lock_within), and when elements may overlap.
    pub fn lock_mut_within(self, timeout: Duration) -> PyResult<WriteLock<'py, T, L>> {
        self.held.lock_mut_within(timeout)
    }
}

impl<'a, 'py, T: Element, L: Layout> FromPyObject<'a, 'py> for PyViewMut<'py, T, L> {
    type Error = PyErr;

    #[cfg(feature = "experimental-inspect")]
    const INPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

    fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::new(Held::acquire(&obj)?, obj.py()))
    }
}
