//! The dtype cache: dtype objects that arrays of a known element type have had before.
//! Python code can change a dtype in place (`dtype.names = ...`, `dtype.__setstate__`). Therefore a cached dtype only
//! matches while it and the dtypes of its fields are unchanged. A dtype with a unit of time or a
//! sub-array is never cached, because NumPy can change those where the comparison does not look. This file is not compiled for
//! free-threaded interpreters.

use super::fields::Descr;
use crate::attached::attached;
use crate::format_cache::FormatCache;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::{ptr, slice};
use typedview::Element;

/// The state that a dtype had when it was cached, and the states of the dtypes of its fields, at all levels, that may
/// change.
struct Seen(Vec<Part>);

/// One dtype whose whole state is in its own bytes, in immutable objects, and in the dict of its fields.
struct Part {
    dtype: Py<PyAny>,
    /// The bytes of the struct after its object header. They hold its size, its flags and the pointers to its names and
    /// fields.
    content: Box<[u8]>,
    /// The names. The reference ensures that no other object can have their address.
    _names: Py<PyAny>,
    fields: Option<Fields>,
}

/// The dict with the fields of a dtype, which NumPy gives to Python code, and the items it had: names and tuples.
struct Fields {
    dict: Py<PyDict>,
    items: Box<[[Py<PyAny>; 2]]>,
    /// The words after the object header of the dict, if every change of the dict changes them.
    state: Option<[usize; STATE]>,
}

/// The number of words that tell the state of a dict. CPython 3.11 to 3.13 have them after the object header, on 64-bit machines:
/// `ma_used`, `ma_version_tag` (PEP 509: unique among all states of all dicts), `ma_keys` and `ma_values`.
const STATE: usize = 4;

/// The most dtypes that one entry may consist of. Each of them is compared when an array arrives, so a record with more
/// dtypes that can change is not cached, and its dtype is read each time.
const MOST_PARTS: usize = 8;

attached!(static DTYPES: FormatCache<Seen> = FormatCache::new());

/// Returns whether arrays with this dtype have been found to have elements `T`.
#[inline]
pub(super) fn is_remembered<T: Element>(py: Python<'_>, descr: &Descr) -> bool {
    let address = ptr::from_ref(descr);
    let same = |seen: &Seen| {
        ptr::eq(seen.0[0].address(), address) && seen.0.iter().all(|part| part.is_as_it_was(py))
    };
    DTYPES.with(py, |dtypes| dtypes.contains::<T>(hash(address), same))
}

/// Caches the dtype of arrays that have been found to have elements `T`, if a change of the dtype can be detected.
///
/// # Errors
///
/// Fails when reading the attributes of the dtype raises an exception, which does not happen unless Python code forces
/// it.
pub(super) fn remember<T: Element>(dtype: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut seen = Seen(Vec::new());
    if !seen.add(dtype)? || seen.0.is_empty() {
        return Ok(());
    }
    let hash = hash(seen.0[0].address());
    let replaced = DTYPES.with(dtype.py(), |dtypes| dtypes.insert::<T>(hash, seen));
    // The replaced entry is dropped outside the access to the cache, because dropping it may run arbitrary Python code.
    drop(replaced);
    Ok(())
}

