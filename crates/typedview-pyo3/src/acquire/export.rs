//! Exports: what keeps the memory of a Python object in place until it is given back.
//! Each protocol has its own way of giving back; that is all that is known of it here.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::c_int;
use std::fmt;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;

/// An export of a Python object, held until dropped.
///
/// - B1. `raw` and `how` hold what was handed out, which is given back once.
pub struct Export {
    raw: MaybeUninit<ffi::Py_buffer>,
    how: How,
}

/// How the memory is kept.
pub(crate) enum How {
    /// By `raw`, all of it as `PyObject_GetBuffer` filled it.
    Buffer,
    /// By the reference to an object that stands in `raw`, where nothing else is.
    Object,
    /// By what another protocol hands out: given back by its `Drop`, with the interpreter attached.
    Foreign(ManuallyDrop<Box<dyn Foreign>>),
}

/// What a protocol other than the buffer protocol hands out.
pub(crate) trait Foreign: Send + Sync {
    /// The object that owns the memory, where the protocol names one.
    fn owner(&self) -> Option<&Py<PyAny>>;
}

// SAFETY: B1: what is kept is only touched to be given back, which happens attached to the interpreter.
unsafe impl Send for Export {}
// SAFETY: as above; a shared reference gives access to nothing but the owner.
unsafe impl Sync for Export {}

impl Export {
    /// What another protocol hands out.
    pub(crate) fn of_foreign(foreign: Box<dyn Foreign>) -> Self {
        // INVARIANT B1.
        Self { raw: MaybeUninit::uninit(), how: How::Foreign(ManuallyDrop::new(foreign)) }
    }

    /// What an object keeps as long as it lives.
    pub(crate) fn of_object(obj: &Bound<'_, PyAny>) -> Self {
        let mut place = MaybeUninit::uninit();
        Self::fill_with_object(&mut place, obj);
        // SAFETY: it has been filled.
        unsafe { place.assume_init() }
    }

    /// Keeps in `place` what an object keeps as long as it lives.
    // Field by field, here and below: a struct that is built first and then moved is waited for.
    #[inline(always)]
    pub(crate) fn fill_with_object(place: &mut MaybeUninit<Self>, obj: &Bound<'_, PyAny>) {
        let (raw, how) = Self::fields(place);
        // SAFETY: a field of a writable place.
        unsafe { (*raw).obj = obj.clone().into_ptr() };
        // SAFETY: as above.
        unsafe { how.write(How::Object) };
        // INVARIANT B1.
    }

    #[inline(always)]
    fn fields(place: &mut MaybeUninit<Self>) -> (*mut ffi::Py_buffer, *mut How) {
        let export = place.as_mut_ptr();
        // SAFETY: the field is in the place.
        let raw = unsafe { &raw mut (*export).raw };
        // SAFETY: as above.
        (raw.cast(), unsafe { &raw mut (*export).how })
    }

