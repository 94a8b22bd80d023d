//! Subviews: raw views of a part of the elements of another.
//! One function for each operation on the layout; each moves the pointer to an index inside the shape.

use super::{Raw, follow, reject_padding};
use crate::element::{Element, FieldOf};
use crate::error::{Error, LayoutError};
use crate::layout::{
    self, Direct, Dyn, Indirect, InsertAxis, Layout, RemoveAxis, Slice, SliceItem, Step, Strided,
};
use core::marker::PhantomData;

/// Two parts without an element in common.
type Halves<T, L> = (Raw<T, L>, Raw<T, L>);

impl<T: Element, L: Layout> Raw<T, L> {
    /// The raw view that starts at the same element.
    #[inline]
    fn with_layout<M: Layout>(&self, layout: M) -> Raw<T, M> {
        Raw { ptr: self.ptr, layout, element: PhantomData }
    }

    /// The raw view of a part.
    ///
    /// # Safety
    ///
    /// R1 and R2 for the result: `step` leads to an index inside the shape, or is nothing.
    #[inline]
    unsafe fn stepped<M: Layout>(&self, step: Step, layout: M) -> Raw<T, M> {
        // SAFETY: the caller.
        let mut part = unsafe { self.moved(step.offset, layout) };
        if let Some(suboffset) = step.follow {
            // SAFETY: the caller, R2.
            part.ptr = unsafe { follow(part.ptr, suboffset) };
        }
        part
    }

    #[inline]
    pub(crate) fn to_general(&self) -> Raw<T, L::General> {
        self.with_layout(self.layout.to_general(Self::ITEMSIZE))
    }

    #[inline]
    pub(crate) fn try_to_layout<M: Layout>(&self) -> Result<Raw<T, M>, Error> {
        let strides = self.layout.strides(Self::ITEMSIZE);
        let shape = self.layout.shape();
        // Without elements there are no pointers to follow.
        let drop_pointers = self.layout.is_empty() && !M::INDIRECT;
        let suboffsets = if drop_pointers { &[] } else { self.layout.suboffsets() };
        M::from_parts(shape, strides.as_ref(), suboffsets, Self::ITEMSIZE).map(|m| self.with_layout(m))
    }

