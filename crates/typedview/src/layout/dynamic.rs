//! The dynamic layout: any number of axes up to 64, which is known at run time only.
//! Up to eight axes are stored inline; more axes need an allocation.

use super::axis::InsertAxis;
use super::sealed::{Sealed, SetAxis, Token};
use super::{Direct, Layout, Number, Order, PerAxis, Reach, RemoveAxis, Run, Strided, direct};
use crate::error::{Error, LayoutError};
use crate::limits::MAX_NDIM;

/// Any number of axes, each with a byte stride: `double[...]` in spec notation.
///
/// # Examples
///
/// ```
/// use typedview::{Dyn, View};
///
/// let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
/// let any: View<'_, i32, Dyn> = table.to_dyn();
/// assert_eq!(any.row(1).at([2]), 6);
/// assert_eq!(any.squeeze().ndim(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dyn {
    shape: PerAxis<usize>,
    strides: PerAxis<isize>,
}

impl Dyn {
    /// Returns the layout with this shape and these strides, in bytes.
    ///
    /// # Errors
    ///
    /// Fails when `shape` and `strides` have different lengths, when there are more than 64 axes, or when the elements
    /// or the offset of an element exceed the address space.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Dyn, Layout};
    ///
    /// let backwards = Dyn::new(&[4, 3], &[-24, 8], 8)?;
    /// assert_eq!((backwards.ndim(), backwards.size()), (2, 12));
    /// assert!(Dyn::new(&[4, 3], &[8], 8).is_err());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn new(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<Self, Error> {
        if shape.len() != strides.len() {
            return Err(LayoutError::NdimDiffers { wanted: shape.len(), found: strides.len() }.into());
        }
        Reach::of(shape, strides, itemsize)?;
        let mut layout = Self::scalar();
        layout.set_ndim(shape.len())?;
        let (new_shape, new_strides) = layout.as_mut_slices();
        new_shape.copy_from_slice(shape);
        new_strides.copy_from_slice(strides);
        Ok(layout)
    }

    /// Returns a layout with the shape and the strides of `layout`. The suboffsets of `layout` are ignored.
    pub(crate) fn of_layout<L: Layout>(layout: &L, itemsize: usize) -> Self {
        let strides = layout.strides(itemsize);
        Self::of_axes(layout.shape().iter().copied().zip(strides.as_ref().iter().copied()))
    }

    /// Returns the contiguous layout in C order with this shape, which comes from a layout.
    pub(crate) fn dense(shape: &[usize], itemsize: usize) -> Self {
        Self { shape: shape.iter().copied().collect(), strides: PerAxis::c_strides(shape, itemsize) }
    }

    /// Returns the layout with these extents and strides, which come from a layout.
    pub(crate) fn of_axes(axes: impl Iterator<Item = (usize, isize)> + Clone) -> Self {
        Self { shape: axes.clone().map(|axis| axis.0).collect(), strides: axes.map(|axis| axis.1).collect() }
    }

    /// Returns the layout without axes, which has one element.
    #[inline]
    pub(crate) fn scalar() -> Self {
        Self { shape: PerAxis::empty(), strides: PerAxis::empty() }
    }

    /// Gives this layout, which has no axes, `ndim` axes of length 0.
    #[inline]
    pub(super) fn set_ndim(&mut self, ndim: usize) -> Result<(), Error> {
        if ndim > MAX_NDIM {
            return Err(LayoutError::TooManyAxes { ndim }.into());
        }
        self.shape.lengthen(ndim);
        self.strides.lengthen(ndim);
        Ok(())
    }

    /// The shape and the strides.
    #[inline]
    pub(super) fn as_slices(&self) -> (&[usize], &[isize]) {
        (&self.shape, &self.strides)
    }

    /// The shape and the strides, for writing. The caller must keep the sizes and the offsets inside `isize` (L1, L2).
    #[inline]
    pub(super) fn as_mut_slices(&mut self) -> (&mut [usize], &mut [isize]) {
        (&mut self.shape, &mut self.strides)
    }

    /// Returns the extent and the stride of each axis.
    pub(crate) fn axes(&self) -> impl DoubleEndedIterator<Item = (usize, isize)> + Clone {
        self.shape.iter().copied().zip(self.strides.iter().copied())
    }

    /// Returns this layout with more axes after those that it has.
    pub(crate) fn then(&self, shape: &[usize], strides: &[isize]) -> Self {
        Self {
            shape: PerAxis::joined(&[&self.shape, shape]),
            strides: PerAxis::joined(&[&self.strides, strides]),
        }
    }

    /// Returns this layout without `axis`.
    pub(crate) fn without(&self, axis: usize) -> Self {
        Self::of_axes(self.axes().enumerate().filter(move |(i, _)| *i != axis).map(|(_, axis)| axis))
    }

    /// Returns this layout without its axes of length 1.
    pub(crate) fn squeeze(&self) -> Self {
        Self::of_axes(self.axes().filter(|axis| axis.0 != 1))
    }
}

