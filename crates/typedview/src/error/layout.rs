//! Errors about shape, strides, order and alignment.
//! The type is plain data. `Display` builds the message.

use super::Tuple;
use crate::limits::MAX_NDIM;
use alloc::vec::Vec;
use core::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LayoutError {
    /// A slice has step 0.
    ZeroStep {
        axis: usize,
    },
    /// The elements, or their bytes, are more than `isize` can count.
    TooLarge {
        shape: Vec<usize>,
        itemsize: usize,
    },
    /// The layout has a byte offset that exceeds the address space.
    ReachOverflows {
        shape: Vec<usize>,
        strides: Vec<isize>,
    },
    /// Behind a suboffset, the offset of an element does not fit `isize`.
    SuboffsetsOverflow {
        suboffsets: Vec<isize>,
    },
    /// The wanted shape does not have the same number of elements as the memory.
    SizeDiffers {
        wanted: Vec<usize>,
        size: usize,
        found: usize,
    },
    /// The source of a copy cannot be broadcast to the shape of the target.
    CopyShape {
        target: Vec<usize>,
        source: Vec<usize>,
    },
    TooManyAxes {
        ndim: usize,
    },
    RepeatedAxis {
        axis: usize,
    },
    /// An axis that is to be removed does not have length 1.
    NotSingle {
        axis: usize,
        length: usize,
    },
    NotBroadcast {
        from: Vec<usize>,
        to: Vec<usize>,
    },
    /// The wanted shape has no strides over the same memory: elements would have to be moved.
    NeedsCopy {
        shape: Vec<usize>,
        strides: Vec<isize>,
        wanted: Vec<usize>,
    },
    NoRows,
    HoldsPointers {
        axis: usize,
    },
    /// The first element behind the pointers would lie before the address that they point to.
    ///
    /// No suboffset can express that: a negative suboffset means that the axis holds no pointers.
    BeforePointer {
        axis: usize,
        pointers: usize,
        offset: isize,
    },
    /// An index on an axis that holds pointers, while an earlier axis remains.
    ///
    /// The pointer to follow would differ for each index of the earlier axis.
    PicksPointer {
        axis: usize,
    },
    /// Views that are visited together (`zip`) have different shapes.
    ZipShape {
        operand: usize,
        wanted: Vec<usize>,
        found: Vec<usize>,
    },
    /// A row is shorter or longer than row 0.
    RowLength {
        row: usize,
        length: usize,
        wanted: usize,
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
    /// The element size is to change, but there is no axis whose length could change with it.
    NoLastAxis {
        from: usize,
        to: usize,
    },
    /// An element cannot be split, because its size is not a multiple of the smaller size.
    NoParts {
        from: usize,
        to: usize,
    },
    /// The bytes of the last axis are not exactly one larger element.
    NotOne {
        nbytes: usize,
        itemsize: usize,
    },
    LastAxisHasGaps {
        axis: usize,
        stride: isize,
        itemsize: usize,
    },
    /// The elements of the last axis are not adjacent, so they do not fit a layout whose rows have no gaps.
    RowsHaveGaps {
        axis: usize,
        stride: isize,
        itemsize: usize,
    },
    /// The elements have padding, which may be uninitialised.
    Padded {
        element: &'static str,
    },
    /// A stride is not a multiple of the itemsize, so it cannot be counted in elements.
    #[cfg(feature = "ndarray")]
    BetweenElements {
        axis: usize,
        stride: isize,
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
            Self::SuboffsetsOverflow { suboffsets } => {
                write!(f, "an element behind suboffsets {} exceeds the address space", Tuple(suboffsets))
            }
            Self::SizeDiffers { wanted, size, found } => {
                write!(f, "shape {} has {size} elements, the memory has {found}", Tuple(wanted))
            }
            Self::CopyShape { target, source } => {
                write!(f, "cannot copy shape {} into shape {}", Tuple(source), Tuple(target))
            }
            Self::TooManyAxes { ndim } => write!(f, "ndim {ndim} is more than {MAX_NDIM}"),
            Self::RepeatedAxis { axis } => write!(f, "axis {axis} is given twice"),
            Self::NotSingle { axis, length } => {
                write!(f, "axis {axis}: length {length} is not 1, so the axis cannot be removed")
            }
            Self::NotBroadcast { from, to } => {
                write!(f, "cannot broadcast shape {} to {}", Tuple(from), Tuple(to))
            }
            Self::NeedsCopy { shape, strides, wanted } => write!(
                f,
                "shape {} with strides {} cannot have shape {} without a copy",
                Tuple(shape),
                Tuple(strides),
                Tuple(wanted)
            ),
            Self::NoRows => f.write_str("chunks and windows have at least one row"),
            Self::HoldsPointers { axis } => write!(f, "axis {axis} holds pointers (suboffsets)"),
            Self::BeforePointer { axis, pointers, offset } => write!(
                f,
                "axis {axis}: {offset} bytes before the pointers of axis {pointers} cannot be expressed"
            ),
            Self::PicksPointer { axis } => {
                write!(f, "axis {axis} holds pointers: an index on it needs an index on every axis before")
            }
            Self::ZipShape { operand, wanted, found } => {
                write!(f, "view {operand} has shape {}, view 0 has {}", Tuple(found), Tuple(wanted))
            }
            Self::RowLength { row, length, wanted } => {
                write!(f, "row {row} has {length} elements, row 0 has {wanted}")
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
            #[cfg(feature = "ndarray")]
            Self::BetweenElements { axis, stride, itemsize } => {
                write!(f, "axis {axis}: stride {stride} is no multiple of itemsize {itemsize}")
            }
            Self::NotWhole { nbytes, itemsize } => {
                write!(
                    f,
                    "{nbytes} bytes on the last axis are no whole number of elements of {itemsize} bytes"
                )
            }
            Self::NoLastAxis { from, to } => {
                write!(f, "without axes an element of {from} bytes cannot become elements of {to} bytes")
            }
            Self::NoParts { from, to } => {
                write!(f, "an element of {from} bytes is no whole number of elements of {to} bytes")
            }
            Self::NotOne { nbytes, itemsize } => {
                write!(f, "{nbytes} bytes on the last axis are not one element of {itemsize} bytes")
            }
            Self::LastAxisHasGaps { axis, stride, itemsize } => write!(
                f,
                "axis {axis}: stride {stride} is not the itemsize, {itemsize}, which elements of another size need"
            ),
            Self::RowsHaveGaps { axis, stride, itemsize } => {
                write!(f, "axis {axis}: stride {stride} is not the itemsize, {itemsize}")
            }
            Self::Padded { element } => write!(
                f,
                "{element} has padding, which is kept from bytes and `&mut` slices: use values, or view its fields"
            ),
        }
    }
}
