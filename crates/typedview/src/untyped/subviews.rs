//! Subviews: untyped views of some or all elements of another untyped view, under another layout.
//! The operations on layouts are those of the typed views. Only the itemsize is a number here, and not a constant.

use super::Untyped;
use crate::error::{Error, LayoutError};
use crate::format::{Field, Format};
use crate::layout::{
    self, Dyn, DynIndirect, Layout, Order, PerAxis, Slice, SliceItem, Step, count_missing, from_end,
    size_of_shape,
};
use crate::raw::follow;

impl Untyped {
    fn with_layout(&self, layout: DynIndirect) -> Self {
        Self { ptr: self.ptr, layout, format: self.format.clone() }
    }

    /// Returns the view that starts `offset` bytes after this one.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `offset` is 0, or leads to an index inside the shape or into the element there, and that I1 and
    /// I2 hold for the result.
    #[inline]
    unsafe fn moved(&self, offset: isize, layout: DynIndirect) -> Self {
        // SAFETY: the caller guarantees that the target is inside the same allocation (I1).
        let ptr = unsafe { self.ptr.offset(offset) };
        Self { ptr, layout, format: self.format.clone() }
    }

    /// Returns the view that `step` leads to.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `step` leads to an index inside the shape, or moves and follows nothing, and that I1 and I2 hold
    /// for the result.
    unsafe fn stepped(&self, step: Step, layout: DynIndirect) -> Self {
        // SAFETY: the caller guarantees that the offset of `step` is the one of an index inside the shape, or 0.
        let mut part = unsafe { self.moved(step.offset, layout) };
        if let Some(suboffset) = step.follow {
            // SAFETY: the caller guarantees that there is a pointer, which is alive and not written by anybody (I2, and so R2).
            part.ptr = unsafe { follow(part.ptr, suboffset) };
        }
        part
    }

    /// Returns the elements that a list of indices, slices, new axes and ellipses selects: Python's `view[1:, ..., 0, None]`.
    ///
    /// # Errors
    ///
    /// Fails when an index is out of bounds, when there are more items than axes, when a step is 0, and when the result would need a
    /// different pointer for each of its elements.
    ///
    /// See [`Untyped`] for an example.
    pub fn select(&self, items: &[SliceItem]) -> Result<Self, Error> {
        let Some(direct) = self.layout.as_direct() else {
            return self.select_through_pointers(items);
        };
        let mut selected = Dyn::scalar();
        let offset = layout::select(direct, items, &mut selected)?;
        // SAFETY: `offset` leads to the first index that is selected, or is 0 if there is none. The result has only indices of this
        // view, so I1 carries over.
        Ok(unsafe { self.moved(offset, selected.into()) })
    }

    /// Does what [`select`](Self::select) does, one item after the other.
    #[cold]
    #[inline(never)]
    fn select_through_pointers(&self, items: &[SliceItem]) -> Result<Self, Error> {
        let mut left = count_missing(items, self.ndim())?;
        let (mut part, mut axis) = (self.clone(), 0);
        // Indices are left for later, because an index on an axis of pointers is possible once the axes before it are gone. New axes come
        // last, because they would be before it.
        let (mut indexed, mut indices, mut new_axes) = (PerAxis::empty(), PerAxis::empty(), PerAxis::empty());
        let push = |list: &mut PerAxis<usize>, number: usize| *list = PerAxis::joined(&[list, &[number]]);
        let mut kept = 0;
        for item in items {
            match *item {
                SliceItem::Index(index) => {
                    let index = from_end(axis, index, part.shape()[axis])?;
                    push(&mut indexed, axis);
                    push(&mut indices, index);
                }
                SliceItem::Slice(slice) => {
                    part = part.slice_axis(axis, slice)?;
                    kept += 1;
                }
                SliceItem::NewAxis => {
                    push(&mut new_axes, kept);
                    kept += 1;
                    continue;
                }
                SliceItem::Ellipsis => {
                    let whole = left.take().unwrap_or(1);
                    axis += whole;
                    kept += whole;
                    continue;
                }
            }
            axis += 1;
        }
        // The first index is taken first, so that its pointers are followed before those of the axes behind it.
        for (gone, (&place, &index)) in indexed.iter().zip(indices.iter()).enumerate() {
            part = part.index_axis(place - gone, index.cast_signed())?;
        }
        new_axes.iter().try_fold(part, |part, &axis| part.insert_axis(axis))
    }

