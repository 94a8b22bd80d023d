//! Held memory: an export whose element and layout have been checked, and the claim on it.

#[cfg(feature = "rust-numpy-locks")]
use super::in_the_way::borrowed;
use super::in_the_way::{behind_pointers, conflict};
use super::open::{self, Open, Source};
use crate::acquire::{Answer, Description, Export, Oddity, Refused, acquire_after, exporter_name, refuse};
use crate::buffer::{self, Filled};
use crate::error::{OrRaise, raise};
#[cfg(feature = "rust-numpy-locks")]
use crate::interop::rust_numpy_locks::Borrow;
use crate::known::is_number;
use crate::lock::{Claim, Mode, Place, ReadLock, Registered, Show, WriteLock, enter, leave};
use crate::slot::{Occupied, Vacant};
use crate::{bytes, ndarray};
use pyo3::prelude::*;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr;
use std::time::Duration;
use typedview::{Access, Element, ErrorKind, Layout, Spec, ViewMut};

/// Memory of a Python object as elements `T` in a layout `L`, to read, and to write too where `WRITE` says so.
///
/// - H1. The elements of the layout from the first on are initialised, and alive while the slot has the export;
///   writable where `WRITE` says so.
/// - H2. The claim in the slot names them in the table.
#[derive(Debug)]
pub(crate) struct Held<T: Element, L: Layout, const WRITE: bool> {
    slot: ManuallyDrop<Occupied<L>>,
    element: PhantomData<*mut T>,
    #[cfg(feature = "rust-numpy-locks")]
    borrow: Option<Borrow>,
}

impl<T: Element, L: Layout, const WRITE: bool> Held<T, L, WRITE> {
    const ACCESS: Access = if WRITE { Access::Write } else { Access::Read };

