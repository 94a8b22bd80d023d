//! `ViewObject`: the Python class `View`, as what Rust knows of it. What Python can call is in `methods`.

use super::access::{Side, is_undisturbed, with_element};
use super::hold::{Hold, Use, released};
use super::key::Key;
use super::quick::Quick;
use super::{read_item, write_item};
use crate::acquire::{Export, exporter_name};
use crate::error::{OrRaise, raise};
use crate::export::{Exchanged, Exported, Owner};
use pyo3::exceptions::{PyKeyError, PyMemoryError, PyNotImplementedError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{PyTraverseError, PyVisit};
use std::ffi::CString;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use typedview::element_bytes::{load, store};
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
    /// Whether this is a slice of another view.
    is_part: bool,
    /// The view that this one is a slice of, until this one gives the memory back. It keeps the memory.
    root: Mutex<Option<Py<ViewObject>>>,
    pub(super) hold: Hold,
    /// The type of the elements, if single ones are read and written quickly.
    quick: Option<Quick>,
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
        let quick = Quick::of(exported.untyped.format());
        let hold = Hold::new(Some(owner));
        let root = Mutex::new(None);
        Bound::new(py, Self { exported, is_part: false, root, hold, quick, hash: OnceLock::new() })
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
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::{Element, Owned, ViewObject};
    ///
    /// /// A `View` of two doubles that Rust has allocated.
    /// #[pyfunction]
    /// fn pair(py: Python<'_>) -> PyResult<Bound<'_, ViewObject>> {
    ///     let (first, layout, memory) = Owned::from(vec![1.0, 2.0]).into_raw_parts();
    ///     // SAFETY: the memory has these elements, and the view keeps it.
    ///     let untyped = unsafe { typedview::Untyped::of_layout(first.cast(), f64::format(), &layout) };
    ///     // SAFETY: the elements are initialised, `memory` keeps them, and Rust does not use them otherwise.
    ///     unsafe { ViewObject::of_memory(py, untyped, false, memory) }
    /// }
    /// ```
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
                Self::of_owner(py, Exported::of_description(description), Owner::of(py, export))?
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
        if writable == Some(true) && spec.is_some_and(|spec| spec.access() == Access::Read) {
            let text = "a const spec asks for memory that is not written: leave out const, or writable=True";
            return Err(PyValueError::new_err(text));
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

    /// Returns the view that keeps the memory: the one that this one is a slice of, or this one itself.
    #[inline]
    fn root_of(&self, view: &Bound<'_, Self>) -> PyResult<Py<Self>> {
        if !self.is_part {
            return Ok(view.clone().unbind());
        }
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner);
        root.as_ref().map(|root| root.clone_ref(view.py())).ok_or_else(released)
    }

    /// Releases the view. The memory is given back when nothing else uses it.
    pub(super) fn release_memory(&self) -> PyResult<()> {
        if self.hold.release()? {
            self.leave_root();
        }
        Ok(())
    }

    /// Tells the view that this one is a slice of that it does not need the memory any more.
    fn leave_root(&self) {
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(root) = root {
            root.get().hold.remove_part();
        }
    }

    /// Tells the garbage collector which objects keep the memory.
    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // If the mutex is locked, some code uses the view at this moment. It is reachable then.
        if let Ok(root) = self.root.try_lock() {
            visit.call(&*root)?;
        }
        self.hold.traverse(visit)
    }

    /// Makes a view of elements that are some of those of `view`.
    #[inline(never)]
    pub(super) fn part<'py>(
        view: &Bound<'py, Self>,
        untyped: Untyped,
        readonly: bool,
    ) -> PyResult<Bound<'py, Self>> {
        let this = view.get();
        this.hold.check()?;
        let root = this.root_of(view)?;
        root.get().hold.add_part()?;
        // INVARIANT X1: the elements are some of those of the root, which keeps them while it has parts.
        let mut exported = Exported::new(untyped, readonly);
        if let Some(text) = this.exported.kept_text()
            && exported.untyped.format() == this.elements().format()
        {
            exported = exported.with_text(Arc::clone(text));
        }
        Self::of_root(view.py(), exported, root)
    }

    /// Makes a view of elements that `root` keeps, and that it has counted as a part.
    #[inline]
    fn of_root<'py>(py: Python<'py>, exported: Exported, root: Py<Self>) -> PyResult<Bound<'py, Self>> {
        let (quick, root) = (Quick::of(exported.untyped.format()), Mutex::new(Some(root)));
        Bound::new(
            py,
            Self { exported, is_part: true, root, hold: Hold::new(None), quick, hash: OnceLock::new() },
        )
    }

    /// Makes a view of the same bytes as elements of another format, whose text is given.
    pub(super) fn cast_to<'py>(
        view: &Bound<'py, Self>,
        untyped: Untyped,
        text: &str,
    ) -> PyResult<Bound<'py, Self>> {
        let this = view.get();
        this.hold.check()?;
        let root = this.root_of(view)?;
        root.get().hold.add_part()?;
        let text = CString::new(text).unwrap_or_default();
        // INVARIANT X1: the elements are the bytes of those of the root, which keeps them while it has parts.
        let exported = Exported::new(untyped, this.exported.readonly).with_text(text.into());
        Self::of_root(view.py(), exported, root)
    }

    /// Makes a view of elements that are some of those of `view`, and may be written if those may.
    #[inline]
    pub(super) fn same<'py>(view: &Bound<'py, Self>, untyped: Untyped) -> PyResult<Bound<'py, Self>> {
        Self::part(view, untyped, view.get().exported.readonly)
    }

    /// The elements. The memory may have been given back, unless the hold is checked.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::ViewObject;
    ///
    /// /// The number of elements, and whether they can be written.
    /// #[pyfunction]
    /// fn facts(view: &Bound<'_, ViewObject>) -> (usize, bool) {
    ///     (view.get().elements().size(), !view.get().is_readonly())
    /// }
    /// ```
    #[inline]
    pub fn elements(&self) -> &Untyped {
        &self.exported.untyped
    }

    #[inline]
    pub(super) fn hold(&self) -> &Hold {
        &self.hold
    }

    /// The type of the elements, if they can be read quickly now.
    #[inline]
    pub(super) fn quick(&self, py: Python<'_>) -> Option<Quick> {
        self.quick.filter(|_| is_undisturbed(py))
    }

    /// Whether the elements must not be written.
    ///
    /// See [`elements`](Self::elements) for an example.
    #[inline]
    pub fn is_readonly(&self) -> bool {
        self.exported.readonly
    }

    /// Keeps the memory as long as this object lives, also when Python releases it.
    ///
    /// # Errors
    ///
    /// `ValueError` if the view is released.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::ViewObject;
    ///
    /// /// The address of the first element, which stays valid as long as `view` lives.
    /// #[pyfunction]
    /// fn address(view: &Bound<'_, ViewObject>) -> PyResult<usize> {
    ///     view.get().keep()?;
    ///     Ok(view.get().elements().as_ptr().addr())
    /// }
    /// ```
    pub fn keep(&self) -> PyResult<()> {
        self.hold.lend()
    }

    /// Whether nothing can write the memory through the view that keeps it.
    pub(super) fn is_root_readonly(slf: &Bound<'_, Self>) -> PyResult<bool> {
        Ok(slf.get().root_of(slf)?.get().is_readonly())
    }

    /// This view as one side of an operation.
    pub(super) fn side<'a>(&'a self, elements: &'a Untyped, writes: bool) -> Side<'a> {
        Side::of_view(elements, &self.hold, writes)
    }

    /// Keeps the memory while pointers on axes are followed. Under a GIL nothing can release it in between.
    #[inline]
    pub(super) fn while_pointers(&self) -> PyResult<Option<Use<'_>>> {
        let is_needed = cfg!(Py_GIL_DISABLED) && !self.elements().suboffsets().is_empty();
        is_needed.then(|| self.hold.begin()).transpose()
    }

    /// Fails if the view is released, and returns the elements otherwise.
    #[inline]
    pub(super) fn checked(&self) -> PyResult<&Untyped> {
        self.hold.check()?;
        Ok(self.elements())
    }

    /// Returns the element at an address inside the view as a Python object.
    #[inline]
    pub(super) fn element_at<'py>(&self, py: Python<'py>, address: *mut u8) -> PyResult<Bound<'py, PyAny>> {
        match self.quick {
            Some(quick) if quick.is_aligned(address.addr()) && is_undisturbed(py) => {
                self.hold.check()?;
                // SAFETY: the address is that of an element of this type, which is initialised (X1), alive, as has just been checked, and
                // aligned. Nobody writes it while this thread is attached, because there are no locks and there is a GIL.
                unsafe { quick.read(py, address) }
            }
            _ => self.other_element_at(py, address),
        }
    }

    #[inline(never)]
    fn other_element_at<'py>(&self, py: Python<'py>, address: *mut u8) -> PyResult<Bound<'py, PyAny>> {
        let format = self.elements().format();
        with_bytes(format.itemsize(), |bytes| {
            let element = (address.addr(), bytes.len());
            // SAFETY: the address is that of an element, which is initialised (X1) and alive, as `with_element` has checked. Nobody
            // writes it otherwise than by value while this thread is attached, unless a lock says so.
            with_element(py, &self.hold, element, false, || unsafe { load(address, bytes) })?;
            read_item::to_object(py, format, bytes)
        })
    }

    /// Sets the element at an index. The index is checked before the value is converted, and again afterwards, because that can run Python
    /// code.
    pub(super) fn set_element(
        &self,
        py: Python<'_>,
        index: &[isize],
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let address = self.address(index)?;
        if let Some(quick) = self.quick
            && quick.is_aligned(address.addr())
            && is_undisturbed(py)
            && let Some(bits) = quick.bits(value)
        {
            // SAFETY: the address is that of an element of this type, which may be written (X1), is alive, as has just been checked, and is
            // aligned. Nobody else accesses it while this thread is attached, because there are no locks and there is a GIL.
            unsafe { quick.write(address, bits) };
            return Ok(());
        }
        let elements = self.elements();
        with_bytes(elements.itemsize(), |bytes| {
            write_item::from_object(value, elements.format(), bytes)?;
            let address = self.address(index)?;
            with_element(py, &self.hold, (address.addr(), bytes.len()), true, || {
                // Bytes between fields stay as they are: they may belong to fields that this view does not show.
                write_item::for_each_part(elements.format(), 0, &mut |part| {
                    let at = address.wrapping_add(part.start);
                    // SAFETY: the part is inside the element, which may be written (X1) and is alive, as `with_element` has checked.
                    unsafe { store(at, &bytes[part]) };
                });
            })
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
    #[inline(never)]
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
        let root = this.root_of(slf)?;
        let owner = root.get().hold.with_owner(|owner| owner.object().map(|object| object.clone_ref(py)));
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
pub(super) fn with_bytes<X>(itemsize: usize, work: impl FnOnce(&mut [u8]) -> PyResult<X>) -> PyResult<X> {
    let mut few = [0; 32];
    if let Some(bytes) = few.get_mut(..itemsize) {
        return work(bytes);
    }
    let mut many = Vec::new();
    let no_room = |_| PyMemoryError::new_err(format!("not enough memory for an element of {itemsize} bytes"));
    many.try_reserve_exact(itemsize).map_err(no_room)?;
    many.resize(itemsize, 0);
    work(&mut many)
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
        self.leave_root();
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
