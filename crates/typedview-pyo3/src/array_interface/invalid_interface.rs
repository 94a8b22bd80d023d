//! The reasons why the memory of an `__array_interface__` cannot be viewed, and their texts.
//! Every text about an entry of the dict names its key. Wrong types become `TypeError`, and wrong values become
//! `ValueError`.

use crate::acquire::{AcquireError, exporter_name};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use std::fmt;
use typedview::{ErrorKind, MAX_DEPTH};

#[derive(Debug)]
pub(super) enum InvalidInterface {
    NoDict { found: String },
    Missing { key: &'static str },
    Type { key: &'static str, found: String, wanted: &'static str },
    TooLarge { key: &'static str },
    Version(isize),
    Mask,
    Deep,
    Fields { most: usize },
    Descr { nbytes: usize },
    Typestr { typestr: String },
    Ndim { strides: usize, shape: usize },
    OffsetOfAddress(isize),
    Offset { offset: isize, len: usize },
    Gaps,
    Outside { len: usize, lowest: isize, highest: isize },
}

impl InvalidInterface {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoDict { .. } | Self::Type { .. } => ErrorKind::Dtype,
            Self::Gaps | Self::Ndim { .. } | Self::Outside { .. } => ErrorKind::Layout,
            _ => ErrorKind::Format,
        }
    }
}

impl From<InvalidInterface> for AcquireError {
    fn from(invalid: InvalidInterface) -> Self {
        Self::Told { kind: invalid.kind(), reason: invalid.to_string() }
    }
}

impl fmt::Display for InvalidInterface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("__array_interface__")?;
        match self {
            Self::NoDict { found } => write!(f, " is {found}, not a dict"),
            Self::Missing { key } => write!(f, "['{key}'] is missing"),
            Self::Type { key, found, wanted } => write!(f, "['{key}'] is {found}, not {wanted}"),
            Self::TooLarge { key } => write!(f, "['{key}'] is beyond the address space"),
            Self::Version(version) => write!(f, "['version'] is {version}, not 3"),
            Self::Mask => f.write_str("['mask'] hides elements; pass memory without a mask"),
            Self::Fields { most } => write!(f, "['descr'] has more than {most} fields"),
            Self::Deep => write!(f, "['descr'] has records in records, more than {MAX_DEPTH} levels deep"),
            Self::Descr { nbytes } => {
                write!(f, "['descr'] lists fields of {nbytes} bytes, which is not what 'typestr' says")
            }
            Self::Typestr { typestr } => {
                write!(f, "['typestr'] is '{typestr}', which names no element that can be viewed")
            }
            Self::Ndim { strides, shape } => {
                write!(f, "['strides'] has length {strides}, but 'shape' has length {shape}")
            }
            Self::OffsetOfAddress(offset) => {
                write!(f, "['offset'] is {offset}, but 'data' is an address, not a buffer")
            }
            Self::Offset { offset, len } => {
                write!(f, "['offset'] is {offset}, outside the {len} bytes of 'data'")
            }
            Self::Gaps => f.write_str("['data'] is not contiguous"),
            Self::Outside { len, lowest, highest } => {
                write!(f, "['data'] has {len} bytes, but the elements reach from {lowest} to {highest}")
            }
        }
    }
}

/// The refusal of a value that is no integer. An exception that the value itself has raised is passed on.
pub(super) fn not_an_integer(key: &'static str, value: &Bound<'_, PyAny>, exception: PyErr) -> AcquireError {
    let py = value.py();
    if exception.is_instance_of::<PyTypeError>(py) {
        of_type(key, value, "an integer").into()
    } else if exception.is_instance_of::<PyOverflowError>(py) {
        InvalidInterface::TooLarge { key }.into()
    } else {
        exception.into()
    }
}

/// The refusal of a value of another type than `wanted`.
pub(super) fn of_type(key: &'static str, value: &Bound<'_, PyAny>, wanted: &'static str) -> InvalidInterface {
    InvalidInterface::Type { key, found: exporter_name(value), wanted }
}