    /// The memory that `obj` exports, whatever it is.
    // One piece with all it calls: numbers then go from the exporter to the slot without a stop in between.
    #[inline(always)]
    pub(super) fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = obj.py();
        let mut vacant = Vacant::take(py);
        let bytes = || if WRITE { None } else { bytes::plain::<T, L>(obj) };
        if let Some((first, layout)) = ndarray::plain::<T, L>(obj, Self::ACCESS).or_else(bytes) {
            Export::fill_with_object(vacant.export(), obj);
            // SAFETY: the export has just been written.
            return Self::claimed(obj, unsafe { vacant.occupy(first, layout) }, None);
        }
        let Some(filled) = buffer::request(obj, Self::ACCESS, vacant.export()) else {
            return Self::answered(obj, buffer::explain(obj, Self::ACCESS, PyErr::fetch(py)), vacant);
        };
        let first = filled.first();
        if let Some(layout) = filled.plain::<T, L>(py).filter(|_| !WRITE || !filled.readonly()) {
            if !is_number::<T>() {
                ndarray::know::<T>(obj);
            }
            // SAFETY: the request has been answered.
            return Self::claimed(obj, unsafe { vacant.occupy(first, layout) }, None);
        }
        let description = filled.describe();
        // SAFETY: as above.
        Self::described(obj, description, unsafe { vacant.occupy(first, ()) })
    }

    /// The memory of an export that took more than a look.
    #[cold]
    fn described(
        obj: &Bound<'_, PyAny>,
        description: Result<Description, Refused>,
        slot: Occupied<()>,
    ) -> PyResult<Self> {
        match description {
            Ok(description) => {
                if !is_number::<T>() && description.found().format.describes::<T>() {
                    // SAFETY: the export is where it was filled.
                    if let Some(filled) = unsafe { Filled::still(slot.export()) } {
                        filled.know::<T>(obj.py());
                    }
                }
                Self::typed(obj, slot.replace(description.first, description), None)
            }
            Err(refused) => Err(refuse(obj, Some(Self::spec), refused)),
        }
    }

    /// The memory of an object that has refused a buffer, or speaks another protocol.
    #[cold]
    fn answered(obj: &Bound<'_, PyAny>, answer: Answer, mut vacant: Vacant) -> PyResult<Self> {
        let offered = acquire_after(answer, obj, Self::ACCESS, Some(Self::spec))?;
        vacant.export().write(offered.export);
        let first = offered.description.first;
        // SAFETY: the export has just been written.
        Self::typed(obj, unsafe { vacant.occupy(first, offered.description) }, None)
    }

    /// The memory of an export that has been described, if it is what such a view asks for.
    fn typed(
        obj: &Bound<'_, PyAny>,
        slot: Occupied<Description>,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        let found = slot.facts().found();
        let layout = match L::from_parts(found.shape, found.strides, found.suboffsets, size_of::<T>()) {
            Ok(layout) if found.format.describes::<T>() && !(WRITE && found.readonly) => layout,
            unfit => {
                Self::spec().check(&found, &exporter_name(obj)).or_raise()?;
                unfit.or_raise()?
            }
        };
        if !is_number::<T>() {
            ndarray::know::<T>(obj);
        }
        let first = slot.first();
        Self::claimed(obj, slot.replace(first, layout), timeout)
    }

    /// The memory of a view that was open, if it is what such a view asks for.
    #[inline(always)]
    pub(super) fn of_open(
        obj: &Bound<'_, PyAny>,
        slot: Occupied<Open>,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        let plain = match slot.facts().source {
            Source::Array => ndarray::plain::<T, L>(obj, Self::ACCESS),
            // SAFETY: the export is where it was filled.
            Source::Buffer => unsafe { Filled::still(slot.export()) }
                .filter(|filled| !WRITE || !filled.readonly())
                .and_then(|filled| Some((filled.first(), filled.plain::<T, L>(obj.py())?))),
            Source::Described => None,
        };
        match plain {
            Some((first, layout)) => Self::claimed(obj, slot.replace(first, layout), timeout),
            None => Self::typed(obj, open::into_described(obj, slot)?, timeout),
        }
    }

    /// Enters the memory in the table; waits for others to be done where there is a timeout.
    #[inline(always)]
    fn claimed(obj: &Bound<'_, PyAny>, slot: Occupied<L>, timeout: Option<Duration>) -> PyResult<Self> {
        let mode = if WRITE { Mode::LocalWrite } else { Mode::LocalRead };
        let Some(place) = Place::of(slot.first().addr(), slot.facts(), size_of::<T>()) else {
            return Err(refuse(obj, Some(Self::spec), Oddity::Address.into()));
        };
        // SAFETY: P1.
        unsafe { slot.claim().write(Claim::here(place, mode, Self::SHOW)) };
        // SAFETY: the claim stays in the slot until `Drop` takes it out.
        match unsafe { enter(obj.py(), slot.claim(), ptr::null(), timeout) } {
            // INVARIANT H1: the description or the struct says so, and the layout is that of it. H2.
            Ok(()) => Ok(Self {
                slot: ManuallyDrop::new(slot),
                element: PhantomData,
                #[cfg(feature = "rust-numpy-locks")]
                borrow: None,
            }),
            Err(unregistered) => Err(conflict("take", Self::spec, mode, unregistered)),
        }
    }

    /// Lets rust-numpy know, where it is in the process and `obj` is an array.
    #[cfg(feature = "rust-numpy-locks")]
    #[inline(always)]
    pub(super) fn tell_rust_numpy(&mut self, obj: &Bound<'_, PyAny>) -> PyResult<()> {
        if Borrow::concerns(obj) { self.borrow(obj) } else { Ok(()) }
    }

    #[cfg(feature = "rust-numpy-locks")]
    #[inline(never)]
    fn borrow(&mut self, obj: &Bound<'_, PyAny>) -> PyResult<()> {
        let borrow = Borrow::enter(obj, WRITE);
        self.borrow = borrow.map_err(|unborrowed| borrowed(Self::spec, WRITE, unborrowed))?;
        Ok(())
    }

    /// Nobody is told.
    #[cfg(not(feature = "rust-numpy-locks"))]
    #[inline(always)]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "as with the feature")]
    pub(super) fn tell_rust_numpy(&mut self, _obj: &Bound<'_, PyAny>) -> PyResult<()> {
        Ok(())
    }

    /// First element, layout and what keeps them; the claim is given back.
    #[inline]
    pub(crate) fn into_parts(self) -> (*mut T, L, Export) {
        let mut held = ManuallyDrop::new(self);
        // SAFETY: P2.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: H2; `held` is not dropped.
        unsafe { leave(py, held.slot.claim()) };
        #[cfg(feature = "rust-numpy-locks")]
        drop(held.borrow.take());
        // SAFETY: it is not used again.
        let slot = unsafe { ManuallyDrop::take(&mut held.slot) };
        (slot.first().cast(), slot.facts().clone(), slot.into_export())
    }

    fn spec() -> Spec {
        Spec::of::<T, L>(Self::ACCESS)
    }

    const SHOW: Show = show::<T, L, WRITE>;

    #[inline]
    pub(super) fn first(&self) -> *mut T {
        self.slot.first().cast()
    }

    #[inline]
    pub(super) fn layout(&self) -> &L {
        self.slot.facts()
    }

    /// Enters a lock in the table; waits for it where there is a timeout.
    #[inline]
    fn claim(&self, py: Python<'_>, mode: Mode, timeout: Option<Duration>) -> PyResult<Registered> {
        let place = Place::of(self.first().addr(), self.layout(), size_of::<T>());
        let Some(place) = place.filter(|place| !place.is_anywhere()) else {
            return Err(behind_pointers(Self::spec, mode));
        };
        Registered::enter(py, Claim::here(place, mode, Self::SHOW), self.slot.claim(), timeout)
            .map_err(|unregistered| conflict("lock", Self::spec, mode, unregistered))
    }

    /// Locks the memory for reading.
    ///
    /// # Safety
    ///
    /// The holder does not write it while the lock lives.
    #[inline]
    pub(super) unsafe fn lock(&self, timeout: Option<Duration>) -> PyResult<ReadLock<'_, T, L>> {
        // SAFETY: P2.
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::Shared, timeout)?;
        // SAFETY: H1 while `self` is borrowed; the claim is shared, and the caller does not write.
        Ok(unsafe { ReadLock::new(self.first(), self.layout().clone(), claim) })
    }
}

