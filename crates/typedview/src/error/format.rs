//! Refusals about PEP 3118 formats.
//! Plain data; the text stands in `Display`.

use alloc::string::String;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormatError {
    Empty,
    NotAscii,
    UnknownCode { format: String, column: usize },
    NotScalar { format: String },
    Itemsize { format: String, size: usize, itemsize: usize },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("format '' names no element"),
            Self::NotAscii => f.write_str("the format is not ASCII"),
            Self::UnknownCode { format, column } => {
                write!(f, "format '{format}': unknown type code at column {column}")
            }
            Self::NotScalar { format } => {
                write!(f, "format '{format}' is more than a single number; pass one field or axis of it")
            }
            Self::Itemsize { format, size, itemsize } => {
                write!(f, "format '{format}' has itemsize {size}, but the exporter says {itemsize}")
            }
        }
    }
}
