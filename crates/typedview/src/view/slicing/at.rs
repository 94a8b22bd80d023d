//! What each item of a slice does to a layout: type arithmetic, one operation of the raw views an item.
//! Out of reach of others, since it hands out raw views.

use super::item::{Ellipsis, NewAxis, Pick, Whole};
use crate::element::Element;
use crate::error::Error;
use crate::layout::{InsertAxis, Layout, RemoveAxis, RowRange, Slice};
use crate::raw::Raw;
use core::marker::PhantomData;

/// What an item leaves of a view.
type Part<T, L> = Result<Raw<T, L>, Error>;

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
pub struct AxisCursor {
    /// Its number in the layout as it is now.
    pub(super) axis: usize,
    /// How many axes have been dropped before it.
    pub(super) dropped: usize,
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
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, later: usize) -> Part<T, Self::Layout>;
}

impl<L: RemoveAxis> At<L, Lead> for Pick {
    type Layout = L::Row;
    type State = Lead;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, _later: usize) -> Part<T, L::Row> {
        let row = raw.try_pick_row(self.0)?;
        place.dropped += 1;
        Ok(row)
    }
}

impl<L: RemoveAxis, E> At<L, Rest<E>> for Pick {
    type Layout = L::IndexedAxis;
    type State = Rest<E>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(
        self,
        raw: Raw<T, L>,
        place: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::IndexedAxis> {
        let part = raw.try_index_axis(place.axis, self.0)?;
        place.dropped += 1;
        Ok(part)
    }
}

impl<L: RemoveAxis> At<L, Lead> for RowRange {
    type Layout = L::Rows;
    type State = Rest<()>;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, _later: usize) -> Part<T, L::Rows> {
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
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, later: usize) -> Part<T, L::General> {
        At::<L, Rest<E>>::at(self.0, raw, place, later)
    }
}

impl<L: Layout, S: State> At<L, S> for Slice {
    type Layout = L::General;
    type State = S::Kept;
    const AXES: usize = 1;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, _later: usize) -> Part<T, L::General> {
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
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, _later: usize) -> Part<T, L> {
        place.axis += 1;
        Ok(raw)
    }
}

impl<L: InsertAxis, S: State> At<L, S> for NewAxis {
    type Layout = L::Inserted;
    type State = S::Kept;
    const AXES: usize = 0;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, _later: usize) -> Part<T, L::Inserted> {
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
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, later: usize) -> Part<T, L> {
        At::<L, Rest<()>>::at(self, raw, place, later)
    }
}

impl<L: Layout> At<L, Rest<()>> for Ellipsis {
    type Layout = L;
    type State = Rest<Ellipsis>;
    const AXES: usize = 0;

    #[inline]
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, later: usize) -> Part<T, L> {
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
    fn at<T: Element>(self, raw: Raw<T, L>, place: &mut AxisCursor, later: usize) -> Part<T, L> {
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
    fn apply<T: Element>(self, raw: Raw<T, L>, place: AxisCursor) -> Part<T, Self::Layout>;
}

impl<L: Layout, S> Items<L, S> for () {
    type Layout = L;
    const AXES: usize = 0;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, _place: AxisCursor) -> Part<T, L> {
        Ok(raw)
    }
}

impl<L: Layout, S, First: At<L, S>, Others: Items<First::Layout, First::State>> Items<L, S>
    for (First, Others)
{
    type Layout = Others::Layout;
    const AXES: usize = First::AXES + Others::AXES;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, mut place: AxisCursor) -> Part<T, Others::Layout> {
        let counted = place.axis + place.dropped;
        match self.0.at(raw, &mut place, Others::AXES) {
            Ok(raw) => self.1.apply(raw, place),
            Err(error) => Err(error.on_axis(counted)),
        }
    }
}
