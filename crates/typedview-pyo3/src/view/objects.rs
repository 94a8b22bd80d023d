//! Object views: views of memory that holds references to Python objects, `object[:]`.
//!
//! They are separate from the views of other elements because a reference is not a plain value: if its bytes were
//! copied, the copy would not be counted. For the same reason such memory is taken only from NumPy arrays, which are
//! known to count the references in it.
//!
//! These views exist only where there is a GIL. Without one, another thread could remove a reference after this thread
//! has read it and before this thread has counted it.

use super::{PyUntypedView, PyView, PyViewMut};
use crate::acquire::exporter_name;
use crate::error::OrRaise;
use crate::ndarray::owns_references;
use pyo3::exceptions::{PyImportError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyNone, PyTuple};
use pyo3::{Borrowed, ffi, intern};
use std::convert::Infallible;
use std::{fmt, ptr};
use typedview::{Dtype, Element, ElementIndex, Kind, Layout};

/// A reference to a Python object, as its bytes are in memory. Only this file uses the type, so no other code can copy
/// a reference without counting it.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
struct Reference(usize);

// SAFETY: an address is kept as a `usize`, so every bit pattern is a valid value (E1) and no byte is padding (E2). The
// format `O` describes a reference of this size (E3).
unsafe impl Element for Reference {
    const DTYPE: Dtype = Dtype::new(Kind::Object, size_of::<usize>());
}

impl Reference {
    fn pointer(self) -> *mut ffi::PyObject {
        ptr::with_exposed_provenance_mut(self.0)
    }

    /// Returns the object, or `None` for a null reference, as NumPy does.
    fn get(self, py: Python<'_>) -> Bound<'_, PyAny> {
        // SAFETY: the exporter keeps the objects alive that its memory refers to, and no other code has run since the
        // reference was read.
        let object = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.pointer()) };
        object.unwrap_or_else(|| PyNone::get(py).to_owned().into_any())
    }
}

/// Memory that holds references to Python objects, for reading: `const object[:]`.
///
/// # Errors
///
/// As an argument it raises the same exceptions as [`PyView`]. It also raises `TypeError` unless the exporter is a
/// `numpy.ndarray` and a `numpy.ndarray` has allocated the memory.
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
    array: Bound<'py, PyAny>,
}

/// Memory that holds references to Python objects, for reading and storing: `object[:]`.
///
/// As a result of a function it is the array that it views.
///
/// # Errors
///
/// As an argument it raises the same exceptions as [`PyViewMut`]. It also raises `TypeError` unless the exporter is a
/// `numpy.ndarray` and a `numpy.ndarray` has allocated the memory.
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
    array: Bound<'py, PyAny>,
}

macro_rules! reading {
    ($view:ident) => {
        impl<'py, L: Layout> $view<'py, L> {
            /// The number of indices on each axis.
            ///
            /// See [`PyObjectView`] and [`PyObjectViewMut`] for examples of all methods.
            #[must_use]
            pub fn shape(&self) -> Vec<usize> {
                self.view.cells().shape().to_vec()
            }

            /// Returns the object at `index`, or `None` where the memory holds a null reference.
            ///
            /// # Errors
            ///
            /// Fails with an `IndexError` when `index` is out of bounds.
            ///
            /// See [`PyObjectViewMut`] for an example.
            pub fn get(&self, index: impl ElementIndex<L>) -> PyResult<Bound<'py, PyAny>> {
                Ok(self.view.cells().try_at(index).or_raise()?.get(self.array.py()))
            }

            /// Returns an iterator over the objects in index order. Each object is read when the iterator reaches it.
            ///
            /// See [`PyObjectView`] for an example.
            pub fn iter(&self) -> impl Iterator<Item = Bound<'py, PyAny>> {
                self.view.cells().iter().map(|reference| reference.get(self.array.py()))
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
                Ok(Self { view, array: obj.to_owned() })
            }
        }
    };
}

