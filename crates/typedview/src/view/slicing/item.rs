//! Items: the values that [`s!`](crate::s) accepts between its brackets, and the item type that each value becomes.
//! The file `apply` defines what an item does to a layout.

use crate::layout::{RowRange, Slice, position};
use core::ops::{Range, RangeFrom, RangeFull, RangeTo};

/// A new axis of length 1: Python's `None` in a slice.
///
/// # Examples
///
/// ```
/// use typedview::{NewAxis, View, s};
///
/// assert_eq!(View::from(&[1, 2, 3]).slice(s![NewAxis, ..]).shape(), [1, 3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

/// As many whole axes as are left: Python's `...`.
///
/// # Examples
///
/// ```
/// use typedview::{View, s};
///
/// let view = View::from_slice(&[0; 24], [2, 3, 4]);
/// assert_eq!(view.slice(s![..., 0]).shape(), [2, 3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis;

/// An index, which removes its axis. A negative index counts from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexItem(pub(super) isize);

/// A whole axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeAxis;

/// A value that `s!` accepts as an item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item of `s!`",
    label = "expected an index, a range `a..b`, a range with a step `a..b;2`, `NewAxis` or `...`",
    note = "indices and ends of ranges are `usize`, `isize` or `i32`: convert other integers, `i as usize`",
    note = "instead of `a..=b`, write `a..b + 1`; Python's `None` is `NewAxis`"
)]
pub trait IntoItem {
    /// The type of the item.
    type Item;

    /// Converts the value into its item.
    fn into_item(self) -> Self::Item;
}

/// Converts a value in `s!` into its item.
#[doc(hidden)]
#[inline]
pub fn item<I: IntoItem>(value: I) -> I::Item {
    value.into_item()
}

macro_rules! items {
    ($($value:ty => $item:ty: |$name:ident| $make:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoItem for $value {
            type Item = $item;

            #[inline]
            fn into_item(self) -> $item {
                let $name = self;
                $make
            }
        }
    )*};
}

/// A position on an axis: an `isize`, `i32` or `usize`. A negative position counts from the end.
///
/// Other crates cannot implement it.
///
/// # Examples
///
/// ```
/// use typedview::{C, Position, View};
///
/// fn sum_of_column(table: View<'_, i32, C<2>>, column: impl Position) -> i32 {
///     table.index_axis(1, column).iter().sum()
/// }
///
/// let table = View::from(&[[1, 2], [3, 4]]);
/// assert_eq!((sum_of_column(table, 0_usize), sum_of_column(table, -1)), (4, 6));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a position on an axis",
    label = "expected an `isize`, an `i32` or a `usize`"
)]
pub trait Position: IntoItem<Item = IndexItem> {
    /// Returns the position as a signed number.
    #[doc(hidden)]
    fn to_signed(self) -> isize;
}

#[diagnostic::do_not_recommend]
impl<I: IntoItem<Item = IndexItem>> Position for I {
    #[inline]
    fn to_signed(self) -> isize {
        self.into_item().0
    }
}

items! {
    isize => IndexItem: |index| IndexItem(index);
    i32 => IndexItem: |index| IndexItem(index as isize);
    usize => IndexItem: |index| IndexItem(position(index));
    RangeFull => WholeAxis: |_range| WholeAxis;
    Slice => Slice: |slice| slice;
    NewAxis => NewAxis: |axis| axis;
    Ellipsis => Ellipsis: |axes| axes;
    Range<isize> => RowRange: |range| range.into();
    RangeFrom<isize> => RowRange: |range| range.into();
    RangeTo<isize> => RowRange: |range| range.into();
    Range<i32> => RowRange: |range| range.into();
    RangeFrom<i32> => RowRange: |range| range.into();
    RangeTo<i32> => RowRange: |range| range.into();
    Range<usize> => RowRange: |range| range.into();
    RangeFrom<usize> => RowRange: |range| range.into();
    RangeTo<usize> => RowRange: |range| range.into();
}
