//! Exports: what keeps the memory of a Python object in place until it is given back.
//! Each protocol has its own way of giving back; that is all that is known of it here.

use pyo3::ffi;
use pyo3::prelude::*;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// An export of a Python object, held until dropped.
///
/// - B1. What `keeper` holds was handed to it and is given back once.
pub struct Export {
    keeper: ManuallyDrop<Keeper>,
}

/// What keeps the memory.
pub(crate) enum Keeper {
    /// A `Py_buffer` as `PyObject_GetBuffer` filled it; it points to nothing inside itself, so that it may move.
    Buffer(ffi::Py_buffer),
    /// A reference to an object that keeps its memory as long as it lives.
    Object(NonNull<ffi::PyObject>),
    /// What another protocol hands out: given back by its `Drop`, with the interpreter attached.
    Foreign(Box<dyn Foreign>),
}

/// What a protocol other than the buffer protocol hands out.
pub(crate) trait Foreign: Send + Sync {
    /// The object that owns the memory, where the protocol names one.
    fn owner(&self) -> Option<&Py<PyAny>>;
}

// SAFETY: B1: the keeper is only touched to be given back, which happens attached to the interpreter.
unsafe impl Send for Export {}
// SAFETY: as above; a shared reference gives access to nothing but the owner.
unsafe impl Sync for Export {}

impl Export {
    /// Acquires what `obj` exports, whatever it is.
    ///
    /// # Errors
    ///
    /// `TypeError` when `obj` exports no memory or no numbers; `ValueError` when it describes memory that cannot be;
    /// the exporter's own exception when it refuses.
    pub fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<(Self, super::Description)> {
        let answer = crate::buffer::acquire(obj, typedview::Access::Read);
        let offered = super::acquire_after(answer, obj, typedview::Access::Read, None)?;
        Ok((offered.export, offered.description))
    }

    #[inline]
    pub(crate) fn new(keeper: Keeper) -> Self {
        // INVARIANT B1.
        Self { keeper: ManuallyDrop::new(keeper) }
    }

    /// The object that the exporter named as the owner of the memory.
    #[must_use]
    pub fn owner(&self) -> Option<&Py<PyAny>> {
        let owner: *const *mut ffi::PyObject = match &*self.keeper {
            Keeper::Buffer(raw) => &raw const raw.obj,
            Keeper::Object(object) => (&raw const *object).cast(),
            Keeper::Foreign(foreign) => return foreign.owner(),
        };
        // SAFETY: B1: a reference that the keeper owns, or null; `Option<Py>` is a pointer, null for `None`.
        unsafe { &*owner.cast::<Option<Py<PyAny>>>() }.as_ref()
    }

    /// Gives the memory back.
    #[inline]
    pub fn release(self, py: Python<'_>) {
        let mut export = ManuallyDrop::new(self);
        // SAFETY: B1: neither `export` nor its keeper is dropped again.
        let keeper = unsafe { ManuallyDrop::take(&mut export.keeper) };
        keeper.release(py);
    }
}

impl Keeper {
    #[inline]
    fn release(self, _py: Python<'_>) {
        match self {
            Self::Buffer(mut raw) => {
                // SAFETY: B1, and the interpreter is attached.
                unsafe { ffi::PyBuffer_Release(&mut raw) }
            }
            Self::Object(object) => {
                // SAFETY: B1, and the interpreter is attached.
                unsafe { ffi::Py_DECREF(object.as_ptr()) }
            }
            Self::Foreign(foreign) => drop(foreign),
        }
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // At interpreter shutdown there is nothing left to release to.
        Python::try_attach(|py| {
            // SAFETY: B1: the keeper is not dropped again.
            unsafe { ManuallyDrop::take(&mut self.keeper) }.release(py);
        });
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.keeper {
            Keeper::Buffer(raw) => write!(f, "Export({} bytes at {:p})", raw.len, raw.buf),
            Keeper::Object(object) => write!(f, "Export(object at {object:p})"),
            Keeper::Foreign(_) => f.write_str("Export(foreign)"),
        }
    }
}
