//! `ViewObject`: the Python class `View`, as what Rust knows of it. What Python can call is in `methods`.

use super::access::{Side, with_element};
use super::hold::{Hold, released};
use super::item;
use super::key::Key;
use crate::acquire::{Export, exporter_name};
use crate::error::{OrRaise, raise};
use crate::export::{Exchanged, Exported, Owner};
use pyo3::exceptions::{PyKeyError, PyNotImplementedError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::ffi::CString;
use std::sync::{Arc, OnceLock};
use typedview::element_bytes::load;
use typedview::{Access, ErrorKind, SliceItem, Spec, Untyped};

/// A view of memory: typed, N-dimensional, strided, and without a copy.
///
/// `View(obj)` views the memory of any object that exports it: by the buffer protocol, `__array_interface__`, Arrow or DLPack, which are
/// tried in this order. `View(obj, "const double[:, ::1]")` checks the memory against a spec, and raises what says the
/// difference. `writable=True` refuses readonly memory, and `writable=False` makes the view readonly. A spec that does not begin with
/// `const` refuses readonly memory, too.
///
/// A view does all that a `memoryview` does. It also slices every axis, holds records, converts between formats where it is
/// assigned, and compares by value. A slice is a view of the same memory. The memory stays exported until the view and all
/// of its slices are released or dropped.
///
/// Errors: TypeError if the object exports no memory or other elements, ValueError for another layout, BufferError for
/// readonly memory.
///
/// >>> import array
/// >>> from typedview import View
/// >>> table = View(array.array("d", [1, 2, 3, 4, 5, 6])).reshape(2, 3)
/// >>> table[:, 1].tolist()
/// [2.0, 5.0]
#[pyclass(frozen, weakref, name = "View", module = "typedview")]
#[derive(Debug)]
pub struct ViewObject {
    pub(super) exported: Exported,
    /// The view that this one is a slice of. It keeps the memory.
    pub(super) root: Option<Py<ViewObject>>,
    pub(super) hold: Hold,
    pub(super) hash: OnceLock<isize>,
}

/// Makes a Python object of memory that an owner keeps.
pub(crate) fn to_object(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, PyAny>> {
    Ok(ViewObject::of_owner(py, exported, owner)?.into_any())
}

impl ViewObject {
    /// Makes a view of memory that an owner keeps.
    #[inline]
    fn of_owner(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, Self>> {
        register(py)?;
        Bound::new(py, Self { exported, root: None, hold: Hold::new(Some(owner)), hash: OnceLock::new() })
    }

    /// Makes a view of memory that a Rust value keeps.
    ///
    /// # Errors
    ///
    /// Fails if Python cannot allocate the object.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the elements are initialised, that `memory` keeps them in place, that they may be written unless
    /// `readonly` is set, and that Rust does not use them otherwise.
    pub unsafe fn of_memory(
        py: Python<'_>,
        untyped: Untyped,
        readonly: bool,
        memory: typedview::Memory,
    ) -> PyResult<Bound<'_, Self>> {
        // INVARIANT X1: the caller guarantees that the elements are initialised and stay. X2: Rust does not use them.
        Self::of_owner(py, Exported::new(untyped, readonly), Owner::Memory(memory))
    }

    /// Makes a view of what `obj` exports, checked against `spec`.
    pub(super) fn acquire<'py>(
        obj: &Bound<'py, PyAny>,
        spec: Option<&Spec>,
        writable: Option<bool>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = obj.py();
        let view = match obj.cast::<Self>() {
            Ok(view) => {
                let this = view.get();
                this.hold.check()?;
                Self::part(view, this.elements().clone(), this.exported.readonly)?
            }
            Err(_) => {
                let (export, description) = Export::acquire(obj)?;
                Self::of_owner(py, Exported::of_description(&description), Owner::of(py, export))?
            }
        };
        let exported = &view.get().exported;
        if let Some(spec) = spec
            && !spec.accepts(&exported.untyped.found(exported.readonly))
        {
            let found = exported.untyped.found(exported.readonly);
            let owner = Self::obj_of(&view)?.filter(|_| obj.is_instance_of::<Self>());
            let refusal = spec.check(&found, &exporter_name(owner.as_ref().unwrap_or(obj))).err();
            return Err(
                refusal.map_or_else(released, |mismatch| raise(mismatch.kind(), mismatch.to_string()))
            );
        }
        // Memory that is asked for as `const` is not written through the view.
        let writable = writable.or_else(|| spec.filter(|spec| spec.access() == Access::Read).map(|_| false));
        match writable {
            Some(true) if exported.readonly => {
                let text = format!("{exported} from {} cannot be written", exporter_name(obj));
                Err(raise(ErrorKind::Readonly, text))
            }
            Some(false) if !exported.readonly => Self::part(&view, exported.untyped.clone(), true),
            _ => Ok(view),
        }
    }

    /// Makes a view of elements that are some of those of `view`.
    #[inline]
    pub(super) fn part<'py>(
        view: &Bound<'py, Self>,
        untyped: Untyped,
        readonly: bool,
    ) -> PyResult<Bound<'py, Self>> {
        let this = view.get();
        this.hold.check()?;
        let root = this.root.as_ref().unwrap_or_else(|| view.as_unbound());
        root.get().hold.add_part()?;
        // INVARIANT X1: the elements are some of those of the root, which keeps them while it has parts.
        let mut exported = Exported::new(untyped, readonly);
        if let Some(text) = this.exported.kept_text()
            && exported.untyped.format() == this.elements().format()
        {
            exported = exported.with_text(Arc::clone(text));
        }
        Self::of_root(view.py(), exported, root.clone_ref(view.py()))
    }

    /// Makes a view of elements that `root` keeps, and that it has counted as a part.
    #[inline]
    fn of_root<'py>(py: Python<'py>, exported: Exported, root: Py<Self>) -> PyResult<Bound<'py, Self>> {
        Bound::new(py, Self { exported, root: Some(root), hold: Hold::new(None), hash: OnceLock::new() })
    }

    /// Makes a view of the same bytes as elements of another format, whose text is given.
    pub(super) fn cast_to<'py>(
        view: &Bound<'py, Self>,
        untyped: Untyped,
        text: &str,
    ) -> PyResult<Bound<'py, Self>> {
        let this = view.get();
        this.hold.check()?;
        let root = this.root.as_ref().unwrap_or_else(|| view.as_unbound());
        root.get().hold.add_part()?;
        let text = CString::new(text).unwrap_or_default();
        // INVARIANT X1: the elements are the bytes of those of the root, which keeps them while it has parts.
        let exported = Exported::new(untyped, this.exported.readonly).with_text(text.into());
        Self::of_root(view.py(), exported, root.clone_ref(view.py()))
    }

    /// Makes a view of elements that are some of those of `view`, and may be written if those may.
    #[inline]
    pub(super) fn same<'py>(view: &Bound<'py, Self>, untyped: Untyped) -> PyResult<Bound<'py, Self>> {
        Self::part(view, untyped, view.get().exported.readonly)
    }

    /// The elements. The memory may have been given back, unless the hold is checked.
    #[inline]
    pub fn elements(&self) -> &Untyped {
        &self.exported.untyped
    }

    #[inline]
    pub(super) fn hold(&self) -> &Hold {
        &self.hold
    }

    /// Whether the elements must not be written.
    #[inline]
    pub fn is_readonly(&self) -> bool {
        self.exported.readonly
    }

    /// Keeps the memory as long as this object lives, also when Python releases it.
    ///
    /// # Errors
    ///
    /// `ValueError` if the view is released.
    pub fn keep(&self) -> PyResult<()> {
        self.hold.lend()
    }

    /// This view as one side of an operation.
    pub(super) fn side<'a>(&'a self, elements: &'a Untyped, writes: bool) -> Side<'a> {
        Side::of_view(elements, &self.hold, writes)
    }

    /// Fails if the view is released, and returns the elements otherwise.
    #[inline]
    pub(super) fn checked(&self) -> PyResult<&Untyped> {
        self.hold.check()?;
        Ok(self.elements())
    }

    /// Returns the element at an address inside the view as a Python object.
    #[inline]
    pub(super) fn element_at<'py>(&self, py: Python<'py>, address: *const u8) -> PyResult<Bound<'py, PyAny>> {
        let format = self.elements().format();
        with_bytes(format.itemsize(), |bytes| {
            let element = (address.addr(), bytes.len());
            // SAFETY: the address is that of an element, which is initialised (X1) and alive, as `with_element` has checked. Nobody
            // writes it otherwise than by value while this thread is attached, unless a lock says so.
            with_element(py, &self.hold, element, false, || unsafe { load(address, bytes) })?;
            item::to_object(py, format, bytes)
        })
    }

    /// Returns the address of the element at `index`.
    #[inline]
    pub(super) fn address(&self, index: &[isize]) -> PyResult<*mut u8> {
        self.checked()?.element(index).or_raise()
    }

    /// Fails unless the view may be written.
    pub(super) fn check_writable(&self) -> PyResult<()> {
        self.hold.check()?;
        if self.exported.readonly {
            Err(PyTypeError::new_err("cannot modify read-only memory"))
        } else {
            Ok(())
        }
    }

    /// Returns what a key other than a whole index selects.
    pub(super) fn selected(&self, key: &Key) -> PyResult<Untyped> {
        let elements = self.checked()?;
        match key {
            Key::Index(index) => elements.select(&[SliceItem::Index(*index)]).or_raise(),
            Key::Items(items) => elements.select(items).or_raise(),
            Key::Field(name) => {
                let format = elements.format();
                match format.field(name) {
                    Some(field) => elements.field(field).or_raise(),
                    None if format.fields().is_none() => Err(PyTypeError::new_err(format!(
                        "elements {format} have no fields, so no field {name:?}"
                    ))),
                    None => Err(PyKeyError::new_err(format!("no field {name:?} in {format}"))),
                }
            }
        }
    }

    /// The object that owns the memory, if Python knows one.
    pub(super) fn obj_of<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (py, this) = (slf.py(), slf.get());
        this.hold.check()?;
        let root = this.root.as_ref().map_or(this, |root| root.get());
        let owner = root.hold.with_owner(|owner| owner.object().map(|object| object.clone_ref(py)));
        Ok(owner.flatten().map(|object| object.into_bound(py)))
    }

    /// The length of the only axis.
    pub(super) fn only_axis(&self, what: &str) -> PyResult<usize> {
        match self.checked()?.shape() {
            [length] => Ok(*length),
            shape => Err(PyNotImplementedError::new_err(format!(
                "{what} needs one axis, the view has {}",
                shape.len()
            ))),
        }
    }
}

