//! Reach: the lowest and highest byte a layout can touch.
//! Integers only; every safety comment in `raw` leans on it.

use crate::error::{Error, LayoutError};

/// The bytes a layout can touch, as offsets from its first element: `lowest..highest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The lowest byte offset; 0 or negative.
    pub lowest: isize,
    /// One more than the highest byte offset; equal to `lowest` when there are no elements.
    pub highest: isize,
}

/// The number of elements, when they and their bytes can be counted (L1).
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
    /// The reach of a shape and strides nobody has checked.
    ///
    /// # Errors
    ///
    /// The elements, or the offset of one, exceed the address space.
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
            return Ok(Self { lowest: 0, highest: 0 });
        }
        checked_reach(shape, strides, itemsize).ok_or_else(|| reach_overflows(shape, strides))
    }
}

#[inline(always)]
fn checked_reach(shape: &[usize], strides: &[isize], itemsize: usize) -> Option<Reach> {
    let mut reach = Reach { lowest: 0, highest: isize::try_from(itemsize).ok()? };
    for (&extent, &stride) in shape.iter().zip(strides) {
        // The stride of an axis of length 1 means nothing and may be anything.
        if extent < 2 {
            continue;
        }
        let last = isize::try_from(extent.checked_sub(1)?).ok()?.checked_mul(stride)?;
        if last < 0 {
            reach.lowest = reach.lowest.checked_add(last)?;
        } else {
            reach.highest = reach.highest.checked_add(last)?;
        }
    }
    // Their distance is what an allocation would have to hold.
    reach.highest.checked_sub(reach.lowest)?;
    Some(reach)
}

/// The reach of a layout that L2 bounds.
pub(super) fn reach_within(shape: &[usize], strides: &[isize], itemsize: usize) -> Reach {
    let mut reach = Reach { lowest: 0, highest: 0 };
    if shape.contains(&0) {
        return reach;
    }
    reach.highest = itemsize.cast_signed();
    for (&extent, &stride) in shape.iter().zip(strides) {
        let last = extent.wrapping_sub(1).cast_signed().wrapping_mul(stride);
        if last < 0 {
            reach.lowest = reach.lowest.wrapping_add(last);
        } else {
            reach.highest = reach.highest.wrapping_add(last);
        }
    }
    reach
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
