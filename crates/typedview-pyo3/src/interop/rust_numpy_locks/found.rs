//! Finding rust-numpy: NumPy's type of arrays, and the table of borrows once an extension has published it.
//! NumPy is never imported: where it is not loaded, nobody has borrowed an array.

use super::capsule::{NAME, Table};
use crate::lock::interpreter_dictionary;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyType};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What is known of NumPy, once it is loaded.
struct Numpy {
    /// `numpy.ndarray`.
    array: Py<PyType>,
    /// The names of its module, where rust-numpy's table will be one.
    names: Py<PyDict>,
    found: PyOnceLock<Found>,
}

/// What is known of rust-numpy, once it has lent an array.
pub(super) struct Found {
    pub(super) table: &'static Table,
    pub(super) array: Py<PyType>,
    /// The descriptor of `ndarray.base`, which no subclass can replace.
    pub(super) base: Py<PyAny>,
    /// `ndarray.view`, for the same reason.
    pub(super) view: Py<PyAny>,
    /// The dtype of bytes.
    pub(super) byte: Py<PyAny>,
    /// What typedview's extensions hold of each root, by its address.
    pub(super) entries: Py<PyDict>,
}

static NUMPY: PyOnceLock<Numpy> = PyOnceLock::new();

/// The static type that was last found not to be an array's: nothing else can ever be where it is.
static OTHER_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// Whether `obj` is known not to be an array.
#[inline(always)]
pub(super) fn is_of_other_type(obj: &Bound<'_, PyAny>) -> bool {
    obj.get_type_ptr() == OTHER_TYPE.load(Ordering::Relaxed)
}

impl Found {
    /// rust-numpy, when `obj` is an array and somebody may have borrowed it.
    pub(super) fn for_array(obj: &Bound<'_, PyAny>) -> PyResult<Option<&'static Self>> {
        let py = obj.py();
        let numpy = match NUMPY.get(py) {
            Some(numpy) => numpy,
            None => match Numpy::loaded(py)? {
                Some(numpy) => numpy,
                None => return Ok(None),
            },
        };
        if !is_a(obj, numpy.array.bind(py)) {
            let other = obj.get_type_ptr();
            // SAFETY: the type is alive.
            if unsafe { ffi::PyType_GetFlags(other) } & ffi::Py_TPFLAGS_HEAPTYPE == 0 {
                OTHER_TYPE.store(other, Ordering::Relaxed);
            }
            return Ok(None);
        }
        match numpy.found.get(py) {
            None => numpy.find(py),
            found => Ok(found),
        }
    }

    /// The same, for those who have had it.
    pub(super) fn known(py: Python<'_>) -> Option<&'static Self> {
        NUMPY.get(py)?.found.get(py)
    }

    /// Whether `obj` is an array, of a subclass too.
    pub(super) fn is_array(&self, obj: &Bound<'_, PyAny>) -> bool {
        is_a(obj, self.array.bind(obj.py()))
    }
}

impl Numpy {
    /// NumPy, where it is loaded.
    fn loaded(py: Python<'_>) -> PyResult<Option<&'static Self>> {
        // SAFETY: the interpreter is attached.
        let modules = unsafe { ffi::PyImport_GetModuleDict() };
        // SAFETY: a borrowed reference, or null.
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
            // It is being loaded.
            return Ok(None);
        };
        let array = array.cast_into::<PyType>()?.unbind();
        let names = module.cast_into::<PyModule>()?.dict().unbind();
        Ok(Some(NUMPY.get_or_init(py, || Self { array, names, found: PyOnceLock::new() })))
    }

    /// rust-numpy, where it has published its table.
    fn find(&'static self, py: Python<'_>) -> PyResult<Option<&'static Found>> {
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
        let entries = interpreter_dictionary(py)?
            .call_method1("setdefault", (intern!(py, "typedview.rust_numpy"), PyDict::new(py)))?;
        let array = self.array.bind(py);
        let found = Found {
            table: Table::of(capsule)?,
            array: array.clone().unbind(),
            base: array.getattr("__dict__")?.get_item("base")?.unbind(),
            view: array.getattr("view")?.unbind(),
            byte: names.as_any().get_item("dtype")?.call1(("u1",))?.unbind(),
            entries: entries.cast_into::<PyDict>()?.unbind(),
        };
        Ok(Some(self.found.get_or_init(py, || found)))
    }
}

/// Whether `obj` is an instance, whatever it says of its class.
fn is_a(obj: &Bound<'_, PyAny>, class: &Bound<'_, PyType>) -> bool {
    let (found, wanted) = (obj.get_type_ptr(), class.as_type_ptr());
    // SAFETY: both types are alive.
    found == wanted || unsafe { ffi::PyType_IsSubtype(found, wanted) } != 0
}

/// Lets rust-numpy publish its table: this extension has it, and may borrow later what is a view of typedview now.
#[cfg(feature = "numpy")]
fn publish(py: Python<'_>) -> PyResult<()> {
    use ::numpy::{PyArray1, PyArrayMethods};
    PyArray1::<u8>::zeros(py, 0, false).try_readonly()?;
    Ok(())
}

/// Nobody in this extension borrows.
#[cfg(not(feature = "numpy"))]
fn publish(_py: Python<'_>) -> PyResult<()> {
    Ok(())
}
