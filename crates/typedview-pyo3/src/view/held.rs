//! Held memory: an export whose element and layout have been checked, and the claim on it.

use crate::acquire::{Answer, Export, Offered, acquire_after, exporter_name};
use crate::buffer::{self, Filled};
use crate::error::{OrRaise, raise};
use crate::lock::{Claim, Mode, Place, ReadLock, Registered, Show, Unregistered, WriteLock, register, register_in_time};
use crate::ndarray;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use std::mem::ManuallyDrop;
use std::time::Duration;
use typedview::{Access, Element, ErrorKind, Layout, Spec, ViewMut};

/// Memory of a Python object as elements `T` in a layout `L`.
///
/// - H1. The elements of `layout` from `first` on are initialised, and alive while `export` is; writable where
///   `access` says so.
/// - H2. `claim` names them in the table.
/// - H3. It stays on its thread, attached to the interpreter.
#[derive(Debug)]
pub(super) struct Held<T: Element, L: Layout> {
    claim: ManuallyDrop<Registered>,
    export: ManuallyDrop<Export>,
    first: *mut T,
    layout: L,
    access: Access,
}

impl<T: Element, L: Layout> Held<T, L> {
    /// The memory that `obj` exports, whatever it is.
    #[inline]
    pub(super) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> PyResult<Self> {
        if let Some((first, layout, export)) = ndarray::plain::<T, L>(obj, access) {
            return Self::claimed(obj.py(), first, layout, export, access);
        }
        let plain = |filled: Filled<'_>| match filled.plain::<T, L>() {
            Some(layout) if access == Access::Read || !filled.readonly() => Ok((filled.first(), layout)),
            _ => Err(filled.describe()),
        };
        match buffer::request(obj, access, plain) {
            Some((Ok((first, layout)), export)) => Self::claimed(obj.py(), first, layout, export, access),
            Some((Err(description), export)) => {
                let described = description.map(|description| Some(Offered { export, description }));
                Self::described(obj, access, described)
            }
            None => Self::described(obj, access, buffer::explain(obj, access, PyErr::fetch(obj.py()))),
        }
    }

    /// The memory of an export that took more than a look.
    #[cold]
    fn described(obj: &Bound<'_, PyAny>, access: Access, answer: Answer) -> PyResult<Self> {
        let offered = acquire_after(answer, obj, access, Some(Self::spec_for(access)))?;
        Self::typed(obj.py(), offered, access, || exporter_name(obj))
    }

    /// The memory of an export that has been described, if it is what a view with this access asks for.
    pub(super) fn typed(
        py: Python<'_>,
        offered: Offered,
        access: Access,
        exporter: impl Fn() -> String,
    ) -> PyResult<Self> {
        let Offered { export, description } = offered;
        let found = description.found();
        let spec = Self::spec_for(access);
        let layout = match L::from_parts(found.shape, found.strides, found.suboffsets, size_of::<T>()) {
            Ok(layout) if found.format.describes::<T>() => layout,
            unfit => {
                spec().check(&found, &exporter()).or_raise()?;
                unfit.or_raise()?
            }
        };
        if found.readonly && access == Access::Write {
            spec().check(&found, &exporter()).or_raise()?;
        }
        Self::claimed(py, description.first, layout, export, access)
    }

    /// Enters the memory in the table.
    #[inline]
    fn claimed(py: Python<'_>, first: *mut u8, layout: L, export: Export, access: Access) -> PyResult<Self> {
        let mode = if access == Access::Read { Mode::LocalRead } else { Mode::LocalWrite };
        let Some(place) = Place::of(first.addr(), &layout, size_of::<T>()) else {
            return Err(wraps_around(Self::spec_for(access)));
        };
        match register(py, &Claim::new(mode, place, Self::show_for(access)), None) {
            Ok(claim) => {
                // INVARIANT H1: the description or the struct says so, and the layout is that of it. H2.
                let (claim, export) = (ManuallyDrop::new(claim), ManuallyDrop::new(export));
                Ok(Self { claim, export, first: first.cast(), layout, access })
            }
            Err(unregistered) => Err(conflict("take", Self::spec_for(access), mode, unregistered)),
        }
    }
    fn spec_for(access: Access) -> fn() -> Spec {
        match access {
            Access::Read => || Spec::of::<T, L>(Access::Read),
            Access::Write => || Spec::of::<T, L>(Access::Write),
        }
    }

    pub(super) fn first(&self) -> *mut T {
        self.first
    }

    pub(super) fn layout(&self) -> &L {
        &self.layout
    }

    /// Enters a lock in the table; waits for it where there is a timeout.
    fn lock_claim(&self, py: Python<'_>, mode: Mode, timeout: Option<Duration>) -> PyResult<Registered> {
        let spec = Self::spec_for(self.access);
        let place = Place::of(self.first.addr(), &self.layout, size_of::<T>()).filter(|place| !place.is_anywhere());
        let Some(place) = place else {
            return Err(PyBufferError::new_err(format!(
                "cannot lock {} for {}: memory behind pointers has no range that others could be kept out of",
                spec(),
                purpose(mode),
            )));
        };
        let claim = Claim::new(mode, place, Self::show_for(self.access));
        match timeout {
            None => register(py, &claim, Some(&self.claim)),
            Some(timeout) => register_in_time(py, &claim, Some(&self.claim), timeout),
        }
        .map_err(|unregistered| conflict("lock", spec, mode, unregistered))
    }

    /// Locks the memory for reading.
    ///
    /// # Safety
    ///
    /// The holder does not write it while the lock lives.
    pub(super) unsafe fn lock(&self, timeout: Option<Duration>) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: H3.
        let claim = self.lock_claim(unsafe { Python::assume_attached() }, Mode::Shared, timeout)?;
        // SAFETY: H1 while `self` is borrowed; the claim is shared, and the caller does not write.
        Ok(unsafe { ReadLock::new(self.first, self.layout.clone(), claim) })
    }

    /// Locks the memory for writing.
    ///
    /// # Safety
    ///
    /// H1 with an access that writes; the holder does not touch the memory while the lock lives.
    pub(super) unsafe fn lock_mut(&mut self, timeout: Option<Duration>) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: H3.
        let claim = self.lock_claim(unsafe { Python::assume_attached() }, Mode::Exclusive, timeout)?;
        // SAFETY: H1; the view is dropped at once, it only tells whether elements overlap.
        if let Err(error) = unsafe { ViewMut::try_from_raw_parts(self.first, self.layout.clone()) } {
            let text = format!("cannot lock {} for writing: {error}", Self::spec_for(self.access)());
            return Err(raise(ErrorKind::Readonly, text));
        }
        // SAFETY: H1 while `self` is borrowed; the claim is exclusive, and the caller keeps off.
        Ok(unsafe { WriteLock::new(self.first, self.layout.clone(), claim) })
    }

    fn show_for(access: Access) -> Show {
        match access {
            Access::Read => show::<T, L, true>,
            Access::Write => show::<T, L, false>,
        }
    }
}

