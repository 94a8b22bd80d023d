//! `PyPinned` and `PyPinnedMut`: memory of Python objects that a class keeps.
//! The exporter stays exported while they live. The memory is claimed only while it is used.

use super::consumer::{purpose, wanted};
use super::extents::extents;
use super::local::{LocalView, LocalViewMut};
use super::lock_guards::{LockOwner, ReadLock, WriteLock};
use crate::argument::{PinnedClaim, request_and_check};
use crate::error::{OrRaise, raise};
use crate::kept_export::KeptExport;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr, PyTraverseError, PyVisit};
use std::convert::Infallible;
use std::fmt;
use std::time::Duration;
use typedview::slicing::{Items, OnlyIndices};
use typedview::{CellView, Direct, Element, ErrorKind, Layout, ViewMut};
use typedview_claims::Mode;

/// What both types consist of.
///
/// - Y1. The elements of `layout` from `first` on are initialised. They are alive while `export` is kept, and writable if
///   `WRITE` is true.
struct Pinned<T, L, const WRITE: bool> {
    first: *mut T,
    layout: L,
    export: KeptExport,
    /// The object that was passed, to be handed back.
    exporter: Py<PyAny>,
}

// SAFETY: the elements are accessed only under a claim in the table, which keeps conflicting accesses of other threads out.
// Elements, layouts and exports are `Send`.
unsafe impl<T: Element, L: Layout, const WRITE: bool> Send for Pinned<T, L, WRITE> {}
// SAFETY: every access through a shared reference is made under a claim, too. Elements, layouts and exports are `Sync`.
unsafe impl<T: Element, L: Layout, const WRITE: bool> Sync for Pinned<T, L, WRITE> {}

impl<T: Element, L: Layout, const WRITE: bool> Pinned<T, L, WRITE> {
    fn of(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        let checked = request_and_check::<T, L>(obj, wanted::<T, L, WRITE>())?;
        let (first, layout, export) = checked.into_parts();
        // INVARIANT Y1: the check was for elements `T` in a layout `L`, and for writing if `WRITE` is true (C1).
        Ok(Self {
            first: first.cast(),
            layout,
            export: export.keep(obj.py()),
            exporter: obj.clone().unbind(),
        })
    }

    /// Claims all elements.
    #[inline]
    fn claim(&self, py: Python<'_>, mode: Mode, timeout: Option<Duration>) -> PyResult<PinnedClaim> {
        self.claim_part(py, self.first, &self.layout, mode, timeout)
    }

    /// Claims some of the elements: those of `layout` from `first` on.
    #[inline]
    fn claim_part<M: Layout>(
        &self,
        py: Python<'_>,
        first: *mut T,
        layout: &M,
        mode: Mode,
        timeout: Option<Duration>,
    ) -> PyResult<PinnedClaim> {
        let purpose = purpose::<T, L, WRITE>();
        PinnedClaim::enter(self.exporter.bind(py), first.addr(), layout, purpose, mode, timeout)
    }

    #[inline]
    fn lock<'a>(&'a self, py: Python<'a>, timeout: Option<Duration>) -> PyResult<ReadLock<'a, T, L>> {
        let claim = self.claim(py, Mode::SHARED, timeout)?;
        // SAFETY: the elements are initialised, and alive while `self` is borrowed (Y1). The claim is shared.
        Ok(unsafe { ReadLock::new(self.first, self.layout.clone(), LockOwner::Pinned(claim)) })
    }

    fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.export.traverse_exporter(&self.exporter, visit)?;
        self.export.traverse(visit)
    }
}

impl<T: Element, L: Direct, const WRITE: bool> Pinned<T, L, WRITE> {
    /// The first element and the layout of what an expression of `s!` selects. No element is accessed.
    fn part<S: Items<L, OnlyIndices>>(&self, items: S) -> PyResult<(*mut T, S::Layout)> {
        // SAFETY: the elements are initialised and alive while `self` is borrowed (Y1). No element is accessed through this
        // view: slicing a layout without pointers only computes an offset.
        let whole = unsafe { CellView::from_raw_parts(self.first, self.layout.clone()) };
        let part = whole.try_slice(items).or_raise()?;
        Ok((part.as_ptr().cast_mut(), part.layout().clone()))
    }

    fn lock_part<'a, S: Items<L, OnlyIndices>>(
        &'a self,
        py: Python<'a>,
        items: S,
        timeout: Option<Duration>,
    ) -> PyResult<ReadLock<'a, T, S::Layout>> {
        let (first, layout) = self.part(items)?;
        let claim = self.claim_part(py, first, &layout, Mode::SHARED, timeout)?;
        // SAFETY: the elements are some of those of `self`, so they are initialised, and alive while `self` is borrowed (Y1).
        // The claim on them is shared.
        Ok(unsafe { ReadLock::new(first, layout, LockOwner::Pinned(claim)) })
    }
}

