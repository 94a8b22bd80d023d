//! Layouts: a shape and byte strides, which map the index of an element to a byte offset.
//! A layout holds integers only, no pointer. Every layout was checked when it was made: see the numbered invariants of
//! [`Layout`].
//!
//! There are six layout types. [`C`] and [`F`] are contiguous in their order, and store no strides. [`Pitched`] has rows
//! without gaps, any distance apart. [`Strided`] has any strides. [`Dyn`] has any strides and any ndim. [`Indirect`] has axes that may hold pointers. Four traits say
//! what a layout type can do:
//!
//! - [`Layout`]: what every layout has, such as the shape, the strides and a checked constructor.
//! - [`Direct`]: a layout without pointers. It gives an index its byte offset, and its axes can be reordered and
//!   reshaped.
//! - [`RemoveAxis`]: a layout whose axes can be indexed and removed, and whose rows can be sliced. It has 1 to 8 axes,
//!   or it is [`Dyn`].
//! - [`InsertAxis`]: a layout that can get one more axis, of length 1. It has 0 to 8 axes, or it is [`Dyn`].
//!
//! An operation can end what the layout type promises: a column of a C-contiguous table is not contiguous. So each
//! operation has an associated type, which is the layout type of its result:
//!
//! - `PerAxis<X>` holds one number for each axis. `General` promises no order, so it is the type of a slice of any
//!   axis. `RangedAxis` is the type of a slice with step 1 of any axis.
//! - `Row` is the result of an index on axis 0, `IndexedAxis` of an index on any axis, `SqueezedAxis` of removing an
//!   axis of length 1, `Rows` of a range on axis 0, `SteppedRows` of a slice of axis 0 with a step, and `Inserted` of
//!   inserting an axis.
//!
//! | associated type            | `C<N>`         | `F<N>`         | `Pitched<N>`   | `Strided<N>`   | `Dyn`        | `Indirect<N>`   |
//! |----------------------------|----------------|----------------|----------------|----------------|--------------|-----------------|
//! | `Layout::PerAxis<X>`       | `[X; N]`       | `[X; N]`       | `[X; N]`       | `[X; N]`       | `PerAxis<X>` | `[X; N]`        |
//! | `Layout::General`          | `Strided<N>`   | `Strided<N>`   | `Strided<N>`   | `Strided<N>`   | `Dyn`        | `Indirect<N>`   |
//! | `Layout::RangedAxis`       | `Pitched<N>`   | `Strided<N>`   | `Pitched<N>`   | `Strided<N>`   | `Dyn`        | `Indirect<N>`   |
//! | `Direct::Transposed`       | `F<N>`         | `C<N>`         | `Strided<N>`   | `Strided<N>`   | `Dyn`        | not `Direct`    |
//! | `Direct::Reshaped<M>`      | `C<M>`         | `Strided<M>`   | `Strided<M>`   | `Strided<M>`   | `Strided<M>` | not `Direct`    |
//! | `RemoveAxis::Row`          | `C<N-1>`       | `Strided<N-1>` | `Pitched<N-1>` | `Strided<N-1>` | `Dyn`        | `Indirect<N-1>` |
//! | `RemoveAxis::IndexedAxis`  | `Strided<N-1>` | `Strided<N-1>` | `Strided<N-1>` | `Strided<N-1>` | `Dyn`        | `Indirect<N-1>` |
//! | `RemoveAxis::SqueezedAxis` | `C<N-1>`       | `F<N-1>`       | `Strided<N-1>` | `Strided<N-1>` | `Dyn`        | `Indirect<N-1>` |
//! | `RemoveAxis::Rows`         | `C<N>`         | `Strided<N>`   | `Pitched<N>`   | `Strided<N>`   | `Dyn`        | `Indirect<N>`   |
//! | `RemoveAxis::SteppedRows`  | `Pitched<N>`   | `Strided<N>`   | `Pitched<N>`   | `Strided<N>`   | `Dyn`        | `Indirect<N>`   |
//! | `InsertAxis::Inserted`     | `C<N+1>`       | `F<N+1>`       | `Pitched<N+1>` | `Strided<N+1>` | `Dyn`        | `Indirect<N+1>` |
//!
//! For one axis, a row of `Pitched<1>` is a `C<0>`, and stepped rows of `C<1>` and `Pitched<1>` are `Strided<1>`. A row of
//! `Pitched<2>` is a `C<1>`.

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
mod dense;
mod dyn_indirect;
mod dynamic;
mod field;
mod index;
mod indirect;
mod insert_axis;
mod lanes;
mod order;
mod overlap;
mod per_axis;
mod permute;
mod pitched;
mod reach;
mod reinterpret;
mod remove_axis;
mod reshape;
mod run;
mod select;
mod shape;
mod slice;
mod specialise;
mod strided;

