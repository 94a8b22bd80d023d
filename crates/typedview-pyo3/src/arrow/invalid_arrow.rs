//! The reasons why an Arrow array cannot be viewed, and their texts.
//! Unsuitable elements and objects of an unsuitable type become `TypeError`. Missing elements and impossible values
//! become `ValueError`.

use crate::acquire::AcquireError;
use std::ffi::CStr;
use std::fmt;
use typedview::ErrorKind;

#[derive(Debug)]
pub(super) enum InvalidArrow {
    NoPair { found: String },
    NoCapsule(&'static CStr),
    Released(&'static CStr),
    NoFormat,
    Format { format: String },
    Bits,
    Dictionary,
    Extent { length: i64, offset: i64 },
    NullCount(i64),
    Buffers(i64),
    NoBuffers,
    Nulls(usize),
    Stream,
}

impl InvalidArrow {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoPair { .. } | Self::NoCapsule(_) | Self::Stream => ErrorKind::Dtype,
            Self::Format { .. } | Self::Bits | Self::Dictionary => ErrorKind::Dtype,
            _ => ErrorKind::Format,
        }
    }
}

impl From<InvalidArrow> for AcquireError {
    fn from(invalid: InvalidArrow) -> Self {
        Self::Told { kind: invalid.kind(), reason: invalid.to_string() }
    }
}

impl fmt::Display for InvalidArrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPair { found } => {
                write!(f, "__arrow_c_array__ gave {found}, not a pair of capsules")
            }
            Self::NoCapsule(name) => {
                write!(f, "__arrow_c_array__ gave no capsule named {}", name.to_string_lossy())
            }
            Self::Released(name) => {
                write!(f, "the {} has been released", name.to_string_lossy())
            }
            Self::NoFormat => f.write_str("the Arrow format is missing"),
            Self::Format { format } => {
                write!(
                    f,
                    "Arrow format '{format}' is not an element; pass an array of numbers, timestamps or bool8"
                )
            }
            Self::Bits => f.write_str(
                "Arrow's booleans are bits, which no view can refer to; pass x.cast(pyarrow.bool8())",
            ),
            Self::Dictionary => {
                f.write_str("the elements are indices into a dictionary; pass the decoded array")
            }
            Self::Extent { length, offset } => write!(f, "length {length} at offset {offset} cannot be"),
            Self::NullCount(null_count) => write!(f, "null_count {null_count} cannot be"),
            Self::Buffers(found) => write!(f, "an Arrow array of a fixed size has 2 buffers, not {found}"),
            Self::NoBuffers => f.write_str("the buffers are missing"),
            Self::Nulls(1) => f.write_str("it has 1 null; fill it first"),
            Self::Nulls(nulls) => write!(f, "it has {nulls} nulls; fill them first"),
            Self::Stream => f.write_str(
                "its elements come in chunks; pass them as one, which combine_chunks() or to_numpy() gives",
            ),
        }
    }
}