macro_rules! pinned {
    (
        $(#[$doc:meta])*
        $pinned:ident, $writes:literal, $local:ident
    ) => {
        $(#[$doc])*
        pub struct $pinned<T: Element, L: Layout>(Pinned<T, L, $writes>);

        impl<T: Element, L: Layout> $pinned<T, L> {
            extents!(|pinned| &pinned.0.layout);

            /// Returns the object that was passed.
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{C, PyPinned};
            ///
            /// /// Whether two arguments are the same object.
            /// #[pyfunction]
            /// fn are_same(x: PyPinned<f64, C<1>>, y: PyPinned<f64, C<1>>) -> bool {
            ///     x.exporter().is(y.exporter())
            /// }
            /// ```
            #[inline]
            #[must_use]
            pub fn exporter(&self) -> &Py<PyAny> {
                &self.0.exporter
            }

            /// Claims the memory for access by value on this thread.
            ///
            /// # Errors
            ///
            /// `BufferError` while the memory is locked for a conflicting use.
            ///
            /// See [`PyPinned`](crate::PyPinned) for an example.
            #[inline]
            pub fn local<'a>(&'a self, py: Python<'a>) -> PyResult<$local<'a, T, L>> {
                let claim = self.0.claim(py, $local::<T, L>::MODE, None)?;
                // SAFETY: the elements are initialised, alive while `self` is borrowed, and writable if this type writes (Y1).
                // The claim is in the mode of the local view.
                Ok(unsafe { $local::new(self.0.first, self.0.layout.clone(), claim) })
            }

            /// Locks the memory for reading.
            ///
            /// # Errors
            ///
            /// `BufferError` while the memory is in use for writing, and if axes hold pointers.
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{C, PyPinned};
            ///
            /// #[pyfunction]
            /// fn total(py: Python<'_>, x: PyPinned<f64, C<1>>) -> PyResult<f64> {
            ///     let lock = x.lock(py)?;
            ///     let x = lock.view();
            ///     Ok(py.detach(|| x.iter().sum()))
            /// }
            /// ```
            #[inline]
            pub fn lock<'a>(&'a self, py: Python<'a>) -> PyResult<ReadLock<'a, T, L>> {
                self.0.lock(py, None)
            }

            /// Locks the memory for reading, and waits for at most `timeout` until conflicting views and locks have ended.
            ///
            /// This thread is detached from the interpreter while it waits, and signals are handled. Threads that wait are served
            /// in order of arrival.
            ///
            /// # Errors
            ///
            /// The exceptions of [`PyView::lock_within`](crate::PyView::lock_within).
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use std::time::Duration;
            /// use typedview_pyo3::{C, PyPinned};
            ///
            /// /// Waits for at most a second until nobody writes `x`.
            /// #[pyfunction]
            /// fn first(py: Python<'_>, x: PyPinned<f64, C<1>>) -> PyResult<f64> {
            ///     Ok(x.lock_within(py, Duration::from_secs(1))?.view().at(0))
            /// }
            /// ```
            pub fn lock_within<'a>(
                &'a self,
                py: Python<'a>,
                timeout: Duration,
            ) -> PyResult<ReadLock<'a, T, L>> {
                self.0.lock(py, Some(timeout))
            }

            /// Reports the references of this field to the garbage collector, for the `__traverse__` of its class.
            ///
            /// References to exporters that lose their memory when they are cleared are not reported, so a cycle through one is
            /// not collected. See [`KeptExport::traverse`](crate::KeptExport::traverse).
            ///
            /// # Errors
            ///
            /// Those of `visit`.
            ///
            /// See [`PyPinned`](crate::PyPinned) for an example.
            pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
                self.0.traverse(visit)
            }
        }

        impl<T: Element, L: Direct> $pinned<T, L> {
            /// Locks a part of the memory for reading: what an expression of [`s!`](crate::s) selects. Other parts can be in use
            /// for writing at the same time.
            ///
            /// # Errors
            ///
            /// `BufferError` while a byte of the part is in use for writing, `IndexError` and `ValueError` if there is no such
            /// part.
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{C, PyPinned, s};
            ///
            /// /// The sum of one row. Other threads can write the other rows meanwhile.
            /// #[pyfunction]
            /// fn row_sum(py: Python<'_>, table: PyPinned<f64, C<2>>, row: usize) -> PyResult<f64> {
            ///     let lock = table.lock_part(py, s![row])?;
            ///     let row = lock.view();
            ///     Ok(py.detach(|| row.iter().sum()))
            /// }
            /// ```
            #[inline]
            pub fn lock_part<'a, S: Items<L, OnlyIndices>>(
                &'a self,
                py: Python<'a>,
                items: S,
            ) -> PyResult<ReadLock<'a, T, S::Layout>> {
                self.0.lock_part(py, items, None)
            }

            /// Does what [`lock_part`](Self::lock_part) does, and waits as [`lock_within`](Self::lock_within) does.
            ///
            /// # Errors
            ///
            /// The exceptions of both.
            pub fn lock_part_within<'a, S: Items<L, OnlyIndices>>(
                &'a self,
                py: Python<'a>,
                items: S,
                timeout: Duration,
            ) -> PyResult<ReadLock<'a, T, S::Layout>> {
                self.0.lock_part(py, items, Some(timeout))
            }
        }

        impl<'a, 'py, T: Element, L: Layout> FromPyObject<'a, 'py> for $pinned<T, L> {
            type Error = PyErr;

            #[cfg(feature = "experimental-inspect")]
            const INPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

            fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
                Pinned::of(&obj).map(Self)
            }
        }

        /// The object that was passed. So `#[pyo3(get)]` on a field gives Python what it has set.
        impl<'py, T: Element, L: Layout> IntoPyObject<'py> for &$pinned<T, L> {
            type Target = PyAny;
            type Output = Bound<'py, PyAny>;
            type Error = Infallible;

            #[cfg(feature = "experimental-inspect")]
            const OUTPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

            fn into_pyobject(self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Infallible> {
                Ok(self.0.exporter.bind(py).clone())
            }
        }

        impl<T: Element, L: Layout> fmt::Debug for $pinned<T, L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let spec = (purpose::<T, L, $writes>().spec)();
                write!(f, concat!(stringify!($pinned), "({} with shape {:?})"), spec, self.shape())
            }
        }
    };
}

