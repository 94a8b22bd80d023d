//! Keys: what stands in the brackets of `view[...]`, read without touching the memory.
//! Reading a key can run Python code, which may release the view, so the view is looked at afterwards.

use super::quick::integer as integer_of;
use pyo3::exceptions::{PyIndexError, PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyEllipsis, PyInt, PySlice, PyString, PyTuple, PyType};
use std::ops::Deref;
use typedview::{MAX_NDIM, PerAxis, Slice, SliceItem};

/// Up to four indices.
#[derive(Debug)]
pub(super) struct Indices {
    numbers: [isize; FEW],
    count: usize,
}

/// The number of axes of almost all views.
const FEW: usize = 4;

impl Indices {
    /// Reads a key that is an `int` or a tuple of up to four of them, but not of subclasses, that fit. Other keys are left to [`Key::of`].
    #[inline]
    pub(super) fn of(key: &Bound<'_, PyAny>) -> Option<Self> {
        let mut indices = Self { numbers: [0; FEW], count: 1 };
        if key.is_exact_instance_of::<PyInt>() {
            indices.numbers[0] = isize::try_from(integer_of(key)?).ok()?;
            return Some(indices);
        }
        let tuple = key.cast_exact::<PyTuple>().ok()?;
        indices.count = tuple.len();
        let numbers = indices.numbers.get_mut(..tuple.len())?;
        for (number, item) in numbers.iter_mut().zip(tuple.iter_borrowed()) {
            *number = isize::try_from(integer_of(&item)?).ok()?;
        }
        Some(indices)
    }
}

impl Deref for Indices {
    type Target = [isize];

    #[inline]
    fn deref(&self) -> &[isize] {
        &self.numbers[..self.count]
    }
}

/// The items of a key. Few of them are not allocated.
#[derive(Debug)]
pub(super) enum Items {
    Few([SliceItem; FEW], usize),
    Many(Vec<SliceItem>),
}

impl Deref for Items {
    type Target = [SliceItem];

    #[inline]
    fn deref(&self) -> &[SliceItem] {
        match self {
            Self::Few(items, count) => &items[..*count],
            Self::Many(items) => items,
        }
    }
}

/// What a key asks for.
#[derive(Debug)]
pub(super) enum Key {
    /// One index.
    Index(isize),
    /// Indices, slices, new axes and ellipses.
    Items(Items),
    /// The field of a record.
    Field(String),
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    ///
    /// Raises `TypeError` for other types, `IndexError` for integers that are too large and for too many items, and what `__index__` raises.
    #[inline]
    pub(super) fn of(key: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(name) = key.cast::<PyString>() {
            return Ok(Self::Field(name.to_str()?.to_owned()));
        }
        let Ok(tuple) = key.cast::<PyTuple>() else {
            return match item(key)? {
                SliceItem::Index(index) => Ok(Self::Index(index)),
                item => Ok(Self::Items(Items::Few([item; FEW], 1))),
            };
        };
        if tuple.len() > 4 * MAX_NDIM {
            return Err(PyIndexError::new_err(format!("{} indices are too many", tuple.len())));
        }
        let mut few = [SliceItem::Ellipsis; FEW];
        let Some(places) = few.get_mut(..tuple.len()) else {
            let items = tuple.iter().map(|key| item(&key)).collect::<PyResult<_>>()?;
            return Ok(Self::Items(Items::Many(items)));
        };
        for (place, key) in places.iter_mut().zip(tuple.iter()) {
            *place = item(&key)?;
        }
        Ok(Self::Items(Items::Few(few, tuple.len())))
    }

    /// Fails if there are more indices and slices than axes.
    ///
    /// # Errors
    ///
    /// Raises `TypeError`, as `memoryview` does: the key is of the wrong form, whatever its numbers are.
    pub(super) fn check_count(&self, ndim: usize) -> PyResult<()> {
        let count = match self {
            Self::Index(_) => 1,
            Self::Items(items) => {
                items.iter().filter(|item| matches!(item, SliceItem::Index(_) | SliceItem::Slice(_))).count()
            }
            Self::Field(_) => 0,
        };
        if count > ndim {
            return Err(PyTypeError::new_err(format!("{count} indices for a view with {ndim} axes")));
        }
        Ok(())
    }

    /// Returns the indices, if the key has nothing else.
    pub(super) fn as_indices(&self) -> Option<PerAxis<isize>> {
        match self {
            Self::Index(index) => Some([*index].into_iter().collect()),
            Self::Items(items) => {
                let only = items.iter().all(|item| matches!(item, SliceItem::Index(_)));
                let indices = items.iter().filter_map(|item| match item {
                    SliceItem::Index(index) => Some(*index),
                    _ => None,
                });
                only.then(|| indices.collect())
            }
            Self::Field(_) => None,
        }
    }
}

fn item(key: &Bound<'_, PyAny>) -> PyResult<SliceItem> {
    if key.is_none() {
        return Ok(SliceItem::NewAxis);
    }
    if key.is(PyEllipsis::get(key.py())) {
        return Ok(SliceItem::Ellipsis);
    }
    if let Ok(range) = key.cast::<PySlice>() {
        return slice(range).map(SliceItem::Slice);
    }
    // SAFETY: `key` is alive, and this thread is attached to the interpreter.
    if unsafe { ffi::PyIndex_Check(key.as_ptr()) } == 0 {
        let class = key.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a view is indexed by integers, slices, ..., None and names of fields, not by {class}"
        )));
    }
    index(key).map(SliceItem::Index)
}

/// Returns what `operator.index` returns, or raises `IndexError` if it is too large.
#[inline]
pub(super) fn index(key: &Bound<'_, PyAny>) -> PyResult<isize> {
    integer(key, &key.py().get_type::<PyIndexError>())
}

/// Returns what `operator.index` returns, or raises `OverflowError` if it is too large.
pub(super) fn length_of_axis(length: &Bound<'_, PyAny>) -> PyResult<isize> {
    integer(length, &length.py().get_type::<PyOverflowError>())
}

#[inline]
fn integer(key: &Bound<'_, PyAny>, out_of_range: &Bound<'_, PyType>) -> PyResult<isize> {
    // SAFETY: both objects are alive. The function returns -1 with an exception set if it fails.
    let index = unsafe { ffi::PyNumber_AsSsize_t(key.as_ptr(), out_of_range.as_ptr()) };
    if index == -1
        && let Some(exception) = PyErr::take(key.py())
    {
        return Err(exception);
    }
    Ok(index)
}

fn slice(range: &Bound<'_, PySlice>) -> PyResult<Slice> {
    let (mut start, mut stop, mut step) = (0, 0, 0);
    // SAFETY: `range` is a slice that is alive, and the three numbers can be written.
    let read = unsafe { ffi::PySlice_Unpack(range.as_ptr(), &raw mut start, &raw mut stop, &raw mut step) };
    if read < 0 {
        return Err(PyErr::fetch(range.py()));
    }
    Ok(Slice::new(Some(start), Some(stop), step))
}

/// Returns an integer as a position; integers that are too large become the first or the last one, as in slices.
pub(super) fn clamped(key: &Bound<'_, PyAny>) -> PyResult<isize> {
    // SAFETY: the object is alive, and null asks for clamping instead of an exception. It returns -1 with an exception set if it fails.
    let position = unsafe { ffi::PyNumber_AsSsize_t(key.as_ptr(), std::ptr::null_mut()) };
    match PyErr::take(key.py()).filter(|_| position == -1) {
        Some(exception) => Err(exception),
        None => Ok(position),
    }
}
