//! `Shape`: what `reshape` and `broadcast_to` are asked for. The compiler knows the number of axes, or only the caller does.

use super::{Direct, Dyn, PerAxis, Strided, sealed};
use crate::error::{Error, LayoutError};
use crate::limits::MAX_NDIM;

/// The shape of a result: `[usize; M]` for a result whose type has `M` axes, or `&[usize]` for one with a [`Dyn`] layout.
///
/// # Rationale
///
/// The trait is sealed, because a shape is read more than once, and L1 and L2 rely on the same answers.
///
/// # Examples
///
/// ```
/// use typedview::{C, Dyn, View};
///
/// let view = View::from(&[1, 2, 3, 4, 5, 6]);
/// let table: View<'_, i32, C<2>> = view.reshape([2, 3]);
/// let any: View<'_, i32, Dyn> = view.reshape(&vec![3, 2][..]);
/// assert_eq!((table.shape(), any.shape()), (&[2, 3][..], &[3, 2][..]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape",
    label = "expected an array of `usize`, such as `[3, 4]`, or a slice `&[usize]`"
)]
pub trait Shape: sealed::Shape + Copy + AsRef<[usize]> {
    /// The layout of this many axes with any strides.
    type Strided: Direct;
    /// The layout of an `L` that has been reshaped.
    type Reshaped<L: Direct>: Direct;
    /// One stride for each axis.
    #[doc(hidden)]
    type Strides: AsRef<[isize]> + AsMut<[isize]>;

    /// Returns one stride for each axis, all of which are `stride`. Fails if there are too many axes (L3).
    #[doc(hidden)]
    fn strides(self, stride: isize) -> Result<Self::Strides, Error>;

    /// Returns the layout with this shape and strides. The caller must keep the sizes and the offsets inside `isize` (L1, L2).
    #[doc(hidden)]
    fn strided(self, token: sealed::Token, strides: Self::Strides) -> Self::Strided;
}

impl<const M: usize> sealed::Shape for [usize; M] {}

impl<const M: usize> Shape for [usize; M] {
    type Strided = Strided<M>;
    type Reshaped<L: Direct> = L::Reshaped<M>;
    type Strides = [isize; M];

    #[inline]
    fn strides(self, stride: isize) -> Result<[isize; M], Error> {
        Ok([stride; M])
    }

    #[inline]
    fn strided(self, _token: sealed::Token, strides: [isize; M]) -> Strided<M> {
        Strided::from_arrays(self, strides)
    }
}

impl sealed::Shape for &[usize] {}

impl Shape for &[usize] {
    type Strided = Dyn;
    type Reshaped<L: Direct> = Dyn;
    type Strides = PerAxis<isize>;

    fn strides(self, stride: isize) -> Result<PerAxis<isize>, Error> {
        if self.len() > MAX_NDIM {
            return Err(LayoutError::TooManyAxes { ndim: self.len() }.into());
        }
        Ok(self.iter().map(|_| stride).collect())
    }

    fn strided(self, _token: sealed::Token, strides: PerAxis<isize>) -> Dyn {
        Dyn::of_axes(self.iter().copied().zip(strides.iter().copied()))
    }
}
