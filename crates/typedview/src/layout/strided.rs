//! The strided layout: any shape and any byte strides, with an ndim that the type knows.
//! A `C` or `F` layout becomes strided when an operation ends the promise about its order.

use super::sealed::{Sealed, SetAxis, Token};
use super::{Direct, Layout, Number, Order, Reach, Run, bounded, direct, exactly};
use crate::error::Error;

/// `N` axes, each with a byte stride: `double[:, :]` in spec notation.
///
/// # Examples
///
/// ```
/// use typedview::{Direct, Strided};
///
/// let rows_backwards = Strided::new([4, 3], [-24, 8], 8)?;
/// assert_eq!(rows_backwards.reach(8).lowest, -72);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Strided<const N: usize> {
    shape: [usize; N],
    strides: [isize; N],
}

impl<const N: usize> Strided<N> {
    /// Returns the layout with this shape and these strides, in bytes.
    ///
    /// # Errors
    ///
    /// Fails when the elements or the offset of an element exceed the address space.
    ///
    /// # Examples
    ///
    /// More than 64 axes do not compile:
    ///
    /// ```compile_fail
    /// let axes = typedview::Strided::new([1; 65], [0; 65], 8);
    /// ```
    ///
    /// ```compile_fail
    /// let axes = typedview::View::from_slice(&[1.0], [1; 65]);
    /// ```
    #[inline(always)]
    pub fn new(shape: [usize; N], strides: [isize; N], itemsize: usize) -> Result<Self, Error> {
        const { bounded::<N>() };
        Reach::of(&shape, &strides, itemsize)?;
        Ok(Self { shape, strides })
    }

    /// Returns the layout with these arrays, which come from a layout or have been checked in the same way.
    #[inline]
    pub(super) const fn from_arrays(shape: [usize; N], strides: [isize; N]) -> Self {
        const { bounded::<N>() };
        Self { shape, strides }
    }

    #[inline]
    pub(super) const fn to_array(self) -> [usize; N] {
        self.shape
    }
}

impl<const N: usize> Sealed for Strided<N> {}

impl<const N: usize> SetAxis for Strided<N> {
    #[inline]
    fn set_axis(&mut self, _token: Token, axis: usize, extent: usize, stride: isize) {
        self.shape[axis] = extent;
        self.strides[axis] = stride;
    }
}

impl<const N: usize> Layout for Strided<N> {
    type PerAxis<X: Number> = [X; N];
    type General = Self;
    type RangedAxis = Self;
    const NDIM: Option<usize> = Some(N);
    const ORDER: Order = Order::Strided;
    const ONE_RUN: bool = N <= 1;

    #[inline]
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    #[inline]
    fn stride(&self, axis: usize, _itemsize: usize) -> isize {
        self.strides[axis]
    }

    #[inline]
    fn strides(&self, _itemsize: usize) -> [isize; N] {
        self.strides
    }

    #[inline]
    fn to_general(&self, _itemsize: usize) -> Self {
        *self
    }

    #[inline]
    fn to_ranged_axis(&self, _itemsize: usize) -> Self {
        *self
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
        direct(suboffsets)?;
        Self::new(exactly(shape)?, exactly(strides)?, itemsize)
    }

    #[inline]
    fn run(&self, itemsize: usize) -> Run {
        match (self.shape.last(), self.strides.last()) {
            (Some(&length), Some(&stride)) => Run { length, stride, axes: 1 },
            _ => Run { length: 1, stride: itemsize.cast_signed(), axes: 0 },
        }
    }
}

impl<const N: usize> Direct for Strided<N> {
    type Transposed = Self;
    type Reshaped<const M: usize> = Strided<M>;

    #[inline]
    fn transpose(&self, _itemsize: usize) -> Self {
        let Self { mut shape, mut strides } = *self;
        shape.reverse();
        strides.reverse();
        Self { shape, strides }
    }
}
