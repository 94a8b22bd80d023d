//! Guards: the locks that a user holds, and the views they lend.

use super::ClaimGuard;
use crate::view::Claimed;
use std::fmt;
use std::marker::PhantomData;
use typedview::{Element, Layout, View, ViewMut};

/// What keeps a lock in the table until it is dropped.
#[expect(dead_code, reason = "held to be dropped")]
pub(crate) enum Keeper<L> {
    /// A claim beside that of the view, which is borrowed meanwhile.
    Claim(ClaimGuard),
    /// The view itself, which has been given up for the lock.
    View(Claimed<L>),
}

/// Memory of a Python object that nobody writes while this guard lives.
///
/// The views it lends may cross threads: into `Python::detach`, into a thread pool.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyView, Strided};
///
/// #[pyfunction]
/// fn total(py: Python<'_>, x: PyView<'_, f64, Strided<1>>) -> PyResult<f64> {
///     let lock = x.lock()?;
///     let x = lock.view();
///     Ok(py.detach(|| x.iter().sum()))
/// }
/// ```
pub struct ReadLock<'a, T: Element, L: Layout> {
    first: *const T,
    layout: L,
    _keeper: Keeper<L>,
    held: PhantomData<&'a [T]>,
}

impl<'a, T: Element, L: Layout> ReadLock<'a, T, L> {
    /// # Safety
    ///
    /// The elements of `layout` from `first` on are alive and initialised for `'a`, and `keeper` has a shared claim
    /// on them.
    pub(crate) unsafe fn new(first: *const T, layout: L, keeper: Keeper<L>) -> Self {
        Self { first, layout, _keeper: keeper, held: PhantomData }
    }

    /// The elements, to read.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // SAFETY: the promise to `new`; the claim keeps writers out while `self` is borrowed.
        unsafe { View::from_raw_parts(self.first, self.layout.clone()) }
    }
}

/// Memory of a Python object that nobody else touches while this guard lives.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyViewMut, Strided};
///
/// #[pyfunction]
/// fn zero(py: Python<'_>, mut x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
///     let mut lock = x.lock_mut()?;
///     let mut x = lock.view_mut();
///     py.detach(|| x.fill(0.0));
///     Ok(())
/// }
/// ```
pub struct WriteLock<'a, T: Element, L: Layout> {
    first: *mut T,
    layout: L,
    _keeper: Keeper<L>,
    held: PhantomData<&'a mut [T]>,
}

impl<'a, T: Element, L: Layout> WriteLock<'a, T, L> {
    /// # Safety
    ///
    /// The elements of `layout` from `first` on are alive, initialised and writable for `'a`, no two overlap, and
    /// `keeper` has an exclusive claim on them.
    pub(crate) unsafe fn new(first: *mut T, layout: L, keeper: Keeper<L>) -> Self {
        Self { first, layout, _keeper: keeper, held: PhantomData }
    }

    /// The elements, to read and write.
    #[inline]
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, L> {
        // SAFETY: the promise to `new`; the claim keeps others out while `self` is borrowed.
        unsafe { ViewMut::from_raw_parts_unchecked(self.first, self.layout.clone()) }
    }

    /// The elements, to read.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // SAFETY: the promise to `new`; the claim keeps others out while `self` is borrowed.
        unsafe { View::from_raw_parts(self.first, self.layout.clone()) }
    }
}

impl<T: Element, L: Layout> fmt::Debug for ReadLock<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadLock({:?})", self.view())
    }
}

impl<T: Element, L: Layout> fmt::Debug for WriteLock<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteLock({:?})", self.view())
    }
}
