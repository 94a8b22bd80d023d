//! Applying the items of a slice: which raw view, and which layout type, each item leaves.
//! The traits are public but unreachable from other crates, because they hand out raw views.
//!
//! # A worked example
//!
//! The example is `view.slice(s![0, 1.., ..;2])`. The view has layout `C<3>`, shape (2, 3, 4) and strides (96, 32, 8).
//! The macro makes the list `(IndexItem(0), (RowRange(1..), (Slice(..;2), ())))`. [`Items`] applies it from left to
//! right. Each step is one implementation of [`ApplyItem`]. The layout and the [`SelectionState`] that the previous
//! step left determine which one:
//!
//! | item | layout and state before | implementation | layout and state after | shape and strides after |
//! |---|---|---|---|---|
//! | `0` | `C<3>`, `OnlyIndices` | `IndexItem` in `OnlyIndices`: a row | `C<2>`, `OnlyIndices` | (3, 4), (32, 8) |
//! | `1..` | `C<2>`, `OnlyIndices` | `RowRange` in `OnlyIndices`: rows | `C<2>`, `AxisKept<()>` | (2, 4), (32, 8) |
//! | `..;2` | `C<2>`, `AxisKept<()>` | `Slice` in `AxisKept`: a step | `Strided<2>`, `AxisKept<()>` | (2, 2), (32, 16) |
//!
//! So the compiler knows that the result is a `Strided<2>`. With the expression `s![0, 1..]`, the last step would not
//! exist, and the result would be a `C<2>`. At run time, the [`AxisCursor`] moves to the next axis whenever an item
//! keeps its axis, and it counts the axes that indices removed, so that an error names the axis of the view that was
//! sliced.

use super::item::{Ellipsis, IndexItem, NewAxis, WholeAxis};
use crate::element::Element;
use crate::error::Error;
use crate::layout::{InsertAxis, Layout, RemoveAxis, RowRange, Slice};
use crate::raw::Raw;
use core::marker::PhantomData;

/// The raw view that is left after an item, or the reason why the item does not fit.
type Part<T, L> = Result<Raw<T, L>, Error>;

/// All items so far were indices. Each removed axis 0, so the next item applies to axis 0 too, and `C` can stay `C`.
#[derive(Debug)]
pub struct OnlyIndices;

/// Some item kept an axis. `E` is [`Ellipsis`] if there was an ellipsis, and `()` if not.
#[derive(Debug)]
pub struct AxisKept<E>(PhantomData<E>);

/// The facts about the items so far that decide the layout type that the next item leaves.
pub trait SelectionState {
    /// The state after an item that keeps its axis.
    type Kept: SelectionState;
}

impl SelectionState for OnlyIndices {
    type Kept = AxisKept<()>;
}

impl<E> SelectionState for AxisKept<E> {
    type Kept = Self;
}

/// The axis that the next item applies to.
#[derive(Debug)]
pub struct AxisCursor {
    /// The number of the axis in the layout that the items so far have left.
    pub(super) axis: usize,
    /// How many axes before it were removed by indices.
    pub(super) removed: usize,
}

/// An item that can be applied to layout `L` in state `S`.
///
/// Other crates cannot reach this trait, because it hands out raw views.
pub trait ApplyItem<L: Layout, S> {
    /// The layout after the item.
    type Layout: Layout;
    /// The state after the item.
    type State;
    /// How many axes of the view the item consumes: 0 or 1.
    const AXES: usize;

    /// Applies the item at the cursor and moves the cursor past it. Later items consume `later` axes.
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        later: usize,
    ) -> Part<T, Self::Layout>;
}

impl<L: RemoveAxis> ApplyItem<L, OnlyIndices> for IndexItem {
    type Layout = L::Row;
    type State = OnlyIndices;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, _later: usize) -> Part<T, L::Row> {
        let row = raw.try_index_row(self.0)?;
        cursor.removed += 1;
        Ok(row)
    }
}

impl<L: RemoveAxis, E> ApplyItem<L, AxisKept<E>> for IndexItem {
    type Layout = L::IndexedAxis;
    type State = AxisKept<E>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::IndexedAxis> {
        let part = raw.try_index_axis(cursor.axis, self.0)?;
        cursor.removed += 1;
        Ok(part)
    }
}

impl<L: RemoveAxis> ApplyItem<L, OnlyIndices> for RowRange {
    type Layout = L::Rows;
    type State = AxisKept<()>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, _later: usize) -> Part<T, L::Rows> {
        let rows = raw.try_slice_rows(self.0)?;
        cursor.axis += 1;
        Ok(rows)
    }
}

