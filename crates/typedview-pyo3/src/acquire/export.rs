//! `Export`: what keeps the memory of a Python object in place until it is given back.
//! Each protocol gives memory back in its own way. This file knows nothing else about the protocols.

use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;
use std::fmt;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;

/// An export of a Python object, which is held until this value is dropped.
///
/// - B1. `raw` and `kept_by` hold what was handed out. It is given back once, on a thread that is attached to the interpreter.
/// - B3. An export with a buffer is moved only after `clear_self_pointers`.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::Export;
///
/// /// The number of bytes that `obj` exports.
/// #[pyfunction]
/// fn nbytes(obj: &Bound<'_, PyAny>) -> PyResult<usize> {
///     let (export, description) = Export::acquire(obj)?;
///     let nbytes = description.untyped().nbytes();
///     export.release(obj.py());
///     Ok(nbytes)
/// }
/// ```
pub struct Export {
    raw: MaybeUninit<ffi::Py_buffer>,
    kept_by: KeptBy,
}

/// How the memory is kept in place.
pub(crate) enum KeptBy {
    /// By `raw`, which `PyObject_GetBuffer` has filled.
    Buffer,
    /// By a reference to an object. The reference is in `raw.obj`, and no other field of `raw` has been written.
    Object,
    /// By what another protocol handed out. Dropping it gives the memory back. An `Export` drops it only while attached to the
    /// interpreter.
    Foreign(ManuallyDrop<Box<dyn Foreign>>),
}

/// What Arrow or DLPack hands out, to be given back when it is dropped.
pub(crate) trait Foreign: Send + Sync {
    /// Returns the object that owns the memory, if the protocol names one.
    fn owner(&self) -> Option<&Py<PyAny>>;
}

// SAFETY: what was handed out is given back only while attached to the interpreter (B1), which any thread may do. A
// `Foreign` is `Send`.
unsafe impl Send for Export {}
// SAFETY: a shared reference only allows reading the owner, which any thread may share, and the fields of `raw`, which
// do not change. A `Foreign` is `Sync`.
unsafe impl Sync for Export {}

impl Export {
    /// Makes an export of what another protocol handed out.
    pub(crate) fn of_foreign(foreign: Box<dyn Foreign>) -> Self {
        // INVARIANT B1: `kept_by` holds all that was handed out, and `raw` is not used.
        Self { raw: MaybeUninit::uninit(), kept_by: KeptBy::Foreign(ManuallyDrop::new(foreign)) }
    }

    /// Makes an export of an object that keeps its memory in place as long as it lives.
    pub(crate) fn of_object(obj: &Bound<'_, PyAny>) -> Self {
        let mut place = MaybeUninit::uninit();
        Self::fill_with_object(&mut place, obj);
        // SAFETY: `fill_with_object` has written all that an export of an object uses, and the rest of `raw` may be
        // uninitialised.
        unsafe { place.assume_init() }
    }

    /// Writes to `place` an export of an object that keeps its memory in place as long as it lives.
    // The fields are written one by one, here and in `fill`. If the struct were built first and then moved, the
    // processor would have to wait for the stores that it has just made (see `slot`).
    #[inline(always)]
    pub(crate) fn fill_with_object(place: &mut MaybeUninit<Self>, obj: &Bound<'_, PyAny>) {
        let (raw, kept_by) = Self::fields(place);
        // SAFETY: `raw` points to a field in the memory of `place`, which is borrowed mutably.
        unsafe { (*raw).obj = obj.clone().into_ptr() };
        // SAFETY: `kept_by` points to a field in the memory of `place`, which is borrowed mutably.
        unsafe { kept_by.write(KeptBy::Object) };
        // INVARIANT B1: `raw.obj` holds a new reference to the object, and `kept_by` says so.
    }

    /// Returns pointers to the two fields of the export in `place`, which may be uninitialised.
    #[inline(always)]
    fn fields(place: &mut MaybeUninit<Self>) -> (*mut ffi::Py_buffer, *mut KeptBy) {
        let export = place.as_mut_ptr();
        // SAFETY: `export` points to the memory of `place`, and the field is inside it.
        let raw = unsafe { &raw mut (*export).raw };
        // SAFETY: `export` points to the memory of `place`, and the field is inside it.
        (raw.cast(), unsafe { &raw mut (*export).kept_by })
    }

