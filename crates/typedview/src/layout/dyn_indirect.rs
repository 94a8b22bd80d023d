//! The layout of untyped views: any number of axes, each of which may hold pointers.
//! It is [`Dyn`] with suboffsets. Memory without pointers, which is nearly all memory, allocates nothing for them.

use super::axis::{InsertAxis, Step, offset_on};
use super::sealed::{Sealed, SetAxis, Token};
use super::{Dyn, Layout, Number, Order, PerAxis, Reach, RemoveAxis, Run};
use crate::error::{Error, LayoutError};
use alloc::boxed::Box;

/// A layout of any number of axes, up to [`MAX_NDIM`](crate::MAX_NDIM), which may hold pointers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DynIndirect {
    axes: Dyn,
    /// One suboffset for each axis, or none if no axis holds pointers.
    suboffsets: Box<[isize]>,
}

impl DynIndirect {
    /// Returns the axes, if none of them holds pointers.
    #[inline]
    pub(crate) fn as_direct(&self) -> Option<&Dyn> {
        self.suboffsets.is_empty().then_some(&self.axes)
    }

    /// Returns the strides of all axes.
    #[inline]
    pub(crate) fn strides_of_axes(&self) -> &[isize] {
        self.axes.as_slices().1
    }

    /// Returns the layout of the bytes of all elements, which are indexed by a new last axis. It can have one axis more than
    /// [`MAX_NDIM`](crate::MAX_NDIM), so it is only made for a copy, which visits it and hands it to nobody.
    pub(crate) fn to_bytes(&self, itemsize: usize) -> Self {
        self.with_axes(self.axes.then(&[itemsize], &[1]), |suboffsets| PerAxis::joined(&[suboffsets, &[-1]]))
    }

    /// Returns the last axis before `axis` that holds pointers.
    fn pointers_before(&self, axis: usize) -> Option<usize> {
        let before = self.suboffsets.get(..axis).unwrap_or(&self.suboffsets);
        before.iter().rposition(|&suboffset| suboffset >= 0)
    }

    /// Returns the layout with the same axes and the suboffsets that `change` makes of these.
    fn with_axes(&self, axes: Dyn, change: impl FnOnce(&[isize]) -> PerAxis<isize>) -> Self {
        let suboffsets = if self.suboffsets.is_empty() { PerAxis::empty() } else { change(&self.suboffsets) };
        Self::of_parts(axes, &suboffsets)
    }

    fn of_parts(axes: Dyn, suboffsets: &[isize]) -> Self {
        let is_indirect = suboffsets.iter().any(|&suboffset| suboffset >= 0);
        Self { axes, suboffsets: if is_indirect { suboffsets.into() } else { Box::default() } }
    }
}

impl From<Dyn> for DynIndirect {
    #[inline]
    fn from(axes: Dyn) -> Self {
        Self { axes, suboffsets: Box::default() }
    }
}

impl Sealed for DynIndirect {}

impl SetAxis for DynIndirect {
    fn set_axis(&mut self, token: Token, axis: usize, extent: usize, stride: isize) {
        self.axes.set_axis(token, axis, extent, stride);
    }

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

impl Layout for DynIndirect {
    type PerAxis<X: Number> = PerAxis<X>;
    type General = Self;
    type RangedAxis = Self;
    const NDIM: Option<usize> = None;
    const ORDER: Order = Order::Strided;
    const INDIRECT: bool = true;

    #[inline]
    fn shape(&self) -> &[usize] {
        self.axes.shape()
    }

    #[inline]
    fn stride(&self, axis: usize, itemsize: usize) -> isize {
        self.axes.stride(axis, itemsize)
    }

    fn strides(&self, itemsize: usize) -> PerAxis<isize> {
        self.axes.strides(itemsize)
    }

    #[inline]
    fn suboffsets(&self) -> &[isize] {
        &self.suboffsets
    }

    fn to_general(&self, _itemsize: usize) -> Self {
        self.clone()
    }

    fn to_ranged_axis(&self, _itemsize: usize) -> Self {
        self.clone()
    }

    fn origin(&self) -> PerAxis<usize> {
        self.axes.origin()
    }

