//! The indirect layout: axes that hold pointers to the memory of the next ones.
//! An index is not an offset here, so the axes cannot change places: it is no [`Direct`](super::Direct) layout.

use super::sealed::{Sealed, SetAxis, Token};
use super::{Layout, Number, Order, Reach, Run, bounded, exactly};
use crate::error::{Error, LayoutError};

/// `N` axes with a byte stride each, some of which hold pointers: `double[::generic, ::generic]` in spec notation.
///
/// The address of an index is found axis by axis: add index times stride; where the suboffset is not negative, follow
/// the pointer found there and add the suboffset (PEP 3118).
///
/// # Examples
///
/// Rows that were allocated one by one, as one table (C's `double **`):
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
    /// A layout of `shape` with `strides` in bytes; a suboffset is negative where an axis holds no pointers.
    ///
    /// # Errors
    ///
    /// The elements, or an offset on the way to one, exceed the address space.
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
            None => {
                Err(LayoutError::ReachOverflows { shape: shape.into(), strides: suboffsets.into() }.into())
            }
        }
    }

    /// The layout of the same elements, of which no axis holds pointers.
    #[inline]
    pub(crate) fn of_direct<L>(layout: &L, itemsize: usize) -> Self
    where
        L: Layout<PerAxis<usize> = [usize; N], PerAxis<isize> = [isize; N]>,
    {
        let shape = core::array::from_fn(|axis| layout.shape()[axis]);
        Self { shape, strides: layout.strides(itemsize), suboffsets: [-1; N] }
    }

    /// Arrays that come from a layout.
    #[inline]
    pub(super) const fn from_arrays(shape: [usize; N], strides: [isize; N], suboffsets: [isize; N]) -> Self {
        const { bounded::<N>() };
        Self { shape, strides, suboffsets }
    }

    #[inline]
    pub(super) const fn to_arrays(self) -> ([usize; N], [isize; N], [isize; N]) {
        (self.shape, self.strides, self.suboffsets)
    }

    /// The last axis before `axis` that holds pointers.
    #[inline]
    fn pointers_before(&self, axis: usize) -> Option<usize> {
        (0..axis).rev().find(|&axis| self.suboffsets[axis] >= 0)
    }
}

impl Indirect<2> {
    /// A table of pointers to rows.
    ///
    /// # Errors
    ///
    /// There are more elements than `isize` counts: rows in Rust are bounded, but not all of them together, nor one
    /// whose elements have no bytes.
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

    /// Behind an axis of pointers every block begins elsewhere: the offset belongs behind its pointers.
    #[inline]
    fn shift(&mut self, _token: Token, axis: usize, offset: isize) -> Result<isize, Error> {
        let Some(pointers) = self.pointers_before(axis) else {
            return Ok(offset);
        };
        match self.suboffsets[pointers].checked_add(offset) {
            // A negative suboffset would mean that there are no pointers.
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
            // Every element has a pointer of its own.
            _ => Run { length: 1, stride: itemsize.cast_signed(), axes: 0 },
        }
    }
}
