//! `PyAnyView`: an argument whose element and ndim are open.

use super::PyView;
use super::held::Held;
use crate::acquire::{Description, Export, Offered, acquire_after, exporter_name};
use crate::slot::{Occupied, Vacant};
use crate::{buffer, ndarray};
use pyo3::prelude::*;
use pyo3::{Borrowed, PyErr};
use typedview::{Access, Element, Layout, Order};

/// Memory of a Python object whose element and ndim are not known yet.
///
/// Acquired once; [`typed`](Self::typed) makes a [`PyView`] of it without asking the exporter again.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyAnyView, Strided};
///
/// #[pyfunction]
/// fn largest(x: PyAnyView<'_>) -> PyResult<f64> {
///     if x.holds::<f32>() {
///         let x = x.typed::<f32, Strided<1>>()?;
///         return Ok(x.cells().iter().fold(f32::NEG_INFINITY, f32::max).into());
///     }
///     let x = x.typed::<f64, Strided<1>>()?;
///     Ok(x.cells().iter().fold(f64::NEG_INFINITY, f64::max))
/// }
/// ```
#[derive(Debug)]
pub struct PyAnyView<'py> {
    slot: Occupied<Description>,
    exporter: Bound<'py, PyAny>,
}

impl<'py> PyAnyView<'py> {
    /// Whether the elements are native `T`.
    #[inline]
    #[must_use]
    pub fn holds<T: Element>(&self) -> bool {
        self.slot.facts().found().format.describes::<T>()
    }

    /// The number of indices on each axis.
    #[inline]
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        self.slot.facts().found().shape
    }

    /// Whether the elements fill one block in `order`, axes of length 1 aside.
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        self.slot.facts().found().is_contiguous(order)
    }

    /// Element, shape, strides and access, as found.
    #[must_use]
    pub fn description(&self) -> &Description {
        self.slot.facts()
    }

    /// The memory as elements `T` in a layout `L`.
    ///
    /// # Errors
    ///
    /// As [`PyView`] as an argument.
    pub fn typed<T: Element, L: Layout>(self) -> PyResult<PyView<'py, T, L>> {
        let py = self.exporter.py();
        let exporter = || exporter_name(&self.exporter);
        let held = Held::typed(py, self.slot, exporter)?;
        Ok(PyView::new(held, py))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for PyAnyView<'py> {
    type Error = PyErr;

    fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let mut vacant = Vacant::take(obj.py());
        if let Some(description) = ndarray::describe(&obj) {
            Export::fill_with_object(vacant.export(), &obj);
            // SAFETY: the export has just been written.
            let slot = unsafe { vacant.occupy(description.first, description) };
            return Ok(Self { slot, exporter: obj.to_owned() });
        }
        let answer = buffer::acquire(&obj, Access::Read);
        let Offered { export, description } = acquire_after(answer, &obj, Access::Read, None)?;
        vacant.export().write(export);
        // SAFETY: the export has just been written.
        let slot = unsafe { vacant.occupy(description.first, description) };
        Ok(Self { slot, exporter: obj.to_owned() })
    }
}
