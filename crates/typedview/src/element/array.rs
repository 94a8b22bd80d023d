//! Sub-arrays: a fixed number of elements that are one element.
//! Apart because all others are single, which [`View::from`](crate::View) has to know of `&[[T; M]; N]`.

use super::{Dtype, Element, Kind};
use crate::error::or_refuse;
use crate::format::Format;

/// An element that is no array of others.
///
/// `View::from(&[[1.0, 2.0], [3.0, 4.0]])` is a table of four numbers and not a row of two arrays, since the items of an
/// array that becomes a view have to be single. Records that are derived are.
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
    note = "make the view of a slice, `&array[..]`, or say `impl Single for` a record of your own"
)]
pub trait Single: Element {}

// SAFETY: E1 and E2: as of its items, between which is nothing, and which write themselves; E3 by `size_of`, and by E3 of the items.
unsafe impl<T: Element, const N: usize> Element for [T; N] {
    const DTYPE: Dtype = Dtype { kind: Kind::Array, itemsize: size_of::<Self>() };
    const PADDED: bool = T::PADDED && N > 0;

    /// # Panics
    ///
    /// There are more than 64 axes, or more items than `isize` counts, all of which have no bytes.
    fn format() -> Format {
        or_refuse(Format::array(&[N], T::format()))
    }

    /// Sub-arrays of as many items; of `[u8; N]`, byte strings and bytes without a meaning, too.
    fn reads(format: &Format) -> bool {
        format.difference(&Self::format()).is_none()
    }

    #[inline]
    unsafe fn write_to(self, place: *mut u8) {
        if !T::PADDED {
            // SAFETY: the caller; the items have no padding, and nothing is between them.
            return unsafe { place.cast::<Self>().write_unaligned(self) };
        }
        for (i, item) in self.into_iter().enumerate() {
            // SAFETY: the caller: inside the array.
            let place = unsafe { place.add(i * size_of::<T>()) };
            // SAFETY: the caller.
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
