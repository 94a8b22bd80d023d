//! Axes: an index or a range on one axis, an axis removed or inserted, and the layout of the result.
//! The result types promise what is still true: a row of `C<2>` is `C<1>`, a column of it is `Strided<1>`.

use super::sealed::{SetAxis, Token};
use super::{Layout, RowRange, Slice};
use crate::error::{Error, IndexError, LayoutError};
use crate::limits::MAX_NDIM;

/// The way from the first element of a view to the first element of a part of it: move the pointer, and then, if the
/// axis holds pointers, follow the pointer that is there.
///
/// See [`RemoveAxis`], whose methods return it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of bytes to move the pointer by.
    pub(crate) offset: isize,
    /// If the pointer found there must be followed: the suboffset to add to it.
    pub(crate) follow: Option<isize>,
}

/// A layout from which an axis can be removed: it has at least one axis, or its ndim is known at run time only.
///
/// The methods take a token, because a layout without an axis of length 0 could break L1.
///
/// # Examples
///
/// ```
/// use typedview::{RemoveAxis, View};
///
/// /// The sum of each row, for every layout that has rows.
/// fn row_sums<L: RemoveAxis>(table: View<'_, f64, L>) -> Vec<f64> {
///     table.rows().map(|row| row.iter().sum()).collect()
/// }
///
/// let table = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!((row_sums(table), row_sums(table.transpose())), (vec![3.0, 7.0], vec![4.0, 6.0]));
/// ```
#[diagnostic::on_unimplemented(
    message = "no axis of `{Self}` can be indexed",
    label = "expected a layout of 1 to 8 axes, or `Dyn`"
)]
pub trait RemoveAxis: InsertAxis {
    /// The layout type of one row: the result of an index on axis 0.
    type Row: Layout;
    /// The layout type of the result of an index on any axis.
    type IndexedAxis: Layout<General = Self::IndexedAxis> + SetAxis;
    /// The layout type of the result of removing an axis of length 1.
    type SqueezedAxis: Layout;
    /// The layout type of a range of rows. It is the same type, unless this type would promise too much.
    type Rows: RemoveAxis<Row = Self::Row, IndexedAxis = Self::IndexedAxis>;
    /// The layout type of a slice of the rows with a step.
    type SteppedRows: Layout<General = Self::General> + SetAxis;

    /// Returns the layout of one row.
    #[doc(hidden)]
    fn row(&self, _token: Token, itemsize: usize) -> Self::Row;

    /// Returns the layout without `axis`, which is less than the ndim.
    #[doc(hidden)]
    fn without_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Self::IndexedAxis;

    /// Returns the layout without `axis`, whose length is 1.
    #[doc(hidden)]
    fn remove_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Self::SqueezedAxis;

    /// Returns the step to the first element and the layout that result from removing `axis`, whose length is 1.
    #[doc(hidden)]
    #[inline]
    fn remove(
        &self,
        _token: Token,
        axis: usize,
        itemsize: usize,
    ) -> Result<(Step, Self::SqueezedAxis), Error> {
        Ok((Step { offset: 0, follow: None }, self.remove_axis(Token(()), axis, itemsize)))
    }

    /// Returns the layout of the first `count` rows, or of all rows if there are fewer.
    #[doc(hidden)]
    fn with_rows(&self, count: usize, itemsize: usize) -> Self::Rows;

    /// Returns this layout as the type that a slice of the rows with a step leaves.
    #[doc(hidden)]
    fn to_stepped_rows(&self, itemsize: usize) -> Self::SteppedRows;

    /// Returns the step to row `index` and the layout of the row. `index` is less than the length of axis 0.
    #[doc(hidden)]
    #[inline]
    fn index_row(&self, _token: Token, index: usize, itemsize: usize) -> (Step, Self::Row) {
        (Step { offset: offset_on(self, 0, index, itemsize), follow: None }, self.row(Token(()), itemsize))
    }

    /// Returns the step and the layout that result from `index` on `axis`. `index` is less than the length of the axis.
    #[doc(hidden)]
    #[inline]
    fn index_axis(
        &self,
        _token: Token,
        axis: usize,
        index: usize,
        itemsize: usize,
    ) -> Result<(Step, Self::IndexedAxis), Error> {
        let offset = offset_on(self, axis, index, itemsize);
        Ok((Step { offset, follow: None }, self.without_axis(Token(()), axis, itemsize)))
    }
}

/// A layout that can get one more axis.
///
/// # Examples
///
/// ```
/// use typedview::{InsertAxis, View};
///
/// /// The same elements, as rows of one element each.
/// fn as_column<L: InsertAxis>(x: View<'_, f64, L>) -> View<'_, f64, L::Inserted> {
///     x.insert_axis(1)
/// }
///
/// assert_eq!(as_column(View::from(&[1.0, 2.0])).shape(), [2, 1]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot get one more axis",
    label = "expected a layout of 0 to 8 axes, or `Dyn`"
)]
pub trait InsertAxis: Layout {
    /// The layout type with one more axis, which has length 1 and any position. A contiguous layout stays contiguous.
    type Inserted: Layout;

    /// Returns the layout with a new axis of length 1 before `axis`, which is at most the ndim.
    #[doc(hidden)]
    fn insert_axis(&self, axis: usize, itemsize: usize) -> Self::Inserted;
}

/// Returns the step and the layout that result from `index` on `axis`. A negative index counts from the end.
#[inline]
pub(crate) fn index_axis<L: RemoveAxis>(
    layout: &L,
    axis: usize,
    index: isize,
    itemsize: usize,
) -> Result<(Step, L::IndexedAxis), Error> {
    let index = from_end(axis, index, extent_of(layout, axis)?)?;
    layout.index_axis(Token(()), axis, index, itemsize)
}

