//! The methods of the Python class `View`. They convert arguments and call what the other files of this folder do.

use super::iterate::ViewIterator;
use super::key::{Indices, Key};
use super::lock::Lock;
use super::view_object::ViewObject;
use super::{assign, cast, compare, contents, dtype, memory, pickle, show, specs};
use crate::dlpack::Device;
use crate::error::OrRaise;
use crate::export::{Exchanged, capsule, fill, interface, table};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyType};
use pyo3::{PyTraverseError, PyVisit, ffi};
use std::ffi::c_int;
use typedview::Order;

#[pymethods]
impl ViewObject {
    #[new]
    #[pyo3(signature = (object, spec=None, *, writable=None))]
    fn new<'py>(
        object: &Bound<'py, PyAny>,
        spec: Option<&str>,
        writable: Option<bool>,
    ) -> PyResult<Bound<'py, Self>> {
        let spec = spec.map(specs::parsed).transpose()?;
        Self::acquire(object, spec.as_deref(), writable)
    }

    /// The object that owns the memory, or None if the exporter names no owner, or if Rust owns it.
    #[getter]
    fn obj<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Self::obj_of(slf)
    }

    /// The same as `obj`, as Cython's views call it.
    #[getter]
    fn base<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Self::obj_of(slf)
    }

    /// The number of indices on each axis.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.checked()?.shape())
    }

    /// The number of bytes from an index to the next, on each axis.
    #[getter]
    fn strides<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.checked()?.strides())
    }

    /// The number of bytes to add after following a pointer, on each axis. It is negative for an axis that holds no pointers. The
    /// tuple is empty if no axis holds pointers.
    #[getter]
    fn suboffsets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.checked()?.suboffsets())
    }

    /// The number of axes.
    #[getter]
    fn ndim(&self) -> PyResult<usize> {
        Ok(self.checked()?.ndim())
    }

    /// The number of elements.
    #[getter]
    fn size(&self) -> PyResult<usize> {
        Ok(self.checked()?.size())
    }

    /// The number of bytes of one element.
    #[getter]
    fn itemsize(&self) -> PyResult<usize> {
        Ok(self.checked()?.itemsize())
    }

    /// The number of bytes of all elements, without gaps between them.
    #[getter]
    fn nbytes(&self) -> PyResult<usize> {
        Ok(self.checked()?.nbytes())
    }

    /// The PEP 3118 format of an element, such as "d" or "T{B:count:=d:price:}".
    #[getter]
    fn format(&self) -> PyResult<String> {
        self.hold.check()?;
        Ok(self.exported.text().to_string_lossy().into_owned())
    }

    /// The element in the notation of specs, such as "double" or "big-endian int16".
    #[getter]
    fn dtype(&self) -> PyResult<String> {
        Ok(self.checked()?.format().to_string())
    }

    /// Whether the memory must not be written.
    #[getter]
    fn readonly(&self) -> PyResult<bool> {
        self.hold.check()?;
        Ok(self.exported.readonly)
    }

    /// Whether the elements are one block in C order.
    #[getter]
    fn c_contiguous(&self) -> PyResult<bool> {
        Ok(self.checked()?.is_contiguous(Order::C))
    }

    /// Whether the elements are one block in Fortran order.
    #[getter]
    fn f_contiguous(&self) -> PyResult<bool> {
        Ok(self.checked()?.is_contiguous(Order::F))
    }

    /// Whether the elements are one block in either order.
    #[getter]
    fn contiguous(&self) -> PyResult<bool> {
        Ok(self.c_contiguous()? || self.f_contiguous()?)
    }

    /// Whether the elements are one block in C order, as Cython's views ask it.
    fn is_c_contig(&self) -> PyResult<bool> {
        self.c_contiguous()
    }

    /// Whether the elements are one block in Fortran order, as Cython's views ask it.
    fn is_f_contig(&self) -> PyResult<bool> {
        self.f_contiguous()
    }

    /// The view with its axes reversed.
    #[getter(T)]
    fn transposed<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let transposed = slf.get().checked()?.transpose().or_raise()?;
        Self::same(slf, transposed)
    }

    /// The number of indices on the first axis. TypeError if there is no axis.
    fn __len__(&self) -> PyResult<usize> {
        let length = self.checked()?.shape().first().copied();
        length.ok_or_else(|| PyTypeError::new_err("0-dim memory has no length"))
    }

    fn __getitem__<'py>(slf: &Bound<'py, Self>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let _pointers = this.while_pointers()?;
        // The usual keys run no Python code, so nothing can happen to the view in between.
        if let Some(index) = Indices::of(key) {
            let elements = this.checked()?;
            if index.len() == elements.ndim() {
                return this.element_at(py, elements.element(&index).or_raise()?);
            }
            if let ([index], 2..) = (&*index, elements.ndim()) {
                return Ok(Self::same(slf, elements.index_axis(0, *index).or_raise()?)?.into_any());
            }
        }
        let key = Key::of(key)?;
        let elements = this.checked()?;
        key.check_count(elements.ndim())?;
        if let Some(index) = key.as_indices().filter(|index| index.len() == elements.ndim()) {
            let address = elements.element(&index).or_raise()?;
            return this.element_at(py, address);
        }
        Ok(Self::same(slf, this.selected(&key)?)?.into_any())
    }

    fn __setitem__(slf: &Bound<'_, Self>, key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        this.check_writable()?;
        let _pointers = this.while_pointers()?;
        if let Some(index) = Indices::of(key).filter(|index| index.len() == this.elements().ndim()) {
            return this.set_element(py, &index, value);
        }
        let key = Key::of(key)?;
        let elements = this.checked()?;
        key.check_count(elements.ndim())?;
        let Some(index) = key.as_indices().filter(|index| index.len() == elements.ndim()) else {
            return assign::assign(py, this, &this.selected(&key)?, value);
        };
        this.set_element(py, &index, value)
    }

    fn __delitem__(&self, _key: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err("cannot delete memory"))
    }

    fn __iter__(slf: &Bound<'_, Self>) -> PyResult<ViewIterator> {
        ViewIterator::new(slf, false)
    }

    fn __reversed__(slf: &Bound<'_, Self>) -> PyResult<ViewIterator> {
        ViewIterator::new(slf, true)
    }

    fn __richcmp__<'py>(
        slf: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
        operator: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        compare::rich_compare(slf, other, operator)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        let this = slf.get();
        match this.hash.get() {
            Some(hash) => Ok(*hash),
            None => compare::hash(slf).map(|hash| *this.hash.get_or_init(|| hash)),
        }
    }

    /// The elements as nested lists. Without axes, it is the element.
    fn tolist<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.get().hold.check()?;
        contents::to_list(slf.py(), slf.get(), slf.get().elements())
    }

    /// The bytes of all elements, in the order "C" or "F", or in "A": Fortran order if the view has that, and C order otherwise.
    #[pyo3(signature = (order="C"))]
    fn tobytes<'py>(slf: &Bound<'py, Self>, order: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        let order = contents::order(order, slf.get().checked()?)?;
        contents::to_bytes(slf.py(), slf.get(), order)
    }

    /// The bytes of all elements as hexadecimal digits. The arguments are those of `bytes.hex`.
    #[pyo3(signature = (sep=None, bytes_per_sep=1))]
    fn hex<'py>(
        slf: &Bound<'py, Self>,
        sep: Option<&Bound<'py, PyAny>>,
        bytes_per_sep: isize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bytes = Self::tobytes(slf, None)?;
        match sep {
            Some(sep) => bytes.call_method1("hex", (sep, bytes_per_sep)),
            None => bytes.call_method0("hex"),
        }
    }

    /// The index of the first element that equals `value`, between `start` and `stop`. ValueError if there is none.
    #[pyo3(signature = (value, start=None, stop=None, /))]
    fn index(
        slf: &Bound<'_, Self>,
        value: &Bound<'_, PyAny>,
        start: Option<&Bound<'_, PyAny>>,
        stop: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        let length = slf.get().only_axis("index()")?;
        contents::index(slf, length, value, start, stop)
    }

    /// The number of elements that equal `value`.
    #[pyo3(signature = (value, /))]
    fn count(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        let length = slf.get().only_axis("count()")?;
        contents::count(slf, length, value)
    }

    /// A readonly view of the same elements.
    fn toreadonly<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        Self::part(slf, slf.get().checked()?.clone(), true)
    }

    /// The bytes as elements of another format and shape, by the rules of `memoryview.cast`. One of the two formats is "B", "b" or "c".
    ///
    /// See `reinterpret` for other formats and for strided memory.
    #[pyo3(signature = (format, shape=None))]
    fn cast<'py>(
        slf: &Bound<'py, Self>,
        format: &Bound<'py, PyAny>,
        shape: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Self>> {
        let (cast, text) = cast::cast(slf.get().checked()?, format, shape)?;
        Self::cast_to(slf, cast, &text)
    }

    /// The same bytes as elements of another type, named in the notation of specs or of PEP 3118. If their size is another one, the last
    /// axis gets longer or shorter; its elements must be adjacent.
    fn reinterpret<'py>(slf: &Bound<'py, Self>, dtype: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        let format = dtype::format_of(dtype)?;
        let elements = slf.get().checked()?;
        let parts = elements.reinterpret(format).or_raise()?;
        contents::reject_objects(elements)?;
        contents::reject_objects(&parts)?;
        Self::same(slf, parts)
    }

    /// One field of every record. `view["name"]` is the same.
    fn field<'py>(slf: &Bound<'py, Self>, name: String) -> PyResult<Bound<'py, Self>> {
        let field = slf.get().selected(&Key::Field(name))?;
        Self::same(slf, field)
    }

    /// The same elements with another shape, without a copy. One length may be -1. ValueError if the strides would need a copy.
    #[pyo3(signature = (*shape))]
    fn reshape<'py>(slf: &Bound<'py, Self>, shape: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, Self>> {
        let elements = slf.get().checked()?;
        let shape = cast::shape_of(shape, elements.size())?;
        Self::same(slf, slf.get().checked()?.reshape(&shape).or_raise()?)
    }

    /// The view with its axes in another order, or reversed if none is given.
    #[pyo3(signature = (*axes))]
    fn transpose<'py>(slf: &Bound<'py, Self>, axes: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, Self>> {
        if axes.is_empty() {
            return Self::transposed(slf);
        }
        let axes = cast::axes_of(axes, slf.get().checked()?.ndim())?;
        Self::same(slf, slf.get().checked()?.permute(&axes).or_raise()?)
    }

    /// A readonly view of the elements repeated to a shape, by NumPy's rule.
    #[pyo3(signature = (*shape))]
    fn broadcast_to<'py>(slf: &Bound<'py, Self>, shape: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, Self>> {
        let shape = cast::shape_of(shape, usize::MAX)?;
        Self::part(slf, slf.get().checked()?.broadcast_to(&shape).or_raise()?, true)
    }

    /// A copy of the elements in memory of its own, in the order "C" or "F", or in "A": the order of the view if it has one.
    #[pyo3(signature = (order="C"))]
    fn copy<'py>(slf: &Bound<'py, Self>, order: Option<&str>) -> PyResult<Bound<'py, Self>> {
        let order = contents::order(order, slf.get().checked()?)?;
        memory::copy(slf, order)
    }

    /// A copy of the elements in Fortran order, as Cython's views call it.
    fn copy_fortran<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        memory::copy(slf, Order::F)
    }

    fn __copy__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        Self::same(slf, slf.get().checked()?.clone())
    }

    fn __deepcopy__<'py>(slf: &Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        memory::copy(slf, Order::Strided)
    }

    /// A copy whose elements have another type. Numbers are converted by NumPy's rule "same_kind"; other elements are not converted.
    #[pyo3(signature = (dtype, order="C"))]
    fn astype<'py>(
        slf: &Bound<'py, Self>,
        dtype: &Bound<'py, PyAny>,
        order: Option<&str>,
    ) -> PyResult<Bound<'py, Self>> {
        let format = dtype::format_of(dtype)?;
        let order = contents::order(order, slf.get().checked()?)?;
        memory::converted(slf, format, order)
    }

    /// Sets all elements to `value`.
    fn fill(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let this = slf.get();
        this.check_writable()?;
        assign::fill(slf.py(), this, this.elements(), value)
    }

    /// A context manager that locks the memory against all extensions of this process that use typedview: for writing, or with
    /// `read=True` for reading. The thread that has the lock can use the memory in Python meanwhile.
    ///
    /// BufferError if another extension uses the memory, also if `timeout` seconds have passed.
    #[pyo3(signature = (*, read=false, timeout=None))]
    fn locked(slf: &Bound<'_, Self>, read: bool, timeout: Option<f64>) -> PyResult<Lock> {
        slf.get().hold.check()?;
        Lock::new(slf, read, timeout)
    }

    /// Gives the memory back to its exporter. After that, the view cannot be used; its slices can. A second call does nothing.
    ///
    /// BufferError while a consumer has the memory as a buffer.
    fn release(&self) -> PyResult<()> {
        self.release_memory()
    }

    fn __enter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        slf.get().hold.check()?;
        Ok(slf)
    }

    fn __exit__(
        &self,
        _class: &Bound<'_, PyAny>,
        _exception: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        self.release()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::repr(slf)
    }

    /// The picture of the layout for notebooks, if the package typedview is installed; it draws it.
    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        slf.get().hold.check()?;
        match slf.py().import("typedview._typedview") {
            Ok(package) => package.getattr("_picture")?.call1((slf,)).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// `View["double[:]"]` is an annotation, which `typedview.typed` checks.
    #[classmethod]
    fn __class_getitem__<'py>(
        class: &Bound<'py, PyType>,
        spec: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class.py().import("types")?.getattr("GenericAlias")?.call1((class, spec))
    }

    fn __reduce_ex__<'py>(slf: &Bound<'py, Self>, protocol: i32) -> PyResult<Bound<'py, PyTuple>> {
        pickle::reduce(slf, protocol)
    }

    /// The memory as a dict of NumPy's array interface, version 3.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.hold.check()?;
        let interface = interface(&self.exported, py)?;
        self.hold.lend()?;
        Ok(interface)
    }

    /// The device of the memory: the CPU.
    fn __dlpack_device__(&self) -> (i32, i32) {
        (Device::CPU.kind, Device::CPU.number)
    }

    /// The memory as a DLPack capsule.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        slf: &Bound<'py, Self>,
        stream: Option<&Bound<'py, PyAny>>,
        max_version: Option<(u32, u32)>,
        dl_device: Option<(i32, i32)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let exported = slf.get().lent()?;
        capsule(exported, slf.as_any(), stream.is_some(), max_version, dl_device, copy)
    }

    /// The table of C functions that consumers of DLPack may call instead.
    #[classattr]
    fn __dlpack_c_exchange_api__(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        table::<Self>(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(&visit)
    }

    /// # Safety
    ///
    /// The caller must ensure that `view` is null, or points to a `Py_buffer` that may be written. The interpreter does.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        let this = slf.get();
        if let Err(error) = this.hold.export() {
            if !view.is_null() {
                // SAFETY: the interpreter passes a `Py_buffer` that may be written. PEP 3118: a refusal leaves a null owner.
                unsafe { (*view).obj = std::ptr::null_mut() };
            }
            return Err(error);
        }
        // SAFETY: the interpreter passes null, or a pointer to a `Py_buffer` to fill. `slf` keeps its memory while it is exported (X3).
        let filled = unsafe { fill(&this.exported, slf.as_any(), view, flags) };
        if filled.is_err() {
            this.hold.end_export();
        }
        filled
    }

    /// # Safety
    ///
    /// The caller must ensure that the buffer was handed out by `__getbuffer__` and not given back. The interpreter does.
    unsafe fn __releasebuffer__(&self, _view: *mut ffi::Py_buffer) {
        self.hold.end_export();
    }
}
