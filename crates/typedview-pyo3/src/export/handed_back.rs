//! Views on their way back: what arrived as an argument, or a part of it, becomes a result.
//! The claim ends, since Rust does not touch the memory any more; the export stays with the Python object.

use super::PyOwned;
use super::handed::{Handed, Owner};
use crate::error::OrRaise;
use crate::view::{Held, PyView, PyViewMut};
use pyo3::{PyResult, Python};
use typedview::{CellView, CellViewMut, Direct, Element, Error};

macro_rules! handing_back {
    ($view:ident, $cells:ident, $access:literal) => {
        impl<T: Element, L: Direct> $view<'_, T, L> {
            /// The same memory for Python to have,
            #[doc = $access]
            /// as it was taken.
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
            /// Nothing is handed out under a lock:
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

            /// A part of the memory, or the same elements in another layout, for Python to have,
            #[doc = $access]
            /// as it was taken.
            ///
            /// # Panics
            ///
            /// The part is of other memory.
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

            /// As [`export_part`](Self::export_part), of a part that there may not be.
            ///
            /// # Errors
            ///
            /// Those of `part`.
            ///
            /// # Panics
            ///
            /// The part is of other memory.
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

handing_back!(PyView, CellView, "readonly");
handing_back!(PyViewMut, CellViewMut, "writable");

#[track_caller]
fn hand_back<T: Element, L: Direct, M: Direct, const WRITE: bool>(
    held: Held<T, L, WRITE>,
    first: *mut T,
    layout: M,
) -> PyOwned<T, M> {
    let (whole, all, export) = held.into_parts();
    // INVARIANT Q1: H1, and the export is kept. Q2: the claim is gone, and so are the views and locks under it.
    let whole = Handed { first: whole, layout: all, readonly: !WRITE };
    // SAFETY: a view stays on its thread, which is attached (P2).
    let py = unsafe { Python::assume_attached() };
    PyOwned { handed: whole.part(first, layout), owner: Owner::of(py, export) }
}
