//! Requests: one call of `PyObject_GetBuffer`, and what it answers.

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

/// A `Py_buffer` in the place where an exporter has filled it.
///
/// - B2. The struct is as `PyObject_GetBuffer` left it, and has neither moved nor been released.
#[derive(Clone, Copy)]
pub(crate) struct Filled<'a>(&'a ffi::Py_buffer);

impl<'a> Filled<'a> {
    /// What an export still has in the place where it was filled, if it is a buffer.
    ///
    /// # Safety
    ///
    /// The export has not moved.
    #[inline(always)]
    pub(crate) unsafe fn still(export: &'a Export) -> Option<Self> {
        // INVARIANT B2.
        export.raw().map(Self)
    }

    /// The elements, where their format is the type code of a native number and nothing else.
    #[inline(always)]
    pub(crate) fn number(self, py: Python<'_>) -> Option<Dtype> {
        // SAFETY: B2.
        let number = unsafe { number(self.0) };
        number.filter(|number| *number != i8::DTYPE || !self.is_of_arrow(py))
    }

    #[cold]
    fn is_of_arrow(self, py: Python<'_>) -> bool {
        // SAFETY: B2: a reference that the struct owns, or null.
        let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.0.obj) };
        owner.is_some_and(|owner| is_arrow_buffer(&owner).unwrap_or(true))
    }

    /// The first element.
    #[inline]
    pub(crate) fn first(self) -> *mut u8 {
        self.0.buf.cast()
    }

    /// Whether the exporter forbids writing.
    #[inline]
    pub(crate) fn readonly(self) -> bool {
        self.0.readonly != 0
    }

    /// The layout of native elements `T`, where the exporter says all that and nothing odd.
    #[inline(always)]
    pub(crate) fn fast_path<T: Element, L: Layout>(self, py: Python<'_>) -> Option<L> {
        // SAFETY: B2.
        unsafe { fast_path::<T, L>(py, self.0) }
    }

    /// Keeps the format, under which elements have been found to be `T`, where it tells all.
    pub(crate) fn remember<T: Element>(self, py: Python<'_>) {
        // SAFETY: B2.
        if let Some(format) = unsafe { text(self.0) }.filter(|format| tells_all(format, size_of::<T>())) {
            remember::<T>(py, format);
        }
    }

    /// All that the exporter says, checked; `meant` is the element that is asked for.
    pub(crate) fn to_description(
        self,
        py: Python<'_>,
        meant: Option<fn() -> Format>,
    ) -> Result<Description, AcquireError> {
        // SAFETY: B2.
        unsafe { to_description(py, self.0, meant) }
    }
}

/// Why a request has no answer.
pub(crate) enum Unanswered {
    /// The exporter would have shown what its mask hides, and has not been asked.
    Masked,
    /// What was raised instead of an answer.
    Raised(PyErr),
}

impl Unanswered {
    #[cold]
    fn of_exporter(py: Python<'_>) -> Self {
        let missing = || PySystemError::new_err("the exporter gave neither memory nor an exception");
        Self::Raised(PyErr::take(py).unwrap_or_else(missing))
    }
}

/// Asks `obj` for its memory, to write where `access` says so, and keeps in `place` what it gives.
///
/// # Errors
///
/// There is nothing in `place`.
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
    // INVARIANT B2.
    let filled = Export::fill(place, obj, ffi::PyBUF_FULL_RO | writable).map(Filled);
    filled.ok_or_else(|| Unanswered::of_exporter(obj.py()))
}

/// Acquires the memory of an object that speaks the buffer protocol.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    match describe_request(obj, access) {
        Ok((description, export)) => Ok(Some(Acquired { export, description: description? })),
        Err(unanswered) => explain(obj, access, unanswered),
    }
}

/// Asks, and describes what is given before it moves.
fn describe_request(
    obj: &Bound<'_, PyAny>,
    access: Access,
) -> Result<(Result<Description, AcquireError>, Export), Unanswered> {
    let mut place = MaybeUninit::uninit();
    let description = request(obj, access, &mut place)?.to_description(obj.py(), None);
    // SAFETY: the request has been answered.
    let mut export = unsafe { place.assume_init() };
    export.detach_from_place();
    Ok((description, export))
}

/// Whether an exporter means that it does not give what was asked; anything else is none of our business.
fn is_refusal(py: Python<'_>, exception: &PyErr) -> bool {
    exception.is_instance_of::<PyBufferError>(py)
        || exception.is_instance_of::<PyValueError>(py)
        || exception.is_instance_of::<PyTypeError>(py)
}

/// The reason why an exporter gave nothing, where it can be told better than by its own exception.
#[cold]
pub(crate) fn explain(obj: &Bound<'_, PyAny>, access: Access, unanswered: Unanswered) -> Answer {
    let exception = match unanswered {
        Unanswered::Masked => return Err(InvalidExport::Mask.into()),
        Unanswered::Raised(exception) => exception,
    };
    // SAFETY: `obj` is alive and the interpreter is attached.
    if unsafe { ffi::PyObject_CheckBuffer(obj.as_ptr()) } == 0 {
        return Ok(None);
    }
    if access == Access::Write
        && is_refusal(obj.py(), &exception)
        && let Ok((Ok(description), export)) = describe_request(obj, Access::Read)
        && description.found().readonly
    {
        // Readonly memory: the view refuses it in its own words.
        return Ok(Some(Acquired { export, description }));
    }
    Err(AcquireError::Raised(exception))
}