    /// Returns the elements that one index of `axis` has. A negative index counts from the end.
    ///
    /// # Errors
    ///
    /// Fails when there is no such index or axis, and when the axis holds pointers and is not the first one.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// # use typedview::Order;
    /// // The elements of `view` are [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].
    /// let last = view.index_axis(0, -1)?;
    /// assert_eq!((last.shape(), last.as_ptr().cast_const().cast()), (&[3][..], table[1].as_ptr()));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(never)]
    pub fn index_axis(&self, axis: usize, index: isize) -> Result<Self, Error> {
        let (step, layout) = layout::index_axis(&self.layout, axis, index, self.itemsize())?;
        // SAFETY: `step` leads to the first index of the result, or moves and follows nothing if there are no elements. The
        // result has only indices of this view, so I1 and I2 carry over.
        Ok(unsafe { self.stepped(step, layout) })
    }

    /// Returns a slice of one axis.
    ///
    /// # Errors
    ///
    /// Fails when there is no such axis, and when the step is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// let columns = view.slice_axis(1, (1..).into())?;
    /// assert_eq!((columns.shape(), columns.strides()), (&[2, 2][..], &[24, 8][..]));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(never)]
    pub fn slice_axis(&self, axis: usize, slice: Slice) -> Result<Self, Error> {
        let (offset, layout) = layout::slice_axis(&self.layout, axis, slice, self.itemsize())?;
        // SAFETY: `offset` leads to the first index of the slice. It is 0 if the slice is empty, or if the layout has added it to a
        // suboffset instead. The slice has only indices of this view, so I1 and I2 carry over.
        Ok(unsafe { self.moved(offset, layout) })
    }

    /// Returns the view with a new axis of length 1 before `axis`.
    ///
    /// # Errors
    ///
    /// Fails when there is no such place, and when there are 64 axes already.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(view.insert_axis(1)?.shape(), [2, 1, 3]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(never)]
    pub fn insert_axis(&self, axis: usize) -> Result<Self, Error> {
        layout::insert_axis(&self.layout, axis, self.itemsize()).map(|layout| self.with_layout(layout))
    }

