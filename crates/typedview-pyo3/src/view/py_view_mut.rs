//! `PyViewMut`: the argument of a function that reads and writes memory of a Python object.

use super::extents::extents;
use super::held::Held;
use super::lock_guards::{ReadLock, WriteLock};
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::marker::PhantomData;
use std::time::Duration;
use typedview::{CellViewMut, Element, Layout};

/// Memory of a Python object, for reading and writing: `double[:]`.
///
/// As an argument it takes any writable exporter whose element, ndim and order fit. Nothing is copied, and the memory
/// is released when the view is dropped. An argument `Option<PyViewMut<..>>` also takes `None`.
///
/// The view arrives in local state: [`cells`](Self::cells) reads and writes elements by value, on a thread that is
/// attached to the interpreter. Two arguments in local state may overlap. [`lock_mut`](Self::lock_mut) the view to get
/// slices, to use other threads, or to call `Python::detach`.
///
/// # Errors
///
/// As an argument it raises the same exceptions as [`PyView`](super::PyView). It also raises `BufferError` when the
/// memory is readonly, and when it is locked for reading. Without a GIL it also raises `BufferError` when another
/// thread uses the memory.
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
/// While the view is locked, it cannot be used in any other way:
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
    py: PhantomData<&'py ()>,
}

impl<'py, T: Element, L: Layout> PyViewMut<'py, T, L> {
    pub(super) fn new(held: Held<T, L, true>, _py: Python<'py>) -> Self {
        Self { held, py: PhantomData }
    }

    pub(crate) fn into_held(self) -> Held<T, L, true> {
        self.held
    }

    extents!(|view| view.held.layout());

    /// Returns a view that reads and writes the elements by value. Other holders may read and write the memory between
    /// two accesses.
    ///
    /// See [`PyViewMut`] for an example.
    #[inline]
    #[must_use]
    pub fn cells(&self) -> CellViewMut<'_, T, L> {
        // SAFETY: the elements are alive, initialised and writable while `self` is borrowed (H1). The claim of the view
        // is in the table, so no holder has a reference to them (H2). The view stays on this thread, which is attached
        // to the interpreter, so no local holder accesses an element while this view accesses it.
        unsafe { CellViewMut::from_raw_parts(self.held.first(), self.held.layout().clone()) }
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
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyViewMut};
    ///
    /// /// Divides by the sum, which is computed while other Python threads run.
    /// #[pyfunction]
    /// fn normalise(py: Python<'_>, mut x: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
    ///     let sum: f64 = {
    ///         let lock = x.lock()?;
    ///         let x = lock.view();
    ///         py.detach(|| x.iter().sum())
    ///     };
    ///     x.cells().map_in_place(|x| x / sum);
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    pub fn lock(&mut self) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: `self` is borrowed exclusively while the lock lives, so nothing is written through it.
        unsafe { self.held.lock() }
    }

    /// Locks the memory for writing: nobody else in the process accesses it through a view while the guard lives.
    ///
    /// The guard lends `&mut` slices, and its views may be used on other threads.
    ///
    /// # Errors
    ///
    /// Fails with a `BufferError` when the memory is in use elsewhere in the process, when two elements may overlap,
    /// and when axes hold pointers.
    ///
    /// See [`WriteLock`] for an example.
    #[inline]
    pub fn lock_mut(&mut self) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: `self` is borrowed exclusively while the lock lives, so nothing accesses the memory through it.
        unsafe { self.held.lock_mut() }
    }

    /// Turns the view into a lock for reading, and waits for at most `timeout` until conflicting views and locks have
    /// ended.
    ///
    /// # Errors
    ///
    /// Fails in the same cases as [`PyView::lock_within`](super::PyView::lock_within).
    ///
    /// See [`PyView::lock_within`](super::PyView::lock_within) for an example.
    pub fn lock_within(self, timeout: Duration) -> PyResult<ReadLock<'py, T, L>> {
        self.held.lock_within(timeout)
    }

    /// Turns the view into a lock for writing, and waits for at most `timeout` until conflicting views and locks have
    /// ended.
    ///
    /// # Errors
    ///
    /// Fails in the same cases as [`PyView::lock_within`](super::PyView::lock_within), and with a `BufferError` when
    /// two elements may overlap.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use std::time::Duration;
    /// use typedview_pyo3::{C, PyViewMut};
    ///
    /// /// Waits for at most a second until nobody else uses `x`.
    /// #[pyfunction]
    /// fn clear(x: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
    ///     x.lock_mut_within(Duration::from_secs(1))?.view_mut().fill(0.0);
    ///     Ok(())
    /// }
    /// ```
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
