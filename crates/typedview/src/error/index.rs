//! Errors about an index or an axis: one that is out of range, or a wrong number of indices.
//! The type is plain data. `Display` builds the message.

use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IndexError {
    OutOfBounds {
        axis: usize,
        index: isize,
        length: usize,
    },
    /// Like `OutOfBounds`, for an index that counts from the start only and cannot be negative.
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
    /// The same index where two parts without a common element are asked for.
    Twice {
        axis: usize,
        index: usize,
    },
}

impl IndexError {
    /// Changes the number of the axis to `counted`, the number by which the user knows it.
    ///
    /// The two numbers differ when earlier steps of the same operation have dropped axes.
    pub(crate) fn on_axis(&mut self, counted: usize) {
        match self {
            Self::OutOfBounds { axis, .. } | Self::TooFar { axis, .. } => *axis = counted,
            Self::NoSuchAxis { .. } | Self::Count { .. } | Self::Twice { .. } => {}
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
            Self::Twice { axis, index } => write!(f, "axis {axis}: index {index} is given twice"),
            Self::Count { found, ndim } => write!(f, "{found} indices for ndim {ndim}"),
            Self::NoSuchAxis { axis, ndim } => write!(f, "axis {axis} is out of range for ndim {ndim}"),
        }
    }
}
