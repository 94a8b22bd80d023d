//! Copies between views of Python objects. Large ones let other Python threads run.

use super::detached::{Lockable, detach_with};
use super::{PyView, PyViewMut};
use crate::error::OrRaise;
use pyo3::prelude::*;
use typedview::{Element, Exact, Layout, Number, SameKind};

/// From this number of bytes on, a copy locks its memory and detaches from the interpreter. A copy of so many bytes takes 50 to 100 us,
/// and to attach again may take as long if another thread runs Python code.
pub const DETACHED_COPY: usize = 1 << 20;

macro_rules! copying {
    ($($(#[$doc:meta])* $name:ident [$($generics:tt)*] ($source:ty) $([$($bounds:tt)*])? by $try_name:ident;)*) => {
        impl<T: Element, L: Layout> PyViewMut<'_, T, L> {$(
            $(#[$doc])*
            pub fn $name<$($generics)*>(&mut self, py: Python<'_>, source: &PyView<'_, $source, M>) -> PyResult<()>
            $(where $($bounds)*)?
            {
                // The memory cannot be locked if the two overlap, or if others use it. Then the copy is made while attached.
                if self.size() * size_of::<T>() >= DETACHED_COPY
                    // SAFETY: this thread is attached when the locks are dropped, at the end of this block.
                    && let Ok(mut locks) = unsafe { (&mut *self, source).lock_all() }
                {
                    return detach_with(py, &mut locks, |(mut target, source)| target.$try_name(&source))?.or_raise();
                }
                self.cells().$try_name(&source.cells()).or_raise()
            }
        )*}
    };
}

copying! {
    /// Copies the elements of `source` into this view: `target[...] = source` with the shapes of
    /// [`ViewMut::copy_from`](typedview::ViewMut::copy_from). If the two overlap, the result is as if `source` had been copied to other
    /// memory first.
    ///
    /// From [`DETACHED_COPY`] bytes on, other Python threads run meanwhile, and both memories are locked.
    ///
    /// # Errors
    ///
    /// `ValueError` when the source cannot be repeated to the shape of this view, and `MemoryError` when a temporary copy is needed
    /// and cannot be allocated. Nothing is written in these cases.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyView, PyViewMut, Strided};
    ///
    /// #[pyfunction]
    /// fn pack(py: Python<'_>, mut target: PyViewMut<'_, f64, C<2>>, source: PyView<'_, f64, Strided<2>>) -> PyResult<()> {
    ///     target.copy_from(py, &source)
    /// }
    /// ```
    copy_from [M: Layout] (T) by try_copy_from;

    /// Sets the elements to those of `source`, converted by NumPy's rule [`same_kind`](SameKind): `i32` to `f64`, `f64` to `f32`.
    /// Everything else is as for [`copy_from`](Self::copy_from).
    ///
    /// # Errors
    ///
    /// The same exceptions as [`copy_from`](Self::copy_from).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Big, C, PyView, PyViewMut};
    ///
    /// /// Reads numbers of a file in big-endian order.
    /// #[pyfunction]
    /// fn decode(py: Python<'_>, mut target: PyViewMut<'_, f64, C<1>>, file: PyView<'_, Big<i16>, C<1>>) -> PyResult<()> {
    ///     target.convert_from(py, &file)
    /// }
    /// ```
    convert_from [S: Number, M: Layout] (S) [T: SameKind<S>] by try_convert_from;

    /// Sets the elements to those of `source`, converted without a change of their values. Everything else is as for
    /// [`copy_from`](Self::copy_from).
    ///
    /// # Errors
    ///
    /// The same exceptions as [`copy_from`](Self::copy_from), and `ValueError` when this type of element cannot hold a value.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyView, PyViewMut};
    ///
    /// /// Raises `ValueError` if an index is no integer.
    /// #[pyfunction]
    /// fn indices(py: Python<'_>, mut target: PyViewMut<'_, i32, C<1>>, source: PyView<'_, f64, C<1>>) -> PyResult<()> {
    ///     target.convert_exact_from(py, &source)
    /// }
    /// ```
    convert_exact_from [S: Number, M: Layout] (S) [T: Exact<S>] by try_convert_exact_from;
}
