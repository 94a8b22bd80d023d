//! Inserting an axis: the layout with one more axis of length 1, for each layout type of 0 to 8 axes.
//! `Dyn` has its own in `dynamic`.

use super::axis::InsertAxis;
use super::{C, F, Indirect, Layout, Pitched, Strided};

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

        impl InsertAxis for Pitched<$ndim> {
            type Inserted = Pitched<$inserted>;

            #[inline]
            fn insert_axis(&self, axis: usize, itemsize: usize) -> Pitched<$inserted> {
                Pitched::from_arrays(with(self.to_array(), axis, 1), with(self.strides(itemsize), axis, 0))
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

/// Returns `list` with `item` inserted before the item at `axis`; `M` is `N + 1`.
#[inline]
fn with<X: Copy, const N: usize, const M: usize>(list: [X; N], axis: usize, item: X) -> [X; M] {
    core::array::from_fn(|i| match i.cmp(&axis) {
        core::cmp::Ordering::Less => list[i],
        core::cmp::Ordering::Equal => item,
        core::cmp::Ordering::Greater => list[i.wrapping_sub(1)],
    })
}