impl<L: Layout, E> ApplyItem<L, AxisKept<E>> for RowRange {
    type Layout = L::RangedAxis;
    type State = AxisKept<E>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::RangedAxis> {
        let part = raw.try_range_axis(cursor.axis, self)?;
        cursor.axis += 1;
        Ok(part)
    }
}

impl<L: RemoveAxis> ApplyItem<L, OnlyIndices> for Slice {
    type Layout = L::SteppedRows;
    type State = AxisKept<()>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::SteppedRows> {
        let rows = raw.try_step_rows(self)?;
        cursor.axis += 1;
        Ok(rows)
    }
}

impl<L: Layout, E> ApplyItem<L, AxisKept<E>> for Slice {
    type Layout = L::General;
    type State = AxisKept<E>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::General> {
        let part = raw.try_slice_axis(cursor.axis, self)?;
        cursor.axis += 1;
        Ok(part)
    }
}

impl<L: Layout, S: SelectionState> ApplyItem<L, S> for WholeAxis {
    type Layout = L;
    type State = S::Kept;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, _later: usize) -> Part<T, L> {
        cursor.axis += 1;
        Ok(raw)
    }
}

impl<L: InsertAxis, S: SelectionState> ApplyItem<L, S> for NewAxis {
    type Layout = L::Inserted;
    type State = S::Kept;
    const AXES: usize = 0;

    #[inline]
    fn apply<T: Element>(
        self,
        raw: Raw<T, L>,
        cursor: &mut AxisCursor,
        _later: usize,
    ) -> Part<T, L::Inserted> {
        let part = raw.try_insert_axis(cursor.axis)?;
        cursor.axis += 1;
        Ok(part)
    }
}

impl<L: Layout> ApplyItem<L, OnlyIndices> for Ellipsis {
    type Layout = L;
    type State = AxisKept<Ellipsis>;
    const AXES: usize = 0;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, later: usize) -> Part<T, L> {
        ApplyItem::<L, AxisKept<()>>::apply(self, raw, cursor, later)
    }
}

impl<L: Layout> ApplyItem<L, AxisKept<()>> for Ellipsis {
    type Layout = L;
    type State = AxisKept<Ellipsis>;
    const AXES: usize = 0;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, later: usize) -> Part<T, L> {
        cursor.axis = raw.layout().ndim().saturating_sub(later);
        Ok(raw)
    }
}

/// A second ellipsis selects one whole axis, as in Cython.
impl<L: Layout> ApplyItem<L, AxisKept<Ellipsis>> for Ellipsis {
    type Layout = L;
    type State = AxisKept<Ellipsis>;
    const AXES: usize = 1;

    #[inline]
    fn apply<T: Element>(self, raw: Raw<T, L>, cursor: &mut AxisCursor, later: usize) -> Part<T, L> {
        ApplyItem::<L, AxisKept<Ellipsis>>::apply(WholeAxis, raw, cursor, later)
    }
}

/// A list of items, `(first, (second, ()))`, that can be applied to layout `L` in state `S`.
#[diagnostic::on_unimplemented(
    message = "this does not select a part of a `{L}`",
    label = "expected `s![..]` with at most one item for each axis",
    note = "for example, `x.slice(s![0, 1.., ..;2])` of a view with three axes; `x.row(0)` is one row",
    note = "layouts of up to 8 axes and `Dyn` can be indexed; `x.try_select(&[..])` of a `Dyn` takes items that are known at run time only"
)]
pub trait Items<L: Layout, S> {
    /// The layout after all items.
    type Layout: Layout;
    /// How many axes of the view the items consume.
    const AXES: usize;

    /// Applies the items in order, starting at the axis that `cursor` points to.
    fn apply_all<T: Element>(self, raw: Raw<T, L>, cursor: AxisCursor) -> Part<T, Self::Layout>;
}

#[diagnostic::do_not_recommend]
impl<L: Layout, S> Items<L, S> for () {
    type Layout = L;
    const AXES: usize = 0;

    #[inline]
    fn apply_all<T: Element>(self, raw: Raw<T, L>, _cursor: AxisCursor) -> Part<T, L> {
        Ok(raw)
    }
}

#[diagnostic::do_not_recommend]
impl<L: Layout, S, First: ApplyItem<L, S>, Others: Items<First::Layout, First::State>> Items<L, S>
    for (First, Others)
{
    type Layout = Others::Layout;
    const AXES: usize = First::AXES + Others::AXES;

    #[inline]
    fn apply_all<T: Element>(self, raw: Raw<T, L>, mut cursor: AxisCursor) -> Part<T, Others::Layout> {
        let axis = cursor.axis + cursor.removed;
        match self.0.apply(raw, &mut cursor, Others::AXES) {
            Ok(raw) => self.1.apply_all(raw, cursor),
            Err(error) => Err(error.on_axis(axis)),
        }
    }
}
