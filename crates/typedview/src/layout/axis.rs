//! Axes: an index or a range on one axis, an axis removed or inserted, and the layout of the result.
//! The result types promise what is still true: a row of `C<2>` is `C<1>`, a column of it is `Strided<1>`.

use super::sealed::{SetAxis, Token};
use super::{C, F, Indirect, Layout, Slice, Strided};
use crate::error::{Error, IndexError, LayoutError};
use crate::limits::MAX_NDIM;

/// The way from the first element of a view to the first element of a part of it: move the pointer, and then, if the
/// axis holds pointers, follow the pointer that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of bytes to move the pointer by.
    pub(crate) offset: isize,
    /// If the pointer found there must be followed: the suboffset to add to it.
    pub(crate) follow: Option<isize>,
}

/// A layout from which an axis can be removed: it has at least one axis, or its ndim is known at run time only.
pub trait RemoveAxis: InsertAxis {
    /// The layout type of one row: the result of an index on axis 0.
    type Row: Layout;
    /// The layout type of the result of an index on any axis.
    type IndexedAxis: Layout<General = Self::IndexedAxis> + SetAxis;
    /// The layout type of the result of removing an axis of length 1.
    type SqueezedAxis: Layout;
    /// The layout type of a range of rows. It is the same type, unless this type would promise too much.
    type Rows: RemoveAxis<Row = Self::Row, IndexedAxis = Self::IndexedAxis>;

    /// Returns the layout of one row.
    #[doc(hidden)]
    fn row(&self, itemsize: usize) -> Self::Row;

    /// Returns the layout without `axis`, which is less than the ndim.
    #[doc(hidden)]
    fn without_axis(&self, axis: usize, itemsize: usize) -> Self::IndexedAxis;

    /// Returns the layout without `axis`, whose length is 1.
    #[doc(hidden)]
    fn remove_axis(&self, axis: usize, itemsize: usize) -> Self::SqueezedAxis;

    /// Returns the step to the first element and the layout that result from removing `axis`, whose length is 1.
    #[doc(hidden)]
    #[inline]
    fn remove(&self, axis: usize, itemsize: usize) -> Result<(Step, Self::SqueezedAxis), Error> {
        Ok((Step { offset: 0, follow: None }, self.remove_axis(axis, itemsize)))
    }

    /// Returns the layout of the first `count` rows, or of all rows if there are fewer.
    #[doc(hidden)]
    fn with_rows(&self, count: usize, itemsize: usize) -> Self::Rows;

    /// Returns the step to row `index` and the layout of the row. `index` is less than the length of axis 0.
    #[doc(hidden)]
    #[inline]
    fn index_row(&self, index: usize, itemsize: usize) -> (Step, Self::Row) {
        (Step { offset: offset_on(self, 0, index, itemsize), follow: None }, self.row(itemsize))
    }

    /// Returns the step and the layout that result from `index` on `axis`. `index` is less than the length of the axis.
    #[doc(hidden)]
    #[inline]
    fn index_axis(
        &self,
        axis: usize,
        index: usize,
        itemsize: usize,
    ) -> Result<(Step, Self::IndexedAxis), Error> {
        let offset = offset_on(self, axis, index, itemsize);
        Ok((Step { offset, follow: None }, self.without_axis(axis, itemsize)))
    }
}

/// A layout that can get one more axis.
pub trait InsertAxis: Layout {
    /// The layout type with one more axis, which has length 1 and any position. A contiguous layout stays contiguous.
    type Inserted: Layout;

    /// Returns the layout with a new axis of length 1 before `axis`, which is at most the ndim.
    #[doc(hidden)]
    fn insert_axis(&self, axis: usize, itemsize: usize) -> Self::Inserted;
}

