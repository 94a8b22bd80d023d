//! NumPy's C API, found at run time: how an array is made of memory, without depending on NumPy when this is built.
//! The table of functions is a part of NumPy's stable ABI; its entries have the same numbers in NumPy 1 and 2.

use crate::ndarray::WRITEABLE;
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::ffi::{c_int, c_void};
use std::ptr;
use typedview::{Dtype, Kind};

/// `PyArray_NewFromDescr`: makes an array over memory. It steals the reference to the dtype.
type NewFromDescr = unsafe extern "C" fn(
    subtype: *mut ffi::PyTypeObject,
    dtype: *mut ffi::PyObject,
    nd: c_int,
    dims: *const isize,
    strides: *const isize,
    data: *mut c_void,
    flags: c_int,
    obj: *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// `PyArray_SetBaseObject`: sets the owner of the memory of an array. It steals the reference to the owner.
type SetBaseObject = unsafe extern "C" fn(array: *mut ffi::PyObject, base: *mut ffi::PyObject) -> c_int;

/// The numbers of the entries in the table.
const ARRAY_TYPE: usize = 2;
const NEW_FROM_DESCR: usize = 94;
const SET_BASE_OBJECT: usize = 282;

/// The native numbers whose dtypes are kept, with their names in NumPy.
const NUMBERS: [(Dtype, &str); 14] = [
    (Dtype::new(Kind::Float, 8), "f8"),
    (Dtype::new(Kind::Float, 4), "f4"),
    (Dtype::new(Kind::Float, 2), "f2"),
    (Dtype::new(Kind::Int, 8), "i8"),
    (Dtype::new(Kind::Int, 4), "i4"),
    (Dtype::new(Kind::Int, 2), "i2"),
    (Dtype::new(Kind::Int, 1), "i1"),
    (Dtype::new(Kind::Uint, 8), "u8"),
    (Dtype::new(Kind::Uint, 4), "u4"),
    (Dtype::new(Kind::Uint, 2), "u2"),
    (Dtype::new(Kind::Uint, 1), "u1"),
    (Dtype::new(Kind::Bool, 1), "?"),
    (Dtype::new(Kind::Complex, 16), "c16"),
    (Dtype::new(Kind::Complex, 8), "c8"),
];

/// The position of a native number in the list of those whose dtypes are kept.
pub(super) fn number(dtype: Dtype) -> Option<usize> {
    NUMBERS.iter().position(|(number, _)| *number == dtype)
}

/// The entries that this library uses.
///
/// - Z1. They come from the table of the NumPy that the process has imported, which is never unloaded.
#[derive(Debug)]
pub(super) struct NumpyApi {
    array_type: *mut ffi::PyTypeObject,
    new_from_descr: NewFromDescr,
    set_base_object: SetBaseObject,
    /// `numpy.dtype`.
    pub(super) dtype: Py<PyAny>,
    numbers: Vec<Py<PyAny>>,
}

// SAFETY: the pointers are those of static functions and of a static type (Z1).
unsafe impl Send for NumpyApi {}
// SAFETY: the fields do not change once the struct has been made, and NumPy's functions may be called by every attached thread.
unsafe impl Sync for NumpyApi {}

impl NumpyApi {
    /// Returns the API of the NumPy of this process, which is imported at the first call.
    ///
    /// # Errors
    ///
    /// `ImportError` when there is no NumPy.
    #[inline]
    pub(super) fn get(py: Python<'_>) -> PyResult<&'static Self> {
        static API: PyOnceLock<NumpyApi> = PyOnceLock::new();
        API.get_or_try_init(py, || Self::load(py))
    }

    #[cold]
    fn load(py: Python<'_>) -> PyResult<Self> {
        let numpy = py.import("numpy").map_err(|exception| {
            let error =
                PyImportError::new_err("a PyNdarray is a numpy.ndarray: install NumPy to call this function");
            error.set_cause(py, Some(exception));
            error
        })?;
        // NumPy 2 has renamed the module.
        let module = py
            .import("numpy._core._multiarray_umath")
            .or_else(|_| py.import("numpy.core._multiarray_umath"))?;
        let capsule = module.getattr("_ARRAY_API")?;
        // SAFETY: NumPy documents this attribute as a capsule without a name; for anything else an exception is set.
        let table = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), ptr::null()) };
        if table.is_null() {
            return Err(PyErr::fetch(py));
        }
        let entry = |number: usize| {
            // SAFETY: the capsule holds an array of pointers, which has these entries in every version from NumPy 1.7 on.
            let entry = unsafe { table.cast::<*mut c_void>().add(number) };
            // SAFETY: the entry is inside the array, which NumPy never changes.
            unsafe { entry.read() }
        };
        let dtype = numpy.getattr("dtype")?;
        let numbers = NUMBERS.iter().map(|(_, name)| Ok(dtype.call1((*name,))?.unbind()));
        // INVARIANT Z1: the entries are read from the table of the NumPy that was imported above.
        Ok(Self {
            array_type: entry(ARRAY_TYPE).cast(),
            // SAFETY: NumPy's entry of this number is a pointer to a function of this type.
            new_from_descr: unsafe {
                std::mem::transmute::<*mut c_void, NewFromDescr>(entry(NEW_FROM_DESCR))
            },
            // SAFETY: NumPy's entry of this number is a pointer to a function of this type.
            set_base_object: unsafe {
                std::mem::transmute::<*mut c_void, SetBaseObject>(entry(SET_BASE_OBJECT))
            },
            numbers: numbers.collect::<PyResult<_>>()?,
            dtype: dtype.unbind(),
        })
    }

    /// Returns the dtype of a native number, by its position in the list.
    #[inline]
    pub(super) fn number<'py>(&self, py: Python<'py>, position: usize) -> Bound<'py, PyAny> {
        self.numbers[position].bind(py).clone()
    }

    /// Makes an exact ndarray over memory, in C order if there are no strides.
    ///
    /// # Errors
    ///
    /// Those of NumPy, which supports fewer axes than typedview.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the elements of this dtype that `shape` and `strides` reach from `first` are initialised and
    /// stay where they are while `base` lives, that Rust does not use them, and that they may be written if `writable` is true.
    pub(super) unsafe fn array<'py>(
        &self,
        dtype: Bound<'py, PyAny>,
        first: *mut u8,
        shape: &[usize],
        strides: Option<&[isize]>,
        writable: bool,
        base: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = dtype.py();
        let ndim = c_int::try_from(shape.len()).unwrap_or(c_int::MAX);
        let flags = if writable { WRITEABLE } else { 0 };
        let (dims, strides) =
            (shape.as_ptr().cast::<isize>(), strides.map_or(ptr::null(), <[isize]>::as_ptr));
        let (subtype, dtype, none) = (self.array_type, dtype.into_ptr(), ptr::null_mut());
        // SAFETY: the function is NumPy's (Z1). It gets a reference to the dtype, and `ndim` extents and strides, which it copies.
        // The caller guarantees that the elements are inside the memory.
        let array =
            unsafe { (self.new_from_descr)(subtype, dtype, ndim, dims, strides, first.cast(), flags, none) };
        // SAFETY: the function returns a new reference, or null with an exception set.
        let array = unsafe { Bound::from_owned_ptr_or_err(py, array) }?;
        // SAFETY: the function is NumPy's (Z1). It gets an array without a base and a reference to the owner.
        if unsafe { (self.set_base_object)(array.as_ptr(), base.into_ptr()) } < 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(array)
    }
}
