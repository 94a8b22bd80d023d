//! Contiguity: whether the elements fill one block without gaps, in C order or in F order.
//! Axes of length 1 do not count, and an empty layout is contiguous in both orders, as with NumPy's relaxed strides.

use core::fmt;

/// The order of the elements in memory, as a layout type promises it.
///
/// # Examples
///
/// ```
/// use typedview::{C, Layout, Order, Pitched};
///
/// assert_eq!((C::<2>::ORDER, Pitched::<2>::ORDER), (Order::C, Order::Pitched));
/// assert!(Order::C.is_block() && !Order::Pitched.is_block());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Contiguous, and the last axis varies fastest.
    C,
    /// Contiguous, and the first axis varies fastest.
    F,
    /// The elements of each row are adjacent, and the rows may be any distance apart. A row is what the last axis has.
    Pitched,
    /// No promise: the strides may be any numbers.
    Strided,
}

impl Order {
    /// Whether the elements fill one block without gaps.
    ///
    /// See [`Order`] for an example.
    #[inline]
    #[must_use]
    pub const fn is_block(self) -> bool {
        matches!(self, Self::C | Self::F)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::C => "C",
            Self::F => "Fortran",
            Self::Pitched => "pitched",
            Self::Strided => "any order",
        })
    }
}

/// Returns whether shape and strides keep what `order` promises; always true for [`Order::Strided`].
#[inline]
pub(crate) fn is_contiguous(order: Order, shape: &[usize], strides: &[isize], itemsize: usize) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let mut block = itemsize;
    let mut axis_fits = |(&extent, &stride): (&usize, &isize)| {
        let fits = extent == 1 || stride == block.cast_signed();
        block = block.wrapping_mul(extent);
        fits
    };
    let mut axes = shape.iter().zip(strides);
    match order {
        Order::C => axes.rev().all(&mut axis_fits),
        Order::F => axes.all(&mut axis_fits),
        Order::Pitched => axes.next_back().is_none_or(&mut axis_fits),
        Order::Strided => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_length_1_do_not_count() {
        for order in [Order::C, Order::F] {
            assert!(is_contiguous(order, &[1, 4, 1], &[77, 8, isize::MIN], 8));
        }
    }

    #[test]
    fn empty_is_both() {
        for order in [Order::C, Order::F] {
            assert!(is_contiguous(order, &[3, 0], &[5, 5], 8));
        }
    }

    #[test]
    fn a_gap_or_a_reversal_is_neither() {
        for (shape, strides) in [([4], [16]), ([4], [-8]), ([4], [0])] {
            assert!(!is_contiguous(Order::C, &shape, &strides, 8));
            assert!(!is_contiguous(Order::F, &shape, &strides, 8));
        }
    }
}
