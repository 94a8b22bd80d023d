//! Finding rust-numpy: NumPy's array type, and rust-numpy's table of borrows once an extension has published it.
//! NumPy is never imported here. When NumPy is not loaded, no array can have been borrowed.

use super::capsule::{NAME, Table};
use super::roots::Roots;
use crate::ndarray::{Bytes, Root, is_a};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyType};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The objects of NumPy that are needed, once NumPy is loaded.
struct Numpy {
    /// `numpy.ndarray`.
    array: Py<PyType>,
    /// The namespace of the module in which rust-numpy publishes its table.
    names: Py<PyDict>,
    /// What has been found of rust-numpy, once its table is published.
    found: PyOnceLock<RustNumpy>,
}

/// The table of rust-numpy, and the objects that are needed to use it.
pub(super) struct RustNumpy {
    pub(super) table: &'static Table,
    pub(super) bytes: Bytes,
    /// What typedview's extensions hold of arrays.
    pub(super) roots: &'static Roots,
}

static NUMPY: PyOnceLock<Numpy> = PyOnceLock::new();

/// The static type that was last found not to be an array type. A static type is never freed, so no other type can ever
/// have its address.
static LAST_OTHER_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// Returns whether `obj` is known not to be an array.
#[inline(always)]
pub(super) fn is_of_other_type(obj: &Bound<'_, PyAny>) -> bool {
    obj.get_type_ptr() == LAST_OTHER_TYPE.load(Ordering::Relaxed)
}

impl RustNumpy {
    /// Returns what is known of rust-numpy, and the last array in the chain of bases of `obj`, or `None` when `obj` is not an
    /// array or rust-numpy has not published its table.
    pub(super) fn for_array(obj: &Bound<'_, PyAny>) -> PyResult<Option<(&'static Self, Root)>> {
        let py = obj.py();
        let numpy = match NUMPY.get(py) {
            Some(numpy) => numpy,
            None => match Numpy::loaded(py)? {
                Some(numpy) => numpy,
                None => return Ok(None),
            },
        };
        let array = numpy.array.bind(py);
        if !is_a(obj, array) {
            let other = obj.get_type_ptr();
            // SAFETY: the type is alive, because `obj` keeps its type alive.
            if unsafe { ffi::PyType_GetFlags(other) } & ffi::Py_TPFLAGS_HEAPTYPE == 0 {
                LAST_OTHER_TYPE.store(other, Ordering::Relaxed);
            }
            return Ok(None);
        }
        let found = match numpy.found.get(py) {
            None => numpy.find(py)?,
            found => found,
        };
        Ok(found.map(|found| (found, Root::of(obj, array))))
    }

    /// Returns what [`RustNumpy::for_array`] has found before, or `None` when it has found nothing.
    pub(super) fn known(py: Python<'_>) -> Option<&'static Self> {
        NUMPY.get(py)?.found.get(py)
    }
}

impl Numpy {
    /// Returns the objects of NumPy, or `None` when NumPy is not loaded.
    fn loaded(py: Python<'_>) -> PyResult<Option<&'static Self>> {
        // SAFETY: the thread is attached to the interpreter, as `py` proves.
        let modules = unsafe { ffi::PyImport_GetModuleDict() };
        // SAFETY: `PyImport_GetModuleDict` returns a borrowed reference, or null.
        let modules = unsafe { Bound::from_borrowed_ptr_or_err(py, modules) }?;
        let modules = modules.cast_into::<PyDict>()?;
        let module = match modules.get_item(intern!(py, "numpy._core.multiarray"))? {
            None => modules.get_item(intern!(py, "numpy.core.multiarray"))?,
            found => found,
        };
        let Some(module) = module else {
            return Ok(None);
        };
        let Some(array) = module.getattr_opt(intern!(py, "ndarray"))? else {
            // NumPy is being imported and has not defined the type yet.
            return Ok(None);
        };
        let array = array.cast_into::<PyType>()?.unbind();
        let names = module.cast_into::<PyModule>()?.dict().unbind();
        Ok(Some(NUMPY.get_or_init(py, || Self { array, names, found: PyOnceLock::new() })))
    }

    /// Returns what is known of rust-numpy, or `None` when it has not published its table.
    fn find(&'static self, py: Python<'_>) -> PyResult<Option<&'static RustNumpy>> {
        let (name, names) = (intern!(py, NAME), self.names.bind(py));
        let capsule = match names.get_item(name)? {
            None if cfg!(feature = "numpy") => {
                publish(py)?;
                names.get_item(name)?
            }
            found => found,
        };
        let Some(capsule) = capsule else {
            return Ok(None);
        };
        let bytes = Bytes::find(&names.as_any().get_item("dtype")?)?;
        let found = RustNumpy { table: Table::of(capsule)?, bytes, roots: Roots::find(py)? };
        Ok(Some(self.found.get_or_init(py, || found)))
    }
}

/// Makes rust-numpy publish its table.
///
/// With the feature `numpy` this extension contains rust-numpy. It may borrow an array later while a view exists, so
/// the view must be entered in the table when it is made.
#[cfg(feature = "numpy")]
fn publish(py: Python<'_>) -> PyResult<()> {
    use ::numpy::{PyArray1, PyArrayMethods};
    PyArray1::<u8>::zeros(py, 0, false).try_readonly()?;
    Ok(())
}

/// Does nothing, because without the feature `numpy` this extension does not borrow through rust-numpy.
#[cfg(not(feature = "numpy"))]
fn publish(_py: Python<'_>) -> PyResult<()> {
    Ok(())
}
