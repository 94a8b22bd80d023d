//! Refusals about an index or an axis.
//! Plain data; the text stands in `Display`.

use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IndexError {
    OutOfBounds {
        axis: usize,
        index: isize,
        length: usize,
    },
    /// As `OutOfBounds`, of an index that counts from the start only.
    TooFar {
        axis: usize,
        index: usize,
        length: usize,
    },
    NoSuchAxis {
        axis: usize,
        ndim: usize,
    },
    Count {
        found: usize,
        ndim: usize,
    },
}

impl IndexError {
    /// The same refusal of another axis: that which the user counts, where some have been dropped on the way.
    pub(crate) fn on_axis(&mut self, counted: usize) {
        match self {
            Self::OutOfBounds { axis, .. } | Self::TooFar { axis, .. } => *axis = counted,
            Self::NoSuchAxis { .. } | Self::Count { .. } => {}
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds { axis, index, length } => {
                write!(f, "axis {axis}: index {index} is out of bounds for length {length}")
            }
            Self::TooFar { axis, index, length } => {
                write!(f, "axis {axis}: index {index} is out of bounds for length {length}")
            }
            Self::Count { found, ndim } => write!(f, "{found} indices for ndim {ndim}"),
            Self::NoSuchAxis { axis, ndim } => write!(f, "axis {axis} is out of range for ndim {ndim}"),
        }
    }
}
