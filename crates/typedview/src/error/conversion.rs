//! Errors about elements that are not converted to others.
//! The type is plain data. `Display` builds the message.

use alloc::string::String;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConversionError {
    /// Both are numbers, and the rule `same_kind` forbids the conversion.
    NotSameKind { from: String, to: String },
    /// At least one of the formats is not one number.
    NoNumbers { from: String, to: String },
    /// The elements are references to Python objects.
    Objects { format: String },
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSameKind { from, to } => {
                write!(f, "{from} is not converted to {to} by the rule 'same_kind': its values may not fit")
            }
            Self::NoNumbers { from, to } => write!(f, "{from} is not converted to {to}"),
            Self::Objects { format } => {
                write!(f, "elements {format} refer to Python objects, and are not written as bytes")
            }
        }
    }
}
