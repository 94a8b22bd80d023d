//! Errors about PEP 3118 formats: what can be wrong with the text of a format.
//! The types are plain data. `Display` builds the message, which is one line whatever the format holds.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormatError {
    fault: FormatFault,
    /// The format as the message shows it: control characters are escaped, and a long format is cut after `MOST`
    /// characters.
    shown: String,
}

/// What is wrong with a format.
///
/// `at` is the byte offset at which the fault begins, until [`FormatError::new`] turns it into a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormatFault {
    Empty,
    UnknownCode {
        at: usize,
    },
    /// A type code that is known but not supported: `&`, `X{}`, `t`, `p`.
    Unsupported {
        code: char,
        at: usize,
        what: &'static str,
    },
    /// A type code without a standard size, after a mark that asks for standard sizes: `=g`, `<n`.
    NativeOnly {
        code: char,
        at: usize,
    },
    NotClosed {
        opening: &'static str,
        at: usize,
    },
    /// A `T` that is not followed by `{`.
    NoBrace {
        at: usize,
    },
    /// A `}` that closes nothing.
    NotOpened {
        at: usize,
    },
    /// A mark, a shape or a count that no type code follows.
    NoCode {
        at: usize,
    },
    /// A shape in which an extent is missing: `()`, `(2,)`, `(-1)`.
    NoExtent {
        at: usize,
    },
    /// A shape in which `,` or `)` is missing: `(2;3)`.
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
    /// A name that follows another name, or that follows nothing.
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
    /// No reading of the format has the exporter's itemsize; `sizes` are the itemsizes of all readings.
    ///
    /// One format can have several readings, which differ in padding or in the width of `u`.
    Itemsize {
        sizes: Vec<usize>,
        itemsize: usize,
        /// Whether ctypes may have written the format, with a `B` for a type that it has no code for.
        of_ctypes: bool,
    },
    /// Two different readings have the exporter's itemsize; `place` says where they differ.
    TwoReadings {
        itemsize: usize,
        one: String,
        other: String,
        place: String,
    },
    /// Consecutive records, where the padding may follow either each record or only the last one.
    TwoDistances {
        at: usize,
        packed: usize,
        padded: usize,
    },
}

impl FormatError {
    /// The highest number of characters of a format that a message shows.
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
    /// Turns `at` from a byte offset into a column, which counts characters from 1.
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
