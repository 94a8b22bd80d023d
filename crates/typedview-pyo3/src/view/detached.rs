//! `detached` and `locked`: several views locked at once for one closure, which is Cython's `with nogil:`.

use super::lock_guards::{ReadLock, WriteLock};
use super::{PyPinned, PyPinnedMut, PyView, PyViewMut};
use crate::error::{OrRaise, raising};
use pyo3::prelude::*;
use typedview::{Element, Layout, View, ViewMut};

/// Views that [`locked`] and [`detached`] can lock: an `Option` of those below, a slice of views, and tuples of up to eight of all
/// these.
///
/// | reading | writing |
/// |---|---|
/// | `&x` of a `PyView`, a `PyPinned` or a `PyPinnedMut` | `&mut x` of a `PyViewMut`, `x.writing()` of a `PyPinnedMut` |
/// | `x.as_ref()` of an `Option<PyView>` | `x.as_mut()` of an `Option<PyViewMut>` |
/// | `&x[..]` of a `Vec<PyView>` | `&mut x[..]` of a `Vec<PyViewMut>` |
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, Lockable, PyView, detached};
///
/// /// How many of the arguments are there, once all of them are locked.
/// #[pyfunction]
/// fn count(py: Python<'_>, x: PyView<'_, f64, C<1>>, y: Option<PyView<'_, f64, C<1>>>) -> PyResult<usize> {
///     detached(py, (&x, y.as_ref()), |(_, y)| 1 + usize::from(y.is_some()))
/// }
///
/// /// A type that can be locked is a bound of functions that pass it on.
/// fn locks<V: Lockable>(py: Python<'_>, views: V) -> PyResult<()> {
///     detached(py, views, |_| ())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be locked",
    label = "pass `&x` of a `PyView` or `PyPinned`, `&mut x` of a `PyViewMut`, or `x.writing()` of a `PyPinnedMut`",
    note = "`x.as_ref()` of an `Option`, `&x[..]` of a `Vec`, and tuples of all these are locked, too"
)]
pub trait Lockable {
    /// What keeps the locks.
    type Guard: for<'g> Lend<'g>;

    /// Locks all views, in the order in which they are written.
    ///
    /// # Errors
    ///
    /// `BufferError` when one of the locks conflicts with another use of its memory. Nothing stays locked then.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the locks are dropped while this thread is attached to the interpreter.
    #[doc(hidden)]
    unsafe fn lock_all(self) -> PyResult<Self::Guard>;
}

/// Locks that lend views for `'g`.
///
/// See [`Lockable`] for an example of the views that are lent.
// The second parameter says that the locks live for `'g`. Without it, a closure over any `'g` would need locks that live for ever.
pub trait Lend<'g, Bound = &'g Self> {
    /// The views: those of the core, which can go to other threads.
    type Views: Send;

    /// Lends the views.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, Lend, PyView};
    ///
    /// #[pyfunction]
    /// fn first(x: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    ///     let mut lock = x.lock()?;
    ///     Ok(lock.lend().at(0)) // for one lock, this is `lock.view()`
    /// }
    /// ```
    fn lend(&'g mut self) -> Self::Views;
}

/// Locks `views`, runs `run` on them, and unlocks them. The interpreter stays attached.
///
/// An operation in `run` that fails, such as an index out of bounds, raises its exception: [`raising`] is included. If `run`
/// returns a `PyResult`, write `??` after the call.
///
/// # Errors
///
/// `BufferError` when a lock conflicts with another use of its memory, and the exceptions of [`raising`].
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyView, PyViewMut, locked};
///
/// #[pyfunction]
/// fn copy(py: Python<'_>, mut target: PyViewMut<'_, f64, C<1>>, source: PyView<'_, f64, C<1>>) -> PyResult<()> {
///     locked(py, (&mut target, &source), |(mut target, source)| target.copy_from(&source))
/// }
/// ```
pub fn locked<V: Lockable, R>(
    _py: Python<'_>,
    views: V,
    run: impl for<'g> FnOnce(<V::Guard as Lend<'g>>::Views) -> R,
) -> PyResult<R> {
    // SAFETY: this thread is attached to the interpreter during this call, in which the locks are dropped.
    let mut guard = unsafe { views.lock_all() }?;
    let views = guard.lend();
    raising(|| run(views))
}

/// Locks `views`, detaches this thread from the interpreter, runs `run` on the views, and unlocks them.
///
/// An operation in `run` that fails, such as an index out of bounds, raises its exception: [`raising`] is included. If `run`
/// returns a `PyResult`, write `??` after the call.
///
/// # Errors
///
/// `BufferError` when a lock conflicts with another use of its memory, and the exceptions of [`raising`].
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyView, PyViewMut, detached};
///
/// /// `y += a * x`, while other Python threads run.
/// #[pyfunction]
/// fn add_scaled(
///     py: Python<'_>,
///     a: f64,
///     x: PyView<'_, f64, C<1>>,
///     mut y: PyViewMut<'_, f64, C<1>>,
/// ) -> PyResult<()> {
///     detached(py, (&x, &mut y), |(x, mut y)| {
///         for i in 0..x.size() {
///             y.update(i, |y| y + a * x.at(i));
///         }
///     })
/// }
/// ```
pub fn detached<V: Lockable, R: Send>(
    py: Python<'_>,
    views: V,
    run: impl for<'g> FnOnce(<V::Guard as Lend<'g>>::Views) -> R + Send,
) -> PyResult<R> {
    // SAFETY: this thread is attached to the interpreter when `detach` has returned. The locks are dropped after that.
    let mut guard = unsafe { views.lock_all() }?;
    detach_with(py, &mut guard, run)
}

