//! Specialising: the same layout as a type that promises more, if the promise is true. The result needs no further check.

use super::{C, Direct, F, Ndim, Order, Pitched, Strided};

/// Returns the layout as one that promises no order.
#[inline]
pub(crate) fn to_strided<const N: usize, L: Direct + Ndim<N>>(layout: &L, itemsize: usize) -> Strided<N> {
    Strided::from_arrays(layout.extents(), core::array::from_fn(|axis| layout.stride(axis, itemsize)))
}

/// Returns the layout as one block in C order, or `None` if it is not one.
#[inline]
pub(crate) fn to_c<const N: usize, L>(layout: &L, itemsize: usize) -> Option<C<N>>
where
    L: Direct + Ndim<N>,
{
    layout.is_contiguous(Order::C, itemsize).then(|| C::from_array(layout.extents()))
}

/// Returns the layout as one block in Fortran order, or `None` if it is not one.
#[inline]
pub(crate) fn to_f<const N: usize, L>(layout: &L, itemsize: usize) -> Option<F<N>>
where
    L: Direct + Ndim<N>,
{
    layout.is_contiguous(Order::F, itemsize).then(|| F::from_array(layout.extents()))
}

/// Returns the layout as one whose rows have no gaps, or `None` if they have gaps.
#[inline]
pub(crate) fn to_pitched<const N: usize, L>(layout: &L, itemsize: usize) -> Option<Pitched<N>>
where
    L: Direct + Ndim<N>,
{
    let strides = || core::array::from_fn(|axis| layout.stride(axis, itemsize));
    layout.is_contiguous(Order::Pitched, itemsize).then(|| Pitched::from_arrays(layout.extents(), strides()))
}