/// Checks that the memory of `obj` is known to own the references in it.
///
/// # Errors
///
/// Fails with a `TypeError` when it is not, because the references may then be counted elsewhere or not at all.
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
    /// Returns a view of a new `numpy.ndarray` in C order, in which every reference is to `None`.
    ///
    /// # Errors
    ///
    /// Fails with an `ImportError` without NumPy, and with the exceptions of an argument when `L` has another ndim or order.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{C, PyObjectViewMut};
    ///
    /// /// The lines of a text, as an array of strings.
    /// #[pyfunction]
    /// fn lines<'py>(py: Python<'py>, text: &str) -> PyResult<PyObjectViewMut<'py, C<1>>> {
    ///     let array = PyObjectViewMut::new_array(py, &[text.lines().count()])?;
    ///     for (i, line) in text.lines().enumerate() {
    ///         array.set(i, line.into_pyobject(py)?.into_any())?;
    ///     }
    ///     Ok(array)
    /// }
    /// ```
    pub fn new_array(py: Python<'py>, shape: &[usize]) -> PyResult<Self> {
        let numpy = py.import(intern!(py, "numpy")).map_err(|exception| {
            let error =
                PyImportError::new_err("an array of objects is a numpy.ndarray: install NumPy to make one");
            error.set_cause(py, Some(exception));
            error
        })?;
        numpy.call_method1(intern!(py, "empty"), (PyTuple::new(py, shape)?, intern!(py, "O")))?.extract()
    }

    /// Stores `object` at `index`, and drops the reference that was there.
    ///
    /// # Errors
    ///
    /// Fails with an `IndexError` when `index` is out of bounds.
    ///
    /// See [`PyObjectViewMut`] for an example.
    pub fn set(&self, index: impl ElementIndex<L>, object: Bound<'py, PyAny>) -> PyResult<()> {
        let cells = self.view.cells();
        let old = cells.try_at(index).or_raise()?;
        // The memory owns the reference to `object` from this line on.
        cells.set(index, Reference(object.into_ptr().expose_provenance()));
        // The old reference is dropped last, because that may run arbitrary Python code.
        // SAFETY: the memory owned this reference, or held a null reference, and it does not hold it any more.
        drop(unsafe { Bound::from_owned_ptr_or_opt(self.array.py(), old.pointer()) });
        Ok(())
    }
}

impl<'py, L: Layout> IntoPyObject<'py> for PyObjectViewMut<'py, L> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    /// Returns the array whose memory this views.
    fn into_pyobject(self, _py: Python<'py>) -> Result<Bound<'py, PyAny>, Infallible> {
        Ok(self.array)
    }
}

impl<'py> PyUntypedView<'py> {
    /// Returns whether the elements are references to Python objects. [`dispatch!`](crate::dispatch) does not take them, because they are no plain
    /// values and need a body of their own.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{PyUntypedView, Strided};
    ///
    /// /// How many elements there are, and whether they are references to Python objects.
    /// #[pyfunction]
    /// fn count(x: PyUntypedView<'_>) -> PyResult<(usize, bool)> {
    ///     if x.holds_objects() {
    ///         return Ok((x.objects::<Strided<1>>()?.iter().count(), true));
    ///     }
    ///     Ok((x.description()?.untyped().size(), false))
    /// }
    /// ```
    #[must_use]
    pub fn holds_objects(&self) -> bool {
        self.holds::<Reference>()
    }

    /// Returns the memory as references to Python objects in a layout `L`, for reading.
    ///
    /// # Errors
    ///
    /// Fails with the same exceptions as [`PyObjectView`] as an argument.
    ///
    /// See [`holds_objects`](Self::holds_objects) for an example.
    pub fn objects<L: Layout>(self) -> PyResult<PyObjectView<'py, L>> {
        let array = self.exporter().clone();
        let view = self.typed()?;
        refuse_borrowed_references(&array)?;
        Ok(PyObjectView { view, array })
    }

    /// Returns the memory as references to Python objects in a layout `L`, for reading and storing.
    ///
    /// # Errors
    ///
    /// Fails with the same exceptions as [`PyObjectViewMut`] as an argument.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{PyUntypedView, Strided};
    ///
    /// #[pyfunction]
    /// fn store_first(x: PyUntypedView<'_>, object: Bound<'_, PyAny>) -> PyResult<()> {
    ///     x.objects_mut::<Strided<1>>()?.set(0, object)
    /// }
    /// ```
    pub fn objects_mut<L: Layout>(self) -> PyResult<PyObjectViewMut<'py, L>> {
        let array = self.exporter().clone();
        let view = self.typed_mut()?;
        refuse_borrowed_references(&array)?;
        Ok(PyObjectViewMut { view, array })
    }
}
