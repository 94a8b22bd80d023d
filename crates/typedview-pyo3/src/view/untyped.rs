//! `PyUntypedView`: an argument whose element and ndim are open.

use super::held::Held;
use super::{PyView, PyViewMut};
use crate::acquire::{Description, exporter_name};
use crate::argument::{Requested, Wanted};
use crate::error::raise;
use crate::number::key;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::time::Duration;
use typedview::{Element, ErrorKind, Layout, Spec};

/// Memory of a Python object whose element and ndim are not known yet.
///
/// Acquired once; [`typed`](Self::typed) makes a [`PyView`] of it without asking the exporter again.
///
/// # Examples
///
/// [`dispatch!`](crate::dispatch) does this for a list of types:
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyUntypedView, Strided};
///
/// #[pyfunction]
/// fn largest(x: PyUntypedView<'_>) -> PyResult<f64> {
///     if x.holds::<f32>() {
///         let x = x.typed::<f32, Strided<1>>()?;
///         return Ok(x.cells().iter().fold(f32::NEG_INFINITY, f32::max).into());
///     }
///     let x = x.typed::<f64, Strided<1>>()?;
///     Ok(x.cells().iter().fold(f64::NEG_INFINITY, f64::max))
/// }
/// ```
#[derive(Debug)]
pub struct PyUntypedView<'py> {
    requested: Requested,
    /// The [`key`] of the elements.
    key: u16,
    exporter: Bound<'py, PyAny>,
}

impl<'py> PyUntypedView<'py> {
    /// Whether the elements are native `T`.
    #[inline(always)]
    #[must_use]
    pub fn holds<T: Element>(&self) -> bool {
        let wanted = const { key(T::DTYPE, T::BYTE_ORDER) };
        if wanted != 0 { self.key == wanted } else { self.requested.is_described_by::<T>(&self.exporter) }
    }

    /// Whether ndim and order are those of `L`.
    #[must_use]
    pub fn fits<L: Layout>(&self) -> bool {
        self.description().is_ok_and(|description| {
            let found = description.found();
            let ndim = L::NDIM.is_none_or(|ndim| ndim == found.shape.len());
            ndim && (L::INDIRECT || found.suboffsets.is_empty()) && found.is_contiguous(L::ORDER)
        })
    }

    /// Element, shape, strides and access, as found; kept for the next time.
    ///
    /// # Errors
    ///
    /// `ValueError` when the exporter describes memory that cannot be.
    pub fn description(&self) -> PyResult<&Description> {
        self.requested.describe(&self.exporter, Wanted::ANYTHING)
    }

    /// The memory as elements `T` in a layout `L`, to read.
    ///
    /// # Errors
    ///
    /// As [`PyView`] as an argument.
    #[inline]
    pub fn typed<T: Element, L: Layout>(self) -> PyResult<PyView<'py, T, L>> {
        let Self { requested, exporter, .. } = self;
        Ok(PyView::new(Held::of_requested(&exporter, requested, None)?, exporter.py()))
    }

    /// The memory as elements `T` in a layout `L`, to read and write.
    ///
    /// # Errors
    ///
    /// As [`PyViewMut`] as an argument.
    #[inline]
    pub fn typed_mut<T: Element, L: Layout>(self) -> PyResult<PyViewMut<'py, T, L>> {
        let Self { requested, exporter, .. } = self;
        Ok(PyViewMut::new(Held::of_requested(&exporter, requested, None)?, exporter.py()))
    }

    /// As [`typed`](Self::typed), but waits for others to be done with the memory, detached from the interpreter
    /// meanwhile.
    ///
    /// An open view is in nobody's way. A [`PyView`] as an argument would be refused on arrival.
    ///
    /// # Errors
    ///
    /// `BufferError` when they are not within `timeout`, and at once when it is this thread that uses the memory.
    pub fn typed_within<T: Element, L: Layout>(self, timeout: Duration) -> PyResult<PyView<'py, T, L>> {
        let Self { requested, exporter, .. } = self;
        Ok(PyView::new(Held::of_requested(&exporter, requested, Some(timeout))?, exporter.py()))
    }

    /// As [`typed_mut`](Self::typed_mut), but waits for others to be done with the memory, detached from the interpreter
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// As [`typed_within`](Self::typed_within).
    pub fn typed_mut_within<T: Element, L: Layout>(
        self,
        timeout: Duration,
    ) -> PyResult<PyViewMut<'py, T, L>> {
        let Self { requested, exporter, .. } = self;
        Ok(PyViewMut::new(Held::of_requested(&exporter, requested, Some(timeout))?, exporter.py()))
    }

    /// The exception for memory that is not what `spec` asks for.
    #[cold]
    #[must_use]
    pub fn refuse(&self, spec: impl FnOnce() -> Spec) -> PyErr {
        let (found, spec) = match self.description() {
            Ok(description) => (description.found(), spec()),
            Err(refusal) => return refusal,
        };
        match spec.check(&found, &exporter_name(&self.exporter)) {
            Err(mismatch) => raise(mismatch.kind(), mismatch.to_string()),
            Ok(()) => raise(ErrorKind::Dtype, format!("expected {spec}, got {found}")),
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for PyUntypedView<'py> {
    type Error = PyErr;

    #[cfg(feature = "experimental-inspect")]
    const INPUT_TYPE: PyStaticExpr = crate::inspect::BUFFER;

    #[inline]
    fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let requested = Requested::of(&obj, Wanted::ANYTHING)?;
        let key = requested.element_key(&obj)?;
        Ok(Self { requested, key, exporter: obj.to_owned() })
    }
}
