//! Subviews: raw views of some or all elements of another raw view, under another layout.
//! There is one function for each operation on layouts. Each of them moves the pointer to an index inside the shape.

use super::{Raw, follow, reject_padding};
use crate::element::{Element, FieldOf};
use crate::error::Error;
use crate::layout::{
    self, C, Direct, Dyn, F, Indirect, InsertAxis, Layout, PerAxis, Pitched, RemoveAxis, RowRange, Shape,
    Slice, SliceItem, Step, Strided,
};
use core::marker::PhantomData;

/// Two parts that have no element in common.
type Halves<T, L> = (Raw<T, L>, Raw<T, L>);

impl<T: Element, L: Layout> Raw<T, L> {
    /// Returns the raw view with another layout that starts at the same element.
    ///
    /// Every caller passes a layout that gives each index the bytes of an index of this one, so R1 and R2 carry over.
    #[inline]
    fn with_layout<M: Layout>(&self, layout: M) -> Raw<T, M> {
        Raw { ptr: self.ptr, layout, element: PhantomData }
    }

    /// Returns the raw view of the part that `step` leads to.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `step` leads to an index inside the shape, or moves and follows nothing, and that R1
    /// and R2 hold for the result.
    #[inline]
    unsafe fn stepped<M: Layout>(&self, step: Step, layout: M) -> Raw<T, M> {
        // SAFETY: the caller guarantees that the offset of `step` is the one of an index inside the shape, or 0.
        let mut part = unsafe { self.moved(step.offset, layout) };
        if let Some(suboffset) = step.follow {
            // SAFETY: the caller guarantees that `step` leads to an index inside the shape, so there is a pointer that
            // is alive and initialised (R2).
            part.ptr = unsafe { follow(part.ptr, suboffset) };
        }
        part
    }

    #[inline]
    pub(crate) fn to_general(&self) -> Raw<T, L::General> {
        self.with_layout(self.layout.to_general(Self::ITEMSIZE))
    }

    #[inline]
    pub(crate) fn to_ranged_axis(&self) -> Raw<T, L::RangedAxis> {
        self.with_layout(self.layout.to_ranged_axis(Self::ITEMSIZE))
    }

    #[inline]
    pub(crate) fn try_to_layout<M: Layout>(&self) -> Result<Raw<T, M>, Error> {
        let strides = self.layout.strides(Self::ITEMSIZE);
        let shape = self.layout.shape();
        // An empty layout has no pointers to follow, so its suboffsets can be dropped.
        let drop_pointers = self.layout.is_empty() && !M::INDIRECT;
        let suboffsets = if drop_pointers { &[] } else { self.layout.suboffsets() };
        M::from_parts(shape, strides.as_ref(), suboffsets, Self::ITEMSIZE).map(|m| self.with_layout(m))
    }

    #[inline]
    pub(crate) fn try_slice_axis(&self, axis: usize, slice: Slice) -> Result<Raw<T, L::General>, Error> {
        let (offset, layout) = layout::slice_axis(&self.layout, axis, slice, Self::ITEMSIZE)?;
        // SAFETY: `offset` leads to the first index of the slice. It is 0 if the slice is empty, or if the layout has
        // added it to a suboffset instead. The slice has only indices of this view, so R1 and R2 carry over.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn try_range_axis(
        &self,
        axis: usize,
        range: RowRange,
    ) -> Result<Raw<T, L::RangedAxis>, Error> {
        let (offset, layout) = layout::range_axis(&self.layout, axis, range, Self::ITEMSIZE)?;
        // SAFETY: `offset` leads to the first index of the range. It is 0 if the range is empty, or if the layout has
        // added it to a suboffset instead. The range has only indices of this view, so R1 and R2 carry over.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn field<U: Element>(&self, field: FieldOf<T, U>) -> Raw<U, L::General> {
        let (offset, layout) = layout::field(&self.layout, field.offset(), Self::ITEMSIZE);
        // SAFETY: the field begins inside the first element (F6). `offset` is 0 if there are no elements, or if the
        // layout has added it to a suboffset instead. So the target is inside the same allocation (R1).
        let part = unsafe { self.moved(offset, layout) };
        // Each field is inside its record (F6), so R1 and R2 carry over.
        Raw { ptr: part.ptr, layout: part.layout, element: PhantomData }
    }

    #[inline]
    pub(crate) fn try_flip(&self, axis: usize) -> Result<Raw<T, L::General>, Error> {
        self.try_slice_axis(axis, Slice::new(None, None, -1))
    }