/// Returns `index` as a position counted from the start. A negative index counts from the end.
#[inline]
pub(crate) fn from_end(axis: usize, index: isize, length: usize) -> Result<usize, Error> {
    let wrapped = if index < 0 { index.wrapping_add(length.cast_signed()) } else { index };
    if wrapped.cast_unsigned() >= length {
        return Err(IndexError::OutOfBounds { axis, index, length }.into());
    }
    Ok(wrapped.cast_unsigned())
}

/// Returns the layout with a new axis of length 1 before `axis`.
pub(crate) fn insert_axis<L: InsertAxis>(
    layout: &L,
    axis: usize,
    itemsize: usize,
) -> Result<L::Inserted, Error> {
    let ndim = layout.ndim();
    if axis > ndim {
        return Err(IndexError::NoSuchAxis { axis, ndim }.into());
    }
    if L::NDIM.is_none() && ndim >= MAX_NDIM {
        return Err(LayoutError::TooManyAxes { ndim: ndim.wrapping_add(1) }.into());
    }
    Ok(layout.insert_axis(axis, itemsize))
}

/// Returns the step to row `index` and the layout of the row. `index` is less than the length of axis 0.
#[inline]
pub(crate) fn row<L: RemoveAxis>(layout: &L, index: usize, itemsize: usize) -> (Step, L::Row) {
    layout.index_row(Token(()), index, itemsize)
}

/// Returns the step to the first element and the layout that result from removing `axis`.
///
/// # Errors
///
/// Fails when there is no such axis, its length is not 1, or the layout cannot describe the result.
#[inline]
pub(crate) fn remove_axis<L: RemoveAxis>(
    layout: &L,
    axis: usize,
    itemsize: usize,
) -> Result<(Step, L::SqueezedAxis), Error> {
    match extent_of(layout, axis)? {
        1 => layout.remove(Token(()), axis, itemsize),
        length => Err(LayoutError::NotSingle { axis, length }.into()),
    }
}

/// Checks that there is a row `index`, which counts from the start.
#[inline]
pub(crate) fn check_row<L: RemoveAxis>(layout: &L, index: usize) -> Result<(), Error> {
    match layout.shape().first().copied() {
        Some(length) if index < length => Ok(()),
        Some(length) => Err(IndexError::TooFar { axis: 0, index, length }.into()),
        None => Err(IndexError::NoSuchAxis { axis: 0, ndim: 0 }.into()),
    }
}

/// Returns the offset and the layout of a slice of `axis`.
pub(crate) fn slice_axis<L: Layout>(
    layout: &L,
    axis: usize,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, L::General), Error> {
    slice_as(layout, layout.to_general(itemsize), axis, slice, itemsize)
}

/// Returns the offset and the layout of a range of `axis`.
pub(crate) fn range_axis<L: Layout>(
    layout: &L,
    axis: usize,
    RowRange(range): RowRange,
    itemsize: usize,
) -> Result<(isize, L::RangedAxis), Error> {
    slice_as(layout, layout.to_ranged_axis(itemsize), axis, range, itemsize)
}

/// Returns the offset and the layout of a slice of the rows, which may have a step.
pub(crate) fn step_rows<L: RemoveAxis>(
    layout: &L,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, L::SteppedRows), Error> {
    slice_as(layout, layout.to_stepped_rows(itemsize), 0, slice, itemsize)
}

/// Returns the offset and the layout of a slice of `axis`. `sliced` is the whole layout as the type of the result.
#[inline]
fn slice_as<L: Layout, M: Layout + SetAxis>(
    layout: &L,
    mut sliced: M,
    axis: usize,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, M), Error> {
    let span = slice.resolve(extent_of(layout, axis)?).ok_or(LayoutError::ZeroStep { axis })?;
    let stride = layout.stride(axis, itemsize);
    // If the product wraps, the step is so large that at most one index is left, whose stride has no meaning.
    sliced.set_axis(Token(()), axis, span.count, stride.wrapping_mul(span.step));
    if sliced.is_empty() {
        return Ok((0, sliced));
    }
    let offset = sliced.shift(Token(()), axis, offset_on(layout, axis, span.start, itemsize))?;
    Ok((offset, sliced))
}

/// Returns the offset and the layout of a range of rows. The step of `slice` is 1.
pub(crate) fn slice_rows<L: RemoveAxis>(
    layout: &L,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, L::Rows), Error> {
    let span = slice.resolve(extent_of(layout, 0)?).ok_or(LayoutError::ZeroStep { axis: 0 })?;
    let rows = layout.with_rows(span.count, itemsize);
    let offset = if rows.is_empty() { 0 } else { offset_on(layout, 0, span.start, itemsize) };
    Ok((offset, rows))
}

/// Returns the length of `axis`, or an error if there is no such axis.
#[inline]
pub(crate) fn extent_of<L: Layout>(layout: &L, axis: usize) -> Result<usize, Error> {
    let ndim = layout.ndim();
    layout.shape().get(axis).copied().ok_or_else(|| IndexError::NoSuchAxis { axis, ndim }.into())
}

#[inline]
pub(super) fn offset_on<L: Layout>(layout: &L, axis: usize, index: usize, itemsize: usize) -> isize {
    // The product fits (L2), unless the layout is empty. Then no offset is inside the memory, so the offset is 0.
    if layout.is_empty() { 0 } else { layout.stride(axis, itemsize).wrapping_mul(index.cast_signed()) }
}
