//! Slicing by one expression: what [`s!`](crate::s) makes, and what layout it leaves, step by step in the type.
//! Apart from the views because it is type arithmetic: each item is one operation of `subviews` or `axes`.

use crate::element::Element;
use crate::error::{Error, IndexError};
use crate::layout::{Axes, InsertAxis, Layout, RowRange, Slice};
use crate::raw::Raw;
use core::marker::PhantomData;
use core::ops::{Range, RangeFrom, RangeFull, RangeTo};

/// A selection of elements, one item an axis, for `slice`: Python's `[1:-1, ::2, 0, None, ...]`.
///
/// | item | meaning |
/// |---|---|
/// | `3`, `-1`, `i` | pick an index; the axis goes; negative ones count from the end |
/// | `..`, `1..`, `..-1`, `a..b` | a range; negative ends count from the end, ends outside are clamped |
/// | `..;2`, `5..0;-1` | a range with a step |
/// | `NewAxis` | a new axis of length 1 |
/// | `...` | as many whole axes as are left; a second one is one whole axis |
///
/// Axes behind the last item stay whole. The layout of the result promises what simply follows: `C` stays `C` when
/// indices come first, then at most one range, then whole axes; a step, or a range behind a whole axis, leaves
/// `Strided`. `F` stays `F` when all axes stay whole.
///
/// # Examples
///
/// ```
/// use typedview::{C, NewAxis, Strided, View, s};
///
/// let data: Vec<i32> = (0..24).collect();
/// let view = View::from_slice(&data, [2, 3, 4]);
/// let row: View<'_, i32, C<1>> = view.slice(s![1, -1]);
/// assert_eq!(row.to_vec(), [20, 21, 22, 23]);
/// let rows: View<'_, i32, C<2>> = view.slice(s![0, 1.., ..]);
/// assert_eq!(rows.shape(), [2, 4]);
/// let corner: View<'_, i32, Strided<2>> = view.slice(s![.., ..;2, 0]);
/// assert_eq!(corner.to_vec(), [0, 8, 12, 20]);
/// assert_eq!(view.slice(s![..., NewAxis, ..;-1]).shape(), [2, 3, 1, 4]);
/// ```
#[macro_export]
macro_rules! s {
    (@items) => { () };
    (@items ... $(, $($rest:tt)*)?) => {
        ($crate::Ellipsis, $crate::s!(@items $($($rest)*)?))
    };
    (@items $range:expr ; $step:expr $(, $($rest:tt)*)?) => {
        (
            {
                #[allow(clippy::reversed_empty_ranges)]
                let range = $range;
                $crate::Slice::from(range).step_by($step)
            },
            $crate::s!(@items $($($rest)*)?),
        )
    };
    (@items $item:expr $(, $($rest:tt)*)?) => {
        ($crate::item($item), $crate::s!(@items $($($rest)*)?))
    };
    ($($items:tt)*) => { $crate::s!(@items $($items)*) };
}

/// A new axis of length 1: Python's `None` in a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

/// As many whole axes as are left: Python's `...`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis;

/// An index that an axis is dropped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick(isize);

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

/// So far every axis has been picked from: the next one is axis 0 still.
#[derive(Debug)]
pub struct Lead;

/// An axis has been kept; `E` is [`Ellipsis`] when there has been one, `()` when not.
#[derive(Debug)]
pub struct Rest<E>(PhantomData<E>);

/// Where a selection has come to.
pub trait State {
    /// The state once an axis has been kept.
    type Kept: State;
}

impl State for Lead {
    type Kept = Rest<()>;
}

impl<E> State for Rest<E> {
    type Kept = Self;
}

/// The axis an item is about.
#[derive(Debug)]
pub struct Place {
    /// Its number in the layout as it is now.
    axis: usize,
    /// How many axes have been dropped before it.
    dropped: usize,
}

/// What one item does to a layout, in the state that the items before have left.
///
/// Out of reach of others: it hands out raw views.
pub trait At<L: Layout, S> {
    /// The layout after it.
    type Layout: Layout;
    /// The state after it.
    type State;
    /// How many axes it is about.
    const AXES: usize;

    /// Does it to the axis at `place`, and goes on to the next; `later` axes are spoken for by later items.
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        later: usize,
    ) -> Result<Raw<T, Self::Layout>, Error>;
}

impl<L: Axes> At<L, Lead> for Pick {
    type Layout = L::Row;
    type State = Lead;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        _later: usize,
    ) -> Result<Raw<T, L::Row>, Error> {
        let row = raw.try_pick_row(self.0)?;
        place.dropped += 1;
        Ok(row)
    }
}

