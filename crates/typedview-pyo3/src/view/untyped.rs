//! `PyUntypedView`: the argument of a function that accepts memory of any element and any ndim.

use super::held::Held;
use super::{PyView, PyViewMut};
use crate::acquire::{Description, exporter_name};
use crate::argument::{Requested, Wanted};
use crate::error::raise;
#[cfg(feature = "experimental-inspect")]
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use std::time::Duration;
use typedview::{Element, ErrorKind, Layout, Spec};

/// Memory of a Python object whose element and ndim are not known yet.
///
/// The memory is acquired once. [`typed`](Self::typed) turns it into a [`PyView`] without asking the exporter again.
///
/// # Examples
///
/// The function finds out which element the memory holds. [`dispatch!`](crate::dispatch) does this for a list of types.
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
    exporter: Bound<'py, PyAny>,
}

impl<'py> PyUntypedView<'py> {
    /// Returns whether the elements are values of `T`: kind, size and byte order agree.
    ///
    /// See [`PyUntypedView`] for an example.
    #[inline(always)]
    #[must_use]
    pub fn holds<T: Element>(&self) -> bool {
        self.requested.holds::<T>(&self.exporter)
    }

    /// Returns whether the ndim and the order are those of `L`. Axes with pointers fit only a layout that allows them.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyUntypedView};
    ///
    /// /// Whether `x` is a table of doubles in C order.
    /// #[pyfunction]
    /// fn is_table(x: PyUntypedView<'_>) -> bool {
    ///     x.holds::<f64>() && x.fits::<C<2>>()
    /// }
    /// ```
    #[must_use]
    pub fn fits<L: Layout>(&self) -> bool {
        self.description().is_ok_and(|description| {
            let found = description.found();
            let ndim = L::NDIM.is_none_or(|ndim| ndim == found.shape.len());
            ndim && (L::INDIRECT || found.suboffsets.is_empty()) && found.is_contiguous(L::ORDER)
        })
    }

    /// Returns the element, shape, strides and access that the exporter describes. The description is kept for later
    /// calls.
    ///
    /// # Errors
    ///
    /// Fails with a `ValueError` when the exporter describes memory that cannot exist.
    ///
    /// See [`Description`] for an example.
    pub fn description(&self) -> PyResult<&Description> {
        self.requested.description(&self.exporter, Wanted::ANYTHING)
    }

    /// Returns the memory as elements `T` in a layout `L`, for reading.
    ///
    /// # Errors
    ///
    /// Fails with the same exceptions as [`PyView`] as an argument.
    ///
    /// See [`PyUntypedView`] for an example.
    #[inline]
    pub fn typed<T: Element, L: Layout>(self) -> PyResult<PyView<'py, T, L>> {
        let Self { requested, exporter } = self;
        Ok(PyView::new(Held::of_requested(&exporter, requested, None)?, exporter.py()))
    }

    /// Returns the memory as elements `T` in a layout `L`, for reading and writing.
    ///
    /// # Errors
    ///
    /// Fails with the same exceptions as [`PyViewMut`] as an argument.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{PyUntypedView, Strided};
    ///
    /// #[pyfunction]
    /// fn clear(x: PyUntypedView<'_>) -> PyResult<()> {
    ///     x.typed_mut::<f64, Strided<1>>()?.cells().fill(0.0);
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    pub fn typed_mut<T: Element, L: Layout>(self) -> PyResult<PyViewMut<'py, T, L>> {
        let Self { requested, exporter } = self;
        Ok(PyViewMut::new(Held::of_requested(&exporter, requested, None)?, exporter.py()))
    }

    /// Does what [`typed`](Self::typed) does, but waits for at most `timeout` until conflicting views and locks have
    /// ended. This thread is detached from the interpreter while it waits.
    ///
    /// An untyped view claims nothing, so it excludes no other view while it exists. A [`PyView`] as an argument cannot
    /// wait: it is refused when it arrives.
    ///
    /// # Errors
    ///
    /// Fails in the same cases as [`typed`](Self::typed). For a conflict it fails with a `BufferError` when the other
    /// views and locks have not ended within `timeout`, and at once when waiting would be in vain, because this thread,
    /// or a thread that waits for this thread, uses the memory. Fails with the exception that the handler of a signal
    /// raises.
    pub fn typed_within<T: Element, L: Layout>(self, timeout: Duration) -> PyResult<PyView<'py, T, L>> {
        let Self { requested, exporter } = self;
        Ok(PyView::new(Held::of_requested(&exporter, requested, Some(timeout))?, exporter.py()))
    }

    /// Does what [`typed_mut`](Self::typed_mut) does, but waits for at most `timeout` until conflicting views and locks
    /// have ended. This thread is detached from the interpreter while it waits.
    ///
    /// # Errors
    ///
    /// Fails in the same cases as [`typed_mut`](Self::typed_mut). It waits, and fails to wait, as
    /// [`typed_within`](Self::typed_within) does.
    pub fn typed_mut_within<T: Element, L: Layout>(
        self,
        timeout: Duration,
    ) -> PyResult<PyViewMut<'py, T, L>> {
        let Self { requested, exporter } = self;
        Ok(PyViewMut::new(Held::of_requested(&exporter, requested, Some(timeout))?, exporter.py()))
    }

    /// The object whose memory this is.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::PyUntypedView;
    ///
    /// /// Returns what was passed, if it exports memory at all.
    /// #[pyfunction]
    /// fn checked<'py>(x: PyUntypedView<'py>) -> Bound<'py, PyAny> {
    ///     x.exporter().clone()
    /// }
    /// ```
    #[must_use]
    pub fn exporter(&self) -> &Bound<'py, PyAny> {
        &self.exporter
    }

    /// Returns the exception for memory that is not what `spec` asks for.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Access, PyUntypedView, Spec, Strided};
    ///
    /// #[pyfunction]
    /// fn size(x: PyUntypedView<'_>) -> PyResult<usize> {
    ///     if x.holds::<f32>() {
    ///         return Ok(x.typed::<f32, Strided<1>>()?.size());
    ///     }
    ///     // TypeError: expected const float[:], got ...
    ///     Err(x.refuse(|| Spec::of::<f32, Strided<1>>(Access::Read)))
    /// }
    /// ```
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
        Ok(Self { requested: Requested::of(&obj)?, exporter: obj.to_owned() })
    }
}
