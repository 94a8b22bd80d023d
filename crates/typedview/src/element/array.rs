//! Sub-arrays: a fixed number of elements that together are one element.
//! They have a file of their own, because all other elements are single, and [`View::from`](crate::View) must know
//! that of the items of `&[[T; M]; N]`.

use super::{Dtype, Element, Kind};
use crate::error::or_panic;
use crate::format::Format;

/// An element that is not an array of other elements.
///
/// `View::from(&[[1.0, 2.0], [3.0, 4.0]])` is a table of four numbers and not a row of two arrays, because the items of
/// an array that becomes a view must be single. A record whose `Element` is derived is single.
///
/// # Examples
///
/// ```
/// use typedview::{C, View};
///
/// let table = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(table.shape(), [2, 2]);
/// let arrays: View<'_, [f64; 2], C<1>> = View::from(&[[1.0, 2.0], [3.0, 4.0]][..]);
/// assert_eq!((arrays.shape(), arrays.at(1)), (&[2][..], [3.0, 4.0]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be a single element",
    label = "an array of such items is not taken for a view with one axis or more",
    note = "make the view of a slice, `&array[..]`, or say `impl Single for` a record of your own"
)]
pub trait Single: Element {}

// SAFETY: an array consists of its items and has nothing between them. So every bit pattern is a value (E1), and all
// padding is inside the items, whose `write_to` leaves it out (E2). The dtype takes the size of the type from
// `size_of`, and the format is made of that of the items (E3).
unsafe impl<T: Element, const N: usize> Element for [T; N] {
    const DTYPE: Dtype = Dtype { kind: Kind::Array, itemsize: size_of::<Self>() };
    const PADDED: bool = T::PADDED && N > 0;

    /// # Panics
    ///
    /// If there are more than 64 axes, or more items than `isize` can count. Rust allows so many items only if they
    /// have no bytes.
    fn format() -> Format {
        or_panic(Format::array(&[N], T::format()))
    }

    /// Returns whether the format is a sub-array of as many items. `[u8; N]` also reads byte strings and bytes
    /// without a meaning.
    fn reads(format: &Format) -> bool {
        format.difference(&Self::format()).is_none()
    }

    #[inline]
    unsafe fn write_to(self, place: *mut u8) {
        if !T::PADDED {
            // SAFETY: the caller guarantees that the bytes at `place` are writable. The items have no padding, and
            // there is nothing between them.
            return unsafe { place.cast::<Self>().write_unaligned(self) };
        }
        for (i, item) in self.into_iter().enumerate() {
            // SAFETY: item `i` is inside the array, and the caller guarantees that there is room for the array at
            // `place`.
            let place = unsafe { place.add(i * size_of::<T>()) };
            // SAFETY: the caller guarantees that the bytes of the array are writable, so the bytes of this item are,
            // too.
            unsafe { item.write_to(place) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{Big, Bool};
    use alloc::string::ToString;

    fn parsed(format: &str) -> Format {
        Format::parse(format.as_bytes()).unwrap()
    }

    #[test]
    fn arrays_of_arrays_have_one_shape() {
        assert_eq!(<[[f64; 3]; 2]>::format().to_string(), "(2, 3)double");
        assert_eq!(<[[f64; 3]; 2]>::format(), parsed("(2,3)d"));
        assert_eq!(<[[f64; 3]; 2]>::DTYPE, Dtype::new(Kind::Array, 48));
        assert_eq!(<[Bool; 1]>::format().to_pep3118(), "(1)?");
        assert_eq!(<[i16; 0]>::format().itemsize(), 0);
    }

    #[test]
    fn an_array_reads_its_own_format_alone() {
        assert!(parsed("(2,3)d").describes::<[[f64; 3]; 2]>());
        assert!(parsed("(2)(3)d").describes::<[[f64; 3]; 2]>());
        for other in ["(3,2)d", "(6)d", "6d", "d", "(2,3)f", "(2,3)T{d:a:}", "48x", "48s", "T{(2,3)d:a:}"] {
            assert!(!parsed(other).describes::<[[f64; 3]; 2]>(), "{other}");
        }
        assert!(parsed("(2)B").describes::<[u8; 2]>() && !parsed("B").describes::<[u8; 1]>());
    }

    #[test]
    fn an_array_of_bytes_reads_bytes_whatever_they_mean() {
        for format in ["(5)B", "5B", "5s", "5x"] {
            assert!(parsed(format).describes::<[u8; 5]>(), "{format}");
        }
        for other in ["(5)b", "4s", "6x", "(5)?", "w"] {
            assert!(!parsed(other).describes::<[u8; 5]>(), "{other}");
        }
        assert!(!parsed("2s").describes::<[i8; 2]>());
        assert!(parsed("(3)2s").describes::<[[u8; 2]; 3]>());
    }

    #[test]
    fn items_keep_their_byte_order() {
        assert!(parsed("(3)>f").describes::<[Big<f32>; 3]>());
        assert!(!parsed("(3)<f").describes::<[Big<f32>; 3]>());
        assert_eq!(<[Big<f32>; 3]>::format(), parsed("(3)>f"));
    }
}