    /// Asks `obj` for its memory, and keeps in `place` what it gives.
    ///
    /// # Errors
    ///
    /// None, with the exporter's exception left in the interpreter and nothing in `place`.
    #[inline(always)]
    pub(crate) fn fill<'a>(
        place: &'a mut MaybeUninit<Self>,
        obj: &Bound<'_, PyAny>,
        flags: c_int,
    ) -> Option<&'a ffi::Py_buffer> {
        let (raw, how) = Self::fields(place);
        // Zeros for what an exporter forgets to fill.
        // SAFETY: the place is writable.
        unsafe { raw.write(ffi::Py_buffer::new()) };
        // SAFETY: as above.
        unsafe { how.write(How::Buffer) };
        // SAFETY: `obj` is alive, `raw` is writable, and the interpreter is attached.
        let answer = unsafe { ffi::PyObject_GetBuffer(obj.as_ptr(), raw, flags) };
        // INVARIANT B1: nothing is handed out with a refusal.
        // SAFETY: it was all zero, and has been filled.
        (answer == 0).then(|| unsafe { &*raw })
    }

    /// What the exporter has written, if this is a buffer.
    #[inline(always)]
    pub(crate) fn raw(&self) -> Option<&ffi::Py_buffer> {
        // SAFETY: B1: a buffer has been filled.
        matches!(self.how, How::Buffer).then(|| unsafe { self.raw.assume_init_ref() })
    }

    /// Makes the export independent of its place.
    ///
    /// Exporters built on `PyBuffer_FillInfo` point into the struct; in one dimension the protocol lets those pointers
    /// be null.
    pub(crate) fn detach_from_place(&mut self) {
        if !matches!(self.how, How::Buffer) {
            return;
        }
        // SAFETY: B1.
        let raw = unsafe { self.raw.assume_init_mut() };
        if raw.shape == &raw mut raw.len {
            raw.shape = ptr::null_mut();
        }
        if raw.strides == &raw mut raw.itemsize {
            raw.strides = ptr::null_mut();
        }
    }

    /// The object that the exporter named as the owner of the memory.
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        if let How::Foreign(foreign) = &self.how {
            return foreign.owner();
        }
        let owner = self.object().cast::<Option<Py<PyAny>>>();
        // SAFETY: B1: a reference that the struct owns, or null; `Option<Py>` is a pointer, null for `None`.
        unsafe { &*owner }.as_ref()
    }

    /// The same export, for those who keep it longer than a call.
    #[must_use]
    pub fn keep(self, py: Python<'_>) -> KeptExport {
        let second = self.owner().map(|owner| owner.clone_ref(py));
        KeptExport { export: self, second }
    }

    /// Where the reference stands, of what is no foreign export.
    #[inline]
    fn object(&self) -> *const *mut ffi::PyObject {
        // SAFETY: the field is in the struct.
        unsafe { &raw const (*self.raw.as_ptr()).obj }
    }

    /// The object that keeps the memory as long as it lives, if that is all there is to it.
    #[inline]
    pub(crate) fn into_object(self) -> Result<Py<PyAny>, Self> {
        if !matches!(self.how, How::Object) {
            return Err(self);
        }
        let export = ManuallyDrop::new(self);
        // SAFETY: B1: `export` is not dropped, so that its reference is this one's.
        Ok(unsafe { ptr::read(export.object().cast::<Py<PyAny>>()) })
    }

    /// Gives the memory back.
    pub fn release(self, py: Python<'_>) {
        // SAFETY: it is not dropped again.
        unsafe { ManuallyDrop::new(self).release_in_place(py) };
    }

    /// Gives the memory back.
    ///
    /// # Safety
    ///
    /// The export is neither used nor dropped again.
    #[inline]
    pub(crate) unsafe fn release_in_place(&mut self, _py: Python<'_>) {
        match &mut self.how {
            // SAFETY: B1, and the interpreter is attached.
            How::Buffer => unsafe { ffi::PyBuffer_Release(self.raw.as_mut_ptr()) },
            How::Object => {
                // SAFETY: B1.
                let object = unsafe { *self.object() };
                // SAFETY: B1, and the interpreter is attached.
                unsafe { ffi::Py_DECREF(object) }
            }
            // SAFETY: the caller.
            How::Foreign(foreign) => drop_foreign(unsafe { ManuallyDrop::take(foreign) }),
        }
    }
}

/// An export that is kept longer than a call, with a second reference to its owner.
///
/// NumPy's `a.resize(n)` replaces the memory of an array that its caller and one other refer to. During a call there are more
/// references anyway; who keeps a view must not be the one other.
#[derive(Debug)]
pub struct KeptExport {
    export: Export,
    second: Option<Py<PyAny>>,
}

impl KeptExport {
    /// The object that the exporter named as the owner of the memory.
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        self.export.owner()
    }

    /// Tells the garbage collector of both references, for the `__traverse__` of whoever keeps this.
    ///
    /// CPython before 3.13 takes the memory from a memoryview that is garbage, though others have it, and crashes when they
    /// give it back. It is not told of those, therefore, and a circle through one is not collected.
    ///
    /// # Errors
    ///
    /// Those of `visit`.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // SAFETY: a number that does not change.
        let is_sound = unsafe { ffi::Py_Version } >= 0x030D_0000;
        // SAFETY: the type of an object that is alive; nothing is called.
        let is_memoryview = |owner: &Py<PyAny>| unsafe { ffi::PyMemoryView_Check(owner.as_ptr()) } != 0;
        match self.owner() {
            Some(owner) if is_sound || !is_memoryview(owner) => {
                visit.call(owner)?;
                visit.call(&self.second)
            }
            _ => Ok(()),
        }
    }
}

/// Out of the way of the others.
#[cold]
#[inline(never)]
fn drop_foreign(foreign: Box<dyn Foreign>) {
    drop(foreign);
}

impl Drop for Export {
    fn drop(&mut self) {
        // At interpreter shutdown there is nothing left to release to.
        Python::try_attach(|py| {
            // SAFETY: it is being dropped.
            unsafe { self.release_in_place(py) }
        });
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.how {
            How::Buffer => f.write_str("Export(buffer)"),
            How::Object => f.write_str("Export(object)"),
            How::Foreign(_) => f.write_str("Export(foreign)"),
        }
    }
}