pinned! {
    /// Memory of a Python object that is kept beyond a call, to read: Cython's `cdef const double[:, ::1] x` in a class.
    ///
    /// It is an argument, and a field of a class. The exporter stays exported while it lives, so the memory stays where it is.
    /// Nothing is claimed until [`local`](Self::local), [`lock`](Self::lock) or [`lock_part`](Self::lock_part) asks for it, so
    /// others can use the memory meanwhile.
    ///
    /// # Errors
    ///
    /// As an argument it raises the exceptions of [`PyView`](crate::PyView), except those for memory that is in use.
    ///
    /// # Examples
    ///
    /// A class whose attribute can be read and assigned from Python:
    ///
    /// ```no_run
    /// use pyo3::exceptions::PyValueError;
    /// use pyo3::prelude::*;
    /// use pyo3::{PyTraverseError, PyVisit};
    /// use typedview_pyo3::{C, PyPinned, PyView};
    ///
    /// #[pyclass]
    /// struct Nearest {
    ///     #[pyo3(get, set)]
    ///     points: PyPinned<f64, C<2>>,
    /// }
    ///
    /// #[pymethods]
    /// impl Nearest {
    ///     #[new]
    ///     fn new(points: PyPinned<f64, C<2>>) -> Self {
    ///         Self { points }
    ///     }
    ///
    ///     /// The row that is nearest to `point`.
    ///     fn find(&self, py: Python<'_>, point: PyView<'_, f64, C<1>>) -> PyResult<usize> {
    ///         if point.size() != self.points.shape()[1] {
    ///             return Err(PyValueError::new_err("the point has another number of coordinates"));
    ///         }
    ///         let points = self.points.local(py)?;
    ///         let distance = |row: usize| -> f64 {
    ///             let row = points.cells().row(row);
    ///             row.iter().zip(point.cells().iter()).map(|(a, b)| (a - b).powi(2)).sum()
    ///         };
    ///         let nearest = (0..self.points.shape()[0]).min_by(|&i, &j| distance(i).total_cmp(&distance(j)));
    ///         Ok(nearest.unwrap_or(0))
    ///     }
    ///
    ///     fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
    ///         self.points.traverse(&visit)
    ///     }
    /// }
    /// ```
    PyPinned, false, LocalView
}

pinned! {
    /// Memory of a Python object that is kept beyond a call, to read and write: Cython's `cdef double[:, ::1] x` in a class.
    ///
    /// It is [`PyPinned`] with [`lock_mut`](Self::lock_mut) and [`lock_mut_part`](Self::lock_mut_part). All of them take `&self`,
    /// because the table of claims refuses what conflicts.
    ///
    /// # Errors
    ///
    /// As an argument it raises the exceptions of [`PyViewMut`](crate::PyViewMut), except those for memory that is in use.
    ///
    /// # Examples
    ///
    /// Threads that write their own rows of one array, which all of them get as a whole:
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyPinnedMut, s};
    ///
    /// #[pyfunction]
    /// fn fill_row(py: Python<'_>, table: PyPinnedMut<f64, C<2>>, row: usize, value: f64) -> PyResult<()> {
    ///     let mut lock = table.lock_mut_part(py, s![row])?;
    ///     let mut row = lock.view_mut();
    ///     py.detach(|| row.fill(value));
    ///     Ok(())
    /// }
    /// ```
    PyPinnedMut, true, LocalViewMut
}

