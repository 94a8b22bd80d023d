//! Arguments that a function returns, and results that it takes, in the words of the compiler's message.
//! Neither compiles. Without this file, the message would list types that PyO3 knows, and not say what to declare instead.

use super::{PyNdarray, PyOwned};
use crate::view::{PyPinned, PyPinnedMut, PyView, PyViewMut};
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::convert::Infallible;
use typedview::{Direct, Element, Layout};

/// The type of which the bounds speak. A bound on the argument itself would not do, because then the message would be that of PyO3.
#[derive(Debug)]
pub struct Functions;

/// Whether functions can return a type.
#[diagnostic::on_unimplemented(
    message = "`{Argument}` is an argument, which a function cannot return",
    label = "return a `PyOwned` or a `PyNdarray`",
    note = "`x.export()` of a `PyView` or a `PyViewMut` makes a `PyOwned` of the same memory, and `x.export_part(|x| x.slice(s![1..]))` one of a part of it"
)]
pub trait CanReturn<Argument> {}

impl<T: Element, L: Direct> CanReturn<PyOwned<T, L>> for Functions {}
impl<T: Element, L: Direct> CanReturn<PyNdarray<T, L>> for Functions {}

/// Whether functions can take a type.
#[diagnostic::on_unimplemented(
    message = "`{Outcome}` is a result, which a function cannot take",
    label = "take a `PyView`, a `PyViewMut` or a `PyPinned`"
)]
pub trait CanTake<Outcome> {}

impl<T: Element, L: Layout> CanTake<PyView<'_, T, L>> for Functions {}
impl<T: Element, L: Layout> CanTake<PyViewMut<'_, T, L>> for Functions {}
impl<T: Element, L: Layout> CanTake<PyPinned<T, L>> for Functions {}
impl<T: Element, L: Layout> CanTake<PyPinnedMut<T, L>> for Functions {}

macro_rules! no_results {
    ($($view:ident),*) => {$(
        #[doc(hidden)]
        impl<'py, T: Element, L: Layout> IntoPyObject<'py> for $view<'_, T, L>
        where
            Functions: CanReturn<Self>,
        {
            type Target = PyAny;
            type Output = Bound<'py, PyAny>;
            type Error = Infallible;

            fn into_pyobject(self, _py: Python<'py>) -> Result<Bound<'py, PyAny>, Infallible> {
                unreachable!("nothing meets the bound")
            }
        }
    )*};
}

no_results!(PyView, PyViewMut);

macro_rules! no_arguments {
    ($($owned:ident),*) => {$(
        #[doc(hidden)]
        impl<'a, 'py, T: Element, L: Direct> FromPyObject<'a, 'py> for $owned<T, L>
        where
            Functions: CanTake<Self>,
        {
            type Error = PyErr;

            fn extract(_obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
                unreachable!("nothing meets the bound")
            }
        }
    )*};
}

no_arguments!(PyOwned, PyNdarray);