impl Sealed for Dyn {}

impl SetAxis for Dyn {
    fn set_axis(&mut self, _token: Token, axis: usize, extent: usize, stride: isize) {
        self.shape[axis] = extent;
        self.strides[axis] = stride;
    }
}

impl Layout for Dyn {
    type PerAxis<X: Number> = PerAxis<X>;
    type General = Self;
    type RangedAxis = Self;
    const NDIM: Option<usize> = None;
    const ORDER: Order = Order::Strided;

    #[inline]
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    #[inline]
    fn stride(&self, axis: usize, _itemsize: usize) -> isize {
        self.strides[axis]
    }

    fn strides(&self, _itemsize: usize) -> PerAxis<isize> {
        self.strides.clone()
    }

    fn to_general(&self, _itemsize: usize) -> Self {
        self.clone()
    }

    fn to_ranged_axis(&self, _itemsize: usize) -> Self {
        self.clone()
    }

    fn origin(&self) -> PerAxis<usize> {
        self.shape.iter().map(|_| 0).collect()
    }

    fn from_parts(
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
        itemsize: usize,
    ) -> Result<Self, Error> {
        direct(suboffsets)?;
        Self::new(shape, strides, itemsize)
    }

    #[inline]
    fn run(&self, itemsize: usize) -> Run {
        match (self.shape.last(), self.strides.last()) {
            (Some(&length), Some(&stride)) => Run { length, stride, axes: 1 },
            _ => Run { length: 1, stride: itemsize.cast_signed(), axes: 0 },
        }
    }
}

impl Direct for Dyn {
    type Transposed = Self;
    type Reshaped<const M: usize> = Strided<M>;

    fn transpose(&self, _itemsize: usize) -> Self {
        Self::of_axes(self.axes().rev())
    }
}

impl InsertAxis for Dyn {
    type Inserted = Self;

    fn insert_axis(&self, axis: usize, _itemsize: usize) -> Self {
        let before = self.axes().take(axis);
        Self::of_axes(before.chain([(1, 0)]).chain(self.axes().skip(axis)))
    }
}

impl RemoveAxis for Dyn {
    type Row = Self;
    type IndexedAxis = Self;
    type SqueezedAxis = Self;
    type Rows = Self;
    type SteppedRows = Self;

    fn row(&self, _token: Token, _itemsize: usize) -> Self {
        self.without(0)
    }

    fn without_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> Self {
        self.without(axis)
    }

    fn remove_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> Self {
        self.without(axis)
    }

    fn with_rows(&self, count: usize, _itemsize: usize) -> Self {
        let mut rows = self.clone();
        if let Some(extent) = rows.shape.first_mut() {
            *extent = count.min(*extent);
        }
        rows
    }

    fn to_stepped_rows(&self, _itemsize: usize) -> Self {
        self.clone()
    }
}