impl<T: Element, L: Layout> Drop for Held<T, L> {
    #[inline]
    fn drop(&mut self) {
        // First: once the memory is given back, others may get it and must not meet this claim.
        // SAFETY: neither is used again.
        unsafe { ManuallyDrop::drop(&mut self.claim) };
        // SAFETY: as above.
        let export = unsafe { ManuallyDrop::take(&mut self.export) };
        // SAFETY: H3.
        export.release(unsafe { Python::assume_attached() });
    }
}

/// Writes the spec of a view for others to name it.
unsafe extern "C" fn show<T: Element, L: Layout, const READ: bool>(text: *mut u8, capacity: usize) -> usize {
    let access = if READ { Access::Read } else { Access::Write };
    let spec = Spec::of::<T, L>(access).to_string();
    let length = spec.len().min(capacity);
    // SAFETY: the caller gives a place of `capacity` bytes.
    unsafe { text.copy_from_nonoverlapping(spec.as_ptr(), length) };
    length
}

fn purpose(mode: Mode) -> &'static str {
    match mode {
        Mode::LocalRead | Mode::Shared => "reading",
        Mode::LocalWrite | Mode::Exclusive => "writing",
    }
}

#[cold]
fn wraps_around(spec: fn() -> Spec) -> PyErr {
    PyValueError::new_err(format!("cannot take {}: the elements wrap around the address space", spec()))
}

/// The refusal of a claim, naming both parties.
#[cold]
fn conflict(what: &str, spec: fn() -> Spec, mode: Mode, unregistered: Unregistered) -> PyErr {
    let other = match unregistered {
        Unregistered::Met(other) => other,
        Unregistered::Raised(exception) => return exception,
    };
    let state = match other.mode {
        Mode::LocalRead => "in use for reading",
        Mode::LocalWrite => "in use for writing",
        Mode::Shared => "locked for reading",
        Mode::Exclusive => "locked for writing",
    };
    let thread = if other.is_of_this_thread() { "" } else { " on another thread" };
    PyBufferError::new_err(format!(
        "cannot {what} {} for {}: its memory is {state} as {}{thread}; \
         pass memory that does not overlap, or a copy",
        spec(),
        purpose(mode),
        other.shown(),
    ))
}