/// Runs `work` on room for the bytes of an element.
#[inline]
pub(super) fn with_bytes<X>(itemsize: usize, work: impl FnOnce(&mut [u8]) -> X) -> X {
    let mut few = [0; 32];
    match few.get_mut(..itemsize) {
        Some(bytes) => work(bytes),
        None => work(&mut vec![0; itemsize]),
    }
}

/// Makes the class a sequence for `collections.abc` and for patterns of `match`, as `memoryview` is one.
#[inline]
fn register(py: Python<'_>) -> PyResult<()> {
    static REGISTERED: PyOnceLock<()> = PyOnceLock::new();
    if REGISTERED.get(py).is_some() {
        return Ok(());
    }
    let sequence = py.import("collections.abc")?.getattr("Sequence")?;
    sequence.call_method1("register", (py.get_type::<ViewObject>(),))?;
    _ = REGISTERED.set(py, ());
    Ok(())
}

impl Drop for ViewObject {
    fn drop(&mut self) {
        if let Some(root) = &self.root
            && self.hold.holds()
        {
            root.get().hold.remove_part();
        }
    }
}

impl Exchanged for ViewObject {
    fn lent(&self) -> PyResult<&Exported> {
        self.hold.lend()?;
        Ok(&self.exported)
    }

    fn to_object(py: Python<'_>, exported: Exported, owner: Owner) -> PyResult<Bound<'_, Self>> {
        Self::of_owner(py, exported, owner)
    }
}
