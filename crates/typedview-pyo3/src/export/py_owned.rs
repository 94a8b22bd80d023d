//! `PyOwned`: a result that becomes a Python object without a copy.

use super::exported::Exported;
use super::handed::{Handed, Owner};
use super::to_object;
use pyo3::PyErr;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use std::fmt;
use typedview::{C, Direct, Element, Memory, Owned, Shared, ViewMut};

/// The result of a function: memory that becomes a Python object without a copy.
///
/// It is made from an [`Owned`], from a part of one, from a [`Shared`], or from a view that arrived as an argument
/// ([`PyView::export`](crate::PyView::export), [`PyViewMut::export`](crate::PyViewMut::export)).
///
/// The Python object is a `View`: Python can index, slice, compare and print it, with no package installed. Without the feature `view` it only exports its memory.
/// It speaks the buffer protocol, DLPack and `__array_interface__`: `memoryview(x)`, `numpy.asarray(x)` and
/// `torch.from_dlpack(x)` view the memory without a copy and keep it alive. No Python package is needed.
///
/// A result is handed over once. A class that returns its memory again and again keeps it in a field [`Shared`], and makes a
/// `PyOwned` of a clone, which copies no elements.
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

// SAFETY: Rust does not access the elements (Q2), it only hands the pointer on to Python. `Memory` and `Export` are `Send`.
unsafe impl<T: Element, L: Direct> Send for PyOwned<T, L> {}
// SAFETY: a shared reference to a `PyOwned` gives no access to its elements.
unsafe impl<T: Element, L: Direct> Sync for PyOwned<T, L> {}

impl<T: Element, L: Direct> PyOwned<T, L> {
    /// Hands over a part of some memory, or its elements in another layout. The whole memory stays allocated.
    ///
    /// # Panics
    ///
    /// If `part` returns a view of other memory.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Owned, PyOwned, Pitched, s};
    ///
    /// /// Zeros below a row and beside a column that Python does not see.
    /// #[pyfunction]
    /// fn padded(rows: usize, columns: usize) -> PyOwned<f64, Pitched<2>> {
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
        // INVARIANT Q1: the memory of an `Owned` is initialised and writable (O1). Q2: `owned` has been consumed.
        let whole = Handed { first: whole, layout: all, readonly: false };
        Self { handed: whole.part(first, layout), owner: Owner::Memory(memory) }
    }
}

impl<T: Element, L: Direct> From<Owned<T, L>> for PyOwned<T, L> {
    #[inline]
    fn from(owned: Owned<T, L>) -> Self {
        let (first, layout, memory) = owned.into_raw_parts();
        // INVARIANT Q1: the memory of an `Owned` is initialised and writable (O1). Q2: `owned` has been consumed.
        Self { handed: Handed { first, layout, readonly: false }, owner: Owner::Memory(memory) }
    }
}

impl<T: Element> From<Vec<T>> for PyOwned<T, C<1>> {
    #[inline]
    fn from(elements: Vec<T>) -> Self {
        Owned::from(elements).into()
    }
}

/// The Python object is readonly, because other owners read the memory. Records with padding do not compile, because their
/// padding has never been written:
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
        // INVARIANT Q1: the memory of a `Shared` is initialised (O2), and the owner keeps `shared`. Q2: it is readonly, and its
        // other owners only read it.
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
        to_object(py, Exported::of_handed(self.handed), self.owner)
    }
}

impl<T: Element, L: Direct> fmt::Debug for PyOwned<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Handed { layout, readonly, .. } = &self.handed;
        write!(f, "PyOwned({layout:?}, readonly: {readonly}, {:?})", self.owner)
    }
}
