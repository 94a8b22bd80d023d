//! `Exported`: memory that Rust has handed to Python, as plain numbers.
//! One type serves all elements and layouts. A Python class is made of it, and each protocol reads it.

use super::handed::Handed;
use crate::acquire::Description;
use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::{Arc, OnceLock};
use typedview::{Direct, Element, Untyped};

/// Memory that Rust handed to Python. The Python object that has it keeps the memory alive.
///
/// - X1. The view describes initialised elements, which stay where they are while the Python object keeps their owner. They may be
///   written unless `readonly` is set.
/// - X2. Rust keeps no reference to the memory: it has been handed over to Python.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) untyped: Untyped,
    pub(crate) readonly: bool,
    /// The PEP 3118 text of the format: the one that its exporter has given, or one that is made for the first consumer. The usual text of a
    /// single code is static, and is not kept.
    text: OnceLock<Arc<CStr>>,
}

impl Exported {
    #[inline]
    pub(crate) fn new(untyped: Untyped, readonly: bool) -> Self {
        Self { untyped, readonly, text: OnceLock::new() }
    }

    #[inline]
    pub(super) fn of_handed<T: Element, L: Direct>(handed: Handed<T, L>) -> Self {
        let Handed { first, layout, readonly } = handed;
        // INVARIANT X1: the elements are initialised, and alive while their owner is (Q1). X2: Rust has given them up (Q2).
        // SAFETY: the elements of a `Handed` are inside one allocation (Q1), and a direct layout has no pointers.
        Self::new(unsafe { Untyped::of_layout(first.cast(), T::format(), &layout) }, readonly)
    }

    /// Describes memory that another library has handed over.
    #[inline]
    pub(crate) fn of_description(description: Description) -> Self {
        // INVARIANT X1: the description was checked (D1). X2: no view has been made.
        let (untyped, readonly, text) = description.into_parts();
        Self { untyped, readonly, text: text.map_or_else(OnceLock::new, OnceLock::from) }
    }

    /// Keeps a text of the format. It must describe the same elements.
    #[cfg(feature = "view")]
    pub(crate) fn with_text(mut self, text: Arc<CStr>) -> Self {
        self.text = OnceLock::from(text);
        self
    }

    /// The text of the format that is kept for elements of the same format, if there is one.
    #[cfg(feature = "view")]
    #[inline]
    pub(crate) fn kept_text(&self) -> Option<&Arc<CStr>> {
        self.text.get()
    }

    /// The PEP 3118 text of the format.
    pub(crate) fn text(&self) -> &CStr {
        let format = self.untyped.format();
        let usual = if self.text.get().is_some() { None } else { format.code() };
        usual.unwrap_or_else(|| {
            // A name cannot contain a zero byte: `Format::parse`, `Format::record` and the derive refuse it.
            self.text.get_or_init(|| CString::new(format.to_pep3118()).unwrap_or_default().into())
        })
    }
}

/// In spec notation: `View(double[2], C)`.
impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({})", self.untyped.found(self.readonly).summary())
    }
}
