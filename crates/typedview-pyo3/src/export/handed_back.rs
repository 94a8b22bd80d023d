//! `export` and `export_part`: an argument, or a part of it, becomes a result.
//! The claim of the argument ends here, because Rust does not access the memory any more. The Python object keeps the export.

use super::PyOwned;
use super::handed::{Handed, Owner};
use crate::error::OrRaise;
use crate::view::{Held, PyView, PyViewMut};
use pyo3::{PyResult, Python};
use typedview::{CellView, CellViewMut, Direct, Element, Error};

macro_rules! handing_back {
    ($view:ident, $cells:ident, $access:literal) => {
        impl<T: Element, L: Direct> $view<'_, T, L> {
            /// Returns the same memory as a result. Python gets it as
            #[doc = concat!($access, ".")]
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{C, F, PyOwned, PyView};
            ///
            /// #[pyfunction]
            /// fn transposed(x: PyView<'_, f64, C<2>>) -> PyOwned<f64, F<2>> {
            ///     x.export_part(|x| x.transpose())
            /// }
            /// ```
            ///
            /// Memory that is locked cannot be returned:
            ///
            /// ```compile_fail,E0505
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{C, PyOwned, PyView};
            ///
            /// fn first(x: PyView<'_, f64, C<1>>) -> PyResult<(f64, PyOwned<f64, C<1>>)> {
            ///     let lock = x.lock()?;
            ///     let back = x.export();
            ///     Ok((lock.view().at(0), back))
            /// }
            /// ```
            #[must_use]
            pub fn export(self) -> PyOwned<T, L> {
                self.export_part(|cells| cells)
            }

            /// Returns a part of the memory, or the same elements in another layout, as a result. Python gets it as
            #[doc = concat!($access, ".")]
            ///
            /// # Panics
            ///
            /// Panics if `part` returns a view of other memory.
            ///
            /// # Examples
            ///
            /// ```no_run
            /// use pyo3::prelude::*;
            /// use typedview_pyo3::{PyOwned, PyView, Strided, s};
            ///
            /// /// `x[1:, ::2]`
            /// #[pyfunction]
            /// fn part(x: PyView<'_, f64, Strided<2>>) -> PyOwned<f64, Strided<2>> {
            ///     x.export_part(|x| x.slice(s![1.., ..;2]))
            /// }
            /// ```
            #[must_use]
            #[track_caller]
            pub fn export_part<M: Direct>(
                self,
                part: impl for<'a> FnOnce($cells<'a, T, L>) -> $cells<'a, T, M>,
            ) -> PyOwned<T, M> {
                let (first, layout) = {
                    let part = part(self.cells());
                    (part.as_ptr().cast_mut(), part.layout().clone())
                };
                hand_back(self.into_held(), first, layout)
            }

            /// Does what [`export_part`](Self::export_part) does with a function that can fail.
            ///
            /// # Errors
            ///
            /// Raises the exception for the error of `part`.
            ///
            /// # Panics
            ///
            /// Panics if `part` returns a view of other memory.
            #[track_caller]
            pub fn try_export_part<M: Direct>(
                self,
                part: impl for<'a> FnOnce($cells<'a, T, L>) -> Result<$cells<'a, T, M>, Error>,
            ) -> PyResult<PyOwned<T, M>> {
                let (first, layout) = {
                    let part = part(self.cells()).or_raise()?;
                    (part.as_ptr().cast_mut(), part.layout().clone())
                };
                Ok(hand_back(self.into_held(), first, layout))
            }
        }
    };
}

handing_back!(PyView, CellView, "readonly memory");
handing_back!(PyViewMut, CellViewMut, "writable memory");

/// Makes a result of the elements of `layout` from `first` on, which must be some of those of `held`.
#[track_caller]
fn hand_back<T: Element, L: Direct, M: Direct, const WRITE: bool>(
    held: Held<T, L, WRITE>,
    first: *mut T,
    layout: M,
) -> PyOwned<T, M> {
    let (whole, all, export) = held.into_parts();
    // INVARIANT Q1: the elements are initialised and alive while the export is kept (H1). They may be written only if they were
    // acquired for writing. Q2: the claim has ended, and with it all views and locks of the argument.
    let whole = Handed { first: whole, layout: all, readonly: !WRITE };
    // SAFETY: a view stays on its thread, and that thread is attached to the interpreter whenever the view is used (P2).
    let py = unsafe { Python::assume_attached() };
    PyOwned { handed: whole.part(first, layout), owner: Owner::of(py, export) }
}
