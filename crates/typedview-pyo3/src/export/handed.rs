//! `Handed` and `Owner`: the elements that a result hands to Python, and what keeps their memory alive.

use crate::acquire::Export;
use crate::kept_export::KeptExport;
use crate::ndarray;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use typedview::{Direct, Element, Memory};

/// Elements that are handed to Python.
///
/// - Q1. The elements of `layout`, counted from `first`, are initialised, and alive while their owner is. They may be written
///   unless `readonly` is set.
/// - Q2. Rust has no reference to them and makes none, unless a lock is registered.
pub(super) struct Handed<T, L> {
    pub(super) first: *mut T,
    pub(super) layout: L,
    pub(super) readonly: bool,
}

impl<T: Element, K: Direct> Handed<T, K> {
    /// The elements of `layout`, counted from `first`, which must be inside the memory of these.
    ///
    /// # Panics
    ///
    /// If they are not.
    #[track_caller]
    pub(super) fn part<L: Direct>(&self, first: *mut T, layout: L) -> Handed<T, L> {
        let (whole, part) = (self.layout.reach(size_of::<T>()), layout.reach(size_of::<T>()));
        let is_inside = match (whole.addresses(self.first.addr()), part.addresses(first.addr())) {
            (Some((low, high)), Some((lowest, highest))) => low <= lowest && highest <= high,
            _ => false,
        };
        // A closure of the user may return a view of other memory, namely of memory that lives for ever.
        assert!(layout.is_empty() || is_inside, "the part is of other memory");
        Handed { first, layout, readonly: self.readonly }
    }
}

/// The owner of memory, which frees it or gives it back when dropped.
#[derive(Debug)]
pub(crate) enum Owner {
    /// Rust allocated it.
    Memory(Memory),
    /// A Python object, an array or `bytes`, keeps it while it lives. The second reference is to the array that owns the memory,
    /// which may be the same one. NumPy does not resize an array with that many references (see [`KeptExport`]).
    Object([Py<PyAny>; 2]),
    /// Another export keeps it. It is boxed because every byte of a result is moved more than once.
    Export(Box<KeptExport>),
}

impl Owner {
    /// The owner of the memory of an export.
    #[inline]
    pub(crate) fn of(py: Python<'_>, export: Export) -> Self {
        let object = match export.into_object() {
            Ok(object) => object.into_bound(py),
            Err(export) => return Self::Export(Box::new(export.keep(py))),
        };
        match ndarray::owner_of_memory(&object) {
            None => Self::Object([object.clone().unbind(), object.unbind()]),
            Some(array) if ndarray::is_instance(&array) => Self::Object([object.unbind(), array.unbind()]),
            Some(_) => Self::Export(Box::new(Export::of_object(&object).keep(py))),
        }
    }

    /// The object that owns the memory, if Python knows one.
    #[cfg(feature = "view")]
    pub(crate) fn object(&self) -> Option<&Py<PyAny>> {
        match self {
            Self::Memory(_) => None,
            Self::Object([object, _]) => Some(object),
            Self::Export(export) => export.owner(),
        }
    }

    /// Tells the garbage collector which objects the owner refers to.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            // An array or `bytes` is in no cycle that the collector can see. Another object may lose its memory when it is cleared.
            Self::Memory(_) | Self::Object(_) => Ok(()),
            Self::Export(export) => export.traverse(visit),
        }
    }
}