impl<L: Axes, E> At<L, Rest<E>> for Pick {
    type Layout = L::Dropped;
    type State = Rest<E>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        _later: usize,
    ) -> Result<Raw<T, L::Dropped>, Error> {
        let part = raw.try_index_axis(place.axis, self.0)?;
        place.dropped += 1;
        Ok(part)
    }
}

impl<L: Axes> At<L, Lead> for RowRange {
    type Layout = L::Rows;
    type State = Rest<()>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        _later: usize,
    ) -> Result<Raw<T, L::Rows>, Error> {
        let rows = raw.try_slice_rows(self.0)?;
        place.axis += 1;
        Ok(rows)
    }
}

impl<L: Layout, E> At<L, Rest<E>> for RowRange {
    type Layout = L::General;
    type State = Rest<E>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        later: usize,
    ) -> Result<Raw<T, L::General>, Error> {
        At::<L, Rest<E>>::at(self.0, raw, place, later)
    }
}

impl<L: Layout, S: State> At<L, S> for Slice {
    type Layout = L::General;
    type State = S::Kept;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        _later: usize,
    ) -> Result<Raw<T, L::General>, Error> {
        let part = raw.try_slice_axis(place.axis, self)?;
        place.axis += 1;
        Ok(part)
    }
}

impl<L: Layout, S: State> At<L, S> for Whole {
    type Layout = L;
    type State = S::Kept;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut Place, _later: usize) -> Result<Raw<T, L>, Error> {
        place.axis += 1;
        Ok(raw)
    }
}

impl<L: InsertAxis, S: State> At<L, S> for NewAxis {
    type Layout = L::Inserted;
    type State = S::Kept;
    const AXES: usize = 0;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut Place,
        _later: usize,
    ) -> Result<Raw<T, L::Inserted>, Error> {
        let part = raw.try_insert_axis(place.axis)?;
        place.axis += 1;
        Ok(part)
    }
}

impl<L: Layout> At<L, Lead> for Ellipsis {
    type Layout = L;
    type State = Rest<Ellipsis>;
    const AXES: usize = 0;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut Place, later: usize) -> Result<Raw<T, L>, Error> {
        At::<L, Rest<()>>::at(self, raw, place, later)
    }
}

impl<L: Layout> At<L, Rest<()>> for Ellipsis {
    type Layout = L;
    type State = Rest<Ellipsis>;
    const AXES: usize = 0;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut Place, later: usize) -> Result<Raw<T, L>, Error> {
        place.axis = raw.layout().ndim().saturating_sub(later);
        Ok(raw)
    }
}

/// A second ellipsis is one whole axis, as in Cython.
impl<L: Layout> At<L, Rest<Ellipsis>> for Ellipsis {
    type Layout = L;
    type State = Rest<Ellipsis>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut Place, later: usize) -> Result<Raw<T, L>, Error> {
        At::<L, Rest<Ellipsis>>::at(Whole, raw, place, later)
    }
}

/// A list of items: `(first, (second, ()))`.
pub trait Items<L: Layout, S> {
    /// The layout after all of them.
    type Layout: Layout;
    /// How many axes they are about.
    const AXES: usize;

    /// Does them from a place on.
    fn apply<T: Element>(self, raw: Raw<T, L>, place: Place) -> Result<Raw<T, Self::Layout>, Error>;
}

impl<L: Layout, S> Items<L, S> for () {
    type Layout = L;
    const AXES: usize = 0;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, _place: Place) -> Result<Raw<T, L>, Error> {
        Ok(raw)
    }
}

impl<L: Layout, S, First: At<L, S>, Others: Items<First::Layout, First::State>> Items<L, S>
    for (First, Others)
{
    type Layout = Others::Layout;
    const AXES: usize = First::AXES + Others::AXES;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, mut place: Place) -> Result<Raw<T, Others::Layout>, Error> {
        let counted = place.axis + place.dropped;
        match self.0.at(raw, &mut place, Others::AXES) {
            Ok(raw) => self.1.apply(raw, place),
            Err(error) => Err(error.on_axis(counted)),
        }
    }
}

/// What the items of `s!` select.
#[inline]
pub(super) fn slice<T, L, S>(raw: Raw<T, L>, items: S) -> Result<Raw<T, S::Layout>, Error>
where
    T: Element,
    L: Layout,
    S: Items<L, Lead>,
{
    let ndim = raw.layout().ndim();
    if S::AXES > ndim {
        return Err(IndexError::Count { found: S::AXES, ndim }.into());
    }
    items.apply(raw, Place { axis: 0, dropped: 0 })
}
