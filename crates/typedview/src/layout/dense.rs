//! The contiguous layouts: one block without gaps, in C order (`C`) or in Fortran order (`F`).
//! They store the shape alone. The stride of the fastest axis is then a constant, so that a loop over it vectorises.

use super::{
    Direct, Layout, Number, Order, Pitched, Reach, Run, Strided, bounded, direct, exactly, is_contiguous,
    sealed::Sealed, size_of_shape,
};
use crate::error::{Error, LayoutError};

/// `N` axes in C order without gaps: `double[:, ::1]` in spec notation.
///
/// # Examples
///
/// ```
/// use typedview::{C, Layout};
///
/// let layout = C::new([4, 3], 8)?;
/// assert_eq!(layout.strides(8), [24, 8]);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct C<const N: usize> {
    shape: [usize; N],
}

/// `N` axes in Fortran order without gaps: `double[::1, :]` in spec notation.
///
/// # Examples
///
/// ```
/// use typedview::{F, Layout};
///
/// let layout = F::new([4, 3], 8)?;
/// assert_eq!(layout.strides(8), [8, 32]);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct F<const N: usize> {
    shape: [usize; N],
}

impl C<1> {
    /// Returns the layout of a slice.
    ///
    /// Rust already bounds the length of a slice as L1 requires, unless the elements have size 0.
    ///
    /// # Panics
    ///
    /// If the elements have size 0 and there are more than `isize::MAX` of them.
    #[inline]
    pub(crate) const fn of_slice<X>(slice: &[X]) -> Self {
        assert!(
            size_of::<X>() > 0 || slice.len() <= isize::MAX.cast_unsigned(),
            "a slice of elements without bytes has more than isize::MAX of them"
        );
        Self { shape: [slice.len()] }
    }
}

impl<const N: usize> C<N> {
    /// Returns the layout with a shape that comes from a layout. The strides are those of one block, and are not stored.
    #[inline]
    pub(super) const fn from_arrays(shape: [usize; N], _strides: [isize; N]) -> Self {
        Self::from_array(shape)
    }
}

macro_rules! dense {
    ($dense:ident, $transposed:ident, $reshaped:ident, $ranged:ident, $order:expr, $faster_axes:expr) => {
        impl<const N: usize> $dense<N> {
            /// Returns the layout of one block with this shape, for elements of `itemsize` bytes.
            ///
            /// # Errors
            ///
            /// Fails when the elements exceed the address space.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{C, F, Layout};
            ///
            /// let (rows, columns) = (C::new([4, 3], 8)?, F::new([4, 3], 8)?);
            /// assert_eq!((rows.strides(8), columns.strides(8)), ([24, 8], [8, 32]));
            /// let error = C::new([1 << 40, 1 << 40], 8).unwrap_err();
            /// assert_eq!(error.kind(), typedview::ErrorKind::Layout);
            /// # Ok::<(), typedview::Error>(())
            /// ```
            pub fn new(shape: [usize; N], itemsize: usize) -> Result<Self, Error> {
                const { bounded::<N>() };
                size_of_shape(&shape, itemsize)?;
                Ok(Self { shape })
            }

            /// Returns the layout with a shape that comes from a layout, or that has been checked in the same way.
            #[inline]
            pub(super) const fn from_array(shape: [usize; N]) -> Self {
                const { bounded::<N>() };
                Self { shape }
            }

            #[inline]
            pub(super) const fn to_array(self) -> [usize; N] {
                self.shape
            }
        }

        impl<const N: usize> Sealed for $dense<N> {}

        impl<const N: usize> Layout for $dense<N> {
            type PerAxis<X: Number> = [X; N];
            type General = Strided<N>;
            type RangedAxis = $ranged<N>;
            const NDIM: Option<usize> = Some(N);
            const ORDER: Order = $order;
            const ONE_RUN: bool = matches!($order, Order::C) || N <= 1;

            #[inline]
            fn shape(&self) -> &[usize] {
                &self.shape
            }

            #[inline]
            fn stride(&self, axis: usize, itemsize: usize) -> isize {
                // The product fits (L1). In an empty layout it may wrap, but there no stride has a meaning.
                let faster: fn(&[usize], usize) -> &[usize] = $faster_axes;
                faster(&self.shape, axis)
                    .iter()
                    .fold(itemsize, |stride, &extent| stride.wrapping_mul(extent))
                    .cast_signed()
            }

            #[inline]
            fn strides(&self, itemsize: usize) -> [isize; N] {
                core::array::from_fn(|axis| self.stride(axis, itemsize))
            }

            #[inline]
            fn to_general(&self, itemsize: usize) -> Strided<N> {
                Strided::from_arrays(self.shape, self.strides(itemsize))
            }

            #[inline]
            fn to_ranged_axis(&self, itemsize: usize) -> $ranged<N> {
                $ranged::from_arrays(self.shape, self.strides(itemsize))
            }

            #[inline]
            fn origin(&self) -> [usize; N] {
                [0; N]
            }

            #[inline(always)]
            fn from_parts(
                shape: &[usize],
                strides: &[isize],
                suboffsets: &[isize],
                itemsize: usize,
            ) -> Result<Self, Error> {
                const { bounded::<N>() };
                direct(suboffsets)?;
                // These become arrays, so that the compiler unrolls the loops over them.
                let (shape, strides): ([usize; N], [isize; N]) = (exactly(shape)?, exactly(strides)?);
                size_of_shape(&shape, itemsize)?;
                if is_contiguous(Self::ORDER, &shape, &strides, itemsize) {
                    return Ok(Self { shape });
                }
                // Strides that overflow are reported as such, and not as strides that are not contiguous.
                Reach::of(&shape, &strides, itemsize)?;
                Err(not_contiguous(Self::ORDER, &shape, &strides))
            }

            #[inline]
            fn run(&self, itemsize: usize) -> Run {
                let stride = itemsize.cast_signed();
                match self.shape.last() {
                    Some(&length) if Self::ORDER == Order::F && N > 1 => {
                        Run { length, stride: self.stride(N.wrapping_sub(1), itemsize), axes: 1 }
                    }
                    // In C order, or with at most one axis, all elements are adjacent in index order.
                    _ => Run { length: self.size(), stride, axes: N },
                }
            }
        }

        impl<const N: usize> Direct for $dense<N> {
            type Transposed = $transposed<N>;
            type Reshaped<const M: usize> = $reshaped<M>;

            #[inline]
            fn transpose(&self, _itemsize: usize) -> $transposed<N> {
                let mut shape = self.shape;
                shape.reverse();
                $transposed { shape }
            }
        }
    };
}

dense!(C, F, C, Pitched, Order::C, |shape, axis| shape.get(axis.wrapping_add(1)..).unwrap_or_default());
dense!(F, C, Strided, Strided, Order::F, |shape, axis| shape.get(..axis).unwrap_or_default());

#[cold]
fn not_contiguous(order: Order, shape: &[usize], strides: &[isize]) -> Error {
    let order = if order == Order::C { "C" } else { "Fortran" };
    LayoutError::NotContiguous { order, shape: shape.into(), strides: strides.into() }.into()
}
