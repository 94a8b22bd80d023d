//! A hostile exporter, which says of its memory whatever it is told, as no real exporter would.
//! It is separate because only the tests use it: before Python 3.12, no class written in Python can export.

use pyo3::exceptions::PyBufferError;
use pyo3::ffi::{self, Py_ssize_t};
use pyo3::prelude::*;
use std::ffi::{CString, c_int};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Exports what `answer(flags)` returns: a dict of the fields of a `Py_buffer`, which is not checked. It may raise.
///
/// `None` becomes a null pointer. `release()` is called when an export is released.
#[pyclass(frozen, module = "typedview_probe")]
pub(crate) struct Hostile {
    answer: Py<PyAny>,
    release: Option<Py<PyAny>>,
    asked: AtomicUsize,
    exported: AtomicUsize,
    released: AtomicUsize,
}

/// The fields of an answer.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Answer {
    address: usize,
    len: Py_ssize_t,
    itemsize: Py_ssize_t,
    readonly: bool,
    ndim: c_int,
    format: Option<Vec<u8>>,
    shape: Option<Vec<Py_ssize_t>>,
    strides: Option<Vec<Py_ssize_t>>,
    suboffsets: Option<Vec<Py_ssize_t>>,
    /// Whether the exporter names itself as the owner of the memory. If not, it is not told of the release.
    owner: bool,
}

/// The arrays that a `Py_buffer` points to. They are freed when it is released.
struct Arrays {
    format: Option<CString>,
    numbers: [Option<Vec<Py_ssize_t>>; 3],
}

#[pymethods]
impl Hostile {
    #[new]
    #[pyo3(signature = (answer, release=None))]
    fn new(answer: Py<PyAny>, release: Option<Py<PyAny>>) -> Self {
        let [asked, exported, released] = [const { AtomicUsize::new(0) }; 3];
        Self { answer, release, asked, exported, released }
    }

    /// The number of requests.
    #[getter]
    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// The number of requests that were granted.
    #[getter]
    fn exported(&self) -> usize {
        self.exported.load(Ordering::Relaxed)
    }

    /// The number of exports that were released.
    #[getter]
    fn released(&self) -> usize {
        self.released.load(Ordering::Relaxed)
    }

    /// # Safety
    ///
    /// The caller, which is the interpreter, must ensure that `view` points to a `Py_buffer` that can be filled in.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        let this = slf.get();
        this.asked.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller guarantees that `view` can be written. PEP 3118 requires a null owner with every refusal.
        unsafe { (*view).obj = ptr::null_mut() };
        let answer: Answer = this.answer.bind(slf.py()).call1((flags,))?.extract()?;
        let format = answer.format.map(CString::new).transpose();
        let format = format.map_err(|_| PyBufferError::new_err("a format ends at its first zero byte"))?;
        let mut arrays =
            Box::new(Arrays { format, numbers: [answer.shape, answer.strides, answer.suboffsets] });
        let mut filled = ffi::Py_buffer::new();
        filled.buf = ptr::without_provenance_mut(answer.address);
        filled.len = answer.len;
        filled.itemsize = answer.itemsize;
        filled.readonly = answer.readonly.into();
        filled.ndim = answer.ndim;
        filled.format = arrays.format.as_ref().map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut());
        let [shape, strides, suboffsets] = &mut arrays.numbers;
        filled.shape = or_null(shape);
        filled.strides = or_null(strides);
        filled.suboffsets = or_null(suboffsets);
        if answer.owner {
            filled.internal = Box::into_raw(arrays).cast();
            filled.obj = slf.clone().into_any().into_ptr();
        } else {
            // Without an owner there is no call of `__releasebuffer__` that could free them.
            Box::leak(arrays);
        }
        this.exported.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller guarantees that `view` can be written.
        unsafe { view.write(filled) };
        Ok(())
    }

    /// # Safety
    ///
    /// The caller, which is the interpreter, must ensure that `__getbuffer__` has filled in `view`, which may have
    /// moved since.
    unsafe fn __releasebuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer) -> PyResult<()> {
        let this = slf.get();
        this.released.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller guarantees that `view` has been filled in, so it can be read.
        let arrays = unsafe { (*view).internal }.cast::<Arrays>();
        // SAFETY: `__getbuffer__` made the pointer from a box, and each export is released once.
        drop(unsafe { Box::from_raw(arrays) });
        match &this.release {
            Some(release) => release.bind(slf.py()).call0().map(drop),
            None => Ok(()),
        }
    }

    fn __traverse__(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
        visit.call(&self.answer)?;
        self.release.as_ref().map_or(Ok(()), |release| visit.call(release))
    }
}

fn or_null(numbers: &mut Option<Vec<Py_ssize_t>>) -> *mut Py_ssize_t {
    numbers.as_mut().map_or(ptr::null_mut(), Vec::as_mut_ptr)
}
