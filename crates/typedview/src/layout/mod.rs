//! Layouts: shape and byte strides, from an index to a byte offset and nothing else.
//! Integers only. A layout that exists has been checked: see the numbered invariants of [`Layout`].

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::cast_lossless,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

mod axis;
mod broadcast;
mod contiguous;
mod dense;
mod dynamic;
mod field;
mod index;
mod indirect;
mod lanes;
mod overlap;
mod per_axis;
mod permute;
mod reach;
mod reinterpret;
mod reshape;
mod run;
mod select;
mod slice;
mod strided;

use crate::error::{Error, LayoutError};
use crate::limits::MAX_NDIM;
use core::fmt::Debug;

pub use axis::{InsertAxis, RemoveAxis, Step};
pub use contiguous::Order;
pub use dense::{C, F};
pub use dynamic::Dyn;
pub use index::ElementIndex;
pub use indirect::Indirect;
pub use per_axis::PerAxis;
pub use reach::Reach;
pub use run::Run;
pub use select::SliceItem;
pub use slice::{RowRange, Slice};
pub use strided::Strided;

pub(crate) use axis::{extent_of, from_end, index_axis, index_row, insert_axis, slice_axis, slice_rows};
pub(crate) use broadcast::broadcast;
pub(crate) use contiguous::is_contiguous;
pub(crate) use field::field;
pub(crate) use index::{contains, out_of_bounds};
pub(crate) use lanes::{count_lanes, halves, lane};
pub(crate) use overlap::{is_injective, lendable};
pub(crate) use permute::{diagonal, permutation, permute};
pub(crate) use reach::size_of_shape;
pub(crate) use reinterpret::{join, reinterpret, split};
pub(crate) use reshape::reshape;
pub(crate) use run::{advance, retreat};
pub(crate) use select::select;

/// Shape and byte strides of a view: [`C`], [`F`], [`Strided`], [`Dyn`] or [`Indirect`].
///
/// The itemsize is an argument where strides follow from it, so that [`C`] and [`F`] store the shape alone.
///
/// Invariants, established by every constructor and kept by every operation:
///
/// - L1. the number of elements times the itemsize fits `isize`, and so does every extent;
/// - L2. the offset of every index inside the shape, and one itemsize beyond it, fits `isize`;
/// - L3. there are at most [`MAX_NDIM`] axes; types with more do not compile where one is made.
///
/// Strides of axes of length 0 and 1, and all strides of an empty layout, mean nothing.
///
/// # Rationale
///
/// The trait is sealed: unsafe code relies on L1 and L2.
pub trait Layout: sealed::Sealed + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// One number for each axis: an array where the type knows the ndim, [`PerAxis`] where it does not.
    type PerAxis<X: Number>: Clone + Debug + AsRef<[X]> + AsMut<[X]> + Send + Sync + 'static;
    /// The layout of the same ndim that has no promised order, so that every slice of it has the same type.
    type General: Layout<General = Self::General> + sealed::SetAxis;

    /// The number of axes, where the type knows it.
    const NDIM: Option<usize>;
    /// The order that the type promises.
    const ORDER: Order;
    /// Whether an axis may hold pointers.
    const INDIRECT: bool = false;

    /// The number of indices on each axis.
    fn shape(&self) -> &[usize];

    /// Bytes from an index of `axis` to the next.
    fn stride(&self, axis: usize, itemsize: usize) -> isize;

    /// Bytes from an index to the next, on each axis.
    fn strides(&self, itemsize: usize) -> Self::PerAxis<isize>;

    /// Bytes to add after following the pointer of each axis, negative where there is none; empty when no axis holds
    /// pointers.
    #[inline]
    fn suboffsets(&self) -> &[isize] {
        &[]
    }

    /// This layout without its promise of an order.
    fn to_general(&self, itemsize: usize) -> Self::General;

    /// An index on each axis, all 0.
    fn origin(&self) -> Self::PerAxis<usize>;

    /// The layout of memory with this shape, these strides and suboffsets, if it keeps what the type promises.
    ///
    /// # Errors
    ///
    /// Another ndim, a shape or strides beyond `isize`, an order that does not hold, pointers where there must be none.
    fn from_parts(
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
        itemsize: usize,
    ) -> Result<Self, Error>;

    /// As [`from_parts`](Self::from_parts), without suboffsets.
    ///
    /// # Errors
    ///
    /// Another ndim, a shape or strides beyond `isize`, an order that does not hold.
    #[inline(always)]
    fn from_strides(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<Self, Error> {
        Self::from_parts(shape, strides, &[], itemsize)
    }

    /// The longest stretch, in index order, that one stride walks.
    fn run(&self, itemsize: usize) -> Run;

    /// The number of axes.
    #[inline]
    fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// The number of elements.
    #[inline]
    fn size(&self) -> usize {
        // L1 bounds the product, and a zero makes it 0 whatever else wraps.
        self.shape().iter().fold(1, |size: usize, &extent| size.wrapping_mul(extent))
    }

    /// Whether there are no elements.
    #[inline]
    fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }

    /// Whether the elements fill one block in `order`, axes of length 1 aside.
    #[inline]
    fn is_contiguous(&self, order: Order, itemsize: usize) -> bool {
        let direct = || self.suboffsets().iter().all(|&suboffset| suboffset < 0);
        let block = || is_contiguous(order, self.shape(), self.strides(itemsize).as_ref(), itemsize);
        order == Self::ORDER || self.is_empty() || direct() && block()
    }
}

