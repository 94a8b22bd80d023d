//! Axes: picking one index or a range of one axis, and what layout is left.
//! The types say what stays true: a row of `C<2>` is `C<1>`, a column is `Strided<1>`.

use super::sealed::SetAxis;
use super::{C, F, Layout, Slice, Strided};
use crate::error::{Error, IndexError};

/// A layout with at least one axis.
pub trait Axes: Layout {
    /// What is left when an index is picked on axis 0.
    type Row: Layout;
    /// What is left when an index is picked on any axis.
    type Dropped: Layout;
    /// What a range of rows is: the same layout, unless that would promise too much.
    type Rows: Axes<Row = Self::Row, Dropped = Self::Dropped>;

    /// The layout of one row.
    #[doc(hidden)]
    fn row(&self, itemsize: usize) -> Self::Row;

    /// The layout without `axis`, which is less than the ndim.
    #[doc(hidden)]
    fn without_axis(&self, axis: usize, itemsize: usize) -> Self::Dropped;

    /// The layout of its first `count` rows.
    #[doc(hidden)]
    fn with_rows(&self, count: usize, itemsize: usize) -> Self::Rows;
}

macro_rules! axes {
    ($($ndim:literal => $dropped:literal),*) => {$(
        impl Axes for C<$ndim> {
            type Row = C<$dropped>;
            type Dropped = Strided<$dropped>;
            type Rows = Self;

            #[inline]
            fn row(&self, _itemsize: usize) -> C<$dropped> {
                C::from_array(without(self.to_array(), 0))
            }

            #[inline]
            fn without_axis(&self, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.to_general(itemsize).without_axis(axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, _itemsize: usize) -> Self {
                let mut shape = self.to_array();
                shape[0] = count.min(shape[0]);
                C::from_array(shape)
            }
        }

        impl Axes for F<$ndim> {
            type Row = Strided<$dropped>;
            type Dropped = Strided<$dropped>;
            type Rows = Strided<$ndim>;

            #[inline]
            fn row(&self, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(0, itemsize)
            }

            #[inline]
            fn without_axis(&self, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.to_general(itemsize).without_axis(axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Strided<$ndim> {
                self.to_general(itemsize).with_rows(count, itemsize)
            }
        }

        impl Axes for Strided<$ndim> {
            type Row = Strided<$dropped>;
            type Dropped = Strided<$dropped>;
            type Rows = Self;

            #[inline]
            fn row(&self, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(0, itemsize)
            }

            #[inline]
            fn without_axis(&self, axis: usize, itemsize: usize) -> Strided<$dropped> {
                let strides: [isize; $ndim] = self.strides(itemsize);
                Strided::from_arrays(without(self.to_array(), axis), without(strides, axis))
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                let mut rows = *self;
                rows.set_axis(0, count.min(self.shape()[0]), self.stride(0, itemsize));
                rows
            }
        }
    )*};
}

axes!(1 => 0, 2 => 1, 3 => 2, 4 => 3, 5 => 4, 6 => 5, 7 => 6, 8 => 7);

/// `list` without its item number `axis`; `M` is `N - 1`.
#[inline]
fn without<X: Copy + Default, const N: usize, const M: usize>(list: [X; N], axis: usize) -> [X; M] {
    core::array::from_fn(|i| list[if i < axis { i } else { i.wrapping_add(1) }])
}

/// The byte offset of the first element at `index` of `axis`: 0 where nothing is left to point at.
///
/// A negative index counts from the end.
#[inline]
pub(crate) fn pick<L: Layout>(
    layout: &L,
    axis: usize,
    index: isize,
    itemsize: usize,
) -> Result<isize, Error> {
    let length = extent_of(layout, axis)?;
    let wrapped = if index < 0 { index.wrapping_add(length.cast_signed()) } else { index };
    if wrapped.cast_unsigned() >= length {
        return Err(IndexError::OutOfBounds { axis, index, length }.into());
    }
    Ok(offset_on(layout, axis, wrapped.cast_unsigned(), itemsize))
}

/// As [`pick`] on axis 0, counted from the start only.
#[inline]
pub(crate) fn pick_row<L: Axes>(layout: &L, index: usize, itemsize: usize) -> Result<isize, Error> {
    let length = layout.shape()[0];
    if index < length {
        Ok(offset_on(layout, 0, index, itemsize))
    } else {
        Err(IndexError::OutOfBounds { axis: 0, index: index.cast_signed(), length }.into())
    }
}

/// Offset and layout of a slice of `axis`.
pub(crate) fn slice_axis<L: Layout>(
    layout: &L,
    axis: usize,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, L::General), Error> {
    let span = slice.resolve(extent_of(layout, axis)?).ok_or(crate::error::LayoutError::ZeroStep { axis })?;
    let mut general = layout.to_general(itemsize);
    let stride = layout.stride(axis, itemsize);
    // A step whose product wraps leaves at most one index, so the stride it gives means nothing.
    general.set_axis(axis, span.count, stride.wrapping_mul(span.step));
    let offset = if general.is_empty() { 0 } else { offset_on(layout, axis, span.start, itemsize) };
    Ok((offset, general))
}

/// Offset and layout of the rows `slice`, whose step is 1.
pub(crate) fn slice_rows<L: Axes>(
    layout: &L,
    slice: Slice,
    itemsize: usize,
) -> Result<(isize, L::Rows), Error> {
    let span = slice.resolve(extent_of(layout, 0)?).ok_or(crate::error::LayoutError::ZeroStep { axis: 0 })?;
    let rows = layout.with_rows(span.count, itemsize);
    let offset = if rows.is_empty() { 0 } else { offset_on(layout, 0, span.start, itemsize) };
    Ok((offset, rows))
}

#[inline]
fn extent_of<L: Layout>(layout: &L, axis: usize) -> Result<usize, Error> {
    let ndim = layout.ndim();
    layout.shape().get(axis).copied().ok_or_else(|| IndexError::NoSuchAxis { axis, ndim }.into())
}

#[inline]
fn offset_on<L: Layout>(layout: &L, axis: usize, index: usize, itemsize: usize) -> isize {
    // L2 bounds the product unless the layout is empty, where no offset is inside the memory.
    if layout.is_empty() { 0 } else { layout.stride(axis, itemsize).wrapping_mul(index.cast_signed()) }
}