use crate::error::{Error, LayoutError};
use crate::limits::MAX_NDIM;
use core::fmt::Debug;

pub use axis::{InsertAxis, RemoveAxis, Step};
pub use dense::{C, F};
pub(crate) use dyn_indirect::DynIndirect;
pub use dynamic::Dyn;
pub use index::ElementIndex;
pub use indirect::Indirect;
pub use order::Order;
pub use per_axis::PerAxis;
pub(crate) use per_axis::sort_axes;
pub use pitched::Pitched;
pub use reach::Reach;
pub use run::Run;
pub use select::SliceItem;
pub use shape::Shape;
pub(crate) use slice::position;
pub use slice::{RowRange, Slice};
pub use strided::Strided;

pub(crate) use axis::{
    check_row, extent_of, from_end, index_axis, insert_axis, range_axis, remove_axis, row, slice_axis,
    slice_rows, step_rows,
};
pub(crate) use broadcast::broadcast;
pub(crate) use field::field;
pub(crate) use index::{contains, out_of_bounds, wrong_count};
pub(crate) use lanes::{count_lanes, lane, slices_at};
pub(crate) use order::is_contiguous;
pub(crate) use overlap::{is_injective, lendable};
pub(crate) use permute::{diagonal, permutation, permute};
pub(crate) use reach::size_of_shape;
pub(crate) use reinterpret::{join, reinterpret, split};
pub(crate) use reshape::reshape;
pub(crate) use run::{advance, retreat};
pub(crate) use select::{count_missing, select};
pub(crate) use specialise::{to_c, to_f, to_pitched, to_strided};

