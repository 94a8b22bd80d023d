//! Stand-ins: the struct of an array that does not exist, over all bytes of the array at the end of a chain of bases.
//! rust-numpy is shown it instead of an array of Python, whose shape, dtype and base other code may change.

use super::array_type::is_a;
use super::fields::{Array, Descr, WRITEABLE};
use pyo3::Borrowed;
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::{ptr, slice};
use typedview::Reach;

/// What is left of `PyArrayObject` after the fields of [`Array`], in every version of NumPy so far, and room for more.
const REST: usize = 16;

/// The struct of an array of bytes, with its shape and its strides behind it.
///
/// - U1. The dtype and the base to which the struct points are alive, because the caller of [`set`](Self::set) keeps them.
#[repr(C)]
pub(crate) struct StandIn {
    array: MaybeUninit<Array>,
    rest: [usize; REST],
    extent: isize,
    stride: isize,
}

/// The last array in a chain of bases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root(*mut Array);

impl Root {
    /// Returns the last array in the chain of bases of `array`, which is an instance of `class`, NumPy's `ndarray`. The chain keeps
    /// it alive.
    pub(crate) fn of(array: &Bound<'_, PyAny>, class: &Bound<'_, PyType>) -> Self {
        let mut root = array.as_ptr().cast::<Array>();
        loop {
            // SAFETY: `root` is an array, whose struct begins with these fields in every subclass. The array before it keeps it
            // alive.
            let base = unsafe { (*root).base };
            // SAFETY: the base is null or an object that the array keeps alive, and no code runs that could replace it.
            match unsafe { Borrowed::from_ptr_or_opt(array.py(), base) } {
                Some(base) if is_a(&base, class) => root = base.as_ptr().cast(),
                _ => return Self(root),
            }
        }
    }

    /// The address of the array.
    pub(crate) fn as_ptr(self) -> *mut ffi::PyObject {
        self.0.cast()
    }
}

impl StandIn {
    pub(crate) const EMPTY: Self =
        Self { array: MaybeUninit::zeroed(), rest: [0; REST], extent: 0, stride: 1 };

    /// Sets the struct to an array of all bytes of `root`. Returns the base, to which rust-numpy follows
    /// it: the foreign owner of the memory, or the root itself. Returns `None` if the bytes exceed the address space.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the root is alive, and that the returned base and `bytes` stay alive as long as the struct is used (U1).
    pub(crate) unsafe fn set(&mut self, root: Root, bytes: &Bytes) -> Option<*mut ffi::PyObject> {
        // SAFETY: the caller guarantees that the root is alive.
        let fields = unsafe { &*root.0 };
        let ndim = usize::try_from(fields.nd).ok()?;
        let (mut shape, mut strides): (&[usize], &[isize]) = (&[], &[]);
        if ndim > 0 {
            // SAFETY: the field `dimensions` of an array points to `nd` extents, none of which is negative.
            shape = unsafe { slice::from_raw_parts(fields.dimensions.cast(), ndim) };
            // SAFETY: the field `strides` of an array points to `nd` strides.
            strides = unsafe { slice::from_raw_parts(fields.strides, ndim) };
        }
        // SAFETY: every array has a dtype, which it keeps alive.
        let itemsize = unsafe { bytes.layout.itemsize(fields.descr) };
        let reach = Reach::of(shape, strides, itemsize).ok()?;
        self.extent = reach.highest.checked_sub(reach.lowest)?;
        self.stride = 1;
        let base = if fields.base.is_null() { root.as_ptr() } else { fields.base };
        let array = self.array.as_mut_ptr();
        // SAFETY: both structs begin with the header of an object, and do not overlap. The copy is a header of the same type; nobody
        // counts references with it.
        unsafe { ptr::copy_nonoverlapping(root.0.cast::<ffi::PyObject>(), array.cast(), 1) };
        // SAFETY: the struct was made of zeros, and all zeros are a value of every field.
        let array = unsafe { &mut *array };
        array.data = fields.data.wrapping_offset(reach.lowest);
        array.nd = 1;
        array.base = base;
        array.descr = bytes.dtype.as_ptr().cast();
        array.flags = fields.flags & WRITEABLE;
        Some(base)
    }