/// Detaches this thread from the interpreter, and runs `run` on the views that are locked.
///
/// # Errors
///
/// The exceptions of [`raising`].
pub(super) fn detach_with<'g, G: Lend<'g>, R: Send>(
    py: Python<'_>,
    guard: &'g mut G,
    run: impl FnOnce(G::Views) -> R + Send,
) -> PyResult<R> {
    let views = guard.lend();
    py.detach(|| typedview::catch(|| run(views))).or_raise()
}

/// Pinned memory that is to be locked for writing. [`PyPinnedMut::writing`] gives it.
///
/// See [`PyPinnedMut::writing`] for an example.
#[derive(Debug)]
pub struct Writing<'a, T: Element, L: Layout>(&'a PyPinnedMut<T, L>);

impl<T: Element, L: Layout> PyPinnedMut<T, L> {
    /// Marks the memory to be locked for writing, in the tuple of [`locked`] or [`detached`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyPinnedMut, PyView, detached};
    ///
    /// /// `target += x`, while other Python threads run.
    /// #[pyfunction]
    /// fn add(py: Python<'_>, target: PyPinnedMut<f64, C<1>>, x: PyView<'_, f64, C<1>>) -> PyResult<()> {
    ///     detached(py, (target.writing(), &x), |(mut target, x)| {
    ///         for i in 0..x.size() {
    ///             target[i] += x[i];
    ///         }
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn writing(&self) -> Writing<'_, T, L> {
        Writing(self)
    }
}

impl<'g, T: Element, L: Layout> Lend<'g> for ReadLock<'_, T, L> {
    type Views = View<'g, T, L>;

    #[inline]
    fn lend(&'g mut self) -> View<'g, T, L> {
        self.view()
    }
}

impl<'g, T: Element, L: Layout> Lend<'g> for WriteLock<'_, T, L> {
    type Views = ViewMut<'g, T, L>;

    #[inline]
    fn lend(&'g mut self) -> ViewMut<'g, T, L> {
        self.view_mut()
    }
}

impl<'a, T: Element, L: Layout> Lockable for &'a PyView<'_, T, L> {
    type Guard = ReadLock<'a, T, L>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        self.lock()
    }
}

impl<'a, T: Element, L: Layout> Lockable for &'a mut PyViewMut<'_, T, L> {
    type Guard = WriteLock<'a, T, L>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        self.lock_mut()
    }
}

impl<'a, T: Element, L: Layout> Lockable for &'a PyPinned<T, L> {
    type Guard = ReadLock<'a, T, L>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that this thread is attached until the locks are dropped.
        self.lock(unsafe { Python::assume_attached() })
    }
}

impl<'a, T: Element, L: Layout> Lockable for &'a PyPinnedMut<T, L> {
    type Guard = ReadLock<'a, T, L>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that this thread is attached until the locks are dropped.
        self.lock(unsafe { Python::assume_attached() })
    }
}

impl<'a, T: Element, L: Layout> Lockable for Writing<'a, T, L> {
    type Guard = WriteLock<'a, T, L>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that this thread is attached until the locks are dropped.
        self.0.lock_mut(unsafe { Python::assume_attached() })
    }
}

impl<'g, G: Lend<'g>> Lend<'g> for Option<G> {
    type Views = Option<G::Views>;

    #[inline]
    fn lend(&'g mut self) -> Self::Views {
        self.as_mut().map(G::lend)
    }
}

impl<V: Lockable> Lockable for Option<V> {
    type Guard = Option<V::Guard>;

    #[inline]
    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that the locks are dropped while this thread is attached.
        self.map(|view| unsafe { view.lock_all() }).transpose()
    }
}

impl<'g, G: Lend<'g>> Lend<'g> for Vec<G> {
    type Views = Vec<G::Views>;

    fn lend(&'g mut self) -> Self::Views {
        self.iter_mut().map(G::lend).collect()
    }
}

impl<'a, V> Lockable for &'a [V]
where
    &'a V: Lockable,
{
    type Guard = Vec<<&'a V as Lockable>::Guard>;

    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that the locks are dropped while this thread is attached.
        self.iter().map(|view| unsafe { view.lock_all() }).collect()
    }
}

impl<'a, V> Lockable for &'a mut [V]
where
    &'a mut V: Lockable,
{
    type Guard = Vec<<&'a mut V as Lockable>::Guard>;

    unsafe fn lock_all(self) -> PyResult<Self::Guard> {
        // SAFETY: the caller guarantees that the locks are dropped while this thread is attached.
        self.iter_mut().map(|view| unsafe { view.lock_all() }).collect()
    }
}

macro_rules! tuples {
    ($(($($name:ident $number:tt),+);)*) => {$(
        impl<'g, $($name: Lend<'g>),+> Lend<'g> for ($($name,)+) {
            type Views = ($($name::Views,)+);

            #[inline]
            fn lend(&'g mut self) -> Self::Views {
                ($(self.$number.lend(),)+)
            }
        }

        impl<$($name: Lockable),+> Lockable for ($($name,)+) {
            type Guard = ($($name::Guard,)+);

            #[inline]
            unsafe fn lock_all(self) -> PyResult<Self::Guard> {
                // SAFETY: the caller guarantees that the locks are dropped while this thread is attached.
                Ok(($(unsafe { self.$number.lock_all() }?,)+))
            }
        }
    )*};
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}