macro_rules! axes {
    ($($ndim:literal => $dropped:literal),*) => {$(
        impl RemoveAxis for C<$ndim> {
            type Row = C<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = C<$dropped>;
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
            fn remove_axis(&self, axis: usize, _itemsize: usize) -> C<$dropped> {
                C::from_array(without(self.to_array(), axis))
            }

            #[inline]
            fn with_rows(&self, count: usize, _itemsize: usize) -> Self {
                let mut shape = self.to_array();
                shape[0] = count.min(shape[0]);
                C::from_array(shape)
            }
        }

        impl RemoveAxis for F<$ndim> {
            type Row = Strided<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = F<$dropped>;
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
            fn remove_axis(&self, axis: usize, _itemsize: usize) -> F<$dropped> {
                F::from_array(without(self.to_array(), axis))
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Strided<$ndim> {
                self.to_general(itemsize).with_rows(count, itemsize)
            }
        }

        impl RemoveAxis for Strided<$ndim> {
            type Row = Strided<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = Strided<$dropped>;
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
            fn remove_axis(&self, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                let mut rows = *self;
                rows.set_axis(Token(()), 0, count.min(self.shape()[0]), self.stride(0, itemsize));
                rows
            }
        }

        impl RemoveAxis for Indirect<$ndim> {
            type Row = Indirect<$dropped>;
            type IndexedAxis = Indirect<$dropped>;
            type SqueezedAxis = Indirect<$dropped>;
            type Rows = Self;

            #[inline]
            fn row(&self, itemsize: usize) -> Indirect<$dropped> {
                self.without_axis(0, itemsize)
            }

            #[inline]
            fn without_axis(&self, axis: usize, _itemsize: usize) -> Indirect<$dropped> {
                let (shape, strides, suboffsets) = self.to_arrays();
                Indirect::from_arrays(without(shape, axis), without(strides, axis), without(suboffsets, axis))
            }

            #[inline]
            fn remove_axis(&self, axis: usize, itemsize: usize) -> Indirect<$dropped> {
                self.without_axis(axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                let mut rows = *self;
                rows.set_axis(Token(()), 0, count.min(self.shape()[0]), self.stride(0, itemsize));
                rows
            }

            #[inline]
            fn remove(&self, axis: usize, itemsize: usize) -> Result<(Step, Indirect<$dropped>), Error> {
                self.index_axis(axis, 0, itemsize)
            }

            #[inline]
            fn index_row(&self, index: usize, itemsize: usize) -> (Step, Indirect<$dropped>) {
                let offset = offset_on(self, 0, index, itemsize);
                let follow = Some(self.suboffsets()[0]).filter(|suboffset| *suboffset >= 0 && !self.is_empty());
                (Step { offset, follow }, self.row(itemsize))
            }

            fn index_axis(
                &self,
                axis: usize,
                index: usize,
                itemsize: usize,
            ) -> Result<(Step, Indirect<$dropped>), Error> {
                if axis == 0 {
                    return Ok(self.index_row(index, itemsize));
                }
                // There would be a different pointer to follow for each index of the earlier axes.
                if self.suboffsets()[axis] >= 0 {
                    return Err(LayoutError::PicksPointer { axis }.into());
                }
                let mut picked = *self;
                let offset = picked.shift(Token(()), axis, offset_on(self, axis, index, itemsize))?;
                Ok((Step { offset, follow: None }, picked.without_axis(axis, itemsize)))
            }
        }
    )*};
}

axes!(1 => 0, 2 => 1, 3 => 2, 4 => 3, 5 => 4, 6 => 5, 7 => 6, 8 => 7);

macro_rules! insert_axis {
    ($($ndim:literal => $inserted:literal),*) => {$(
        impl InsertAxis for C<$ndim> {
            type Inserted = C<$inserted>;

            #[inline]
            fn insert_axis(&self, axis: usize, _itemsize: usize) -> C<$inserted> {
                C::from_array(with(self.to_array(), axis, 1))
            }
        }

        impl InsertAxis for F<$ndim> {
            type Inserted = F<$inserted>;

            #[inline]
            fn insert_axis(&self, axis: usize, _itemsize: usize) -> F<$inserted> {
                F::from_array(with(self.to_array(), axis, 1))
            }
        }

        impl InsertAxis for Strided<$ndim> {
            type Inserted = Strided<$inserted>;

            #[inline]
            fn insert_axis(&self, axis: usize, itemsize: usize) -> Strided<$inserted> {
                Strided::from_arrays(with(self.to_array(), axis, 1), with(self.strides(itemsize), axis, 0))
            }
        }

        impl InsertAxis for Indirect<$ndim> {
            type Inserted = Indirect<$inserted>;

            #[inline]
            fn insert_axis(&self, axis: usize, _itemsize: usize) -> Indirect<$inserted> {
                let (shape, strides, suboffsets) = self.to_arrays();
                Indirect::from_arrays(with(shape, axis, 1), with(strides, axis, 0), with(suboffsets, axis, -1))
            }
        }
    )*};
}

insert_axis!(0 => 1, 1 => 2, 2 => 3, 3 => 4, 4 => 5, 5 => 6, 6 => 7, 7 => 8, 8 => 9);

/// Returns `list` without the item at `axis`; `M` is `N - 1`.
#[inline]
fn without<X: Copy, const N: usize, const M: usize>(list: [X; N], axis: usize) -> [X; M] {
    core::array::from_fn(|i| list[if i < axis { i } else { i.wrapping_add(1) }])
}

/// Returns `list` with `item` inserted before the item at `axis`; `M` is `N + 1`.
#[inline]
fn with<X: Copy, const N: usize, const M: usize>(list: [X; N], axis: usize, item: X) -> [X; M] {
    core::array::from_fn(|i| match i.cmp(&axis) {
        core::cmp::Ordering::Less => list[i],
        core::cmp::Ordering::Equal => item,
        core::cmp::Ordering::Greater => list[i.wrapping_sub(1)],
    })
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
    layout.index_axis(axis, index, itemsize)
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

/// Returns the step to row `index` and the layout of the row. The index counts from the start only.
#[inline]
pub(crate) fn index_row<L: RemoveAxis>(
    layout: &L,
    index: usize,
    itemsize: usize,
) -> Result<(Step, L::Row), Error> {
    match layout.shape().first().copied() {
        Some(length) if index < length => Ok(layout.index_row(index, itemsize)),
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
    let span = slice.resolve(extent_of(layout, axis)?).ok_or(LayoutError::ZeroStep { axis })?;
    let mut general = layout.to_general(itemsize);
    let stride = layout.stride(axis, itemsize);
    // If the product wraps, the step is so large that at most one index is left, whose stride has no meaning.
    general.set_axis(Token(()), axis, span.count, stride.wrapping_mul(span.step));
    if general.is_empty() {
        return Ok((0, general));
    }
    let offset = general.shift(Token(()), axis, offset_on(layout, axis, span.start, itemsize))?;
    Ok((offset, general))
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
fn offset_on<L: Layout>(layout: &L, axis: usize, index: usize, itemsize: usize) -> isize {
    // The product fits (L2), unless the layout is empty. Then no offset is inside the memory, so the offset is 0.
    if layout.is_empty() { 0 } else { layout.stride(axis, itemsize).wrapping_mul(index.cast_signed()) }
}
