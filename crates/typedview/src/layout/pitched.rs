//! The pitched layout: rows without gaps inside, any distance apart, such as a crop of an image.
//! Its last axis has no stride of its own, so a loop over a row vectorises as it does over contiguous memory.

use super::sealed::{Sealed, SetAxis, Token};
use super::{Direct, Layout, Number, Order, Reach, Run, Strided, bounded, direct, exactly, is_contiguous};
use crate::error::{Error, LayoutError};

/// `N` axes of which the last has no gaps, and the others have any byte strides: `double[:, ::contiguous]` in spec notation.
///
/// It is the layout of a range of columns of a [`C`](super::C) layout. The distance between its rows is called the pitch, as in
/// graphics and in CUDA. A row of two axes is a `C<1>`.
///
/// # Examples
///
/// ```
/// use typedview::{C, Pitched, View, s};
///
/// fn brightest(image: View<'_, u8, Pitched<2>>) -> u8 {
///     image.rows().map(|row: View<'_, u8, C<1>>| row.iter().max().unwrap_or(0)).max().unwrap_or(0)
/// }
///
/// let image = View::from(&[[1, 2, 3, 9], [4, 5, 6, 9]]);
/// let crop: View<'_, u8, Pitched<2>> = image.slice(s![.., 1..3]);
/// assert_eq!(crop.strides(), [4, 1]);
/// assert_eq!(brightest(crop), 6);
/// assert_eq!(brightest(image.into()), 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pitched<const N: usize> {
    shape: [usize; N],
    /// The stride of each axis but the last, whose stride is the itemsize and is 0 here, so that equal layouts are equal.
    strides: [isize; N],
}

impl<const N: usize> Pitched<N> {
    /// Returns the layout with this shape and these strides, in bytes.
    ///
    /// # Errors
    ///
    /// Fails when the elements or the offset of an element exceed the address space, or when the stride of the last axis is not
    /// the itemsize, unless that axis has length 1 or the layout is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Pitched;
    ///
    /// assert!(Pitched::new([2, 3], [100, 8], 8).is_ok());
    /// let error = Pitched::new([2, 3], [100, 16], 8).unwrap_err();
    /// assert_eq!(error.to_string(), "axis 1: stride 16 is not the itemsize, 8");
    /// ```
    #[inline(always)]
    pub fn new(shape: [usize; N], strides: [isize; N], itemsize: usize) -> Result<Self, Error> {
        const { bounded::<N>() };
        Reach::of(&shape, &strides, itemsize)?;
        if is_contiguous(Order::Pitched, &shape, &strides, itemsize) {
            return Ok(Self::from_arrays(shape, strides));
        }
        Err(rows_have_gaps(&strides, itemsize))
    }

    /// Returns the layout with these arrays, which come from a layout or have been checked in the same way. The last stride is
    /// ignored.
    #[inline]
    pub(super) const fn from_arrays(shape: [usize; N], mut strides: [isize; N]) -> Self {
        const { bounded::<N>() };
        if let Some(last) = strides.last_mut() {
            *last = 0;
        }
        Self { shape, strides }
    }

    #[inline]
    pub(super) const fn to_array(self) -> [usize; N] {
        self.shape
    }
}

#[cold]
fn rows_have_gaps(strides: &[isize], itemsize: usize) -> Error {
    let axis = strides.len().saturating_sub(1);
    LayoutError::RowsHaveGaps { axis, stride: strides[axis], itemsize }.into()
}

impl<const N: usize> Sealed for Pitched<N> {}

impl<const N: usize> SetAxis for Pitched<N> {
    /// The last axis keeps its stride: only ranges with step 1 are taken of it.
    #[inline]
    fn set_axis(&mut self, _token: Token, axis: usize, extent: usize, stride: isize) {
        self.shape[axis] = extent;
        if axis.wrapping_add(1) < N {
            self.strides[axis] = stride;
        }
    }
}

impl<const N: usize> Layout for Pitched<N> {
    type PerAxis<X: Number> = [X; N];
    type General = Strided<N>;
    type RangedAxis = Self;
    const NDIM: Option<usize> = Some(N);
    const ORDER: Order = Order::Pitched;
    const ONE_RUN: bool = N <= 1;

    #[inline]
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    #[inline]
    fn stride(&self, axis: usize, itemsize: usize) -> isize {
        if axis.wrapping_add(1) == N { itemsize.cast_signed() } else { self.strides[axis] }
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
        let mut run = Run { length: 1, stride: itemsize.cast_signed(), axes: 0 };
        for (axis, &extent) in self.shape.iter().enumerate().rev() {
            // The last axis has no gaps. Neither has an axis before it, if what it steps over is the run found so far.
            let joins = run.axes == 0
                || self.stride(axis, itemsize) == run.stride.wrapping_mul(run.length.cast_signed());
            if !joins {
                break;
            }
            // Both fit: they count axes and elements of this layout (L1).
            run = Run { length: run.length.wrapping_mul(extent), axes: run.axes.wrapping_add(1), ..run };
        }
        run
    }
}

impl<const N: usize> Direct for Pitched<N> {
    type Transposed = Strided<N>;
    type Reshaped<const M: usize> = Strided<M>;

    #[inline]
    fn transpose(&self, itemsize: usize) -> Strided<N> {
        self.to_general(itemsize).transpose(itemsize)
    }
}
