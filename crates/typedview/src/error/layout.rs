//! Refusals about shape, strides, order and alignment.
//! Plain data; the text stands in `Display`.

use super::Tuple;
use alloc::vec::Vec;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LayoutError {
    /// Slicing with step 0.
    ZeroStep {
        axis: usize,
    },
    /// More bytes than `isize` can count.
    TooLarge {
        shape: Vec<usize>,
        itemsize: usize,
    },
    /// An offset that no address can be at.
    ReachOverflows {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    /// As many elements as the memory has were asked to be fewer or more.
    SizeDiffers {
        wanted: Vec<usize>,
        size: usize,
        found: usize,
    },
    /// A copy between different shapes.
    CopyShape {
        target: Vec<usize>,
        source: Vec<usize>,
    },
    NdimDiffers {
        wanted: usize,
        found: usize,
    },
    NotContiguous {
        order: &'static str,
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    Overlaps {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    Misaligned {
        align: usize,
        address: usize,
    },
    NotWhole {
        nbytes: usize,
        itemsize: usize,
    },
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroStep { axis } => write!(f, "axis {axis}: the step of a slice must not be 0"),
            Self::TooLarge { shape, itemsize } => {
                write!(f, "shape {} with itemsize {itemsize} exceeds the address space", Tuple(shape))
            }
            Self::ReachOverflows { shape, strides } => {
                write!(f, "shape {} with strides {} exceeds the address space", Tuple(shape), Tuple(strides))
            }
            Self::SizeDiffers { wanted, size, found } => {
                write!(f, "shape {} has {size} elements, the memory has {found}", Tuple(wanted))
            }
            Self::CopyShape { target, source } => {
                write!(f, "cannot copy shape {} into shape {}", Tuple(source), Tuple(target))
            }
            Self::NdimDiffers { wanted, found } => write!(f, "expected ndim {wanted}, got {found}"),
            Self::NotContiguous { order, shape, strides } => {
                write!(f, "shape {} with strides {} is not {order}-contiguous", Tuple(shape), Tuple(strides))
            }
            Self::Overlaps { shape, strides } => write!(
                f,
                "shape {} with strides {}: elements may overlap, so they cannot be lent for writing",
                Tuple(shape),
                Tuple(strides)
            ),
            Self::Misaligned { align, address } => {
                write!(f, "address {address:#x} is not a multiple of {align}: read by value or copy")
            }
            Self::NotWhole { nbytes, itemsize } => {
                write!(
                    f,
                    "{nbytes} bytes on the last axis are no whole number of elements of {itemsize} bytes"
                )
            }
        }
    }
}
