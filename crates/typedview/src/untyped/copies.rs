//! Copies: the elements of one untyped view become those of another one, converted if the formats differ.
//! A copy of one format is a copy of the bytes of its elements, made by the engine that copies typed views.

use super::Untyped;
use super::numbers::{BLOCK, Number, Wide};
use crate::copy::{LoopNest, Sides, check_repeats, copy, source_axis};
use crate::dtype::Kind;
use crate::error::{ConversionError, Error};
use crate::format::Format;
use crate::layout::{Dyn, DynIndirect, Layout, Order, PerAxis};
use crate::raw::Raw;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ptr::NonNull;

impl Untyped {
    /// Sets the elements to those of `source`, which is repeated to the shape of this view. The result is exact if the two overlap.
    ///
    /// Numbers are converted by NumPy's rule `same_kind`: to their own kind and to every later one of booleans, unsigned integers,
    /// signed integers, floats and complex numbers. Other elements must have the same format.
    ///
    /// # Errors
    ///
    /// Fails when the source cannot be repeated to the shape, when its elements are not converted, and when there is not enough memory for
    /// a temporary copy. Nothing has been written in these cases.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory of both is alive and initialised, that the memory of `self` is writable, and that
    /// nobody else uses either of them during the call.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Untyped};
    ///
    /// let (mut target, source) = ([0.0_f64; 3], [1_i16, 2, 3]);
    /// // SAFETY: both arrays have these elements, and they live longer than the views.
    /// let x = unsafe { Untyped::new(target.as_mut_ptr().cast(), Format::parse(b"d")?, &[3], &[8], &[]) }?;
    /// // SAFETY: as for `x`, the array has three elements of two bytes.
    /// let y = unsafe { Untyped::new(source.as_ptr().cast_mut().cast(), Format::parse(b"h")?, &[3], &[2], &[]) }?;
    /// // SAFETY: both arrays are alive, and nobody else uses them.
    /// unsafe { x.copy_from(&y) }?;
    /// assert!(y.check_copy(&x).is_err()); // doubles are not converted to integers
    /// assert_eq!(target, [1.0, 2.0, 3.0]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn copy_from(&self, source: &Self) -> Result<(), Error> {
        if self.is_same_block(source) {
            // SAFETY: both are one block of as many bytes, which the caller guarantees to be alive. They may overlap.
            unsafe { core::ptr::copy(source.as_ptr(), self.as_ptr(), self.nbytes()) };
            return Ok(());
        }
        self.check_copy(source)?;
        if self.format == source.format && has_gaps(&self.format) {
            // SAFETY: the caller guarantees what is required of both memories.
            return unsafe { self.copy_records(source) };
        }
        if self.format == source.format {
            // SAFETY: the caller guarantees what is required of both memories.
            return unsafe { copy(&self.bytes(), &source.bytes(), Sides::Any) };
        }
        if self.layout.is_empty() {
            return Ok(());
        }
        let source = source.unrepeated();
        if self.is_apart(&source) {
            // SAFETY: the caller guarantees what is required of both memories, which have no byte in common.
            unsafe { self.convert_from(&source) };
            return Ok(());
        }
        // SAFETY: the caller guarantees what is required of the source.
        let mut bytes = unsafe { source.try_to_bytes(Order::C) }?;
        // SAFETY: the vector has the elements of the source in C order.
        let packed = unsafe { Self::block(bytes.as_mut_ptr(), source.format.clone(), source.shape()) };
        let mut converted = crate::copy::room::<u8>(packed.size().saturating_mul(self.itemsize()))?;
        converted.resize(packed.size() * self.itemsize(), 0);
        // SAFETY: the vector has room for as many elements in C order.
        let target = unsafe { Self::block(converted.as_mut_ptr(), self.format.clone(), source.shape()) };
        // SAFETY: the two vectors are new memory, which nobody else uses.
        unsafe { target.convert_from(&packed) };
        // SAFETY: the caller guarantees what is required of the target. The vector is used by nobody else.
        unsafe { copy(&self.bytes(), &target.bytes(), Sides::Any) }
    }

    /// Whether the two certainly have no byte in common.
    fn is_apart(&self, other: &Self) -> bool {
        match (self.addresses(), other.addresses()) {
            (Some(one), Some(two)) => one.1 <= two.0 || two.1 <= one.0,
            _ => false,
        }
    }

    /// Copies records field by field, so that bytes between fields stay as they are. They may belong to fields that this view does not
    /// show.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy_from`](Self::copy_from) requires, and that the formats are equal.
    unsafe fn copy_records(&self, source: &Self) -> Result<(), Error> {
        if !self.is_apart(source) {
            let source = source.unrepeated();
            // SAFETY: the caller guarantees what is required of the source.
            let mut bytes = unsafe { source.try_to_bytes(Order::C) }?;
            // SAFETY: the vector has the elements of the source in C order.
            let away = unsafe { Self::block(bytes.as_mut_ptr(), source.format.clone(), source.shape()) };
            // SAFETY: the caller guarantees what is required of the target. The vector is used by nobody else.
            return unsafe { self.copy_fields(&away) };
        }
        // SAFETY: the caller guarantees what is required of both memories, which are apart.
        unsafe { self.copy_fields(source) }
    }

    /// Copies the fields of records, or elements that have none.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy_from`](Self::copy_from) requires, that the formats are equal, and that the two have no byte in
    /// common.
    unsafe fn copy_fields(&self, source: &Self) -> Result<(), Error> {
        let (target, source) = (self.expand()?, source.expand()?);
        let Some(fields) = target.format.fields().filter(|_| has_gaps(&target.format)) else {
            // SAFETY: the caller guarantees what is required of both memories, which are apart.
            return unsafe { copy(&target.bytes(), &source.bytes(), Sides::Apart) };
        };
        for field in fields {
            // SAFETY: the fields are parts of the memories, for which the caller guarantees what is required.
            unsafe { target.field(field)?.copy_fields(&source.field(field)?) }?;
        }
        Ok(())
    }

    /// Whether both have one format without gaps and one shape, and are blocks in C order.
    #[inline]
    fn is_same_block(&self, other: &Self) -> bool {
        let is_alike =
            self.format == other.format && self.shape() == other.shape() && !has_gaps(&self.format);
        is_alike && self.is_contiguous(Order::C) && other.is_contiguous(Order::C)
    }

    /// Fails if [`copy_from`](Self::copy_from) would fail for another reason than a lack of memory.
    ///
    /// # Errors
    ///
    /// Fails when the source cannot be repeated to the shape, and when its elements are not converted.
    ///
    /// See [`copy_from`](Self::copy_from) for an example.
    pub fn check_copy(&self, source: &Self) -> Result<(), Error> {
        check_repeats([self.shape(), source.shape()])?;
        if self.format == source.format {
            return Ok(());
        }
        let (from, to) = (source.format.to_string(), self.format.to_string());
        match (Number::of(&self.format), Number::of(&source.format)) {
            (Some(target), Some(number)) if number.is_same_kind(target) => Ok(()),
            (Some(_), Some(_)) => Err(ConversionError::NotSameKind { from, to }.into()),
            _ => Err(ConversionError::NoNumbers { from, to }.into()),
        }
    }

    /// Sets every element to the one whose bytes `element` has. Bytes between the fields of records stay as they are.
    ///
    /// # Errors
    ///
    /// Fails if records have sub-arrays that would make too many axes.
    ///
    /// # Panics
    ///
    /// If there are more or fewer bytes than an element has.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is alive and writable, and that nobody else uses it during the call.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Untyped};
    ///
    /// let mut numbers = [0_u16; 3];
    /// // SAFETY: the array has three elements of two bytes, and it lives longer than the view.
    /// let view = unsafe { Untyped::new(numbers.as_mut_ptr().cast(), Format::parse(b"H")?, &[3], &[2], &[]) }?;
    /// // SAFETY: the array is alive, and nobody else uses it.
    /// unsafe { view.fill(&7_u16.to_ne_bytes()) }?;
    /// assert_eq!(numbers, [7, 7, 7]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn fill(&self, element: &[u8]) -> Result<(), Error> {
        assert_eq!(element.len(), self.itemsize(), "one element fills the view");
        // SAFETY: the bytes are one element, which is only read.
        let one = unsafe { Self::block(element.as_ptr().cast_mut(), self.format.clone(), &[]) };
        // SAFETY: the caller guarantees what is required of the target. The element is new memory.
        unsafe { self.copy_fields(&one) }
    }

    /// Returns the bytes of all elements in C order or Fortran order. Any other order is that of this view if it is one block, and C
    /// order otherwise.
    ///
    /// # Errors
    ///
    /// Fails when there is not enough memory.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is alive and initialised, and that nobody writes it during the call.
    ///
    /// See [`Untyped`] for an example.
    pub unsafe fn try_to_bytes(&self, order: Order) -> Result<Vec<u8>, Error> {
        let mut bytes = crate::copy::room::<u8>(self.nbytes())?;
        // SAFETY: the vector has room for all bytes, and the caller guarantees what is required of this view.
        unsafe { self.write_to(order, bytes.as_mut_ptr()) };
        // SAFETY: the vector has room for all bytes, which have been written.
        unsafe { bytes.set_len(self.nbytes()) };
        Ok(bytes)
    }

    /// Writes the bytes that [`try_to_bytes`](Self::try_to_bytes) returns to `to`.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`try_to_bytes`](Self::try_to_bytes) requires, and that there are [`nbytes`](Self::nbytes) bytes at `to` that
    /// are writable, and that nobody else uses.
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
    /// let mut columns = [0.0_f64; 6];
    /// // SAFETY: the table is alive, and there is room for its 48 bytes.
    /// unsafe { view.write_to(Order::F, columns.as_mut_ptr().cast()) };
    /// assert_eq!(columns, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    /// ```
    pub unsafe fn write_to(&self, order: Order, to: *mut u8) {
        if order != Order::F && self.is_contiguous(Order::C) {
            // SAFETY: the elements are one block in C order, and the caller guarantees that it is alive, and that there is room for it.
            return unsafe { to.copy_from_nonoverlapping(self.as_ptr(), self.nbytes()) };
        }
        let is_f = order == Order::F
            || order != Order::C && !self.is_contiguous(Order::C) && self.is_contiguous(Order::F);
        // SAFETY: there is room for all elements at `to`, as the caller guarantees.
        let mut target = unsafe { Self::block(to, self.format.clone(), self.shape()) };
        if is_f {
            let reversed: PerAxis<usize> = self.shape().iter().rev().copied().collect();
            let layout = Dyn::of_axes(Dyn::dense(&reversed, self.itemsize()).axes().rev());
            target = Self { layout: layout.into(), ..target };
        }
        // SAFETY: the caller guarantees what is required of both memories, which are apart.
        let copied = unsafe { copy(&target.bytes(), &self.bytes(), Sides::Apart) };
        debug_assert!(copied.is_ok(), "the shapes are equal, and the two are apart");
    }

    /// Returns the view of elements that are one block in C order.
    ///
    /// # Safety
    ///
    /// The caller must ensure that there are as many elements at `first` as the shape has, which must be that of a layout.
    pub(super) unsafe fn block(first: *mut u8, format: Format, shape: &[usize]) -> Self {
        let layout = Dyn::dense(shape, format.itemsize()).into();
        Self { ptr: NonNull::new(first).unwrap_or(NonNull::dangling()), layout, format }
    }

    /// Returns the addresses from the first byte of the elements to the one behind the last, if no axis holds pointers.
    fn addresses(&self) -> Option<(usize, usize)> {
        self.reach()?.addresses(self.ptr.addr().get())
    }

    /// Returns the bytes of all elements, along a new last axis.
    fn bytes(&self) -> Raw<u8, DynIndirect> {
        // SAFETY: every byte of an element is inside the allocation of the element, so R1 and R2 carry over from I1 and I2.
        unsafe { Raw::new(self.as_ptr(), self.layout.to_bytes(self.itemsize())) }
    }

    /// Sets the numbers to those of `source`, converted.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`copy_from`](Self::copy_from) requires, that [`check_copy`](Self::check_copy) has allowed the
    /// conversion, that no axis of either holds pointers, and that they have no byte in common.
    unsafe fn convert_from(&self, source: &Self) {
        let (Some(target), Some(number)) = (Number::of(&self.format), Number::of(&source.format)) else {
            unreachable!("only numbers are converted")
        };
        let shapes = [self.shape(), source.shape()];
        let nest = LoopNest::<2>::new(shapes[0], |axis| {
            [self.strides()[axis], source_axis(shapes, axis).map_or(0, |from| source.strides()[from])]
        });
        // The imaginary part, which follows the real part, is converted in a second round.
        let parts = if target.is_complex() { 2 } else { 1 };
        for part in 0..parts {
            let (to, from) = (part * target.size(), part * number.size());
            let is_zero = part > 0 && !number.is_complex();
            let wide = if is_zero { Wide::Int } else { number.wide() };
            let mut block = [0; BLOCK];
            nest.for_each_run(|offsets, extent, strides| {
                for first in (0..extent).step_by(BLOCK) {
                    let count = BLOCK.min(extent - first);
                    let [to, from] = [(0, to), (1, from)].map(|(side, part)| {
                        offsets[side] + strides[side] * first.cast_signed() + part.cast_signed()
                    });
                    if !is_zero {
                        // SAFETY: the nest gives the offset of an element of the source, and the part is inside it.
                        let from = unsafe { source.as_ptr().offset(from) };
                        // SAFETY: the caller guarantees what is required of the source, which has so many elements along the run.
                        unsafe { number.read(from, strides[1], count, &mut block) };
                    }
                    // SAFETY: the nest gives the offset of an element of the target, and the part is inside it.
                    let to = unsafe { self.as_ptr().offset(to) };
                    // SAFETY: the caller guarantees what is required of the target, which has so many elements along the run.
                    unsafe { target.write(to, strides[0], wide, &block, count) };
                }
            });
        }
    }

    /// Fails if the elements are references to Python objects, alone or in a record, whose counts a copy of bytes would not change.
    ///
    /// # Errors
    ///
    /// Fails with the format in its message.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{ByteOrder, Dtype, Format, Kind, Untyped};
    ///
    /// let objects = Format::scalar(Dtype::new(Kind::Object, size_of::<usize>()), ByteOrder::Native);
    /// // SAFETY: the view has no elements.
    /// let view = unsafe { Untyped::new(std::ptr::null_mut(), objects, &[0], &[8], &[]) }?;
    /// assert!(view.reject_objects().is_err());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn reject_objects(&self) -> Result<(), Error> {
        if holds_objects(&self.format) {
            return Err(ConversionError::Objects { format: self.format.to_string() }.into());
        }
        Ok(())
    }
}

/// Whether records have bytes that belong to no field.
#[inline]
fn has_gaps(format: &Format) -> bool {
    if format.as_scalar().is_some() { false } else { has_gaps_inside(format) }
}

fn has_gaps_inside(format: &Format) -> bool {
    if let Some((_, item)) = format.subarray() {
        return has_gaps(item);
    }
    let fields = format.fields().unwrap_or_default();
    let described: usize = fields.iter().map(|field| field.format().itemsize()).sum();
    described != format.itemsize() || fields.iter().any(|field| has_gaps(field.format()))
}

fn holds_objects(format: &Format) -> bool {
    if let Some((_, item)) = format.subarray() {
        return holds_objects(item);
    }
    match format.fields() {
        Some(fields) => fields.iter().any(|field| holds_objects(field.format())),
        None => format.dtype().kind() == Kind::Object,
    }
}
