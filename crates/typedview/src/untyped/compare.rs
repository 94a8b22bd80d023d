//! Comparing: whether two untyped views have equal elements.
//! Numbers are compared by their exact values, whatever their formats, and records field by field.

use super::Untyped;
use super::alike::are_alike;
use super::numbers::{BLOCK, Number, Wide, are_equal, is_compared_by_bytes};
use crate::copy::LoopNest;
use crate::error::Error;
use crate::format::Format;
use crate::layout::{Order, PerAxis};

impl Untyped {
    /// Returns whether both have the same shape and equal elements, or `None` if the formats do not tell when elements are equal, as
    /// for references to objects.
    ///
    /// Numbers are equal if their values are. A NaN equals nothing.
    ///
    /// # Errors
    ///
    /// Fails when there is not enough memory for a copy, which memory behind pointers needs.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory of both is alive and initialised, and that nobody writes it during the call.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Format, Untyped};
    ///
    /// let (doubles, integers) = ([1.0_f64, 2.0], [1_i32, 2]);
    /// // SAFETY: both arrays have these elements, and they live longer than the views.
    /// let x = unsafe { Untyped::new(doubles.as_ptr().cast_mut().cast(), Format::parse(b"d")?, &[2], &[8], &[]) }?;
    /// // SAFETY: as for `x`, the array has two elements of four bytes.
    /// let y = unsafe { Untyped::new(integers.as_ptr().cast_mut().cast(), Format::parse(b"i")?, &[2], &[4], &[]) }?;
    /// // SAFETY: both arrays are alive, and nobody writes them.
    /// assert_eq!(unsafe { x.try_equals(&y) }?, Some(true));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn try_equals(&self, other: &Self) -> Result<Option<bool>, Error> {
        if self.shape() != other.shape() {
            return Ok(Some(false));
        }
        if self.size() == 0 {
            return Ok(Some(true));
        }
        if self.as_direct().is_none() || other.as_direct().is_none() {
            // SAFETY: the caller guarantees what is required of the memory.
            let mut mine = unsafe { self.try_to_bytes(Order::C) }?;
            // SAFETY: the caller guarantees what is required of the memory.
            let mut others = unsafe { other.try_to_bytes(Order::C) }?;
            let shape = self.shape();
            // SAFETY: the vectors have the elements in C order.
            let one = unsafe { Self::block(mine.as_mut_ptr(), self.format().clone(), shape) };
            // SAFETY: the vectors have the elements in C order.
            let two = unsafe { Self::block(others.as_mut_ptr(), other.format().clone(), shape) };
            // SAFETY: the vectors are new memory, which nobody writes.
            return unsafe { one.try_equals(&two) };
        }
        // SAFETY: the caller guarantees what is required of both memories.
        unsafe { self.equals_in(other) }
    }

    /// Does what [`try_equals`](Self::try_equals) does for views of one shape without pointers.
    ///
    /// # Safety
    ///
    /// The caller must ensure what [`try_equals`](Self::try_equals) requires.
    unsafe fn equals_in(&self, other: &Self) -> Result<Option<bool>, Error> {
        let formats = [self.format(), other.format()];
        if let [Some(mine), Some(others)] = formats.map(Format::fields) {
            if mine.len() != others.len() {
                return Ok(Some(false));
            }
            let mut all = Some(true);
            for (mine, others) in mine.iter().zip(others) {
                // SAFETY: a field is a part of the memory, for which the caller guarantees what is required.
                match unsafe { self.field(mine)?.try_equals(&other.field(others)?) }? {
                    Some(true) => {}
                    Some(false) => return Ok(Some(false)),
                    None => all = None,
                }
            }
            return Ok(all);
        }
        if formats.iter().any(|format| format.subarray().is_some()) {
            // SAFETY: the items are the bytes of the elements, for which the caller guarantees what is required.
            return unsafe { self.expand()?.try_equals(&other.expand()?) };
        }
        if formats[0] == formats[1] && is_compared_by_bytes(formats[0].dtype()) {
            // SAFETY: the caller guarantees what is required of both memories.
            return Ok(Some(unsafe { self.has_bytes_of(other) }));
        }
        match formats.map(Number::of) {
            // SAFETY: the caller guarantees what is required of both memories.
            [Some(mine), Some(others)] => Ok(Some(unsafe { self.has_numbers_of(mine, other, others) })),
            // SAFETY: the caller guarantees what is required of both memories.
            _ => Ok(unsafe { self.has_items_alike(other) }),
        }
    }

    /// # Safety
    ///
    /// The caller must ensure what [`try_equals`](Self::try_equals) requires, and that the shapes are equal.
    unsafe fn has_items_alike(&self, other: &Self) -> Option<bool> {
        let nest = LoopNest::<2>::new(self.shape(), |axis| [self.strides()[axis], other.strides()[axis]]);
        let mut equal = Some(true);
        nest.for_each_run(|offsets, extent, strides| {
            for i in 0..extent {
                if equal != Some(true) {
                    return;
                }
                let item = |side: usize, view: &Self| {
                    let offset = offsets[side] + strides[side] * i.cast_signed();
                    // SAFETY: the nest gives the offset of an element, which is inside its allocation.
                    let at = unsafe { view.as_ptr().offset(offset) };
                    // SAFETY: the caller guarantees that the element is alive, initialised and not written.
                    unsafe { core::slice::from_raw_parts(at, view.itemsize()) }
                };
                equal = are_alike((self.format(), item(0, self)), (other.format(), item(1, other)));
            }
        });
        equal
    }

    /// # Safety
    ///
    /// The caller must ensure what [`try_equals`](Self::try_equals) requires, and that shapes and formats are equal.
    unsafe fn has_bytes_of(&self, other: &Self) -> bool {
        let bytes: PerAxis<usize> = self.shape().iter().copied().chain([self.itemsize()]).collect();
        let mut equal = true;
        // The bytes of an element are one more axis, which is merged with the others where there are no gaps.
        let strides = |axis| match (self.strides().get(axis), other.strides().get(axis)) {
            (Some(&mine), Some(&others)) => [mine, others],
            _ => [1, 1],
        };
        LoopNest::<2>::new(&bytes, strides).for_each_run(|offsets, extent, strides| {
            if !equal {
                return;
            }
            // SAFETY: the nest gives the offsets of bytes of both memories.
            let mine = unsafe { self.as_ptr().offset(offsets[0]) }.cast_const();
            // SAFETY: the nest gives the offsets of bytes of both memories.
            let others = unsafe { other.as_ptr().offset(offsets[1]) }.cast_const();
            equal = if strides == [1, 1] {
                // SAFETY: the run has `extent` adjacent bytes, which the caller guarantees to be alive and not written.
                let mine = unsafe { core::slice::from_raw_parts(mine, extent) };
                // SAFETY: the run has `extent` adjacent bytes, which the caller guarantees to be alive and not written.
                mine == unsafe { core::slice::from_raw_parts(others, extent) }
            } else {
                let at = |first: *const u8, stride: isize, i: usize| {
                    // SAFETY: the run has more than `i` bytes, so the offset stays inside their allocation.
                    let byte = unsafe { first.offset(stride * i.cast_signed()) };
                    // SAFETY: the caller guarantees that the byte is alive, initialised and not written.
                    unsafe { byte.read() }
                };
                (0..extent).all(|i| at(mine, strides[0], i) == at(others, strides[1], i))
            };
        });
        equal
    }

    /// # Safety
    ///
    /// The caller must ensure what [`try_equals`](Self::try_equals) requires, that the shapes are equal, and that the formats are
    /// those of the numbers.
    unsafe fn has_numbers_of(&self, mine: Number, other: &Self, others: Number) -> bool {
        let nest = LoopNest::<2>::new(self.shape(), |axis| [self.strides()[axis], other.strides()[axis]]);
        let parts = if mine.is_complex() || others.is_complex() { 2 } else { 1 };
        let mut blocks = [[0; BLOCK]; 2];
        let mut equal = true;
        nest.for_each_run(|offsets, extent, strides| {
            for (first, part) in
                (0..extent).step_by(BLOCK).flat_map(|first| (0..parts).map(move |part| (first, part)))
            {
                if !equal {
                    return;
                }
                let count = BLOCK.min(extent - first);
                let mut wide = [Wide::Int; 2];
                for (side, (view, number)) in [(self, mine), (other, others)].into_iter().enumerate() {
                    if part > 0 && !number.is_complex() {
                        blocks[side] = [0; BLOCK];
                        continue;
                    }
                    wide[side] = number.wide();
                    let offset = offsets[side]
                        + strides[side] * first.cast_signed()
                        + (part * number.size()).cast_signed();
                    // SAFETY: the nest gives the offset of an element, and the part is inside it.
                    let from = unsafe { view.as_ptr().offset(offset) };
                    // SAFETY: the caller guarantees what is required of the memory, which has so many elements along the run.
                    unsafe { number.read(from, strides[side], count, &mut blocks[side]) };
                }
                let pairs = blocks[0][..count].iter().zip(&blocks[1][..count]);
                equal = if wide == [Wide::Float; 2] {
                    pairs.fold(true, |all, (a, b)| all & (f64::from_bits(*a) == f64::from_bits(*b)))
                } else {
                    pairs.fold(true, |all, (a, b)| all & are_equal((wide[0], *a), (wide[1], *b)))
                };
            }
        });
        equal
    }
}
