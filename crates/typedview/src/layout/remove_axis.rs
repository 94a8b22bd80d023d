//! Removing an axis: the layout of a row, of an index on any axis, and of a range of rows, for each layout type of 1 to 8 axes.
//! `Dyn` has its own in `dynamic`.

use super::axis::{RemoveAxis, Step, offset_on};
use super::sealed::{SetAxis, Token};
use super::{C, F, Indirect, Layout, Pitched, Strided};
use crate::error::{Error, LayoutError};

macro_rules! axes {
    ($($ndim:literal => $dropped:literal, $row:ident, $stepped:ident;)*) => {$(
        impl RemoveAxis for C<$ndim> {
            type Row = C<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = C<$dropped>;
            type Rows = Self;
            type SteppedRows = $stepped<$ndim>;

            #[inline]
            fn to_stepped_rows(&self, itemsize: usize) -> $stepped<$ndim> {
                $stepped::from_arrays(self.to_array(), self.strides(itemsize))
            }

            #[inline]
            fn row(&self, _token: Token, _itemsize: usize) -> C<$dropped> {
                C::from_array(without(self.to_array(), 0))
            }

            #[inline]
            fn without_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.to_general(itemsize).without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn remove_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> C<$dropped> {
                C::from_array(without(self.to_array(), axis))
            }

            #[inline]
            fn index_row(&self, _token: Token, index: usize, itemsize: usize) -> (Step, C<$dropped>) {
                // The product fits (L2), and is 0 in an empty layout, whose rows have no bytes.
                let offset = self.stride(0, itemsize).wrapping_mul(index.cast_signed());
                (Step { offset, follow: None }, self.row(Token(()), itemsize))
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
            type SteppedRows = Strided<$ndim>;

            #[inline]
            fn to_stepped_rows(&self, itemsize: usize) -> Strided<$ndim> {
                self.to_general(itemsize)
            }

            #[inline]
            fn row(&self, _token: Token, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(Token(()), 0, itemsize)
            }

            #[inline]
            fn without_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.to_general(itemsize).without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn remove_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> F<$dropped> {
                F::from_array(without(self.to_array(), axis))
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Strided<$ndim> {
                self.to_general(itemsize).with_rows(count, itemsize)
            }
        }

        impl RemoveAxis for Pitched<$ndim> {
            type Row = $row<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = Strided<$dropped>;
            type Rows = Self;
            type SteppedRows = $stepped<$ndim>;

            #[inline]
            fn row(&self, _token: Token, itemsize: usize) -> $row<$dropped> {
                let strides: [isize; $ndim] = self.strides(itemsize);
                $row::from_arrays(without(self.to_array(), 0), without(strides, 0))
            }

            #[inline]
            fn without_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.to_general(itemsize).without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn remove_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                first_rows(self, count, itemsize)
            }

            #[inline]
            fn to_stepped_rows(&self, itemsize: usize) -> $stepped<$ndim> {
                $stepped::from_arrays(self.to_array(), self.strides(itemsize))
            }
        }

        impl RemoveAxis for Strided<$ndim> {
            type Row = Strided<$dropped>;
            type IndexedAxis = Strided<$dropped>;
            type SqueezedAxis = Strided<$dropped>;
            type Rows = Self;
            type SteppedRows = Self;

            #[inline]
            fn to_stepped_rows(&self, _itemsize: usize) -> Self {
                *self
            }

            #[inline]
            fn row(&self, _token: Token, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(Token(()), 0, itemsize)
            }

            #[inline]
            fn without_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                let strides: [isize; $ndim] = self.strides(itemsize);
                Strided::from_arrays(without(self.to_array(), axis), without(strides, axis))
            }

            #[inline]
            fn remove_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Strided<$dropped> {
                self.without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                first_rows(self, count, itemsize)
            }
        }

        impl RemoveAxis for Indirect<$ndim> {
            type Row = Indirect<$dropped>;
            type IndexedAxis = Indirect<$dropped>;
            type SqueezedAxis = Indirect<$dropped>;
            type Rows = Self;
            type SteppedRows = Self;

            #[inline]
            fn to_stepped_rows(&self, _itemsize: usize) -> Self {
                *self
            }

            #[inline]
            fn row(&self, _token: Token, itemsize: usize) -> Indirect<$dropped> {
                self.without_axis(Token(()), 0, itemsize)
            }

            #[inline]
            fn without_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> Indirect<$dropped> {
                let (shape, strides, suboffsets) = self.to_arrays();
                Indirect::from_arrays(without(shape, axis), without(strides, axis), without(suboffsets, axis))
            }

            #[inline]
            fn remove_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Indirect<$dropped> {
                self.without_axis(Token(()), axis, itemsize)
            }

            #[inline]
            fn with_rows(&self, count: usize, itemsize: usize) -> Self {
                first_rows(self, count, itemsize)
            }

            #[inline]
            fn remove(&self, _token: Token, axis: usize, itemsize: usize) -> Result<(Step, Indirect<$dropped>), Error> {
                self.index_axis(Token(()), axis, 0, itemsize)
            }

            #[inline]
            fn index_row(&self, _token: Token, index: usize, itemsize: usize) -> (Step, Indirect<$dropped>) {
                let offset = offset_on(self, 0, index, itemsize);
                let follow = Some(self.suboffsets()[0]).filter(|suboffset| *suboffset >= 0 && !self.is_empty());
                (Step { offset, follow }, self.row(Token(()), itemsize))
            }

            fn index_axis(
                &self,
                _token: Token,
                axis: usize,
                index: usize,
                itemsize: usize,
            ) -> Result<(Step, Indirect<$dropped>), Error> {
                if axis == 0 {
                    return Ok(self.index_row(Token(()), index, itemsize));
                }
                // There would be a different pointer to follow for each index of the earlier axes.
                if self.suboffsets()[axis] >= 0 {
                    return Err(LayoutError::PicksPointer { axis }.into());
                }
                let mut picked = *self;
                let offset = picked.shift(Token(()), axis, offset_on(self, axis, index, itemsize))?;
                Ok((Step { offset, follow: None }, picked.without_axis(Token(()), axis, itemsize)))
            }
        }
    )*};
}

axes! {
    1 => 0, C, Strided;
    2 => 1, C, Pitched;
    3 => 2, Pitched, Pitched;
    4 => 3, Pitched, Pitched;
    5 => 4, Pitched, Pitched;
    6 => 5, Pitched, Pitched;
    7 => 6, Pitched, Pitched;
    8 => 7, Pitched, Pitched;
}

/// Returns the layout of the first `count` rows, or of all rows if there are fewer. The layout has an axis.
#[inline]
fn first_rows<L: Layout + SetAxis>(layout: &L, count: usize, itemsize: usize) -> L {
    let mut rows = layout.clone();
    rows.set_axis(Token(()), 0, count.min(layout.shape()[0]), layout.stride(0, itemsize));
    rows
}

/// Returns `list` without the item at `axis`; `M` is `N - 1`.
#[inline]
fn without<X: Copy, const N: usize, const M: usize>(list: [X; N], axis: usize) -> [X; M] {
    core::array::from_fn(|i| list[if i < axis { i } else { i.wrapping_add(1) }])
}
