//! One number an axis, for any number of axes, without the heap up to eight.
//! What shapes and strides are kept in where the type does not know the ndim.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

const INLINE: usize = 8;

/// One number an axis: up to eight in place, more on the heap.
///
/// # Examples
///
/// ```
/// use typedview::PerAxis;
///
/// let shape: PerAxis<usize> = [4, 3].into_iter().collect();
/// assert_eq!(*shape, [4, 3]);
/// ```
#[derive(Clone, Debug)]
pub struct PerAxis<X>(Store<X>);

#[derive(Clone, Debug)]
enum Store<X> {
    Inline { length: usize, numbers: [X; INLINE] },
    Heap(Vec<X>),
}

impl<X: Copy + Default> PerAxis<X> {
    /// No axes.
    #[inline]
    #[must_use]
    pub fn empty() -> Self {
        Self(Store::Inline { length: 0, numbers: [X::default(); INLINE] })
    }

    /// Adds zeros until there are `length` numbers, or more if there were.
    #[inline]
    pub fn lengthen(&mut self, length: usize) {
        match &mut self.0 {
            // What lies beyond the numbers has been 0 from the start.
            Store::Inline { length: now, .. } if length <= INLINE => *now = length.max(*now),
            _ => self.spill(length),
        }
    }

    /// Goes to the heap, with `length` numbers at least.
    #[cold]
    #[inline(never)]
    fn spill(&mut self, length: usize) {
        let mut all = self.to_vec();
        all.resize(length.max(all.len()), X::default());
        self.0 = Store::Heap(all);
    }
}

impl<X: Copy + Default> FromIterator<X> for PerAxis<X> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = X>>(numbers: I) -> Self {
        let mut all = numbers.into_iter();
        let mut inline = [X::default(); INLINE];
        let mut length = 0;
        while let Some(number) = all.next() {
            match inline.get_mut(length) {
                Some(place) => *place = number,
                None => return Self(Store::Heap(inline.into_iter().chain([number]).chain(all).collect())),
            }
            length = length.wrapping_add(1);
        }
        Self(Store::Inline { length, numbers: inline })
    }
}

impl PerAxis<isize> {
    /// The strides of a block in C order.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::PerAxis;
    ///
    /// assert_eq!(*PerAxis::c_strides(&[4, 3], 8), [24, 8]);
    /// ```
    #[must_use]
    pub fn c_strides(shape: &[usize], itemsize: usize) -> Self {
        let mut strides: Self = shape.iter().map(|_| 0).collect();
        // What overflows is empty or too large to be laid out: its strides mean nothing.
        let mut block = itemsize.cast_signed();
        for (stride, extent) in strides.iter_mut().zip(shape).rev() {
            *stride = block;
            block = block.wrapping_mul(extent.cast_signed());
        }
        strides
    }
}

impl<X> Deref for PerAxis<X> {
    type Target = [X];

    #[inline]
    fn deref(&self) -> &[X] {
        match &self.0 {
            Store::Inline { length, numbers } => &numbers[..*length],
            Store::Heap(numbers) => numbers,
        }
    }
}

impl<X> DerefMut for PerAxis<X> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [X] {
        match &mut self.0 {
            Store::Inline { length, numbers } => &mut numbers[..*length],
            Store::Heap(numbers) => numbers,
        }
    }
}

impl<X> AsRef<[X]> for PerAxis<X> {
    #[inline]
    fn as_ref(&self) -> &[X] {
        self
    }
}

impl<X> AsMut<[X]> for PerAxis<X> {
    #[inline]
    fn as_mut(&mut self) -> &mut [X] {
        self
    }
}

impl<X: PartialEq> PartialEq for PerAxis<X> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_axes_is_kept_in_order() {
        for count in [0, 1, 7, 8, 9, 64] {
            let numbers: Vec<usize> = (0..count).collect();
            let kept: PerAxis<usize> = numbers.iter().copied().collect();
            assert_eq!(*kept, *numbers);
        }
    }
}