/// A layout without pointers: an index is a byte offset, and the axes can change places.
pub trait Direct: Layout {
    /// The layout with its axes reversed.
    type Transposed: Direct<General = Self::General, Transposed = Self>;
    /// The same elements under another shape of `M` axes.
    type Reshaped<const M: usize>: Direct;

    /// The same elements with the axes reversed.
    fn transpose(&self) -> Self::Transposed;

    /// The byte offset of an index that is inside the shape.
    #[inline]
    fn offset(&self, index: &[usize], itemsize: usize) -> isize {
        offset(self, index, itemsize)
    }

    /// Lowest and highest byte offset that the elements touch.
    #[inline]
    fn reach(&self, itemsize: usize) -> Reach {
        reach::reach_within(self.shape(), self.strides(itemsize).as_ref(), itemsize)
    }
}

/// A number that a layout has for each axis: an extent or a stride.
pub trait Number: Copy + Default + Debug + Send + Sync + 'static {}

impl<X: Copy + Default + Debug + Send + Sync + 'static> Number for X {}

pub(crate) mod sealed {
    use crate::error::Error;

    /// Keeps `Layout` to the layouts of this crate.
    pub trait Sealed {}

    /// Keeps `ElementIndex` to types that say the same whenever asked.
    pub trait Index {}

    /// What only this crate has: without it nobody can call what could break L1 and L2.
    #[derive(Debug)]
    pub struct Token(pub(super) ());

    /// What only this crate may do to a layout.
    pub trait SetAxis: Sized {
        /// Gives `axis` an extent and a stride that reach no further than what it had.
        fn set_axis(&mut self, token: Token, axis: usize, extent: usize, stride: isize);

        /// Moves the first element by `offset` bytes along `axis`; gives what the pointer itself has to move by.
        fn shift(&mut self, _token: Token, _axis: usize, offset: isize) -> Result<isize, Error> {
            Ok(offset)
        }
    }
}

/// The sum of index times stride, without pointers.
#[inline]
pub(crate) fn offset<L: Layout>(layout: &L, index: &[usize], itemsize: usize) -> isize {
    // L2 bounds the sum; outside the shape it wraps and means nothing.
    index.iter().enumerate().fold(0, |offset: isize, (axis, &i)| {
        offset.wrapping_add(layout.stride(axis, itemsize).wrapping_mul(i.cast_signed()))
    })
}

/// L3, for a number of axes that a type has.
const fn bounded<const N: usize>() {
    assert!(N <= MAX_NDIM, "a layout has at most 64 axes");
}

/// The array that `list` is, when it has `N` items.
#[inline(always)]
fn exactly<X: Copy, const N: usize>(list: &[X]) -> Result<[X; N], Error> {
    list.try_into().map_err(|_| ndim_differs(N, list.len()))
}

#[cold]
fn ndim_differs(wanted: usize, found: usize) -> Error {
    LayoutError::NdimDiffers { wanted, found }.into()
}

/// Refuses suboffsets where there must be none.
#[inline]
fn direct(suboffsets: &[isize]) -> Result<(), Error> {
    match suboffsets.iter().position(|&suboffset| suboffset >= 0) {
        Some(axis) => Err(LayoutError::HoldsPointers { axis }.into()),
        None => Ok(()),
    }
}
