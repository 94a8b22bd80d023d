//! The request for a buffer: one call of `PyObject_GetBuffer`, and how its answer is read.

use super::fast_path::{fast_path, number, text};
use super::format::tells_all;
use super::normalise::to_description;
use crate::acquire::{
    AcquireError, Acquired, Answer, Description, Export, InvalidExport, is_arrow_buffer, is_masked,
};
use crate::format_cache::remember;
use pyo3::exceptions::{PyBufferError, PySystemError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::mem::MaybeUninit;
use typedview::{Access, Dtype, Element, Format, Layout};

/// A `Py_buffer` at the address where an exporter has filled it.
///
/// - B2. The struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released.
#[derive(Clone, Copy)]
pub(crate) struct Filled<'a>(&'a ffi::Py_buffer);

impl<'a> Filled<'a> {
    /// Returns the `Py_buffer` of an export at the address where it was filled, or `None` if the export is not a
    /// buffer.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the export has not moved, and that `clear_self_pointers` has not been called.
    #[inline(always)]
    pub(crate) unsafe fn still(export: &'a Export) -> Option<Self> {
        // INVARIANT B2: the caller guarantees that the export has not moved, and it cannot be released while it is
        // borrowed.
        export.raw().map(Self)
    }

    /// Returns the dtype of the elements, if their format is the type code of a native number and nothing else. The signed bytes of
    /// a `pyarrow.Buffer`, which are in fact unsigned, have none.
    #[inline(always)]
    pub(crate) fn number(self, py: Python<'_>) -> Option<Dtype> {
        // SAFETY: the struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released (B2).
        let number = unsafe { number(self.0) };
        number.filter(|number| *number != i8::DTYPE || !self.is_of_arrow(py))
    }

    /// Returns whether the memory belongs to a `pyarrow.Buffer`. Also returns `true` when finding that out raises an
    /// exception, so that the format is then read in full.
    #[cold]
    fn is_of_arrow(self, py: Python<'_>) -> bool {
        // SAFETY: the struct has not been released (B2), so `obj` is null or a reference that the struct owns.
        let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.0.obj) };
        owner.is_some_and(|owner| is_arrow_buffer(&owner).unwrap_or(true))
    }

    /// Returns the address of the first element.
    #[inline]
    pub(crate) fn first(self) -> *mut u8 {
        self.0.buf.cast()
    }

    /// Returns whether the exporter forbids writing.
    #[inline]
    pub(crate) fn readonly(self) -> bool {
        self.0.readonly != 0
    }

    /// Returns the layout of elements `T`, or `None` if the struct leaves something out or describes something else.
    #[inline(always)]
    pub(crate) fn fast_path<T: Element, L: Layout>(self, py: Python<'_>) -> Option<L> {
        // SAFETY: the struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released (B2).
        unsafe { fast_path::<T, L>(py, self.0) }
    }

    /// Caches the format text of elements that have been found to be `T`, if the text says everything.
    pub(crate) fn remember<T: Element>(self, py: Python<'_>) {
        // SAFETY: the struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released (B2).
        if let Some(format) = unsafe { text(self.0) }.filter(|format| tells_all(format, size_of::<T>())) {
            remember::<T>(py, format);
        }
    }

    /// Returns everything that the exporter says, checked. `meant` is the format that is asked for.
    pub(crate) fn to_description(
        self,
        py: Python<'_>,
        meant: Option<fn() -> Format>,
    ) -> Result<Description, AcquireError> {
        // SAFETY: the struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released (B2).
        unsafe { to_description(py, self.0, meant) }
    }
}

/// The reason why a request has no answer.
pub(crate) enum Unanswered {
    /// The exporter has a mask, and would have exported the elements that it hides. It has not been asked.
    Masked,
    /// The exception that was raised instead of an answer.
    Raised(PyErr),
}

impl Unanswered {
    /// Takes the exception that the exporter has left in the interpreter.
    #[cold]
    fn of_exporter(py: Python<'_>) -> Self {
        let missing = || PySystemError::new_err("the exporter gave neither memory nor an exception");
        Self::Raised(PyErr::take(py).unwrap_or_else(missing))
    }
}

/// Requests the memory of `obj`, to write where `access` says so, and writes the export to `place`.
///
/// # Errors
///
/// Fails when `obj` has a mask, and when the exporter refuses. There is then no export in `place`.
#[inline(always)]
pub(crate) fn request<'a>(
    obj: &Bound<'_, PyAny>,
    access: Access,
    place: &'a mut MaybeUninit<Export>,
) -> Result<Filled<'a>, Unanswered> {
    match is_masked(obj) {
        Ok(false) => {}
        Ok(true) => return Err(Unanswered::Masked),
        Err(exception) => return Err(Unanswered::Raised(exception)),
    }
    let writable = if access == Access::Write { ffi::PyBUF_WRITABLE } else { 0 };
    // INVARIANT B2: the exporter has just filled the struct in `place`, which stays borrowed as long as the result
    // lives.
    let filled = Export::fill(place, obj, ffi::PyBUF_FULL_RO | writable).map(Filled);
    filled.ok_or_else(|| Unanswered::of_exporter(obj.py()))
}

/// Acquires the memory of an object that speaks the buffer protocol; returns `None` for other objects.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    match describe_request(obj, access) {
        Ok((description, export)) => Ok(Some(Acquired { export, description: description? })),
        Err(unanswered) => explain(obj, access, unanswered),
    }
}

/// Requests the memory, and describes it before the `Py_buffer` moves.
fn describe_request(
    obj: &Bound<'_, PyAny>,
    access: Access,
) -> Result<(Result<Description, AcquireError>, Export), Unanswered> {
    let mut place = MaybeUninit::uninit();
    let description = request(obj, access, &mut place)?.to_description(obj.py(), None);
    // SAFETY: the request was answered, so the export has been written to `place`.
    let mut export = unsafe { place.assume_init() };
    export.clear_self_pointers();
    Ok((description, export))
}

/// Returns whether the exception means that the exporter refuses what was requested. Other exceptions are passed on
/// unchanged.
fn is_refusal(py: Python<'_>, exception: &PyErr) -> bool {
    exception.is_instance_of::<PyBufferError>(py)
        || exception.is_instance_of::<PyValueError>(py)
        || exception.is_instance_of::<PyTypeError>(py)
}

/// Returns why an exporter gave no memory, where that can be said better than by its own exception. Returns `None` if
/// `obj` does not speak the buffer protocol.
///
/// Memory that was requested for writing and is readonly is returned, so that the consumer refuses it in its own words.
#[cold]
pub(crate) fn explain(obj: &Bound<'_, PyAny>, access: Access, unanswered: Unanswered) -> Answer {
    let exception = match unanswered {
        Unanswered::Masked => return Err(InvalidExport::Mask.into()),
        Unanswered::Raised(exception) => exception,
    };
    // SAFETY: `obj` is alive, and this thread is attached to the interpreter.
    if unsafe { ffi::PyObject_CheckBuffer(obj.as_ptr()) } == 0 {
        return Ok(None);
    }
    if access == Access::Write
        && is_refusal(obj.py(), &exception)
        && let Ok((Ok(description), export)) = describe_request(obj, Access::Read)
        && description.found().readonly
    {
        // The memory is readonly. The view refuses it with its own message.
        return Ok(Some(Acquired { export, description }));
    }
    Err(AcquireError::Raised(exception))
}