    #[inline]
    pub(crate) fn try_slice_axis(&self, axis: usize, slice: Slice) -> Result<Raw<T, L::General>, Error> {
        let (offset, layout) = layout::slice_axis(&self.layout, axis, slice, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the slice, or 0 when the slice is empty.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn field<U: Element>(&self, field: FieldOf<T, U>) -> Raw<U, L::General> {
        let (offset, layout) = layout::field(&self.layout, field.offset(), Self::ITEMSIZE);
        // SAFETY: R1: the field begins inside the first element (F6), or 0 when there is none.
        let part = unsafe { self.moved(offset, layout) };
        // F6: each field is inside its record, so R1 and R2 carry over.
        Raw { ptr: part.ptr, layout: part.layout, element: PhantomData }
    }

    #[inline]
    pub(crate) fn try_flip(&self, axis: usize) -> Result<Raw<T, L::General>, Error> {
        self.try_slice_axis(axis, Slice::new(None, None, -1))
    }

    /// The same elements with strides only, when no axis holds pointers.
    pub(crate) fn direct(&self) -> Option<Raw<T, Dyn>> {
        let pointers =
            !self.layout.is_empty() && self.layout.suboffsets().iter().any(|&suboffset| suboffset >= 0);
        (!pointers).then(|| self.with_layout(Dyn::of_layout(&self.layout, Self::ITEMSIZE)))
    }

    pub(crate) fn try_split_at(&self, axis: usize, index: usize) -> Result<Halves<T, L::General>, Error> {
        let (first, second) = layout::halves(&self.layout, axis, index)?;
        Ok((self.try_slice_axis(axis, first)?, self.try_slice_axis(axis, second)?))
    }
}

impl<T: Element, L: RemoveAxis> Raw<T, L> {
    pub(crate) fn try_split_rows(&self, index: usize) -> Result<Halves<T, L::Rows>, Error> {
        let (first, second) = layout::halves(&self.layout, 0, index)?;
        Ok((self.try_slice_rows(first)?, self.try_slice_rows(second)?))
    }
}

impl<T: Element, L: Direct> Raw<T, L> {
    pub(crate) fn try_count_lanes(&self, axis: usize) -> Result<usize, Error> {
        layout::count_lanes(&self.layout, axis)
    }

    #[inline]
    pub(crate) fn try_lane(&self, axis: usize, number: usize) -> Result<Raw<T, Strided<1>>, Error> {
        let (offset, lane) = layout::lane(&self.layout, axis, number, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the lane, or 0 when there are no elements.
        Ok(unsafe { self.moved(offset, lane) })
    }
}

impl<T: Element> Raw<T, Dyn> {
    #[inline]
    pub(crate) fn try_select(&self, items: &[SliceItem]) -> Result<Self, Error> {
        let mut selected = self.first_element();
        self.select_into(items, &mut selected)?;
        Ok(selected)
    }

    /// The first element, which a selection is written over.
    #[inline]
    pub(crate) fn first_element(&self) -> Self {
        Raw { ptr: self.ptr, layout: Dyn::scalar(), element: PhantomData }
    }

    /// Makes `selected`, which is as [`first_element`](Self::first_element) left it, what `items` select.
    #[inline]
    pub(crate) fn select_into(&self, items: &[SliceItem], selected: &mut Self) -> Result<(), Error> {
        let offset = layout::select(&self.layout, items, &mut selected.layout)?;
        // SAFETY: R1: the first index of what is selected, or 0 when that is empty.
        selected.ptr = unsafe { self.ptr.offset(offset) };
        Ok(())
    }

    /// The same memory under a layout that gives each index the offset of an index of this one.
    pub(crate) fn rearranged(&self, layout: Dyn) -> Self {
        self.with_layout(layout)
    }
}

impl<T: Element, const N: usize, L: Direct<PerAxis<usize> = [usize; N], PerAxis<isize> = [isize; N]>>
    Raw<T, L>
{
    #[inline]
    pub(crate) fn to_indirect(&self) -> Raw<T, Indirect<N>> {
        self.with_layout(Indirect::of_direct(&self.layout, Self::ITEMSIZE))
    }
}

impl<T: Element, L: InsertAxis> Raw<T, L> {
    #[inline]
    pub(crate) fn try_insert_axis(&self, axis: usize) -> Result<Raw<T, L::Inserted>, Error> {
        layout::insert_axis(&self.layout, axis, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

impl<T: Element, L: RemoveAxis> Raw<T, L> {
    #[inline]
    pub(crate) fn try_row(&self, index: usize) -> Result<Raw<T, L::Row>, Error> {
        let (step, layout) = layout::index_row(&self.layout, index, Self::ITEMSIZE)?;
        // SAFETY: R1, R2: the first index of the row, or nothing when there are no elements.
        Ok(unsafe { self.stepped(step, layout) })
    }

    /// As [`try_row`](Self::try_row); a negative index counts from the end.
    #[inline]
    pub(crate) fn try_index_row(&self, index: isize) -> Result<Raw<T, L::Row>, Error> {
        self.try_row(layout::from_end(0, index, layout::extent_of(&self.layout, 0)?)?)
    }

    #[inline]
    pub(crate) fn try_slice_rows(&self, slice: Slice) -> Result<Raw<T, L::Rows>, Error> {
        let (offset, layout) = layout::slice_rows(&self.layout, slice, Self::ITEMSIZE)?;
        // SAFETY: R1: the first index of the first row, or 0 when there are no elements.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn try_index_axis(&self, axis: usize, index: isize) -> Result<Raw<T, L::IndexedAxis>, Error> {
        let (step, layout) = layout::index_axis(&self.layout, axis, index, Self::ITEMSIZE)?;
        // SAFETY: R1, R2: the first index that is left, or nothing when there are no elements.
        Ok(unsafe { self.stepped(step, layout) })
    }

    #[inline]
    pub(crate) fn try_remove_axis(&self, axis: usize) -> Result<Raw<T, L::SqueezedAxis>, Error> {
        match layout::extent_of(&self.layout, axis)? {
            1 => {
                let (step, layout) = self.layout.remove(axis, Self::ITEMSIZE)?;
                // SAFETY: R1, R2: index 0 of an axis of length 1.
                Ok(unsafe { self.stepped(step, layout) })
            }
            length => Err(LayoutError::NotSingle { axis, length }.into()),
        }
    }
}

// The layouts below keep the first element, so R1 carries over.
impl<T: Element, L: Direct> Raw<T, L> {
    #[inline]
    pub(crate) fn transpose(&self) -> Raw<T, L::Transposed> {
        self.with_layout(self.layout.transpose())
    }

    #[inline]
    pub(crate) fn to_dyn(&self) -> Raw<T, Dyn> {
        self.with_layout(Dyn::of_layout(&self.layout, Self::ITEMSIZE))
    }

    #[inline]
    pub(crate) fn squeeze(&self) -> Raw<T, Dyn> {
        let whole = self.to_dyn();
        whole.with_layout(whole.layout.squeeze())
    }

    #[inline]
    pub(crate) fn try_permute(&self, order: &[usize]) -> Result<Raw<T, L::General>, Error> {
        layout::permute(&self.layout, order, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    #[inline]
    pub(crate) fn try_move_axis(&self, from: usize, to: usize) -> Result<Raw<T, L::General>, Error> {
        self.try_permute(&layout::permutation(self.layout.ndim(), from, to)?)
    }

    #[inline]
    pub(crate) fn try_swap_axes(&self, first: usize, second: usize) -> Result<Raw<T, L::General>, Error> {
        let ndim = self.layout.ndim();
        // Both have to be there before either is moved.
        let mut order = layout::permutation(ndim, first.max(second), first.max(second))?;
        order.swap(first, second);
        self.try_permute(&order)
    }

    #[inline]
    pub(crate) fn try_reshape<const M: usize>(
        &self,
        shape: [usize; M],
    ) -> Result<Raw<T, L::Reshaped<M>>, Error> {
        layout::reshape(&self.layout, shape, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    #[inline]
    pub(crate) fn try_broadcast<const M: usize>(
        &self,
        shape: [usize; M],
    ) -> Result<Raw<T, Strided<M>>, Error> {
        layout::broadcast(&self.layout, shape, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

impl<T: Element, L: RemoveAxis + Direct> Raw<T, L> {
    #[inline]
    pub(crate) fn try_diagonal(&self, first: usize, second: usize) -> Result<Raw<T, L::IndexedAxis>, Error> {
        layout::diagonal(&self.layout, (first, second), Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

// The layouts below reach the same bytes from the same first one, so R1 and R2 carry over. Bytes of padding are none to read.
impl<T: Element, L: Layout> Raw<T, L> {
    #[inline]
    pub(crate) fn try_reinterpret<U: Element>(&self) -> Result<Raw<U, L>, Error> {
        reject_padding::<T>()?;
        layout::reinterpret(&self.layout, Self::ITEMSIZE, size_of::<U>())
            .map(|layout| self.of_elements(layout))
    }

    /// The raw view of other elements that starts at the same byte.
    #[inline]
    fn of_elements<U, M>(&self, layout: M) -> Raw<U, M> {
        Raw { ptr: self.ptr, layout, element: PhantomData }
    }
}

impl<T: Element, L: InsertAxis> Raw<T, L> {
    #[inline]
    pub(crate) fn try_split<U: Element>(&self) -> Result<Raw<U, L::Inserted>, Error> {
        reject_padding::<T>()?;
        layout::split(&self.layout, Self::ITEMSIZE, size_of::<U>()).map(|layout| self.of_elements(layout))
    }
}

impl<T: Element, L: RemoveAxis> Raw<T, L> {
    #[inline]
    pub(crate) fn try_join<U: Element>(&self) -> Result<Raw<U, L::Row>, Error> {
        reject_padding::<T>()?;
        layout::join(&self.layout, Self::ITEMSIZE, size_of::<U>()).map(|layout| self.of_elements(layout))
    }
}