impl Seen {
    /// Adds a dtype and the dtypes of its fields. Returns `false` when a change of one of them could not be detected.
    fn add(&mut self, dtype: &Bound<'_, PyAny>) -> PyResult<bool> {
        // The dtypes that NumPy has created for itself cannot be changed.
        if dtype.getattr("isbuiltin")?.extract::<u8>()? == 1 {
            return Ok(true);
        }
        // The unit of a date and the item of a sub-array are behind pointers, and NumPy changes them in place.
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
    /// Records the current state of a dtype.
    fn new(dtype: &Bound<'_, PyAny>) -> PyResult<Self> {
        let size = dtype.get_type().getattr("__basicsize__")?.extract::<usize>()?;
        let names = dtype.getattr("names")?.unbind();
        // The pickled state contains the dict itself, whereas `fields` is only a readonly view of it.
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
        // SAFETY: every object of this type has `size` bytes, and `length` of them follow the object header.
        let content = unsafe { content(dtype.as_ptr().cast_const().cast(), length) }.into();
        Ok(Self { dtype: dtype.clone().unbind(), content, _names: names, fields })
    }

    /// Returns the address of the dtype.
    #[inline]
    fn address(&self) -> *const Descr {
        self.dtype.as_ptr().cast_const().cast()
    }

    /// Returns whether the dtype still has the recorded state.
    #[inline]
    fn is_as_it_was(&self, py: Python<'_>) -> bool {
        // SAFETY: `self.dtype` keeps the dtype alive, and no Python code runs during the comparison. The size of the struct is
        // given by its type, so it has as many bytes as it had when it was recorded.
        let content = unsafe { content(self.address(), self.content.len()) };
        *content == *self.content && self.fields.as_ref().is_none_or(|fields| fields.are_as_they_were(py))
    }
}

/// Returns the words that differ between any two states of a dict, up to Python 3.13. Later versions have no version
/// number in a dict, so the result is `None` there.
#[inline]
fn state(dict: &Bound<'_, PyDict>) -> Option<[usize; STATE]> {
    // SAFETY: `Py_Version` is a constant of the interpreter that never changes.
    if cfg!(not(target_pointer_width = "64")) || unsafe { ffi::Py_Version } >= 0x030E_0000 {
        return None;
    }
    let head = dict.as_ptr().cast_const().cast::<u8>();
    // SAFETY: the struct of a dict is larger than an object header, so the pointer stays inside it.
    let behind = unsafe { head.add(size_of::<ffi::PyObject>()) };
    // SAFETY: CPython 3.11 to 3.13 have these four words there, and no other thread writes them while this one holds
    // the GIL.
    Some(unsafe { behind.cast::<[usize; STATE]>().read() })
}

impl Fields {
    /// Returns whether the dict still has the recorded items.
    #[inline]
    fn are_as_they_were(&self, py: Python<'_>) -> bool {
        match self.state {
            Some(_) => state(self.dict.bind(py)) == self.state,
            None => self.are_the_same(py),
        }
    }

    /// Returns whether the dict has exactly the recorded items, in the recorded order.
    fn are_the_same(&self, py: Python<'_>) -> bool {
        let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
        let dict = self.dict.bind(py).as_ptr();
        let mut next = || {
            // SAFETY: the dict is alive, and it does not change during the iteration, because no Python code runs.
            let found = unsafe { ffi::PyDict_Next(dict, &raw mut position, &raw mut key, &raw mut value) };
            // The two pointers are only compared, not dereferenced.
            (found != 0).then_some((key, value))
        };
        self.items.iter().all(|[name, field]| next() == Some((name.as_ptr(), field.as_ptr())))
            && next().is_none()
    }
}

/// Returns the bytes of a dtype after its object header, which is its reference count and type.
///
/// # Safety
///
/// The caller must ensure that the dtype has `length` bytes after its object header, and that it is alive and
/// not changed for `'a`: the GIL is held, and no Python code runs.
unsafe fn content<'a>(descr: *const Descr, length: usize) -> &'a [u8] {
    // SAFETY: the caller guarantees that the dtype is larger than its object header.
    let first = unsafe { descr.cast::<u8>().add(size_of::<ffi::PyObject>()) };
    // SAFETY: the caller guarantees that `length` bytes are there, and that nobody changes them for `'a`.
    unsafe { slice::from_raw_parts(first, length) }
}

/// Returns the hash of an address. Objects are aligned to 16 bytes, so the lowest four bits are left out.
fn hash(address: *const Descr) -> usize {
    address.addr() >> 4
}
