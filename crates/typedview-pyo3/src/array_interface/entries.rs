//! Entries: the keys of an `__array_interface__`, each of its type or refused by name.
//! Each is read once; whatever a number means is checked by those who use it.

use super::invalid_interface::{InvalidInterface, not_an_integer, of_type};
use super::{descr, typestr};
use crate::acquire::{AcquireError, exporter_name};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use typedview::{Dtype, Format, Kind};

/// The dict of an array interface of version 3.
pub(super) struct Entries<'py>(Bound<'py, PyDict>);

impl<'py> Entries<'py> {
    pub(super) fn of(interface: Bound<'py, PyAny>) -> Result<Self, AcquireError> {
        let dict = interface
            .cast_into::<PyDict>()
            .map_err(|other| InvalidInterface::NoDict { found: exporter_name(&other.into_inner()) })?;
        let entries = Self(dict);
        let version = integer("version", &entries.required("version")?)?;
        if version != 3 {
            return Err(InvalidInterface::Version(version).into());
        }
        if entries.optional("mask")?.is_some() {
            return Err(InvalidInterface::Mask.into());
        }
        Ok(entries)
    }

    /// The number of indices on each axis.
    pub(super) fn shape(&self) -> Result<Vec<isize>, AcquireError> {
        integers("shape", &self.required("shape")?)
    }

    /// Bytes from an index to the next on each axis, where they are not those of C order.
    pub(super) fn strides(&self) -> Result<Option<Vec<isize>>, AcquireError> {
        self.optional("strides")?.map(|strides| integers("strides", &strides)).transpose()
    }

    /// The element and its byte order.
    pub(super) fn format(&self) -> Result<Format, AcquireError> {
        let given = self.required("typestr")?;
        let text = given.cast::<PyString>().map_err(|_| of_type("typestr", &given, "a str"))?;
        let format = typestr::format(&text.to_string_lossy())?;
        if let Some(descr) = self.optional("descr")? {
            // The array interface: without fields it is this list.
            let py = descr.py();
            let single = PyList::new(py, [(PyString::new(py, ""), text.clone())])?;
            if !descr.eq(single)? {
                let record = descr::format(&descr)?;
                // NumPy: the typestr of a record is that of so many bytes without a meaning.
                if format.dtype() != Dtype::new(Kind::Void, record.itemsize()) {
                    return Err(InvalidInterface::Descr { nbytes: record.itemsize() }.into());
                }
                return Ok(record);
            }
        }
        Ok(format)
    }

    /// The bytes from the beginning of `data` to the first element.
    pub(super) fn offset(&self) -> Result<isize, AcquireError> {
        self.optional("offset")?.map_or(Ok(0), |offset| integer("offset", &offset))
    }

    /// An address or a buffer.
    pub(super) fn data(&self) -> Result<Bound<'py, PyAny>, AcquireError> {
        // The array interface: without it the object itself is a buffer. It would have been asked before.
        self.required("data")
    }

    fn required(&self, key: &'static str) -> Result<Bound<'py, PyAny>, AcquireError> {
        Ok(self.optional(key)?.ok_or(InvalidInterface::Missing { key })?)
    }

    /// The value of a key, where there is one other than `None`.
    fn optional(&self, key: &str) -> Result<Option<Bound<'py, PyAny>>, AcquireError> {
        Ok(self.0.get_item(key)?.filter(|value| !value.is_none()))
    }
}

fn integers(key: &'static str, value: &Bound<'_, PyAny>) -> Result<Vec<isize>, AcquireError> {
    let wanted = "a tuple of integers";
    let tuple = value.cast::<PyTuple>().map_err(|_| of_type(key, value, wanted))?;
    tuple.iter().map(|number| integer(key, &number)).collect()
}

/// A number that fits an offset.
fn integer(key: &'static str, value: &Bound<'_, PyAny>) -> Result<isize, AcquireError> {
    value.extract::<isize>().map_err(|exception| not_an_integer(key, value, exception))
}
