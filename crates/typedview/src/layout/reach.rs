//! Reach: the range of byte offsets that a layout can touch.
//! Constructors compute it to check that all offsets fit `isize` (L2). The table of claims and the copies compute it to find out
//! which addresses a view touches.

use crate::error::{Error, LayoutError};

/// The bytes that a layout can touch, as offsets from its first element: `lowest..highest`.
///
/// # Examples
///
/// ```
/// use typedview::{Direct, Reach, Strided};
///
/// // Four doubles, backwards: the last one is 24 bytes before the first.
/// let reach = Strided::new([4], [-8], 8)?.reach(8);
/// assert_eq!(reach, Reach { lowest: -24, highest: 8 });
/// assert_eq!(reach.addresses(1000), Some((976, 1008)));
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The lowest byte offset. It is 0 or negative.
    pub lowest: isize,
    /// The highest byte offset plus 1. It is equal to `lowest` if there are no elements.
    pub highest: isize,
}

/// Returns the number of elements. Fails if an extent or the number of bytes does not fit `isize` (L1).
#[inline(always)]
pub(crate) fn size_of_shape(shape: &[usize], itemsize: usize) -> Result<usize, Error> {
    count(shape, itemsize).ok_or_else(|| too_large(shape, itemsize))
}

#[inline(always)]
fn count(shape: &[usize], itemsize: usize) -> Option<usize> {
    let countable = shape.iter().all(|&extent| isize::try_from(extent).is_ok());
    if countable && shape.contains(&0) {
        return Some(0);
    }
    let size = shape.iter().try_fold(1usize, |size, &extent| size.checked_mul(extent))?;
    let nbytes = size.checked_mul(itemsize)?;
    (countable && isize::try_from(nbytes).is_ok()).then_some(size)
}

#[cold]
fn too_large(shape: &[usize], itemsize: usize) -> Error {
    LayoutError::TooLarge { shape: shape.into(), itemsize }.into()
}

#[cold]
fn reach_overflows(shape: &[usize], strides: &[isize]) -> Error {
    LayoutError::ReachOverflows { shape: shape.into(), strides: strides.into() }.into()
}

impl Reach {
    /// Returns the reach of a shape and strides that have not been checked.
    ///
    /// # Errors
    ///
    /// Fails when the elements or the offset of an element exceed the address space.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Reach;
    ///
    /// let reversed = Reach::of(&[4], &[-8], 8)?;
    /// assert_eq!((reversed.lowest, reversed.highest), (-24, 8));
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(shape: &[usize], strides: &[isize], itemsize: usize) -> Result<Self, Error> {
        if size_of_shape(shape, itemsize)? == 0 {
            return Ok(Self::NOTHING);
        }
        checked_reach(shape, strides, itemsize).ok_or_else(|| reach_overflows(shape, strides))
    }

    /// The reach of a layout without elements.
    const NOTHING: Self = Self { lowest: 0, highest: 0 };

    /// Returns the reach of a single element, or `None` if its size does not fit `isize`.
    ///
    /// See [`add_axis`](Self::add_axis) for an example.
    #[inline(always)]
    #[must_use]
    pub fn of_element(itemsize: usize) -> Option<Self> {
        Some(Self { lowest: 0, highest: isize::try_from(itemsize).ok()? })
    }

    /// Extends the reach by an axis that has at least one index. Returns the offset of the last index of the axis, or `None` if
    /// an offset does not fit `isize`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Reach;
    ///
    /// let mut reach = Reach::of_element(8).unwrap();
    /// assert_eq!(reach.add_axis(3, 16), Some(32));
    /// assert_eq!(reach, Reach { lowest: 0, highest: 40 });
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn add_axis(&mut self, extent: usize, stride: isize) -> Option<isize> {
        // The stride of an axis of length 1 has no meaning and may be any number.
        if extent < 2 {
            return Some(0);
        }
        let last = isize::try_from(extent.wrapping_sub(1)).ok()?.checked_mul(stride)?;
        if last < 0 {
            self.lowest = self.lowest.checked_add(last)?;
        } else {
            self.highest = self.highest.checked_add(last)?;
        }
        Some(last)
    }

    /// Returns the lowest address of a byte, and the first address above all bytes, of a layout whose first element is at the
    /// address `first`. Returns `None` if an address wraps around.
    ///
    /// See [`Reach`] for an example.
    #[inline(always)]
    #[must_use]
    pub fn addresses(self, first: usize) -> Option<(usize, usize)> {
        Some((first.checked_add_signed(self.lowest)?, first.checked_add_signed(self.highest)?))
    }
}

#[inline(always)]
fn checked_reach(shape: &[usize], strides: &[isize], itemsize: usize) -> Option<Reach> {
    let mut reach = Reach::of_element(itemsize)?;
    for (&extent, &stride) in shape.iter().zip(strides) {
        reach.add_axis(extent, stride)?;
    }
    // An allocation must hold all bytes between the two offsets, so their distance must fit `isize`, too.
    reach.highest.checked_sub(reach.lowest)?;
    Some(reach)
}

/// Returns the reach of a shape and strides that have been checked, so the offsets fit `isize` (L2).
pub(super) fn reach_within(shape: &[usize], strides: &[isize], itemsize: usize) -> Reach {
    if shape.contains(&0) {
        return Reach::NOTHING;
    }
    match checked_reach(shape, strides, itemsize) {
        Some(reach) => reach,
        None => unreachable!("the offsets of a layout fit `isize`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_reversed_axis_reaches_below_its_first_element() {
        assert_eq!(Reach::of(&[4], &[-8], 8).unwrap(), Reach { lowest: -24, highest: 8 });
    }

    #[test]
    fn an_empty_layout_reaches_nothing_whatever_its_strides() {
        assert_eq!(
            Reach::of(&[0, isize::MAX.cast_unsigned()], &[isize::MIN, 3], 8).unwrap(),
            Reach { lowest: 0, highest: 0 }
        );
    }

    #[test]
    fn the_stride_of_a_single_index_is_ignored() {
        assert_eq!(Reach::of(&[1], &[isize::MIN], 8).unwrap(), Reach { lowest: 0, highest: 8 });
    }

    #[test]
    fn what_no_address_can_hold_is_refused() {
        let huge = 1 << (usize::BITS - 2);
        let shape = Reach::of(&[huge, 4], &[0, 0], 1).unwrap_err().to_string();
        assert_eq!(shape, alloc::format!("shape ({huge}, 4) with itemsize 1 exceeds the address space"));
        let strides = Reach::of(&[3], &[isize::MAX], 8).unwrap_err().to_string();
        assert_eq!(
            strides,
            alloc::format!("shape (3,) with strides ({},) exceeds the address space", isize::MAX)
        );
    }
}
