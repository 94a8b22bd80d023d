//! `PyOwned`: a result that becomes a Python object without a copy.

use super::exporter::Exporter;
use crate::acquire::{Export, KeptExport};
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{PyErr, PyTraverseError, PyVisit};
use std::fmt;
use typedview::{Direct, Element, Memory, Owned, Reach, Shared, ViewMut};

/// Memory and its owner, on their way to Python.
///
/// It is made of an [`Owned`], of a part of one, of a [`Shared`], or of a view that arrived as an argument
/// ([`PyView::export`](crate::PyView::export), [`PyViewMut::export`](crate::PyViewMut::export)).
///
/// The Python object speaks the buffer protocol, DLPack and `__array_interface__`: `memoryview(x)`, `numpy.asarray(x)` and
/// `torch.from_dlpack(x)` view the memory without a copy and keep it alive. No Python package is needed.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, Owned, PyOwned};
///
/// #[pyfunction]
/// fn zeros(rows: usize, columns: usize) -> PyOwned<f64, C<2>> {
///     Owned::zeroed([rows, columns]).into()
/// }
/// ```
pub struct PyOwned<T: Element, L: Direct> {
    pub(super) handed: Handed<T, L>,
    pub(super) owner: Owner,
}

/// Elements that Python gets.
///
/// - Q1. Those of `layout` from `first` on are initialised, and alive while their owner is; they may be written unless
///   `readonly` says so.
/// - Q2. Rust has no reference to them and makes none, unless a lock is registered.
pub(super) struct Handed<T, L> {
    pub(super) first: *mut T,
    pub(super) layout: L,
    pub(super) readonly: bool,
}

/// What keeps memory alive, and frees it or gives it back when dropped.
#[derive(Debug)]
pub(super) enum Owner {
    /// Rust allocated it.
    Memory(#[expect(dead_code, reason = "held to be dropped")] Memory),
    /// It is that of an object of Python, an array or bytes, which keeps it while it lives; twice, as in a [`KeptExport`].
    Object([Py<PyAny>; 2]),
    /// It came from Python otherwise; in a box, since every byte of a result is moved more than once.
    Export(Box<KeptExport>),
}

impl Owner {
    /// What keeps an export.
    #[inline]
    pub(super) fn of(py: Python<'_>, export: Export) -> Self {
        match export.into_object() {
            Ok(object) => Self::Object([object.clone_ref(py), object]),
            Err(export) => Self::Export(Box::new(export.keep(py))),
        }
    }

    /// Tells the garbage collector of what is kept.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Object(both) => both.iter().try_for_each(|object| visit.call(object)),
            Self::Export(export) => export.traverse(visit),
        }
    }
}

// SAFETY: Q2: the pointer is only handed on to Python; `Memory` and `Export` are `Send`.
unsafe impl<T: Element, L: Direct> Send for PyOwned<T, L> {}
// SAFETY: nothing can be done with a shared reference.
unsafe impl<T: Element, L: Direct> Sync for PyOwned<T, L> {}

impl<T: Element, L: Direct> PyOwned<T, L> {
    /// A part of some memory, or the same elements in another layout; the whole memory is kept.
    ///
    /// # Panics
    ///
    /// The part is of other memory.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Owned, PyOwned, Strided, s};
    ///
    /// /// Zeros below a row and beside a column that Python does not see.
    /// #[pyfunction]
    /// fn padded(rows: usize, columns: usize) -> PyOwned<f64, Strided<2>> {
    ///     PyOwned::part_of(Owned::zeroed([rows + 1, columns + 1]), |x| x.slice(s![1.., 1..]))
    /// }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn part_of<K: Direct>(
        mut owned: Owned<T, K>,
        part: impl for<'a> FnOnce(ViewMut<'a, T, K>) -> ViewMut<'a, T, L>,
    ) -> Self {
        let part = part(owned.view_mut());
        let (first, layout) = (part.as_ptr().cast_mut(), part.layout().clone());
        let (whole, all, memory) = owned.into_raw_parts();
        // INVARIANT Q1 and Q2: inside memory that nobody else has; it is writable, as O1 says.
        let whole = Handed { first: whole, layout: all, readonly: false };
        Self { handed: whole.part(first, layout), owner: Owner::Memory(memory) }
    }
}

impl<T: Element, K: Direct> Handed<T, K> {
    /// The elements of `layout` from `first` on, if they are inside these.
    #[track_caller]
    pub(super) fn part<L: Direct>(&self, first: *mut T, layout: L) -> Handed<T, L> {
        let ends = |first: *mut T, reach: Reach| {
            // L2: a layout does not reach beyond its memory, so that nothing wraps.
            let at = |offset| first.addr().wrapping_add_signed(offset);
            (at(reach.lowest), at(reach.highest))
        };
        let (low, high) = ends(self.first, self.layout.reach(size_of::<T>()));
        let (lowest, highest) = ends(first, layout.reach(size_of::<T>()));
        // A closure may return any view that lives for ever, which is nobody's to hand out.
        assert!(layout.is_empty() || low <= lowest && highest <= high, "the part is of other memory");
        Handed { first, layout, readonly: self.readonly }
    }
}

impl<T: Element, L: Direct> From<Owned<T, L>> for PyOwned<T, L> {
    #[inline]
    fn from(owned: Owned<T, L>) -> Self {
        let (first, layout, memory) = owned.into_raw_parts();
        // INVARIANT Q1 and Q2: O1, and nobody else has the memory.
        Self { handed: Handed { first, layout, readonly: false }, owner: Owner::Memory(memory) }
    }
}

/// Readonly: other owners read it. Of records with padding it does not compile, since nobody has written that:
///
/// ```compile_fail,E0080
/// use typedview_pyo3::{Element, PyOwned, Shared};
///
/// #[derive(Clone, Copy, Element)]
/// #[repr(C)]
/// struct Aligned {
///     flag: u8,
///     price: f64,
/// }
///
/// let shared = Shared::from_owner(vec![Aligned { flag: 1, price: 2.0 }]);
/// let owned = PyOwned::from(shared);
/// ```
impl<T: Element, L: Direct> From<Shared<T, L>> for PyOwned<T, L> {
    fn from(shared: Shared<T, L>) -> Self {
        const {
            assert!(
                !T::PADDED,
                "Python would read the padding of records that Rust shares: copy them to an `Owned`"
            )
        };
        let view = shared.view();
        let handed =
            Handed { first: view.as_ptr().cast_mut(), layout: view.layout().clone(), readonly: true };
        // INVARIANT Q1: O2, and `shared` keeps the memory. Q2: nobody writes it.
        Self { handed, owner: Owner::Memory(Memory::from_owner(shared)) }
    }
}

impl<'py, T: Element, L: Direct> IntoPyObject<'py> for PyOwned<T, L> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "experimental-inspect")]
    const OUTPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

    #[inline]
    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(Bound::new(py, Exporter::new(self))?.into_any())
    }
}

impl<T: Element, L: Direct> fmt::Debug for PyOwned<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Handed { layout, readonly, .. } = &self.handed;
        write!(f, "PyOwned({layout:?}, readonly: {readonly}, {:?})", self.owner)
    }
}