/// The shape and the byte strides of a view: [`C`], [`F`], [`Pitched`], [`Strided`], [`Dyn`] or [`Indirect`].
///
/// [`C`] and [`F`] store the shape alone, because their strides follow from the shape and the itemsize. This is why the
/// methods that need strides take the itemsize as an argument.
///
/// Every constructor establishes these invariants, and every operation keeps them:
///
/// - L1. The number of elements times the itemsize fits `isize`, and so does every extent.
/// - L2. The offset of every index inside the shape fits `isize`, and so does this offset plus one itemsize.
/// - L3. There are at most [`MAX_NDIM`] axes. Code that makes a layout of a type with more axes does not compile.
///
/// The stride of an axis of length 0 or 1 has no meaning. In an empty layout, no stride has a meaning.
///
/// # Rationale
///
/// The trait is sealed, because unsafe code relies on L1 and L2.
///
/// # Examples
///
/// ```
/// use typedview::{C, Layout, Order, Strided, View};
///
/// /// The mean of the elements, for every layout.
/// fn mean<L: Layout>(x: View<'_, f64, L>) -> f64 {
///     x.iter().sum::<f64>() / x.layout().size() as f64
/// }
///
/// assert_eq!(mean(View::from(&[[1.0, 2.0], [3.0, 6.0]])), 3.0);
///
/// let layout = C::new([4, 3], 8)?;
/// assert_eq!((layout.shape(), layout.ndim(), layout.size()), (&[4, 3][..], 2, 12));
/// assert_eq!((layout.stride(0, 8), layout.strides(8), layout.origin()), (24, [24, 8], [0, 0]));
/// assert!(layout.is_contiguous(Order::C, 8) && !layout.is_empty() && layout.suboffsets().is_empty());
/// assert_eq!(layout.to_general(8), Strided::new([4, 3], [24, 8], 8)?);
/// assert_eq!((layout.run(8).length, layout.to_general(8).run(8).length), (12, 3));
/// # Ok::<(), typedview::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layout",
    label = "expected `C<N>`, `F<N>`, `Pitched<N>`, `Strided<N>`, `Dyn` or `Indirect<N>`",
    note = "`N` is the number of axes: `C<2>` is `[:, ::1]`, and `Strided<1>` is `[:]`",
    note = "the layout comes after the element: `View<'_, f64, C<2>>`, `Owned<f64, C<2>>`",
    note = "other crates cannot define layouts: describe other memory with `Strided<N>`, `Dyn` or `Indirect<N>`"
)]
pub trait Layout: sealed::Sealed + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// One number for each axis: an array if the type knows the ndim, otherwise [`PerAxis`].
    type PerAxis<X: Number>: Clone + Debug + AsRef<[X]> + AsMut<[X]> + Send + Sync + 'static;
    /// The layout type of the same ndim that promises no order. Every slice of such a layout has the same type again.
    type General: Layout<General = Self::General> + sealed::SetAxis;

    /// The layout type of a range with step 1 on any axis.
    type RangedAxis: Layout<General = Self::General> + sealed::SetAxis;

    /// The number of axes, or `None` if the type does not know it.
    const NDIM: Option<usize>;
    /// The order that the type promises. [`Order::Strided`] means that it promises none.
    const ORDER: Order;
    /// Whether axes of this type may hold pointers.
    const INDIRECT: bool = false;
    /// Whether the [`run`](Self::run) always has all elements. This is so in C order, and if there is only one axis.
    const ONE_RUN: bool = false;

    /// The length of each axis.
    ///
    /// See [`Layout`] for an example.
    fn shape(&self) -> &[usize];

    /// The number of bytes from an index of `axis` to the next index.
    ///
    /// See [`Layout`] for an example.
    fn stride(&self, axis: usize, itemsize: usize) -> isize;

    /// The number of bytes from an index to the next index, for each axis.
    ///
    /// See [`Layout`] for an example.
    fn strides(&self, itemsize: usize) -> Self::PerAxis<isize>;

    /// The suboffset of each axis: the number of bytes to add after following its pointer. It is negative if the axis
    /// holds no pointers. The slice is empty if the type has no axes that hold pointers.
    ///
    /// See [`Layout`] and [`Indirect::new`] for examples.
    #[inline]
    fn suboffsets(&self) -> &[isize] {
        &[]
    }

    /// Returns this layout as the type that promises no order.
    ///
    /// See [`Layout`] for an example.
    fn to_general(&self, itemsize: usize) -> Self::General;

    /// Returns this layout as the type that a range on any axis leaves.
    #[doc(hidden)]
    fn to_ranged_axis(&self, itemsize: usize) -> Self::RangedAxis;

    /// Returns the index of the first element, which is 0 on each axis.
    ///
    /// See [`Layout`] for an example.
    fn origin(&self) -> Self::PerAxis<usize>;

    /// Returns the layout with this shape, these strides and these suboffsets, if they keep what the type promises.
    ///
    /// # Errors
    ///
    /// Fails when the type has another ndim, when the sizes or the offsets do not fit `isize`, when the elements are
    /// not contiguous in the order that the type promises, or when an axis holds pointers and the type allows none.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Indirect, Layout, Strided};
    ///
    /// assert!(Indirect::<2>::from_parts(&[3, 4], &[8, 8], &[0, -1], 8).is_ok());
    /// assert!(Strided::<2>::from_parts(&[3, 4], &[8, 8], &[0, -1], 8).is_err());
    /// ```
    fn from_parts(
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
        itemsize: usize,
    ) -> Result<Self, Error>;

    /// Returns the layout with this shape and these strides, as [`from_parts`](Self::from_parts) without suboffsets.
    ///
    /// # Errors
    ///
    /// Fails when the type has another ndim, when the sizes or the offsets do not fit `isize`, or when the elements are
    /// not contiguous in the order that the type promises.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, Layout};
    ///
    /// assert_eq!(C::from_strides(&[4, 3], &[24, 8], 8)?, C::new([4, 3], 8)?);
    /// let error = C::<2>::from_strides(&[4, 3], &[32, 8], 8).unwrap_err();
    /// assert_eq!(error.to_string(), "shape (4, 3) with strides (32, 8) is not C-contiguous");
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(always)]
    fn from_strides(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<Self, Error> {
        Self::from_parts(shape, strides, &[], itemsize)
    }

    /// Returns the run that a loop in index order walks with one stride: all elements of a [`C`] layout, the last axes of a
    /// [`Pitched`] layout between which there are no gaps, otherwise the elements of the last axis. If there is no axis, or
    /// if the last axis holds pointers, the run is one element.
    ///
    /// See [`Layout`] for an example.
    fn run(&self, itemsize: usize) -> Run;

    /// The number of axes.
    ///
    /// See [`Layout`] for an example.
    #[inline]
    fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// The number of elements.
    ///
    /// See [`Layout`] for an example.
    #[inline]
    fn size(&self) -> usize {
        // The product fits (L1). If an extent is 0, an earlier product may wrap, but the result is still 0.
        self.shape().iter().fold(1, |size: usize, &extent| size.wrapping_mul(extent))
    }

    /// Whether the layout has no elements.
    ///
    /// See [`Layout`] for an example.
    #[inline]
    fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }

    /// Whether the elements fill one block without gaps in `order`, or, with [`Order::Pitched`], whether each row has no gaps. Axes
    /// of length 1 do not count.
    ///
    /// See [`Layout`] for an example.
    #[inline]
    fn is_contiguous(&self, order: Order, itemsize: usize) -> bool {
        let direct = || self.suboffsets().iter().all(|&suboffset| suboffset < 0);
        let block = || is_contiguous(order, self.shape(), self.strides(itemsize).as_ref(), itemsize);
        order == Self::ORDER || self.is_empty() || direct() && block()
    }
}

