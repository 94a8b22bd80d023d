//! `PerAxis`: a list of one number for each axis, which allocates only for more than eight axes.
//! It stores shapes, strides and indices of layouts whose type does not know the ndim.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

const INLINE: usize = 8;

/// One number for each axis. Up to eight numbers are stored inline, more are stored on the heap.
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
    /// Returns an empty list, for no axes.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::PerAxis;
    ///
    /// let mut shape = PerAxis::<usize>::empty();
    /// shape.lengthen(2);
    /// shape[1] = 3;
    /// assert_eq!(*shape, [0, 3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn empty() -> Self {
        Self(Store::Inline { length: 0, numbers: [X::default(); INLINE] })
    }

    /// Appends zeros until there are `length` numbers. A list that is longer does not change.
    ///
    /// See [`empty`](Self::empty) for an example.
    #[inline]
    pub fn lengthen(&mut self, length: usize) {
        match &mut self.0 {
            // The slots after the last number are still 0, so only the length changes.
            Store::Inline { length: now, .. } if length <= INLINE => *now = length.max(*now),
            _ => self.spill(length),
        }
    }

    /// Moves the numbers to the heap, and appends zeros until there are at least `length` numbers.
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

/// Sorts a list with one item for each axis, in place and stably.
///
/// It is an insertion sort: there are at most 64 items, and the sorts of the standard library are about 10 KB of code for each
/// type of items.
pub(crate) fn sort_axes<X: Copy>(items: &mut [X], is_before: impl Fn(&X, &X) -> bool) {
    for end in 1..items.len() {
        let item = items[end];
        let position = items[..end].iter().rposition(|other| !is_before(&item, other));
        let position = position.map_or(0, |position| position.wrapping_add(1));
        items.copy_within(position..end, position.wrapping_add(1));
        items[position] = item;
    }
}

impl<X: Copy + Default> PerAxis<X> {
    /// Returns the numbers of several lists, one after the other.
    #[inline(never)]
    pub(crate) fn joined(lists: &[&[X]]) -> Self {
        let mut all = Self::empty();
        for list in lists {
            let start = all.len();
            let end = start.wrapping_add(list.len());
            all.lengthen(end);
            all[start..end].copy_from_slice(list);
        }
        all
    }
}

impl PerAxis<isize> {
    /// Returns the strides of a contiguous layout in C order.
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
        // A product can only wrap if the shape is empty or too large for a layout. Then the strides have no meaning.
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
