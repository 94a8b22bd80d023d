//! Lock guards: the locks that a user holds, and the views that they lend.

use crate::argument::{Claimed, PinnedClaim};
use crate::lock::ClaimGuard;
use std::fmt;
use std::marker::PhantomData;
use typedview::{Element, Layout, View, ViewMut};

/// Owns the claim of a lock. Dropping it ends the lock.
#[expect(dead_code, reason = "held to be dropped")]
pub(super) enum LockOwner<L> {
    /// A second claim besides the claim of the view. The lock borrows the view.
    Claim(ClaimGuard),
    /// A claim on pinned memory. The lock borrows the pin.
    Pinned(PinnedClaim),
    /// The memory of a view that was given up for the lock. Its claim has become the claim of the lock.
    View(Claimed<L>),
}

/// A shared lock: memory of a Python object that no other view in this process writes while this guard lives.
///
/// The views that it lends may be sent to other threads, for example into `Python::detach` or into a thread pool.
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
    _owner: LockOwner<L>,
    held: PhantomData<&'a [T]>,
}

impl<'a, T: Element, L: Layout> ReadLock<'a, T, L> {
    /// Returns the guard for a claim that is in the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the elements of `layout` from `first` on are initialised, that they are alive as long as
    /// `owner` and `'a` last, and that `owner` has a shared claim on them.
    pub(super) unsafe fn new(first: *const T, layout: L, owner: LockOwner<L>) -> Self {
        Self { first, layout, _owner: owner, held: PhantomData }
    }

    /// Returns a view of the elements, for reading.
    ///
    /// See [`ReadLock`] for an example.
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // SAFETY: the caller of `new` guarantees that the elements are alive and initialised, and the shared claim
        // keeps writers out while `self` is borrowed.
        unsafe { View::from_raw_parts(self.first, self.layout.clone()) }
    }
}

/// An exclusive lock: memory of a Python object that no other view in this process reads or writes while this guard lives.
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
    _owner: LockOwner<L>,
    held: PhantomData<&'a mut [T]>,
}

impl<'a, T: Element, L: Layout> WriteLock<'a, T, L> {
    /// Returns the guard for a claim that is in the table.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the elements of `layout` from `first` on are initialised and writable, that they are alive
    /// as long as `owner` and `'a` last, that no two of them overlap, and that `owner` has an exclusive claim on them.
    pub(super) unsafe fn new(first: *mut T, layout: L, owner: LockOwner<L>) -> Self {
        Self { first, layout, _owner: owner, held: PhantomData }
    }

    /// Returns a view of the elements, for reading and writing.
    ///
    /// See [`WriteLock`] for an example.
    #[inline]
    #[must_use]
    pub fn view_mut(&mut self) -> ViewMut<'_, T, L> {
        // SAFETY: the caller of `new` guarantees that the elements are alive, initialised, writable and without
        // overlap. The exclusive claim keeps others out while `self` is borrowed.
        unsafe { ViewMut::from_raw_parts_unchecked(self.first, self.layout.clone()) }
    }

    /// Returns a view of the elements, for reading.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyViewMut};
    ///
    /// /// Subtracts the mean.
    /// #[pyfunction]
    /// fn centre(mut x: PyViewMut<'_, f64, C<1>>) -> PyResult<()> {
    ///     let mut lock = x.lock_mut()?;
    ///     let mean = lock.view().iter().sum::<f64>() / lock.view().size() as f64;
    ///     lock.view_mut().map_in_place(|x| x - mean);
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    #[must_use]
    pub fn view(&self) -> View<'_, T, L> {
        // SAFETY: the caller of `new` guarantees that the elements are alive and initialised, and the exclusive claim
        // keeps others out while `self` is borrowed.
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
