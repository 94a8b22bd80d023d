//! Subviews: raw views of a part of the elements of another.
//! One function for each operation on the layout; each moves the pointer to an index inside the shape.

use super::Raw;
use crate::element::Element;
use crate::error::Error;
use crate::layout::{self, Axes, C, Layout, Slice};
use core::marker::PhantomData;

impl<T: Element, L: Layout> Raw<T, L> {
    #[inline]
    fn with_layout<M: Layout>(&self, layout: M) -> Raw<T, M> {
        Raw { ptr: self.ptr, layout, element: PhantomData }
    }

    #[inline]
    pub(crate) fn transpose(&self) -> Raw<T, L::Transposed> {
        self.with_layout(self.layout.transpose())
    }

    #[inline]
    pub(crate) fn to_general(&self) -> Raw<T, L::General> {
        self.with_layout(self.layout.to_general(Self::ITEMSIZE))
    }

    #[inline]
    pub(crate) fn try_to_layout<M: Layout>(&self) -> Result<Raw<T, M>, Error> {
        let strides = self.layout.strides(Self::ITEMSIZE);
        M::from_strides(self.layout.shape(), strides.as_ref(), Self::ITEMSIZE).map(|m| self.with_layout(m))
    }

    #[inline]
    pub(crate) fn try_slice_axis(&self, axis: usize, slice: Slice) -> Result<Raw<T, L::General>, Error> {
        let (offset, layout) = layout::slice_axis(&self.layout, axis, slice, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the slice, or 0 when the slice is empty.
        Ok(unsafe { self.moved(offset, layout) })
    }
}

impl<T: Element, L: Axes> Raw<T, L> {
    #[inline]
    pub(crate) fn try_row(&self, index: usize) -> Result<Raw<T, L::Row>, Error> {
        let offset = layout::pick_row(&self.layout, index, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the row, or 0 when there are no elements.
        Ok(unsafe { self.moved(offset, self.layout.row(Self::ITEMSIZE)) })
    }

    #[inline]
    pub(crate) fn try_slice_rows(&self, slice: Slice) -> Result<Raw<T, L::Rows>, Error> {
        let (offset, layout) = layout::slice_rows(&self.layout, slice, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the first row, or 0 when there are no elements.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn try_index_axis(&self, axis: usize, index: isize) -> Result<Raw<T, L::Dropped>, Error> {
        let offset = layout::pick(&self.layout, axis, index, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index that is left, or 0 when there are no elements.
        Ok(unsafe { self.moved(offset, self.layout.without_axis(axis, Self::ITEMSIZE)) })
    }
}

impl<T: Element, const N: usize> Raw<T, C<N>> {
    #[inline]
    pub(crate) fn try_reshape<const M: usize>(&self, shape: [usize; M]) -> Result<Raw<T, C<M>>, Error> {
        self.layout.try_reshape(shape, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    #[inline]
    pub(crate) fn try_reinterpret<U: Element>(&self) -> Result<Raw<U, C<N>>, Error> {
        let layout = self.layout.try_reinterpret(Self::ITEMSIZE, size_of::<U>())?;
        // The bytes are the same ones, so R1 carries over.
        Ok(Raw { ptr: self.ptr, layout, element: PhantomData })
    }
}
