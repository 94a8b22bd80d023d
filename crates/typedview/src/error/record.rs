//! Errors about records and sub-arrays that are built in Rust.
//! They are apart from the errors about formats because there is no text to point into.
//! The type is plain data. `Display` builds the message.

use super::Tuple;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecordError {
    /// A name that no format can hold, because it contains `:` or NUL.
    Name {
        name: String,
    },
    NameTwice {
        name: String,
    },
    /// A field that begins before the end of the previous field.
    Overlap {
        field: usize,
        offset: usize,
        end: usize,
    },
    Outside {
        field: usize,
        end: usize,
        itemsize: usize,
    },
    TooLarge {
        itemsize: usize,
    },
    TooDeep {
        most: usize,
    },
    ArrayTooLarge {
        shape: Vec<usize>,
        itemsize: usize,
    },
    TooManyAxes {
        ndim: usize,
        most: usize,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name } => write!(f, "{name:?} is no name of a field: it holds ':' or NUL"),
            Self::NameTwice { name } => write!(f, "two fields have the name {name:?}"),
            Self::Overlap { field, offset, end } => {
                write!(f, "field {field} is at offset {offset}, but the field before it ends at {end}")
            }
            Self::Outside { field, end, itemsize } => {
                write!(f, "field {field} ends at {end}, but the record has itemsize {itemsize}")
            }
            Self::TooLarge { itemsize } => {
                write!(f, "a record with itemsize {itemsize} exceeds the address space")
            }
            Self::TooDeep { most } => write!(f, "records are more than {most} levels deep"),
            Self::ArrayTooLarge { shape, itemsize } => {
                write!(
                    f,
                    "a sub-array with shape {} and itemsize {itemsize} exceeds the address space",
                    Tuple(shape)
                )
            }
            Self::TooManyAxes { ndim, most } => write!(f, "a sub-array of {ndim} axes has more than {most}"),
        }
    }
}
