//! Items: what may stand between the brackets of [`s!`](crate::s), and the type that each becomes.
//! Values only; what an item does to a layout stands in `at`.

use crate::layout::{RowRange, Slice};
use core::ops::{Range, RangeFrom, RangeFull, RangeTo};

/// A new axis of length 1: Python's `None` in a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

/// As many whole axes as are left: Python's `...`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis;

/// An index that an axis is dropped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick(pub(super) isize);

/// A whole axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole;

/// A value that `s!` takes as an item.
pub trait IntoItem {
    /// The kind of item.
    type Item;

    /// The item.
    fn into_item(self) -> Self::Item;
}

/// The item that a value in `s!` stands for.
#[doc(hidden)]
#[inline]
pub fn item<I: IntoItem>(value: I) -> I::Item {
    value.into_item()
}

macro_rules! items {
    ($($value:ty => $item:ty: |$name:ident| $make:expr;)*) => {$(
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

/// A position as Python would have it; those that no axis has are outside either way.
#[inline]
fn position(index: usize) -> isize {
    isize::try_from(index).unwrap_or(isize::MAX)
}

items! {
    isize => Pick: |index| Pick(index);
    i32 => Pick: |index| Pick(index as isize);
    usize => Pick: |index| Pick(position(index));
    RangeFull => Whole: |_range| Whole;
    Slice => Slice: |slice| slice;
    NewAxis => NewAxis: |axis| axis;
    Ellipsis => Ellipsis: |axes| axes;
    Range<isize> => RowRange: |range| range.into();
    RangeFrom<isize> => RowRange: |range| range.into();
    RangeTo<isize> => RowRange: |range| range.into();
    Range<i32> => RowRange: |range| (range.start as isize..range.end as isize).into();
    RangeFrom<i32> => RowRange: |range| (range.start as isize..).into();
    RangeTo<i32> => RowRange: |range| (..range.end as isize).into();
    Range<usize> => RowRange: |range| (position(range.start)..position(range.end)).into();
    RangeFrom<usize> => RowRange: |range| (position(range.start)..).into();
    RangeTo<usize> => RowRange: |range| (..position(range.end)).into();
}
