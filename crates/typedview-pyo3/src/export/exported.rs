//! `Exported`: memory that Rust has handed to Python, as plain numbers.
//! One type serves all elements and layouts. `exporter` makes a Python class of it, and each protocol reads it.

use super::axes::Axes;
use super::format_text::text;
use super::handed::{Handed, Owner};
use crate::acquire::Acquired;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::CStr;
use std::fmt;
use typedview::{Direct, Element, Format, Found, Order};

/// Memory that Rust handed to Python.
///
/// - X1. `axes` describe initialised elements, which stay where they are while `self` lives. They may be written unless
///   `readonly` is set.
/// - X2. Rust keeps no reference to the memory: it has been handed over to Python.
#[derive(Debug)]
pub(super) struct Exported {
    pub(super) first: *mut u8,
    pub(super) axes: Axes,
    pub(super) format: Format,
    /// The PEP 3118 text of the format, unless it is a single code, whose text is static.
    text: Option<Box<CStr>>,
    pub(super) readonly: bool,
    pub(super) c_contiguous: bool,
    pub(super) f_contiguous: bool,
    owner: Owner,
}

// SAFETY: Rust does not access the memory (X2). The pointer only goes to consumers of Python's protocols, which answer for
// their accesses themselves.
unsafe impl Send for Exported {}
// SAFETY: a shared reference gives no access to the memory either (X2); all other fields are `Sync`.
unsafe impl Sync for Exported {}

impl Exported {
    #[inline]
    pub(super) fn new<T: Element, L: Direct>(handed: Handed<T, L>, owner: Owner) -> Self {
        let Handed { first, layout, readonly } = handed;
        let (itemsize, format) = (size_of::<T>(), T::format());
        // INVARIANT X1: the elements are initialised, and alive while `owner` is (Q1). X2: Rust has given them up (Q2).
        Self {
            first: first.cast(),
            axes: Axes::new(layout.shape(), layout.strides(itemsize).as_ref()),
            text: text(&format),
            format,
            readonly,
            c_contiguous: layout.is_contiguous(Order::C, itemsize),
            f_contiguous: layout.is_contiguous(Order::F, itemsize),
            owner,
        }
    }

    /// Makes an exporter of memory that another library has handed over.
    pub(super) fn of_acquired(py: Python<'_>, acquired: Acquired) -> Self {
        let Acquired { export, description } = acquired;
        let found = description.found();
        // INVARIANT X1: the description was checked (D1), and `owner` keeps the export. X2: no view has been made.
        Self {
            first: description.first,
            axes: Axes::new(found.shape, found.strides),
            format: found.format.clone(),
            text: text(found.format),
            readonly: found.readonly,
            c_contiguous: found.is_contiguous(Order::C),
            f_contiguous: found.is_contiguous(Order::F),
            owner: Owner::of(py, export),
        }
    }

    /// The PEP 3118 text of the format.
    pub(super) fn text(&self) -> &CStr {
        self.text.as_deref().or_else(|| self.format.code()).unwrap_or_default()
    }

    /// The number of bytes of an element.
    pub(super) fn itemsize(&self) -> usize {
        self.format.itemsize()
    }

    /// The number of bytes of all elements.
    pub(super) fn nbytes(&self) -> usize {
        // The product fits `isize` (L1). If an extent is 0, the product is 0, whether or not a partial product wraps.
        self.axes.shape().iter().fold(self.itemsize(), |nbytes, &extent| nbytes.wrapping_mul(extent))
    }

    /// Tells the garbage collector which objects keep the memory.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.owner.traverse(visit)
    }
}

/// In spec notation: `Owned(double[2], C)`.
impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (format, shape, strides) = (&self.format, self.axes.shape(), self.axes.strides());
        let found = Found { format, shape, strides, suboffsets: &[], readonly: self.readonly };
        write!(f, "Owned({})", found.summary())
    }
}