    /// Makes the struct writable if the root is.
    ///
    /// # Safety
    ///
    /// The caller must ensure that [`set`](Self::set) has been called with this root, which is alive.
    pub(crate) unsafe fn refresh(&mut self, root: Root) {
        // SAFETY: the caller guarantees that the root is alive.
        let flags: c_int = unsafe { (*root.0).flags };
        // SAFETY: the caller guarantees that `set` has filled the struct.
        unsafe { self.array.assume_init_mut() }.flags = flags & WRITEABLE;
    }

    /// Returns the struct as an array. It must not move as long as the pointer is used.
    ///
    /// # Safety
    ///
    /// The caller must ensure that [`set`](Self::set) has been called.
    pub(crate) unsafe fn as_ptr(&mut self) -> *mut ffi::PyObject {
        let whole = ptr::from_mut(self);
        // SAFETY: the pointer is that of `self`.
        let extent = unsafe { &raw const (*whole).extent };
        // SAFETY: the pointer is that of `self`.
        let stride = unsafe { &raw const (*whole).stride };
        // The array is the first field.
        let array = whole.cast::<Array>();
        // SAFETY: the caller guarantees that `set` has filled the array.
        unsafe { (*array).dimensions = extent };
        // SAFETY: the caller guarantees that `set` has filled the array.
        unsafe { (*array).strides = stride };
        array.cast()
    }
}

/// The dtype of single bytes, and where the dtypes of this NumPy have their itemsize.
#[derive(Debug)]
pub(crate) struct Bytes {
    dtype: Py<PyAny>,
    layout: DescrLayout,
}

impl Bytes {
    /// Finds both with the class `numpy.dtype`.
    ///
    /// # Errors
    ///
    /// Raises `ImportError` when the dtypes of this NumPy have another layout.
    pub(crate) fn find(class: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (byte, complex) = (class.call1(("u1",))?, class.call1(("c16",))?);
        Ok(Self { layout: DescrLayout::find(&byte, &complex)?, dtype: byte.unbind() })
    }
}

/// Where a dtype has its itemsize, which differs between NumPy 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DescrLayout {
    /// A C `int` after the type number.
    NumPy1,
    /// After the flags, which follow the type number.
    NumPy2,
}

impl DescrLayout {
    /// Returns the layout in which both dtypes have the itemsize that they have in Python.
    ///
    /// # Errors
    ///
    /// Raises `ImportError` when that is so in neither.
    fn find(small: &Bound<'_, PyAny>, large: &Bound<'_, PyAny>) -> PyResult<Self> {
        for layout in [Self::NumPy2, Self::NumPy1] {
            let agrees = |dtype: &Bound<'_, PyAny>| -> PyResult<bool> {
                // SAFETY: `dtype` is a dtype, which is alive.
                let found = unsafe { layout.itemsize(dtype.as_ptr().cast()) };
                Ok(found == dtype.getattr("itemsize")?.extract::<usize>()?)
            };
            if agrees(small)? && agrees(large)? {
                return Ok(layout);
            }
        }
        Err(PyImportError::new_err("typedview: the dtypes of this version of NumPy are not known"))
    }

    /// Returns the itemsize of a dtype.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `descr` points to a dtype of the NumPy whose layout this is, which is alive, or to one of another NumPy if
    /// the result is only compared.
    unsafe fn itemsize(self, descr: *const Descr) -> usize {
        // SAFETY: the itemsize follows the fields of `Descr` in both layouts, and a dtype has at least 16 bytes after them.
        let after = unsafe { descr.add(1) }.cast::<u8>();
        match self {
            // SAFETY: a dtype has bytes there, and the number is aligned, as `Descr` ends at a multiple of 8.
            Self::NumPy1 => usize::try_from(unsafe { after.cast::<c_int>().read() }).unwrap_or_default(),
            Self::NumPy2 => {
                // SAFETY: a dtype has 16 bytes there: the flags, and the itemsize after them.
                let after = unsafe { after.add(size_of::<u64>()) };
                // SAFETY: a dtype has 8 more bytes there, and they are aligned, as `Descr` ends at a multiple of 8.
                usize::try_from(unsafe { after.cast::<isize>().read() }).unwrap_or_default()
            }
        }
    }
}
