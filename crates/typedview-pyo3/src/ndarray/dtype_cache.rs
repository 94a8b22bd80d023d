//! Known dtypes: dtype objects that arrays of a type have had before.
//! One is known as long as it is what it was, and so are those of its fields: Python can change them in place
//! (`dtype.names = ...`, `dtype.__setstate__`). What keeps its state behind a pointer is never known.

use super::fields::Descr;
use crate::attached::attached;
use crate::format_cache::FormatCache;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::{ptr, slice};
use typedview::Element;

/// A dtype as it was, and those of its fields that may change, of whatever depth.
struct Seen(Vec<Part>);

/// A dtype, all of whose state is in its own bytes, in immutable objects, and in the dict of its fields.
struct Part {
    dtype: Py<PyAny>,
    /// The struct behind its head: its size, its flags, where its names and fields are.
    content: Box<[u8]>,
    /// Kept so that nothing else takes its place.
    _names: Py<PyAny>,
    fields: Option<Fields>,
}

/// The dict of a dtype's fields, which NumPy hands out, and what was in it: names and tuples.
struct Fields {
    dict: Py<PyDict>,
    items: Box<[[Py<PyAny>; 2]]>,
    /// What is behind the dict's head, where that changes with every change of the dict.
    state: Option<[usize; STATE]>,
}

/// PEP 509: behind its head a dict has its length, a number that no two states of any dict have, and pointers to both its
/// parts.
const STATE: usize = 4;

/// Dtypes that change are looked at one by one when an array comes; records of more of them are read each time.
const MOST_PARTS: usize = 8;

attached!(static DTYPES: FormatCache<Seen> = FormatCache::new());

/// Whether arrays with this dtype have been found to be of elements `T`.
#[inline]
pub(super) fn is_remembered<T: Element>(py: Python<'_>, descr: &Descr) -> bool {
    let address = ptr::from_ref(descr);
    let same = |seen: &Seen| {
        ptr::eq(seen.0[0].address(), address) && seen.0.iter().all(|part| part.is_as_it_was(py))
    };
    DTYPES.with(py, |dtypes| dtypes.contains::<T>(hash(address), same))
}

/// Keeps the dtype of arrays that have been found to be of elements `T`, if its bytes tell when it changes; what Python
/// says of it cannot fail but by force.
pub(super) fn remember<T: Element>(dtype: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut seen = Seen(Vec::new());
    if !seen.add(dtype)? || seen.0.is_empty() {
        return Ok(());
    }
    let hash = hash(seen.0[0].address());
    let replaced = DTYPES.with(dtype.py(), |dtypes| dtypes.insert::<T>(hash, seen));
    // Out here, since it may run code of others.
    drop(replaced);
    Ok(())
}

impl Seen {
    /// Adds a dtype and those of its fields; false where a change could not be seen.
    fn add(&mut self, dtype: &Bound<'_, PyAny>) -> PyResult<bool> {
        // Those that NumPy has made for itself refuse to change.
        if dtype.getattr("isbuiltin")?.extract::<u8>()? == 1 {
            return Ok(true);
        }
        // The unit of a date and the item of a sub-array stand behind pointers, where NumPy changes them in place.
        let kind = dtype.getattr("kind")?.extract::<char>()?;
        if matches!(kind, 'M' | 'm') || !dtype.getattr("subdtype")?.is_none() || self.0.len() == MOST_PARTS {
            return Ok(false);
        }
        self.0.push(Part::new(dtype)?);
        let fields = dtype.getattr("fields")?;
        if fields.is_none() {
            return Ok(true);
        }
        for field in fields.call_method0("values")?.try_iter()? {
            if !self.add(&field?.get_item(0)?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Part {
    fn new(dtype: &Bound<'_, PyAny>) -> PyResult<Self> {
        let size = dtype.get_type().getattr("__basicsize__")?.extract::<usize>()?;
        let names = dtype.getattr("names")?.unbind();
        // NumPy: the state has the dict itself, of which `fields` is a readonly view.
        let fields = dtype.call_method0("__reduce__")?.get_item(2)?.get_item(4)?;
        let fields = match fields.cast_into::<PyDict>() {
            Ok(dict) => {
                let items = dict.iter().map(|(name, field)| [name.unbind(), field.unbind()]).collect();
                let state = state(&dict);
                Some(Fields { dict: dict.unbind(), items, state })
            }
            Err(_) => None,
        };
        let length = size.saturating_sub(size_of::<ffi::PyObject>());
        // SAFETY: an object of its type has so many bytes.
        let content = unsafe { content(dtype.as_ptr().cast_const().cast(), length) }.into();
        Ok(Self { dtype: dtype.clone().unbind(), content, _names: names, fields })
    }

    #[inline]
    fn address(&self) -> *const Descr {
        self.dtype.as_ptr().cast_const().cast()
    }

    #[inline]
    fn is_as_it_was(&self, py: Python<'_>) -> bool {
        // SAFETY: the struct is as large as it was, which its type says.
        let content = unsafe { content(self.address(), self.content.len()) };
        *content == *self.content && self.fields.as_ref().is_none_or(|fields| fields.are_as_they_were(py))
    }
}

/// What tells one state of a dict from another, up to Python 3.13, after which there is no such number.
#[inline]
fn state(dict: &Bound<'_, PyDict>) -> Option<[usize; STATE]> {
    // SAFETY: a number that does not change.
    if unsafe { ffi::Py_Version } >= 0x030E_0000 {
        return None;
    }
    let head = dict.as_ptr().cast_const().cast::<u8>();
    // SAFETY: the struct of a dict is larger than its head.
    let behind = unsafe { head.add(size_of::<ffi::PyObject>()) };
    // SAFETY: CPython 3.11 to 3.13 have these four words there; nobody writes while the GIL is held.
    Some(unsafe { behind.cast::<[usize; STATE]>().read() })
}

impl Fields {
    #[inline]
    fn are_as_they_were(&self, py: Python<'_>) -> bool {
        match self.state {
            Some(_) => state(self.dict.bind(py)) == self.state,
            None => self.are_the_same(py),
        }
    }

    /// Whether the dict has these very items and no others, in this order.
    fn are_the_same(&self, py: Python<'_>) -> bool {
        let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
        let dict = self.dict.bind(py).as_ptr();
        let mut next = || {
            // SAFETY: the dict is alive, and does not change meanwhile.
            let found = unsafe { ffi::PyDict_Next(dict, &raw mut position, &raw mut key, &raw mut value) };
            // Only compared.
            (found != 0).then_some((key, value))
        };
        self.items.iter().all(|[name, field]| next() == Some((name.as_ptr(), field.as_ptr())))
            && next().is_none()
    }
}

/// The bytes of a dtype behind its reference count and type.
///
/// # Safety
///
/// There are so many.
unsafe fn content<'a>(descr: *const Descr, length: usize) -> &'a [u8] {
    // SAFETY: the caller.
    let first = unsafe { descr.cast::<u8>().add(size_of::<ffi::PyObject>()) };
    // SAFETY: the caller; nobody writes while the GIL is held.
    unsafe { slice::from_raw_parts(first, length) }
}

/// Objects stand at multiples of 16.
fn hash(address: *const Descr) -> usize {
    address.addr() >> 4
}