    /// Returns the elements without repetitions: axes of stride 0 get the length 1.
    pub(crate) fn unrepeated(&self) -> Self {
        let (shape, strides) = (self.layout.shape(), self.layout.strides(Self::ITEMSIZE));
        let lengths = shape.iter().zip(strides.as_ref());
        let lengths: PerAxis<usize> =
            lengths.map(|(&extent, &stride)| if stride == 0 { extent.min(1) } else { extent }).collect();
        let layout = L::from_parts(&lengths, strides.as_ref(), self.layout.suboffsets(), Self::ITEMSIZE);
        // A layout type may not allow other lengths with these strides. Then the elements are not repeated.
        layout.map_or_else(|_| self.clone(), |layout| self.with_layout(layout))
    }

    pub(crate) fn try_split_at(&self, axis: usize, index: usize) -> Result<Halves<T, L::General>, Error> {
        let (first, second) = layout::slices_at(&self.layout, axis, index)?;
        Ok((self.try_slice_axis(axis, first)?, self.try_slice_axis(axis, second)?))
    }
}

impl<T: Element, L: RemoveAxis> Raw<T, L> {
    pub(crate) fn try_split_rows(&self, index: usize) -> Result<Halves<T, L::Rows>, Error> {
        let (first, second) = layout::slices_at(&self.layout, 0, index)?;
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
        // SAFETY: `offset` is the offset of the first index of the lane, or 0 if there are no elements. The lane has
        // only indices of this view, so R1 carries over.
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

    /// Returns a raw view of one element at the pointer of this one, into which `select_into` writes its result. It
    /// must not be used before, because an empty view has no first element.
    #[inline]
    pub(crate) fn first_element(&self) -> Self {
        Raw { ptr: self.ptr, layout: Dyn::scalar(), element: PhantomData }
    }

    /// Sets `selected` to the part that results from `items`. `selected` must be a new
    /// [`first_element`](Self::first_element).
    #[inline]
    pub(crate) fn select_into(&self, items: &[SliceItem], selected: &mut Self) -> Result<(), Error> {
        let offset = layout::select(&self.layout, items, &mut selected.layout)?;
        // SAFETY: `offset` is the offset of the first index of the result, or 0 if the result is empty, so the target
        // is inside the same allocation (R1).
        selected.ptr = unsafe { self.ptr.offset(offset) };
        Ok(())
    }
}

// The layouts below give each index the offset that it has in this layout, so R1 carries over.
impl<T: Element, const N: usize, L: Direct<PerAxis<usize> = [usize; N]>> Raw<T, L> {
    /// Returns the same elements as one block in C order, or `None` if they are not one.
    #[inline]
    pub(crate) fn to_c(&self) -> Option<Raw<T, C<N>>> {
        layout::to_c(&self.layout, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    /// Returns the same elements as one block in Fortran order, or `None` if they are not one.
    #[inline]
    pub(crate) fn to_f(&self) -> Option<Raw<T, F<N>>> {
        layout::to_f(&self.layout, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    /// Returns the same elements, with a layout that promises no order.
    #[inline]
    pub(crate) fn to_strided(&self) -> Raw<T, Strided<N>> {
        self.with_layout(layout::to_strided(&self.layout, Self::ITEMSIZE))
    }

    /// Returns the same elements as rows without gaps, or `None` if the rows have gaps.
    #[inline]
    pub(crate) fn to_pitched(&self) -> Option<Raw<T, Pitched<N>>> {
        layout::to_pitched(&self.layout, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

impl<T: Element, const N: usize, L> Raw<T, L>
where
    L: Direct<PerAxis<usize> = [usize; N]> + Direct<PerAxis<isize> = [isize; N]>,
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
        layout::check_row(&self.layout, index)?;
        // SAFETY: the index has just been checked.
        Ok(unsafe { self.row_unchecked(index) })
    }

    /// Returns the row at `index`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `index` is less than the length of axis 0.
    #[inline]
    pub(crate) unsafe fn row_unchecked(&self, index: usize) -> Raw<T, L::Row> {
        let (step, layout) = layout::row(&self.layout, index, Self::ITEMSIZE);
        // SAFETY: the caller guarantees that there is such a row, so `step` leads to its first index, or moves and follows
        // nothing if there are no elements. The row has only indices of this view, so R1 and R2 carry over.
        unsafe { self.stepped(step, layout) }
    }

    /// Returns the same as [`try_row`](Self::try_row), but a negative index counts from the end.
    #[inline]
    pub(crate) fn try_index_row(&self, index: isize) -> Result<Raw<T, L::Row>, Error> {
        self.try_row(layout::from_end(0, index, layout::extent_of(&self.layout, 0)?)?)
    }

    #[inline]
    pub(crate) fn try_slice_rows(&self, slice: Slice) -> Result<Raw<T, L::Rows>, Error> {
        let (offset, layout) = layout::slice_rows(&self.layout, slice, Self::ITEMSIZE)?;
        // SAFETY: `offset` is the offset of the first index of the first row, or 0 if there are no elements. The rows
        // have only indices of this view, so R1 and R2 carry over.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn try_step_rows(&self, slice: Slice) -> Result<Raw<T, L::SteppedRows>, Error> {
        let (offset, layout) = layout::step_rows(&self.layout, slice, Self::ITEMSIZE)?;
        // SAFETY: `offset` leads to the first index of the slice, or is 0 if there are no elements. The slice has only
        // indices of this view, so R1 and R2 carry over.
        Ok(unsafe { self.moved(offset, layout) })
    }

    #[inline]
    pub(crate) fn try_index_axis(&self, axis: usize, index: isize) -> Result<Raw<T, L::IndexedAxis>, Error> {
        let (step, layout) = layout::index_axis(&self.layout, axis, index, Self::ITEMSIZE)?;
        // SAFETY: `step` leads to the first index of the result, or moves and follows nothing if there are no elements.
        // The result has only indices of this view, so R1 and R2 carry over.
        Ok(unsafe { self.stepped(step, layout) })
    }

    #[inline]
    pub(crate) fn try_remove_axis(&self, axis: usize) -> Result<Raw<T, L::SqueezedAxis>, Error> {
        let (step, layout) = layout::remove_axis(&self.layout, axis, Self::ITEMSIZE)?;
        // SAFETY: the axis has length 1, and `step` leads to its index 0. The result has the same elements, so R1 and R2
        // carry over.
        Ok(unsafe { self.stepped(step, layout) })
    }
}

// The layouts below give each index the offset of an index of this layout, and keep the first element, so R1 carries
// over.
impl<T: Element, L: Direct> Raw<T, L> {
    #[inline]
    pub(crate) fn transpose(&self) -> Raw<T, L::Transposed> {
        self.with_layout(self.layout.transpose(Self::ITEMSIZE))
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
        // This call returns the axes in their order, and fails if the larger axis does not exist. So both axes are
        // known to exist before they are swapped.
        let mut order = layout::permutation(ndim, first.max(second), first.max(second))?;
        order.swap(first, second);
        self.try_permute(&order)
    }

    #[inline]
    pub(crate) fn try_reshape<S: Shape>(&self, shape: S) -> Result<Raw<T, S::Reshaped<L>>, Error> {
        layout::reshape(&self.layout, shape, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }

    #[inline]
    pub(crate) fn try_broadcast<S: Shape>(&self, shape: S) -> Result<Raw<T, S::Strided>, Error> {
        layout::broadcast(&self.layout, shape, Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

impl<T: Element, L: RemoveAxis + Direct> Raw<T, L> {
    #[inline]
    pub(crate) fn try_diagonal(&self, first: usize, second: usize) -> Result<Raw<T, L::IndexedAxis>, Error> {
        layout::diagonal(&self.layout, (first, second), Self::ITEMSIZE).map(|layout| self.with_layout(layout))
    }
}

// The layouts below reach the same bytes, and start at the same byte, so R1 and R2 carry over. Elements with padding
// are refused, because bytes of padding must not be read.
impl<T: Element, L: Layout> Raw<T, L> {
    #[inline]
    pub(crate) fn try_reinterpret<U: Element>(&self) -> Result<Raw<U, L>, Error> {
        reject_padding::<T>()?;
        layout::reinterpret(&self.layout, Self::ITEMSIZE, size_of::<U>())
            .map(|layout| self.of_elements(layout))
    }

    /// Returns the raw view of elements of another type that starts at the same byte.
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
    pub(crate) fn try_join<U: Element>(&self) -> Result<Raw<U, L::SqueezedAxis>, Error> {
        reject_padding::<T>()?;
        layout::join(&self.layout, Self::ITEMSIZE, size_of::<U>()).map(|layout| self.of_elements(layout))
    }
}