impl<T: Element, L: Layout> PyPinnedMut<T, L> {
    /// Locks the memory for writing.
    ///
    /// # Errors
    ///
    /// `BufferError` while the memory is in use, if axes hold pointers, and if two elements may overlap.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyPinnedMut};
    ///
    /// #[pyfunction]
    /// fn clear(py: Python<'_>, x: PyPinnedMut<f64, C<1>>) -> PyResult<()> {
    ///     x.lock_mut(py)?.view_mut().fill(0.0);
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    pub fn lock_mut<'a>(&'a self, py: Python<'a>) -> PyResult<WriteLock<'a, T, L>> {
        self.lock_mut_of(py, self.0.first, self.0.layout.clone(), None)
    }

    /// Locks the memory for writing, and waits as [`lock_within`](Self::lock_within) does.
    ///
    /// # Errors
    ///
    /// The exceptions of [`lock_mut`](Self::lock_mut) and of [`PyView::lock_within`](crate::PyView::lock_within).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use std::time::Duration;
    /// use typedview_pyo3::{C, PyPinnedMut};
    ///
    /// /// Waits for at most a second until nobody uses `x`.
    /// #[pyfunction]
    /// fn clear(py: Python<'_>, x: PyPinnedMut<f64, C<1>>) -> PyResult<()> {
    ///     x.lock_mut_within(py, Duration::from_secs(1))?.view_mut().fill(0.0);
    ///     Ok(())
    /// }
    /// ```
    pub fn lock_mut_within<'a>(&'a self, py: Python<'a>, timeout: Duration) -> PyResult<WriteLock<'a, T, L>> {
        self.lock_mut_of(py, self.0.first, self.0.layout.clone(), Some(timeout))
    }

    /// Locks the elements of `layout` from `first` on, which are some of those of `self`.
    fn lock_mut_of<'a, M: Layout>(
        &'a self,
        py: Python<'a>,
        first: *mut T,
        layout: M,
        timeout: Option<Duration>,
    ) -> PyResult<WriteLock<'a, T, M>> {
        let claim = self.0.claim_part(py, first, &layout, Mode::EXCLUSIVE, timeout)?;
        // SAFETY: the elements are alive, initialised and writable (Y1). The view is dropped at once and accesses no element: it
        // is only made because making it checks for overlap.
        if let Err(error) = unsafe { ViewMut::try_from_raw_parts(first, layout.clone()) } {
            let spec = (purpose::<T, L, true>().spec)();
            return Err(raise(ErrorKind::Readonly, format!("cannot lock {spec} for writing: {error}")));
        }
        // SAFETY: the elements are initialised, writable, and alive while `self` is borrowed (Y1). No two of them overlap, and
        // the claim on them is exclusive.
        Ok(unsafe { WriteLock::new(first, layout, LockOwner::Pinned(claim)) })
    }
}

impl<T: Element, L: Direct> PyPinnedMut<T, L> {
    /// Locks a part of the memory for writing: what an expression of [`s!`](crate::s) selects. Other parts can be in use at the
    /// same time, also for writing: rows, columns, tiles.
    ///
    /// # Errors
    ///
    /// `BufferError` while a byte of the part is in use, and if two elements may overlap; `IndexError` and `ValueError` if there
    /// is no such part.
    ///
    /// See [`PyPinnedMut`] for an example.
    #[inline]
    pub fn lock_mut_part<'a, S: Items<L, OnlyIndices>>(
        &'a self,
        py: Python<'a>,
        items: S,
    ) -> PyResult<WriteLock<'a, T, S::Layout>> {
        let (first, layout) = self.0.part(items)?;
        self.lock_mut_of(py, first, layout, None)
    }

    /// Does what [`lock_mut_part`](Self::lock_mut_part) does, and waits as [`lock_within`](Self::lock_within) does.
    ///
    /// # Errors
    ///
    /// The exceptions of both.
    pub fn lock_mut_part_within<'a, S: Items<L, OnlyIndices>>(
        &'a self,
        py: Python<'a>,
        items: S,
        timeout: Duration,
    ) -> PyResult<WriteLock<'a, T, S::Layout>> {
        let (first, layout) = self.0.part(items)?;
        self.lock_mut_of(py, first, layout, Some(timeout))
    }
}
