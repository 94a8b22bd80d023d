//! Refusals about PEP 3118 formats.
//! Plain data; the text stands in `Display`, on one line whatever the format holds.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormatError {
    fault: FormatFault,
    /// Control characters escaped, cut where it is long.
    shown: String,
}

/// What is wrong; a place is the byte at which it begins, until [`FormatError::new`] makes a column of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormatFault {
    Empty,
    UnknownCode {
        at: usize,
    },
    /// `&`, `X{}`, `t`.
    Unsupported {
        code: char,
        at: usize,
        what: &'static str,
    },
    /// `=g`, `<n`.
    NativeOnly {
        code: char,
        at: usize,
    },
    NotClosed {
        opening: &'static str,
        at: usize,
    },
    /// `T` alone.
    NoBrace {
        at: usize,
    },
    /// `}` alone.
    NotOpened {
        at: usize,
    },
    /// A mark, a shape or a count before nothing.
    NoCode {
        at: usize,
    },
    /// `()`, `(2,)`, `(-1)`.
    NoExtent {
        at: usize,
    },
    /// `(2;3)`.
    NoComma {
        at: usize,
    },
    TooManyAxes {
        at: usize,
        most: usize,
    },
    TooDeep {
        at: usize,
        most: usize,
    },
    TooLarge {
        at: usize,
    },
    /// A name behind a name, or behind nothing.
    NameOfNothing {
        at: usize,
    },
    NameNotUtf8 {
        at: usize,
    },
    NameHoldsNul {
        at: usize,
    },
    NameTwice {
        at: usize,
    },
    /// The sizes of all readings, and the exporter's.
    Itemsize {
        sizes: Vec<usize>,
        itemsize: usize,
        /// Whether ctypes may have written a `B` for what it has no code for.
        of_ctypes: bool,
    },
    /// Both readings have the exporter's itemsize.
    TwoReadings {
        itemsize: usize,
        one: String,
        other: String,
        place: String,
    },
    /// Records in a row, with padding behind each or behind the last.
    TwoDistances {
        at: usize,
        packed: usize,
        padded: usize,
    },
}

impl FormatError {
    /// As many characters of a format as a message shows.
    const MOST: usize = 100;

    pub(crate) fn new(fault: FormatFault, format: &[u8]) -> Self {
        let text = String::from_utf8_lossy(format);
        let mut shown = String::new();
        for c in text.chars().take(Self::MOST) {
            if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
        }
        if text.chars().nth(Self::MOST).is_some() {
            shown.push_str("...");
        }
        Self { fault: fault.with_column(format), shown }
    }
}

impl FormatFault {
    /// The place as people count it: characters, from 1.
    fn with_column(mut self, format: &[u8]) -> Self {
        match &mut self {
            Self::Empty | Self::Itemsize { .. } | Self::TwoReadings { .. } => {}
            Self::UnknownCode { at }
            | Self::Unsupported { at, .. }
            | Self::NativeOnly { at, .. }
            | Self::NotClosed { at, .. }
            | Self::NoBrace { at }
            | Self::NotOpened { at }
            | Self::NoCode { at }
            | Self::NoExtent { at }
            | Self::NoComma { at }
            | Self::TooManyAxes { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at }
            | Self::NameOfNothing { at }
            | Self::NameNotUtf8 { at }
            | Self::NameHoldsNul { at }
            | Self::NameTwice { at }
            | Self::TwoDistances { at, .. } => {
                *at = String::from_utf8_lossy(&format[..*at]).chars().count() + 1;
            }
        }
        self
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, shown } = self;
        write!(f, "format '{shown}'")?;
        match fault {
            FormatFault::Empty => f.write_str(" names no element"),
            FormatFault::UnknownCode { at } => write!(f, ": unknown type code at column {at}"),
            FormatFault::Unsupported { code, at, what } => {
                write!(f, ": '{code}' at column {at} is {what}, which is not supported")
            }
            FormatFault::NativeOnly { code, at } => {
                write!(f, ": '{code}' at column {at} has no standard size, only C's, behind '@' or '^'")
            }
            FormatFault::NotClosed { opening, at } => {
                write!(f, ": '{opening}' at column {at} is not closed")
            }
            FormatFault::NoBrace { at } => write!(f, ": 'T' at column {at} is not followed by '{{'"),
            FormatFault::NotOpened { at } => write!(f, ": '}}' at column {at} closes nothing"),
            FormatFault::NoCode { at } => write!(f, ": a type code is missing at column {at}"),
            FormatFault::NoExtent { at } => write!(f, ": an extent is missing at column {at}"),
            FormatFault::NoComma { at } => write!(f, ": ',' or ')' is missing at column {at}"),
            FormatFault::TooManyAxes { at, most } => {
                write!(f, ": the sub-array at column {at} has more than {most} axes")
            }
            FormatFault::TooDeep { at, most } => {
                write!(f, ": 'T{{' at column {at} is more than {most} levels deep")
            }
            FormatFault::TooLarge { at } => {
                write!(f, ": the item at column {at} exceeds the address space")
            }
            FormatFault::NameOfNothing { at } => {
                write!(f, ": the name at column {at} belongs to no type code")
            }
            FormatFault::NameNotUtf8 { at } => write!(f, ": the name at column {at} is not UTF-8"),
            FormatFault::NameHoldsNul { at } => write!(f, ": the name at column {at} holds NUL"),
            FormatFault::NameTwice { at } => write!(f, ": the name at column {at} is given twice"),
            FormatFault::Itemsize { sizes, itemsize, of_ctypes } => {
                for (i, size) in sizes.iter().enumerate() {
                    write!(f, " {} {size}", if i == 0 { "has itemsize" } else { "or" })?;
                }
                write!(f, ", but the exporter says {itemsize}")?;
                let hint = "; ctypes writes 'B' for a union or a packed struct";
                f.write_str(if *of_ctypes { hint } else { "" })
            }
            FormatFault::TwoReadings { itemsize, one, other, place } => {
                write!(f, " with itemsize {itemsize} has two readings: {one} or {other}{place}")
            }
            FormatFault::TwoDistances { at, packed, padded } => {
                write!(
                    f,
                    " has two readings: the records at column {at} are {packed} or {padded} bytes apart"
                )
            }
        }
    }
}
