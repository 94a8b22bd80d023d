//! Making memory: views of new memory, of an address, and of rows that lie anywhere.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyTuple};
use typedview::{Element, Memory, Order, PerAxis, Untyped};
use typedview_pyo3::{ViewObject, allocate, format_of, from_pickle, row_pointers};

/// Reads a shape: an integer, or a sequence of integers.
fn shape_of(shape: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
    let length = |length: &Bound<'_, PyAny>| {
        length.extract::<usize>().map_err(|error| {
            if length.is_instance_of::<PyInt>() {
                PyValueError::new_err(format!("{length} is no length of an axis"))
            } else {
                error
            }
        })
    };
    numbers(shape, length)
}

/// Reads the items of a tuple or a list, or a single item.
fn numbers<'py, X>(
    items: &Bound<'py, PyAny>,
    number: impl Fn(&Bound<'py, PyAny>) -> PyResult<X>,
) -> PyResult<Vec<X>> {
    if items.is_instance_of::<PyTuple>() || items.is_instance_of::<PyList>() {
        return items.try_iter()?.map(|item| number(&item?)).collect();
    }
    Ok([number(items)?].into())
}

fn order_of(order: &str) -> PyResult<Order> {
    match order {
        "C" => Ok(Order::C),
        "F" => Ok(Order::F),
        _ => Err(PyValueError::new_err("order must be 'C' or 'F'")),
    }
}

/// A view of new memory, in which all elements are 0.
///
/// `dtype` is "double" if none is given. It is a name such as "double", a PEP 3118 format, a numpy.dtype, or one of bool, int, float and complex. `order` is "C" or
/// "F". ValueError for a shape that no memory can have, MemoryError if there is not enough memory.
///
/// >>> from typedview import zeros
/// >>> zeros((2, 3), "int32")
/// View(int32[2, 3], C)
/// [[0, 0, 0],
///  [0, 0, 0]]
#[pyfunction]
#[pyo3(signature = (shape, dtype=None, order="C"))]
pub(crate) fn zeros<'py>(
    py: Python<'py>,
    shape: &Bound<'py, PyAny>,
    dtype: Option<&Bound<'py, PyAny>>,
    order: &str,
) -> PyResult<Bound<'py, ViewObject>> {
    let format = match dtype {
        Some(dtype) => format_of(dtype)?,
        None => f64::format(),
    };
    let (untyped, memory) = allocate(format, &shape_of(shape)?, order_of(order)?)?;
    untyped.reject_objects().map_err(|error| PyTypeError::new_err(error.to_string()))?;
    // SAFETY: all bytes are 0, which is a value of every element but a reference, and `memory` keeps them.
    unsafe { ViewObject::of_memory(py, untyped, false, memory) }
}

/// A view of new memory, whose elements mean nothing until they are set. They are 0 in this version.
///
/// The arguments and the errors are those of `zeros`.
#[pyfunction]
#[pyo3(signature = (shape, dtype=None, order="C"))]
pub(crate) fn empty<'py>(
    py: Python<'py>,
    shape: &Bound<'py, PyAny>,
    dtype: Option<&Bound<'py, PyAny>>,
    order: &str,
) -> PyResult<Bound<'py, ViewObject>> {
    // Memory from the system is 0 already, and other memory is cleared faster than it is written.
    zeros(py, shape, dtype, order)
}

/// What keeps memory at an address, and frees it.
struct Kept {
    address: usize,
    owner: Option<Py<PyAny>>,
    free: Option<Py<PyAny>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let (owner, free) = (self.owner.take(), self.free.take());
        // While the interpreter shuts down nothing can be called.
        Python::try_attach(|py| {
            // The view may end while an exception is on its way, which the function must neither see nor replace.
            let pending = PyErr::take(py);
            if let Some(free) = free
                && let Err(exception) = free.call1(py, (self.address,))
            {
                exception.write_unraisable(py, Some(free.bind(py)));
            }
            drop(owner);
            if let Some(exception) = pending {
                exception.restore(py);
            }
        });
    }
}