impl<T: Element, L: Layout> Held<T, L, true> {
    /// Locks the memory for writing.
    ///
    /// # Safety
    ///
    /// The holder does not touch the memory while the lock lives.
    #[inline]
    pub(super) unsafe fn lock_mut(&mut self, timeout: Option<Duration>) -> PyResult<WriteLock<'_, T, L>> {
        // SAFETY: P2.
        let claim = self.claim(unsafe { Python::assume_attached() }, Mode::Exclusive, timeout)?;
        // SAFETY: H1; the view is dropped at once, it only tells whether elements overlap.
        if let Err(error) = unsafe { ViewMut::try_from_raw_parts(self.first(), self.layout().clone()) } {
            let text = format!("cannot lock {} for writing: {error}", Self::spec());
            return Err(raise(ErrorKind::Readonly, text));
        }
        // SAFETY: H1 while `self` is borrowed; the claim is exclusive, and the caller keeps off.
        Ok(unsafe { WriteLock::new(self.first(), self.layout().clone(), claim) })
    }
}

impl<T: Element, L: Layout, const WRITE: bool> Drop for Held<T, L, WRITE> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: P2.
        let py = unsafe { Python::assume_attached() };
        // First: once the memory is given back, others may get it and must not meet this claim.
        // SAFETY: H2.
        unsafe { leave(py, self.slot.claim()) };
        // SAFETY: it is not used again.
        unsafe { ManuallyDrop::drop(&mut self.slot) };
    }
}

/// Writes the spec of a view for others to name it.
unsafe extern "C" fn show<T: Element, L: Layout, const WRITE: bool>(text: *mut u8, capacity: usize) -> usize {
    let access = if WRITE { Access::Write } else { Access::Read };
    let spec = Spec::of::<T, L>(access).to_string();
    let length = spec.len().min(capacity);
    // SAFETY: the caller gives a place of `capacity` bytes.
    unsafe { text.copy_from_nonoverlapping(spec.as_ptr(), length) };
    length
}