/// A layout type with `N` axes, which is every one except [`Dyn`]. It bounds functions that are generic over the layout and
/// index elements, or read the shape as an array.
///
/// # Examples
///
/// ```
/// use typedview::{F, Ndim, View};
///
/// fn trace<L: Ndim<2>>(x: View<'_, f64, L>) -> f64 {
///     let [rows, columns] = x.layout().extents();
///     (0..rows.min(columns)).map(|i| x.at([i, i])).sum()
/// }
///
/// let table = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(trace(table), 5.0);
/// assert_eq!(trace(table.transpose()), 5.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layout of {N} axes",
    label = "expected a layout of {N} axes, and not `Dyn`"
)]
pub trait Ndim<const N: usize>: Layout<PerAxis<usize> = [usize; N]> {
    /// The length of each axis.
    ///
    /// See [`Ndim`] for an example.
    #[inline]
    fn extents(&self) -> [usize; N] {
        core::array::from_fn(|axis| self.shape()[axis])
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize, L: Layout<PerAxis<usize> = [usize; N]>> Ndim<N> for L {}

/// A layout whose axes hold no pointers. An index has a byte offset, and the axes can be put into another order.
///
/// # Examples
///
/// ```
/// use typedview::{C, Direct, F, Reach, View};
///
/// /// The last element of each lane along axis 0, for every layout without pointers.
/// fn last<L: Direct>(x: View<'_, i32, L>) -> Vec<i32> {
///     x.lanes(0).filter_map(|lane| lane.iter().next_back()).collect()
/// }
///
/// assert_eq!(last(View::from(&[[1, 2], [3, 4]])), [3, 4]);
///
/// let layout = C::new([4, 3], 8)?;
/// assert_eq!((layout.offset(&[1, 2], 8), layout.reach(8)), (40, Reach { lowest: 0, highest: 96 }));
/// assert_eq!(layout.transpose(8), F::new([3, 4], 8)?);
/// # Ok::<(), typedview::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layout without pointers",
    label = "expected `C<N>`, `F<N>`, `Pitched<N>`, `Strided<N>` or `Dyn`",
    note = "`x.to_owned()` of an `Indirect` view copies the elements to memory in C order"
)]
pub trait Direct: Layout {
    /// The layout type of the same elements with the axes reversed.
    type Transposed: Direct<General = Self::General>;
    /// The layout type of the same elements with another shape of `M` axes.
    type Reshaped<const M: usize>: Direct;

