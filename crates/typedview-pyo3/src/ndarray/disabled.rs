//! The functions of this folder for free-threaded interpreters, where no array is read directly.
//! They have the signatures of those in `fast_path` and find nothing.

#![expect(clippy::extra_unused_type_parameters, reason = "the same signatures as in `fast_path`")]

use crate::acquire::{AcquireError, Description};
use pyo3::prelude::*;
use typedview::{Access, Element, Layout};

pub(crate) fn fast_path<T: Element, L: Layout>(_: &Bound<'_, PyAny>, _: Access) -> Option<(*mut u8, L)> {
    None
}

pub(crate) fn element_key(_: &Bound<'_, PyAny>) -> Option<u16> {
    None
}

pub(crate) fn is_remembered<T: Element>(_: &Bound<'_, PyAny>) -> bool {
    false
}

pub(crate) fn to_description(_: &Bound<'_, PyAny>) -> Option<Result<Description, AcquireError>> {
    None
}

pub(crate) fn remember<T: Element>(_: &Bound<'_, PyAny>) {}

pub(crate) fn is_known_dtype<T: Element>(_: &Bound<'_, PyAny>) -> bool {
    false
}

pub(crate) fn remember_dtype<T: Element>(_: &Bound<'_, PyAny>) {}

pub(crate) fn exact_base<'py>(_: &Bound<'py, PyAny>) -> Option<Option<Bound<'py, PyAny>>> {
    None
}
