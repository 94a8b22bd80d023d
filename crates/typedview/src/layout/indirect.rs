//! The indirect layout: axes that may hold pointers to the memory of the axes after them.
//! An index has no single byte offset here, and the axes cannot be reordered, so it is not a [`Direct`](super::Direct)
//! layout.

use super::sealed::{Sealed, SetAxis, Token};
use super::{Layout, Number, Order, Reach, Run, bounded, exactly};
use crate::error::{Error, LayoutError};

/// `N` axes, each with a byte stride, and some of them with pointers: `double[::generic, ::generic]` in spec notation.
///
/// The address of an element is computed axis by axis, as PEP 3118 says. Index times stride is added to the address. If
/// the suboffset is not negative, the pointer at this address is followed, and the suboffset is added to it.
///
/// # Examples
///
/// Rows that were allocated one by one are viewed as one table (C's `double **`):
///
/// ```
/// use typedview::RowStack;
///
/// let stack = RowStack::try_new(vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]])?;
/// let table = stack.view();
/// assert_eq!(table.at([2, 1]), 6.0);
/// assert_eq!(table.row(1).to_vec(), [3.0, 4.0]);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Indirect<const N: usize> {
    shape: [usize; N],
    strides: [isize; N],
    suboffsets: [isize; N],
}

impl<const N: usize> Indirect<N> {
    /// Returns the layout with this shape, these strides in bytes, and these suboffsets. The suboffset of an axis that
    /// holds no pointers is negative.
    ///
    /// # Errors
    ///
    /// Fails when the elements, or an offset on the way to an element, exceed the address space.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Indirect, Layout};
    ///
    /// // A list of 3 pointers of 8 bytes, each to 4 doubles.
    /// let rows = Indirect::new([3, 4], [8, 8], [0, -1], 8)?;
    /// assert_eq!((rows.shape(), rows.suboffsets()), (&[3, 4][..], &[0, -1][..]));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn new(
        shape: [usize; N],
        strides: [isize; N],
        suboffsets: [isize; N],
        itemsize: usize,
    ) -> Result<Self, Error> {
        const { bounded::<N>() };
        let Reach { highest, .. } = Reach::of(&shape, &strides, itemsize.max(size_of::<usize>()))?;
        let reach = suboffsets.iter().try_fold(highest, |reach, &offset| reach.checked_add(offset.max(0)));
        match reach {
            Some(_) => Ok(Self { shape, strides, suboffsets }),
            None => Err(LayoutError::SuboffsetsOverflow { suboffsets: suboffsets.into() }.into()),
        }
    }

    /// Returns the indirect layout of the same elements. No axis of `layout` holds pointers.
    #[inline]
    pub(crate) fn of_direct<L>(layout: &L, itemsize: usize) -> Self
    where
        L: Layout<PerAxis<usize> = [usize; N]> + Layout<PerAxis<isize> = [isize; N]>,
    {
        let shape = core::array::from_fn(|axis| layout.shape()[axis]);
        Self { shape, strides: layout.strides(itemsize), suboffsets: [-1; N] }
    }

    /// Returns the layout with these arrays, which come from a layout.
    #[inline]
    pub(super) const fn from_arrays(shape: [usize; N], strides: [isize; N], suboffsets: [isize; N]) -> Self {
        const { bounded::<N>() };
        Self { shape, strides, suboffsets }
    }

    #[inline]
    pub(super) const fn to_arrays(self) -> ([usize; N], [isize; N], [isize; N]) {
        (self.shape, self.strides, self.suboffsets)
    }

    /// Returns the last axis before `axis` that holds pointers.
    #[inline]
    fn pointers_before(&self, axis: usize) -> Option<usize> {
        (0..axis).rev().find(|&axis| self.suboffsets[axis] >= 0)
    }
}

impl Indirect<2> {
    /// Returns the layout of a table of pointers to rows.
    ///
    /// # Errors
    ///
    /// Fails when the number of elements, or of their bytes, does not fit `isize`. Rust bounds the size of one row, but
    /// not the size of all rows together, and not the length of a row whose elements have size 0.
    pub(crate) fn of_rows(rows: usize, columns: usize, itemsize: usize) -> Result<Self, Error> {
        let strides = [size_of::<usize>().cast_signed(), itemsize.cast_signed()];
        Self::new([rows, columns], strides, [0, -1], itemsize)
    }
}

impl<const N: usize> Sealed for Indirect<N> {}

impl<const N: usize> SetAxis for Indirect<N> {
    #[inline]
    fn set_axis(&mut self, _token: Token, axis: usize, extent: usize, stride: isize) {
        self.shape[axis] = extent;
        self.strides[axis] = stride;
    }

    /// If an earlier axis holds pointers, each of them leads to a block of its own, and the offset applies inside every
    /// block. The offset is therefore added to the suboffset of that axis, and the pointer of the view does not move.
    #[inline]
    fn shift(&mut self, _token: Token, axis: usize, offset: isize) -> Result<isize, Error> {
        let Some(pointers) = self.pointers_before(axis) else {
            return Ok(offset);
        };
        match self.suboffsets[pointers].checked_add(offset) {
            // A negative suboffset would mean that the axis holds no pointers.
            Some(suboffset) if suboffset >= 0 => {
                self.suboffsets[pointers] = suboffset;
                Ok(0)
            }
            _ => Err(LayoutError::BeforePointer { axis, pointers, offset }.into()),
        }
    }
}

impl<const N: usize> Layout for Indirect<N> {
    type PerAxis<X: Number> = [X; N];
    type General = Self;
    type RangedAxis = Self;
    const NDIM: Option<usize> = Some(N);
    const ORDER: Order = Order::Strided;
    const INDIRECT: bool = true;

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
    fn suboffsets(&self) -> &[isize] {
        &self.suboffsets
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

    fn from_parts(
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
        itemsize: usize,
    ) -> Result<Self, Error> {
        let suboffsets = if suboffsets.is_empty() { [-1; N] } else { exactly(suboffsets)? };
        Self::new(exactly(shape)?, exactly(strides)?, suboffsets, itemsize)
    }

    #[inline]
    fn run(&self, itemsize: usize) -> Run {
        match (self.shape.last(), self.strides.last(), self.suboffsets.last()) {
            (Some(&length), Some(&stride), Some(..0)) => Run { length, stride, axes: 1 },
            // The last axis holds pointers, one for each element, or there is no axis.
            _ => Run { length: 1, stride: itemsize.cast_signed(), axes: 0 },
        }
    }
}
