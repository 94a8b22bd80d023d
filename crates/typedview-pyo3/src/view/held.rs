//! Held memory: an export whose element and layout have been checked, and the claim on it.

use crate::buffer::{Buffer, Description, exporter_name};
use crate::error::{OrRaise, raise};
use crate::lock::{Claim, Mode, ReadLock, Registered, WriteLock, register};
use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use typedview::{Access, Element, ErrorKind, Found, Layout, Spec, ViewMut};

/// Memory of a Python object as elements `T` in a layout `L`.
///
/// - H1. The elements of `layout` from `first` on are initialised, and alive while `_buffer` is; writable where the
///   spec asks for it.
/// - H2. `claim` names them in the table.
#[derive(Debug)]
pub(super) struct Held<T: Element, L: Layout> {
    // Dropped first: once the memory is given back, others may get it and must not meet this claim.
    claim: Registered,
    _buffer: Buffer,
    first: *mut T,
    layout: L,
    /// Built only to be shown: it allocates.
    spec: fn() -> Spec,
}

impl<T: Element, L: Layout> Held<T, L> {
    pub(super) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> PyResult<Self> {
        let (buffer, description) = Buffer::acquire_for(obj, access, Self::spec_for(access))?;
        Self::typed(buffer, &description, access, || exporter_name(obj))
    }

    /// The memory of an export that has been described, if it is what a view with this access asks for.
    pub(super) fn typed(
        buffer: Buffer,
        description: &Description,
        access: Access,
        exporter: impl Fn() -> String,
    ) -> PyResult<Self> {
        let found = description.found();
        let spec = Self::spec_for(access);
        let layout = match L::from_strides(found.shape, found.strides, size_of::<T>()) {
            Ok(layout) if found.format.describes::<T>() => layout,
            unfit => {
                spec().check(&found, &exporter()).or_raise()?;
                unfit.or_raise()?
            }
        };
        if found.readonly && access == Access::Write {
            spec().check(&found, &exporter()).or_raise()?;
        }
        let (mode, purpose) = match access {
            Access::Read => (Mode::LocalRead, "reading"),
            Access::Write => (Mode::LocalWrite, "writing"),
        };
        let claim = Claim::new(mode, spec, description.first.addr(), &found);
        let claim = register(claim, None).map_err(|other| conflict("take", spec, purpose, &other))?;
        // INVARIANT H1: D1, the format describes `T`, and the layout is that of the description.
        Ok(Self { claim, _buffer: buffer, first: description.first.cast(), layout, spec })
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

    fn claim(&self, mode: Mode) -> Result<Registered, Claim> {
        let strides = self.layout.strides(size_of::<T>());
        let (shape, strides, suboffsets) = (self.layout.shape(), strides.as_ref(), self.layout.suboffsets());
        let format = typedview::Format::native::<T>();
        let found = Found { format, shape, strides, suboffsets, readonly: false };
        register(Claim::new(mode, self.spec, self.first.addr(), &found), Some(&self.claim))
    }

    /// Locks the memory for reading.
    ///
    /// # Safety
    ///
    /// The holder does not write it while the lock lives.
    pub(super) unsafe fn lock(&self) -> PyResult<ReadLock<'_, T, L>> {
        let claim =
            self.claim(Mode::Shared).map_err(|other| conflict("lock", self.spec, "reading", &other))?;
        // SAFETY: H1 while `self` is borrowed; the claim is shared, and the caller does not write.
        Ok(unsafe { ReadLock::new(self.first, self.layout.clone(), claim) })
    }

    /// Locks the memory for writing.
    ///
    /// # Safety
    ///
    /// H1 with a spec that writes; the holder does not touch the memory while the lock lives.
    pub(super) unsafe fn lock_mut(&mut self) -> PyResult<WriteLock<'_, T, L>> {
        let claim =
            self.claim(Mode::Exclusive).map_err(|other| conflict("lock", self.spec, "writing", &other))?;
        // SAFETY: H1; the view is dropped at once, it only tells whether elements overlap.
        if let Err(error) = unsafe { ViewMut::try_from_raw_parts(self.first, self.layout.clone()) } {
            let text = format!("cannot lock {} for writing: {error}", (self.spec)());
            return Err(raise(ErrorKind::Readonly, text));
        }
        // SAFETY: H1 while `self` is borrowed; the claim is exclusive, and the caller keeps off.
        Ok(unsafe { WriteLock::new(self.first, self.layout.clone(), claim) })
    }
}

/// The refusal of a claim, naming both parties.
#[cold]
fn conflict(what: &str, spec: fn() -> Spec, purpose: &str, other: &Claim) -> PyErr {
    let state = match other.mode {
        Mode::LocalRead => "in use for reading",
        Mode::LocalWrite => "in use for writing",
        Mode::Shared => "locked for reading",
        Mode::Exclusive => "locked for writing",
    };
    let thread = if other.thread == std::thread::current().id() { "" } else { " on another thread" };
    PyBufferError::new_err(format!(
        "cannot {what} {} for {purpose}: its memory is {state} as {}{thread}; \
         pass memory that does not overlap, or a copy",
        spec(),
        (other.spec)(),
    ))
}