    /// Returns the layout of the same elements with the axes reversed.
    ///
    /// See [`Direct`] for an example.
    fn transpose(&self, itemsize: usize) -> Self::Transposed;

    /// Returns the byte offset of an index that is inside the shape.
    ///
    /// See [`Direct`] for an example.
    #[inline]
    fn offset(&self, index: &[usize], itemsize: usize) -> isize {
        offset(self, index, itemsize)
    }

    /// Returns the lowest and the highest byte offset that the elements touch.
    ///
    /// See [`Direct`] for an example.
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

    /// Only this crate can implement this trait, so only this crate has layout types.
    pub trait Sealed {}

    /// Only this crate can implement this trait, so every `ElementIndex` returns the same numbers on every call.
    pub trait Index {}

    /// Only this crate can implement this trait, so every `Shape` is the same whenever it is read.
    pub trait Shape {}

    /// A value that only the module `layout` can make. The methods of [`SetAxis`] take one, because calls of them from
    /// elsewhere could break L1 and L2.
    #[derive(Debug)]
    pub struct Token(pub(super) ());

    /// Changes of a layout that only the module `layout` may make.
    pub trait SetAxis: Sized {
        /// Sets the extent and the stride of `axis`. The caller must ensure that the layout, after all of its changes,
        /// reaches no further than before.
        fn set_axis(&mut self, token: Token, axis: usize, extent: usize, stride: isize);

        /// Moves the first element by `offset` bytes along `axis`, and returns by how many bytes the pointer of the
        /// view has to move.
        fn shift(&mut self, _token: Token, _axis: usize, offset: isize) -> Result<isize, Error> {
            Ok(offset)
        }
    }
}

/// Returns the sum of index times stride over all axes. It follows no pointers.
#[inline]
pub(crate) fn offset<L: Layout>(layout: &L, index: &[usize], itemsize: usize) -> isize {
    // The sum fits for an index inside the shape (L2). For other indices it may wrap and has no meaning.
    index.iter().enumerate().fold(0, |offset: isize, (axis, &i)| {
        offset.wrapping_add(layout.stride(axis, itemsize).wrapping_mul(i.cast_signed()))
    })
}

/// Asserts that a type has at most [`MAX_NDIM`] axes (L3). It is called in `const` blocks, so it fails at compile time.
const fn bounded<const N: usize>() {
    assert!(N <= MAX_NDIM, "a layout has at most 64 axes");
}

/// Returns `list` as an array, if it has `N` items.
#[inline(always)]
fn exactly<X: Copy, const N: usize>(list: &[X]) -> Result<[X; N], Error> {
    list.try_into().map_err(|_| ndim_differs(N, list.len()))
}

#[cold]
fn ndim_differs(wanted: usize, found: usize) -> Error {
    LayoutError::NdimDiffers { wanted, found }.into()
}

/// Fails if an axis holds pointers, which a suboffset of 0 or more says.
#[inline]
fn direct(suboffsets: &[isize]) -> Result<(), Error> {
    match suboffsets.iter().position(|&suboffset| suboffset >= 0) {
        Some(axis) => Err(LayoutError::HoldsPointers { axis }.into()),
        None => Ok(()),
    }
}