/// A view of memory at an address, such as that of a C library. The memory must have the elements, and must stay while the view is used.
///
/// `shape` is an integer or a tuple, `dtype` as for `zeros`. The elements are one block in C order, unless `strides` gives the bytes from
/// an index to the next on each axis. `owner` is an object that the view keeps alive. `free(address)` is called once when the
/// view and all of its slices are gone; an exception that it raises is printed. The garbage collector does not see `owner` and `free`, so they
/// should not refer to the view.
///
/// ValueError for the address 0 and for sizes that do not fit.
///
/// >>> import ctypes
/// >>> from typedview import from_address
/// >>> numbers = (ctypes.c_int32 * 3)(1, 2, 3)
/// >>> from_address(ctypes.addressof(numbers), 3, "int32", owner=numbers).tolist()
/// [1, 2, 3]
#[pyfunction]
#[pyo3(signature = (address, shape, dtype, *, strides=None, readonly=false, owner=None, free=None))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn from_address<'py>(
    py: Python<'py>,
    address: &Bound<'py, PyAny>,
    shape: &Bound<'py, PyAny>,
    dtype: &Bound<'py, PyAny>,
    strides: Option<&Bound<'py, PyAny>>,
    readonly: bool,
    owner: Option<Py<PyAny>>,
    free: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, ViewObject>> {
    let no_address = || PyValueError::new_err(format!("{address} is no address of memory"));
    let address = match address.extract::<usize>() {
        Ok(0) => return Err(no_address()),
        Ok(number) => number,
        Err(_) if address.is_instance_of::<PyInt>() => return Err(no_address()),
        Err(error) => return Err(error),
    };
    if free.as_ref().is_some_and(|free| !free.is_callable()) {
        return Err(PyTypeError::new_err("free must be a function of one argument, the address"));
    }
    let (format, shape) = (format_of(dtype)?, shape_of(shape)?);
    let strides = match strides {
        Some(strides) => numbers(strides, |stride| stride.extract::<isize>())?.into_iter().collect(),
        None => PerAxis::c_strides(&shape, format.itemsize()),
    };
    let first = std::ptr::with_exposed_provenance_mut(address);
    // SAFETY: the caller of this function in Python answers for the memory, as the documentation says.
    let untyped = unsafe { Untyped::new(first, format, &shape, &strides, &[]) };
    let untyped = untyped.map_err(|error| PyValueError::new_err(error.to_string()))?;
    untyped.reject_objects().map_err(|error| PyTypeError::new_err(error.to_string()))?;
    if untyped.reach().is_none_or(|reach| reach.addresses(address).is_none()) {
        return Err(PyValueError::new_err("the elements exceed the address space"));
    }
    let memory = Memory::from_owner(Kept { address, owner, free: free.map(Bound::unbind) });
    // SAFETY: the caller of this function in Python answers for the memory, as the documentation says.
    unsafe { ViewObject::of_memory(py, untyped, readonly, memory) }
}

/// A view of separate rows as one table, without a copy: it has a pointer to each row. All rows have the same elements, lengths and strides.
///
/// Functions take it as "double[::indirect, ::1]". The view is readonly if one of the rows is.
///
/// ValueError if there is no row, or if the rows differ.
///
/// >>> import array
/// >>> from typedview import stack_rows
/// >>> table = stack_rows([array.array("d", [1, 2]), array.array("d", [3, 4])])
/// >>> table[:, 1].tolist()
/// [2.0, 4.0]
#[pyfunction]
pub(crate) fn stack_rows<'py>(py: Python<'py>, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, ViewObject>> {
    let class = py.get_type::<ViewObject>();
    let views = rows.try_iter()?.map(|row| Ok(class.call1((row?,))?.cast_into::<ViewObject>()?));
    let views = views.collect::<PyResult<Vec<_>>>()?;
    // Others could find the views through the garbage collector, and release them.
    views.iter().try_for_each(|view| view.get().keep())?;
    let elements: Vec<Untyped> = views.iter().map(|view| view.get().elements().clone()).collect();
    let readonly = views.iter().any(|view| view.get().is_readonly());
    // SAFETY: the views that keep the rows are kept together with the table.
    let (table, pointers) = unsafe { row_pointers(&elements) }?;
    let views: Vec<Py<ViewObject>> = views.into_iter().map(Bound::unbind).collect();
    // SAFETY: the elements are those of the views, which keep them as long as they live, also if somebody releases them.
    unsafe { ViewObject::of_memory(py, table, readonly, Memory::from_owner((views, pointers))) }
}

/// Makes a view again from what its pickle has. Only `pickle` calls it.
#[pyfunction]
pub(crate) fn _from_pickle<'py>(
    buffer: &Bound<'py, PyAny>,
    format: &Bound<'py, PyAny>,
    shape: &Bound<'py, PyTuple>,
    order: &str,
    readonly: bool,
) -> PyResult<Bound<'py, ViewObject>> {
    from_pickle(buffer, format, shape, order, readonly)
}