    fn from_parts(
        shape: &[usize],
        strides: &[isize],
        suboffsets: &[isize],
        itemsize: usize,
    ) -> Result<Self, Error> {
        if suboffsets.iter().all(|&suboffset| suboffset < 0) {
            return Dyn::new(shape, strides, itemsize).map(Self::from);
        }
        if suboffsets.len() != shape.len() {
            return Err(LayoutError::NdimDiffers { wanted: shape.len(), found: suboffsets.len() }.into());
        }
        let axes = Dyn::new(shape, strides, itemsize)?;
        let Reach { highest, .. } = Reach::of(shape, strides, itemsize.max(size_of::<usize>()))?;
        let reach = suboffsets.iter().try_fold(highest, |reach, &offset| reach.checked_add(offset.max(0)));
        match reach {
            Some(_) => Ok(Self::of_parts(axes, suboffsets)),
            None => Err(LayoutError::SuboffsetsOverflow { suboffsets: suboffsets.into() }.into()),
        }
    }

    #[inline]
    fn run(&self, itemsize: usize) -> Run {
        match self.suboffsets.last() {
            // The last axis holds pointers, one for each element.
            Some(0..) => Run { length: 1, stride: itemsize.cast_signed(), axes: 0 },
            _ => self.axes.run(itemsize),
        }
    }
}

impl InsertAxis for DynIndirect {
    type Inserted = Self;

    fn insert_axis(&self, axis: usize, itemsize: usize) -> Self {
        self.with_axes(self.axes.insert_axis(axis, itemsize), |suboffsets| {
            let (before, after) = suboffsets.split_at(axis);
            PerAxis::joined(&[before, &[-1], after])
        })
    }
}

impl RemoveAxis for DynIndirect {
    type Row = Self;
    type IndexedAxis = Self;
    type SqueezedAxis = Self;
    type Rows = Self;
    type SteppedRows = Self;

    fn row(&self, _token: Token, itemsize: usize) -> Self {
        self.without_axis(Token(()), 0, itemsize)
    }

    fn without_axis(&self, _token: Token, axis: usize, _itemsize: usize) -> Self {
        self.with_axes(self.axes.without(axis), |suboffsets| {
            PerAxis::joined(&[
                &suboffsets[..axis],
                suboffsets.get(axis.wrapping_add(1)..).unwrap_or_default(),
            ])
        })
    }

    fn remove_axis(&self, _token: Token, axis: usize, itemsize: usize) -> Self {
        self.without_axis(Token(()), axis, itemsize)
    }

    fn remove(&self, _token: Token, axis: usize, itemsize: usize) -> Result<(Step, Self), Error> {
        self.index_axis(Token(()), axis, 0, itemsize)
    }

    fn with_rows(&self, count: usize, itemsize: usize) -> Self {
        self.with_axes(self.axes.with_rows(count, itemsize), |suboffsets| {
            suboffsets.iter().copied().collect()
        })
    }

    fn to_stepped_rows(&self, _itemsize: usize) -> Self {
        self.clone()
    }

    fn index_row(&self, _token: Token, index: usize, itemsize: usize) -> (Step, Self) {
        let offset = offset_on(self, 0, index, itemsize);
        let suboffset = self.suboffsets.first().copied();
        let follow = suboffset.filter(|suboffset| *suboffset >= 0 && !self.is_empty());
        (Step { offset, follow }, self.row(Token(()), itemsize))
    }

    fn index_axis(
        &self,
        _token: Token,
        axis: usize,
        index: usize,
        itemsize: usize,
    ) -> Result<(Step, Self), Error> {
        if axis == 0 {
            return Ok(self.index_row(Token(()), index, itemsize));
        }
        // There would be a different pointer to follow for each index of the earlier axes.
        if self.suboffsets.get(axis).is_some_and(|suboffset| *suboffset >= 0) {
            return Err(LayoutError::PicksPointer { axis }.into());
        }
        let mut indexed = self.clone();
        let offset = indexed.shift(Token(()), axis, offset_on(self, axis, index, itemsize))?;
        Ok((Step { offset, follow: None }, indexed.without_axis(Token(()), axis, itemsize)))
    }
}
