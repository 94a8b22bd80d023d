//! `InvalidExport`: the ways in which an exporter can describe memory that cannot exist or cannot be viewed.
//! Such an export is refused before anything is read through it.

use std::fmt;
use typedview::{MAX_NDIM, Tuple};

#[derive(Debug)]
pub(crate) enum InvalidExport {
    Ndim(isize),
    Itemsize(isize),
    NoShape { ndim: usize },
    StridesAlone,
    NegativeExtent { axis: usize, extent: isize },
    Length { len: isize, shape: Vec<usize>, itemsize: usize },
    Null,
    WrapsAround,
    Mask,
}

impl fmt::Display for InvalidExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ndim(ndim) => write!(f, "ndim {ndim} is not between 0 and {MAX_NDIM}"),
            Self::Itemsize(itemsize) => write!(f, "elements of {itemsize} bytes cannot be viewed"),
            Self::NoShape { ndim } => write!(f, "ndim is {ndim}, but the shape is missing"),
            Self::StridesAlone => f.write_str("there are strides, but the shape is missing"),
            Self::NegativeExtent { axis, extent } => write!(f, "axis {axis} has length {extent}"),
            Self::Length { len, shape, itemsize } => {
                write!(f, "len {len} does not match shape {} with itemsize {itemsize}", Tuple(shape))
            }
            Self::Null => f.write_str("the pointer is null"),
            Self::Mask => f.write_str("its mask hides elements; pass x.data, or x.filled(...)"),
            Self::WrapsAround => f.write_str("the elements wrap around the address space"),
        }
    }
}
