//! Views of memory that holds references to Python objects: `object[:]`.
//! Apart from other elements because a reference is no plain value: copied as bytes, it would not be counted. For the same
//! reason such memory is taken from arrays of NumPy alone, which are known to count what is in it.
//!
//! Only under a GIL: without one, another thread may take a reference away between reading and counting it.

use super::{PyView, PyViewMut};
use crate::acquire::exporter_name;
use crate::error::OrRaise;
use crate::ndarray::owns_references;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyNone;
use pyo3::{Borrowed, ffi};
use std::{fmt, ptr};
use typedview::{Dtype, Element, ElementIndex, Kind, Layout};

/// A reference as it stands in memory; nobody but this file has one in hand.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
struct Reference(usize);

// SAFETY: E1, E2: an address, plain as it is here. E3: the format `O` is a reference of this size.
unsafe impl Element for Reference {
    const DTYPE: Dtype = Dtype::new(Kind::Object, size_of::<usize>());
}

impl Reference {
    fn pointer(self) -> *mut ffi::PyObject {
        ptr::with_exposed_provenance_mut(self.0)
    }

    /// The object, or `None` for a null reference, as in NumPy.
    fn get(self, py: Python<'_>) -> Bound<'_, PyAny> {
        // SAFETY: the exporter keeps what its memory refers to, and no other code has run since it was read.
        let object = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.pointer()) };
        object.unwrap_or_else(|| PyNone::get(py).to_owned().into_any())
    }
}

/// Memory that holds references to Python objects, to read: `const object[:]`.
///
/// # Errors
///
/// As [`PyView`] as an argument.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyObjectView, Strided};
///
/// /// How many of the objects are true.
/// #[pyfunction]
/// fn count(x: PyObjectView<'_, Strided<1>>) -> PyResult<usize> {
///     x.iter().try_fold(0, |count, object| Ok(count + usize::from(object.is_truthy()?)))
/// }
/// ```
pub struct PyObjectView<'py, L: Layout> {
    view: PyView<'py, Reference, L>,
    py: Python<'py>,
}

/// Memory that holds references to Python objects, to read and store: `object[:]`.
///
/// # Errors
///
/// As [`PyViewMut`] as an argument.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{PyObjectViewMut, Strided};
///
/// #[pyfunction]
/// fn swap(x: PyObjectViewMut<'_, Strided<1>>, i: usize, j: usize) -> PyResult<()> {
///     let (first, second) = (x.get(i)?, x.get(j)?);
///     x.set(i, second)?;
///     x.set(j, first)
/// }
/// ```
pub struct PyObjectViewMut<'py, L: Layout> {
    view: PyViewMut<'py, Reference, L>,
    py: Python<'py>,
}

macro_rules! reading {
    ($view:ident) => {
        impl<'py, L: Layout> $view<'py, L> {
            /// The number of indices on each axis.
            #[must_use]
            pub fn shape(&self) -> Vec<usize> {
                self.view.cells().shape().to_vec()
            }

            /// The object at `index`; `None` where there is no reference.
            ///
            /// # Errors
            ///
            /// `IndexError` when `index` is out of bounds.
            pub fn get(&self, index: impl ElementIndex<L>) -> PyResult<Bound<'py, PyAny>> {
                Ok(self.view.cells().try_at(index).or_raise()?.get(self.py))
            }

            /// The objects in index order, each as it is when its turn comes.
            pub fn iter(&self) -> impl Iterator<Item = Bound<'py, PyAny>> {
                self.view.cells().iter().map(|reference| reference.get(self.py))
            }
        }

        impl<L: Layout> fmt::Debug for $view<'_, L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.view.fmt(f)
            }
        }

        impl<'a, 'py, L: Layout> FromPyObject<'a, 'py> for $view<'py, L> {
            type Error = PyErr;

            #[cfg(feature = "experimental-inspect")]
            const INPUT_TYPE: pyo3::inspect::PyStaticExpr = crate::inspect::BUFFER;

            fn extract(obj: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
                let view = obj.extract()?;
                refuse_borrowed_references(&obj)?;
                Ok(Self { view, py: obj.py() })
            }
        }
    };
}

/// Refuses memory whose references nobody is known to count.
fn refuse_borrowed_references(obj: &Bound<'_, PyAny>) -> PyResult<()> {
    if owns_references(obj) {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!(
        "expected references that the exporter owns, got {}: only the memory of a numpy.ndarray is known to; \
         pass numpy.array(x, object)",
        exporter_name(obj)
    )))
}

reading!(PyObjectView);
reading!(PyObjectViewMut);

impl<'py, L: Layout> PyObjectViewMut<'py, L> {
    /// Puts `object` at `index`, and lets go of what was there.
    ///
    /// # Errors
    ///
    /// `IndexError` when `index` is out of bounds.
    pub fn set(&self, index: impl ElementIndex<L>, object: Bound<'py, PyAny>) -> PyResult<()> {
        let cells = self.view.cells();
        let old = cells.try_at(index).or_raise()?;
        // The memory has the reference from here on.
        cells.set(index, Reference(object.into_ptr().expose_provenance()));
        // Last, since it may run code of others.
        // SAFETY: the memory had this reference, or none, and has it no more.
        drop(unsafe { Bound::from_owned_ptr_or_opt(self.py, old.pointer()) });
        Ok(())
    }
}