    /// Returns the address of the element at `index`, which has one number for each axis. Negative numbers count from the end.
    ///
    /// # Errors
    ///
    /// Fails when the index is outside the shape, and when it has another number of axes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// // The elements of `view` are [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].
    /// let last = view.element(&[1, -1])?;
    /// // SAFETY: the table is alive, and nobody writes it.
    /// assert_eq!(unsafe { last.cast::<f64>().read() }, 6.0);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    pub fn element(&self, index: &[isize]) -> Result<*mut u8, Error> {
        let shape = self.shape();
        if index.len() != shape.len() {
            return Err(layout::wrong_count(index.len(), shape.len()));
        }
        let (strides, suboffsets, mut ptr) = (self.strides(), self.suboffsets(), self.ptr);
        if suboffsets.is_empty() {
            let mut offset = 0isize;
            for (axis, &i) in index.iter().enumerate() {
                let i = from_end(axis, i, shape[axis])?;
                offset = offset.wrapping_add(strides[axis].wrapping_mul(i.cast_signed()));
            }
            // SAFETY: the index is inside the shape, so the offset stays inside the allocation (I1).
            return Ok(unsafe { ptr.offset(offset) }.as_ptr());
        }
        for (axis, &i) in index.iter().enumerate() {
            // All indices are checked before a pointer is followed for the first time, because an empty layout has none.
            from_end(axis, i, shape[axis])?;
        }
        for (axis, &i) in index.iter().enumerate() {
            let i = if i < 0 { i + shape[axis].cast_signed() } else { i };
            // SAFETY: the index is inside the shape, so the offset stays inside the allocation (I1).
            ptr = unsafe { ptr.offset(strides[axis].wrapping_mul(i)) };
            if let Some(&suboffset @ 0..) = suboffsets.get(axis) {
                // SAFETY: the axis holds pointers, which are alive and not written by anybody (I2).
                ptr = unsafe { follow(ptr, suboffset) };
            }
        }
        Ok(ptr.as_ptr())
    }

    /// Calls `visit` with the address of each element, in index order, until it fails.
    ///
    /// # Errors
    ///
    /// Those of `visit`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// // The elements of `view` are [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].
    /// let mut sum = 0.0;
    /// view.try_for_each(|element| {
    ///     // SAFETY: the table is alive, and nobody writes it.
    ///     sum += unsafe { element.cast::<f64>().read() };
    ///     Ok::<(), ()>(())
    /// })
    /// .unwrap();
    /// assert_eq!(sum, 21.0);
    /// ```
    pub fn try_for_each<E>(&self, mut visit: impl FnMut(*mut u8) -> Result<(), E>) -> Result<(), E> {
        if self.layout.is_empty() {
            return Ok(());
        }
        let (mut index, shape) = (self.origin(), self.shape());
        loop {
            let offsets = index.iter().map(|&i| i.cast_signed());
            let at: PerAxis<isize> = offsets.collect();
            match self.element(&at) {
                Ok(ptr) => visit(ptr)?,
                Err(_) => unreachable!("the index is inside the shape"),
            }
            if !layout::advance(&mut index, shape, shape.len()) {
                return Ok(());
            }
        }
    }

    /// Returns the view with its axes in another order: axis `i` of the result is axis `order[i]` of this view.
    ///
    /// # Errors
    ///
    /// Fails when `order` is not a permutation of the axes, and when axes hold pointers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(view.permute(&[1, 0])?.shape(), [3, 2]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn permute(&self, order: &[usize]) -> Result<Self, Error> {
        let layout = layout::permute(self.direct()?, order, self.itemsize())?;
        Ok(self.with_layout(layout.into()))
    }

    /// Returns the view with its axes reversed.
    ///
    /// # Errors
    ///
    /// Fails when axes hold pointers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(view.transpose()?.strides(), [8, 24]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn transpose(&self) -> Result<Self, Error> {
        let axes = self.direct()?.axes().rev();
        Ok(self.with_layout(Dyn::of_axes(axes).into()))
    }

    /// Returns the same elements, in the same index order, with another shape. The rule is NumPy's, without a copy.
    ///
    /// # Errors
    ///
    /// Fails when the number of elements differs, when the strides would need a copy, and when axes hold pointers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(view.reshape(&[3, 2])?.strides(), [16, 8]);
    /// assert!(view.reshape(&[4]).is_err());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn reshape(&self, shape: &[usize]) -> Result<Self, Error> {
        let layout = layout::reshape(self.direct()?, shape, self.itemsize())?;
        Ok(self.with_layout(layout.into()))
    }

    /// Returns the elements repeated to `shape`, by NumPy's rule.
    ///
    /// # Errors
    ///
    /// Fails when the shape cannot be broadcast, and when axes hold pointers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// assert_eq!(view.broadcast_to(&[4, 2, 3])?.strides(), [0, 24, 8]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Self, Error> {
        let layout = layout::broadcast(self.direct()?, shape, self.itemsize())?;
        Ok(self.with_layout(layout.into()))
    }

    /// Returns one field of every record. A field that is a sub-array becomes further axes.
    ///
    /// # Errors
    ///
    /// Fails when there would be too many axes.
    ///
    /// # Panics
    ///
    /// If the field ends outside the element.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Untyped};
    ///
    /// let quotes = [[1.0_f64, 2.0], [3.0, 4.0]];
    /// let format = Format::parse(b"T{d:open:d:close:}")?;
    /// // SAFETY: the array has two such records, and it lives longer than the view.
    /// let view = unsafe { Untyped::new(quotes.as_ptr().cast_mut().cast(), format.clone(), &[2], &[16], &[]) }?;
    /// let close = view.field(format.field("close").unwrap())?;
    /// assert_eq!((close.strides(), close.as_ptr().cast_const().cast()), (&[16][..], &raw const quotes[0][1]));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(never)]
    pub fn field(&self, field: &Field) -> Result<Self, Error> {
        let end = field.offset().checked_add(field.format().itemsize());
        assert!(end.is_some_and(|end| end <= self.itemsize()), "the field is outside the element");
        let (offset, layout) = layout::field(&self.layout, field.offset(), self.itemsize());
        // SAFETY: the field begins inside the first element, or `offset` is 0 because there is no element or because the layout has
        // added it to a suboffset instead. Each field is inside its record, so I1 and I2 carry over.
        let part = unsafe { self.moved(offset, layout) };
        Self { format: field.format().clone(), ..part }.expand()
    }

    /// Returns the items of elements that are sub-arrays, which become further axes. Other elements stay as they are.
    ///
    /// # Errors
    ///
    /// Fails when there would be too many axes.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Untyped};
    ///
    /// let points = [[1.0_f64, 2.0, 3.0]; 4];
    /// // SAFETY: the array has four sub-arrays of three doubles, and it lives longer than the view.
    /// let view = unsafe { Untyped::new(points.as_ptr().cast_mut().cast(), Format::parse(b"(3)d")?, &[4], &[24], &[]) }?;
    /// assert_eq!(view.expand()?.shape(), [4, 3]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(never)]
    pub fn expand(&self) -> Result<Self, Error> {
        let Some((shape, item)) = self.format.subarray() else { return Ok(self.clone()) };
        let inner = PerAxis::c_strides(shape, item.itemsize());
        let (all, strides) =
            (PerAxis::joined(&[self.shape(), shape]), PerAxis::joined(&[self.strides(), &inner]));
        let direct: PerAxis<isize> = shape.iter().map(|_| -1).collect();
        let suboffsets = match self.suboffsets() {
            [] => PerAxis::empty(),
            suboffsets => PerAxis::joined(&[suboffsets, &direct]),
        };
        let layout = DynIndirect::from_parts(&all, &strides, &suboffsets, item.itemsize())?;
        // The items are the bytes of the elements, so I1 and I2 carry over.
        Ok(Self { ptr: self.ptr, layout, format: item.clone() })
    }

    /// Returns the same bytes as elements of another format. If they have another size, the last axis becomes longer or shorter.
    ///
    /// # Errors
    ///
    /// Fails when the bytes of the last axis are not a whole number of such elements, or not adjacent.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// # use typedview::Format;
    /// assert_eq!(view.reinterpret(Format::parse(b"B")?)?.shape(), [2, 24]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn reinterpret(&self, format: Format) -> Result<Self, Error> {
        let layout = layout::reinterpret(&self.layout, self.itemsize(), format.itemsize())?;
        Ok(Self { ptr: self.ptr, layout, format })
    }

    /// Returns the block of all elements as `shape` elements of another format.
    ///
    /// # Errors
    ///
    /// Fails when this is not one block in C order, and when the new elements have another number of bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use typedview::{Element, Untyped, View};
    /// # let table = [[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// # let typed = View::from(&table);
    /// # // SAFETY: the table has these elements, and it lives longer than the view.
    /// # let view = unsafe { Untyped::of_layout(typed.as_ptr().cast_mut().cast(), f64::format(), typed.layout()) };
    /// # use typedview::Format;
    /// assert_eq!(view.cast(Format::parse(b"f")?, &[3, 4])?.strides(), [16, 4]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn cast(&self, format: Format, shape: &[usize]) -> Result<Self, Error> {
        let itemsize = format.itemsize();
        let size = size_of_shape(shape, itemsize)?;
        if !self.is_contiguous(Order::C) {
            let (shape, strides) = (self.shape().into(), self.strides().into());
            return Err(LayoutError::NotContiguous { order: "C", shape, strides }.into());
        }
        if size.saturating_mul(itemsize) != self.nbytes() {
            let found = self.nbytes().checked_div(itemsize).unwrap_or_default();
            return Err(LayoutError::SizeDiffers { wanted: shape.into(), size, found }.into());
        }
        let strides = PerAxis::c_strides(shape, itemsize);
        // The new elements are the same bytes of one block, so I1 carries over.
        Ok(Self { ptr: self.ptr, layout: DynIndirect::from_parts(shape, &strides, &[], itemsize)?, format })
    }

    /// Returns the elements without repetitions: axes of stride 0 get the length 1.
    pub(super) fn unrepeated(&self) -> Self {
        let Some(direct) = self.layout.as_direct() else { return self.clone() };
        let axes =
            direct.axes().map(|(extent, stride)| (if stride == 0 { extent.min(1) } else { extent }, stride));
        self.with_layout(Dyn::of_axes(axes).into())
    }

    fn direct(&self) -> Result<&Dyn, Error> {
        let holds_pointers = |suboffset: &isize| *suboffset >= 0;
        self.layout.as_direct().ok_or_else(|| {
            let axis = self.suboffsets().iter().position(holds_pointers).unwrap_or_default();
            LayoutError::HoldsPointers { axis }.into()
        })
    }
}
