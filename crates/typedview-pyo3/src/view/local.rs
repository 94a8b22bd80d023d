//! `LocalView` and `LocalViewMut`: pinned memory, claimed for access by value on this thread.

use super::consumer::purpose;
use crate::argument::PinnedClaim;
use pyo3::Python;
use std::fmt;
use std::marker::PhantomData;
use typedview::{CellView, CellViewMut, Element, Layout};
use typedview_claims::Mode;

macro_rules! local_view {
    (
        $(#[$doc:meta])*
        $view:ident, $cells:ident, $writes:literal, $mode:expr
    ) => {
        $(#[$doc])*
        pub struct $view<'a, T: Element, L: Layout> {
            first: *mut T,
            layout: L,
            _claim: PinnedClaim,
            pinned: PhantomData<(&'a T, Python<'a>)>,
        }

        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            pub(super) const MODE: Mode = $mode;

            /// # Safety
            ///
            /// The caller must ensure that the elements of `layout` from `first` on are initialised and alive for `'a`, that they
            /// are writable if this view writes, and that `claim` is a claim on them in [`MODE`](Self::MODE).
            pub(super) unsafe fn new(first: *mut T, layout: L, claim: PinnedClaim) -> Self {
                Self { first, layout, _claim: claim, pinned: PhantomData }
            }

            /// Returns the elements by value. Other views may access them between two accesses.
            ///
            /// See [`LocalViewMut`] for an example.
            #[inline]
            #[must_use]
            pub fn cells(&self) -> $cells<'_, T, L> {
                // SAFETY: the caller of `new` guarantees that the elements are alive, initialised, and writable if this view
                // writes. The claim is in the table, so no holder has a reference to them. This view stays on its thread, which
                // is attached to the interpreter, so no local holder accesses an element while this view accesses it.
                unsafe { $cells::from_raw_parts(self.first, self.layout.clone()) }
            }
        }

        impl<T: Element, L: Layout> fmt::Debug for $view<'_, T, L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($view), "({})"), (purpose::<T, L, $writes>().spec)())
            }
        }
    };
}

local_view! {
    /// Pinned memory, to read on this thread while the interpreter is attached. [`PyPinned::local`](crate::PyPinned::local)
    /// gives it.
    ///
    /// See [`PyPinned`](crate::PyPinned) for an example.
    LocalView, CellView, false, Mode::LOCAL_READ
}

local_view! {
    /// Pinned memory, to read and write on this thread while the interpreter is attached.
    /// [`PyPinnedMut::local`](crate::PyPinnedMut::local) gives it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyPinnedMut};
    ///
    /// #[pyfunction]
    /// fn set_first(py: Python<'_>, x: PyPinnedMut<f64, C<1>>, value: f64) -> PyResult<()> {
    ///     x.local(py)?.cells().set(0, value);
    ///     Ok(())
    /// }
    /// ```
    LocalViewMut, CellViewMut, true, Mode::LOCAL_WRITE
}
