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
mod contiguous;
mod dense;
mod index;
mod overlap;
mod per_axis;
mod reach;
mod reshape;
mod run;
mod slice;
mod strided;

use crate::error::{Error, LayoutError};
use core::fmt::Debug;

pub use axis::Axes;
pub(crate) use axis::{pick, pick_row, slice_axis, slice_rows};
pub use contiguous::Order;
pub(crate) use contiguous::is_contiguous;
pub use dense::{C, F};
pub use index::ElementIndex;
pub(crate) use index::{contains, out_of_bounds};
pub(crate) use overlap::is_injective;
pub use per_axis::PerAxis;
pub use reach::Reach;
pub(crate) use reach::size_of_shape;
pub use run::Run;
pub(crate) use run::advance;
pub use slice::{RowRange, Slice};
pub use strided::Strided;

/// Shape and byte strides of a view: [`C`], [`F`] or [`Strided`].
///
/// The itemsize is an argument where strides follow from it, so that [`C`] and [`F`] store the shape alone.
///
/// Invariants, established by every constructor and kept by every operation:
///
/// - L1. the number of elements times the itemsize fits `isize`;
/// - L2. the offset of every index inside the shape, and one itemsize beyond it, fits `isize`.
///
/// Strides of axes of length 0 and 1, and all strides of an empty layout, mean nothing.
///
/// # Rationale
///
/// The trait is sealed: unsafe code relies on L1 and L2.
pub trait Layout: sealed::Sealed + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// One number an axis: an array where the number of axes is known.
    type Extents: Clone + Debug + AsRef<[usize]> + AsMut<[usize]> + Send + Sync + 'static;
    /// One stride an axis.
    type Strides: Clone + Debug + AsRef<[isize]> + Send + Sync + 'static;
    /// The layout of the same ndim that any slice fits.
    type General: General;
    /// The layout with its axes reversed.
    type Transposed: Layout<General = Self::General, Transposed = Self>;

    /// The number of axes, where the type knows it.
    const NDIM: Option<usize>;
    /// The order that the type promises.
    const ORDER: Order;

    /// The number of indices on each axis.
    fn shape(&self) -> &[usize];

    /// Bytes from an index of `axis` to the next.
    fn stride(&self, axis: usize, itemsize: usize) -> isize;

    /// Bytes from an index to the next, on each axis.
    fn strides(&self, itemsize: usize) -> Self::Strides;

    /// This layout without its promise of an order.
    fn to_general(&self, itemsize: usize) -> Self::General;

    /// The same elements with the axes reversed.
    fn transpose(&self) -> Self::Transposed;

    /// An index on each axis, all 0.
    fn origin(&self) -> Self::Extents;

    /// The layout of memory with this shape and these strides, if it keeps what the type promises.
    ///
    /// # Errors
    ///
    /// Another ndim, a shape or strides beyond `isize`, an order that does not hold.
    fn from_strides(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<Self, Error>;

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

    /// The byte offset of an index that is inside the shape.
    #[inline]
    fn offset(&self, index: &[usize], itemsize: usize) -> isize {
        // L2 bounds the sum; outside the shape it wraps and means nothing.
        index.iter().enumerate().fold(0, |offset: isize, (axis, &i)| {
            offset.wrapping_add(self.stride(axis, itemsize).wrapping_mul(i.cast_signed()))
        })
    }

    /// Lowest and highest byte offset that the elements touch.
    #[inline]
    fn reach(&self, itemsize: usize) -> Reach {
        reach::reach_within(self.shape(), self.strides(itemsize).as_ref(), itemsize)
    }

    /// Whether the elements fill one block in `order`, axes of length 1 aside.
    #[inline]
    fn is_contiguous(&self, order: Order, itemsize: usize) -> bool {
        order == Self::ORDER || is_contiguous(order, self.shape(), self.strides(itemsize).as_ref(), itemsize)
    }
}

/// A layout that every slice of it fits: [`Strided`].
pub trait General: Layout<General = Self> + sealed::SetAxis {}

pub(crate) mod sealed {
    /// Keeps `Layout` to the layouts of this crate.
    pub trait Sealed {}

    /// Out of reach of others, who could break L1 and L2 with it.
    pub trait SetAxis {
        /// Gives `axis` an extent and a stride that reach no further than what it had.
        fn set_axis(&mut self, axis: usize, extent: usize, stride: isize);
    }
}

/// The array that `list` is, when it has `N` items.
fn exactly<X: Copy, const N: usize>(list: &[X]) -> Result<[X; N], Error> {
    list.try_into().map_err(|_| LayoutError::NdimDiffers { wanted: N, found: list.len() }.into())
}