    /// Requests the memory of `obj`, and writes the export to `place`. Returns the `Py_buffer` in `place`, or `None` when the
    /// exporter refuses. The exception of the exporter is then set, and there is no export in `place`.
    #[inline(always)]
    pub(crate) fn fill<'a>(
        place: &'a mut MaybeUninit<Self>,
        obj: &Bound<'_, PyAny>,
        flags: c_int,
    ) -> Option<&'a ffi::Py_buffer> {
        let (raw, kept_by) = Self::fields(place);
        // The struct is zeroed first, because an exporter may forget to fill a field.
        // SAFETY: `raw` points to a field in the memory of `place`, which is borrowed mutably.
        unsafe { raw.write(ffi::Py_buffer::new()) };
        // SAFETY: `kept_by` points to a field in the memory of `place`, which is borrowed mutably.
        unsafe { kept_by.write(KeptBy::Buffer) };
        // SAFETY: `obj` is alive, `raw` is writable, and this thread is attached to the interpreter.
        let answer = unsafe { ffi::PyObject_GetBuffer(obj.as_ptr(), raw, flags) };
        // INVARIANT B1: `raw` holds what was handed out. A refusal hands nothing out, and then there is no export in
        // `place`.
        // SAFETY: the struct was zeroed and then filled by the exporter, so it is initialised.
        (answer == 0).then(|| unsafe { &*raw })
    }

    /// Returns the `Py_buffer` that the exporter has filled, or `None` if the export is not a buffer.
    #[inline(always)]
    pub(crate) fn raw(&self) -> Option<&ffi::Py_buffer> {
        // SAFETY: `kept_by` says that the export is a buffer, so `raw` has been filled (B1).
        matches!(self.kept_by, KeptBy::Buffer).then(|| unsafe { self.raw.assume_init_ref() })
    }

    /// Makes the export independent of its address, so that it can be moved.
    ///
    /// Exporters that use `PyBuffer_FillInfo` leave pointers into the struct itself. They export one axis, for which
    /// the protocol allows these pointers to be null.
    pub(crate) fn clear_self_pointers(&mut self) {
        if !matches!(self.kept_by, KeptBy::Buffer) {
            return;
        }
        // SAFETY: `kept_by` says that the export is a buffer, so `raw` has been filled (B1).
        let raw = unsafe { self.raw.assume_init_mut() };
        if raw.shape == &raw mut raw.len {
            raw.shape = ptr::null_mut();
        }
        if raw.strides == &raw mut raw.itemsize {
            raw.strides = ptr::null_mut();
        }
    }

    /// Returns the object that the exporter named as the owner of the memory.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::Export;
    ///
    /// /// The object that owns the memory of `obj`, as `memoryview(obj).obj`.
    /// #[pyfunction]
    /// fn owner(obj: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    ///     let (export, _) = Export::acquire(obj)?;
    ///     Ok(export.owner().map(|owner| owner.clone_ref(obj.py())))
    /// }
    /// ```
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        if let KeptBy::Foreign(foreign) = &self.kept_by {
            return foreign.owner();
        }
        let owner = self.object().cast::<Option<Py<PyAny>>>();
        // SAFETY: `raw.obj` is null or a reference that the export owns (B1). An `Option<Py>` is a pointer that is null
        // for `None`.
        unsafe { &*owner }.as_ref()
    }

    /// Requests the memory of `obj` as a buffer of any form. Returns `None` if the object exports none.
    pub(crate) fn of_buffer(obj: &Bound<'_, PyAny>) -> Option<Self> {
        let mut place = MaybeUninit::uninit();
        if Self::fill(&mut place, obj, ffi::PyBUF_FULL_RO).is_none() {
            drop(PyErr::take(obj.py()));
            return None;
        }
        // SAFETY: the request was answered, so the export has been written to `place`.
        let mut export = unsafe { place.assume_init() };
        export.clear_self_pointers();
        Some(export)
    }

    /// Returns whether the export is only a reference to an object.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self.kept_by, KeptBy::Object)
    }

    /// Returns whether the memory is kept by something that another protocol than the buffer protocol handed out.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self.kept_by, KeptBy::Foreign(_))
    }

    /// Returns the address of the reference in `raw`. The reference is only there if the export is not foreign.
    #[inline]
    fn object(&self) -> *const *mut ffi::PyObject {
        // SAFETY: the field `obj` is inside `self.raw`, so its address can be taken even if it is uninitialised.
        unsafe { &raw const (*self.raw.as_ptr()).obj }
    }

    /// Returns the object, if the export is only a reference to an object that keeps the memory as long as it lives.
    /// Otherwise returns the export unchanged.
    #[inline]
    pub(crate) fn into_object(self) -> Result<Py<PyAny>, Self> {
        if !self.is_object() {
            return Err(self);
        }
        let export = ManuallyDrop::new(self);
        // SAFETY: `raw.obj` is a reference that the export owns (B1). `export` is not dropped, so the result owns it
        // instead.
        Ok(unsafe { ptr::read(export.object().cast::<Py<PyAny>>()) })
    }

    /// Gives the memory back.
    ///
    /// See [`Export`] for an example.
    pub fn release(self, py: Python<'_>) {
        // SAFETY: `self` is consumed and a `ManuallyDrop` is not dropped, so the export is not used or dropped again.
        unsafe { ManuallyDrop::new(self).release_in_place(py) };
    }

    /// Gives the memory back, without moving the export.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export is neither used nor dropped again.
    #[inline]
    pub(crate) unsafe fn release_in_place(&mut self, _py: Python<'_>) {
        match &mut self.kept_by {
            // SAFETY: `raw` was filled and has not been released (B1), and this thread is attached to the interpreter.
            KeptBy::Buffer => unsafe { ffi::PyBuffer_Release(self.raw.as_mut_ptr()) },
            KeptBy::Object => {
                // SAFETY: the export is an object, so `raw.obj` holds a reference to it (B1).
                let object = unsafe { *self.object() };
                // SAFETY: the export owns this reference and gives it back once (B1), and this thread is attached to
                // the interpreter.
                unsafe { ffi::Py_DECREF(object) }
            }
            // SAFETY: the caller guarantees that the export is not used or dropped again, so `foreign` is taken once.
            KeptBy::Foreign(foreign) => drop_foreign(unsafe { ManuallyDrop::take(foreign) }),
        }
    }
}

/// Drops what another protocol handed out. Kept out of line, because exports of other protocols are rare and this code
/// would bloat every caller.
#[cold]
#[inline(never)]
fn drop_foreign(foreign: Box<dyn Foreign>) {
    drop(foreign);
}

impl Drop for Export {
    fn drop(&mut self) {
        // While the interpreter shuts down this thread cannot be attached, and there is nothing to give the memory back
        // to.
        Python::try_attach(|py| {
            // SAFETY: `self` is being dropped, so the export is not used or dropped again.
            unsafe { self.release_in_place(py) }
        });
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kept_by {
            KeptBy::Buffer => f.write_str("Export(buffer)"),
            KeptBy::Object => f.write_str("Export(object)"),
            KeptBy::Foreign(_) => f.write_str("Export(foreign)"),
        }
    }
}
