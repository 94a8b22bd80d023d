//! Texts of fixed length with 4 bytes per code point: NumPy's `U3`, where shorter texts are filled up with NULs.
//! They are separate from arrays of `char`, because a `char` that is not a Unicode scalar value is undefined behaviour.

use super::swapped::{self, Swap};
use super::{Dtype, Element, Kind, Single};
use core::array;
use core::fmt::{self, Write};
use core::iter::Copied;
use core::slice;

/// A text of at most `N` code points in native byte order: NumPy's `U3`. NULs at its end do not belong to the text.
///
/// A code point that is not a Unicode scalar value (a surrogate, or a number above 10FFFF) is shown as `U+FFFD`. It
/// keeps its value when the text is written back. [`Big<Text<3>>`](super::Big) is `>U3`.
///
/// # Examples
///
/// ```
/// use typedview::Text;
///
/// let name: Text<5> = Text::new("Zoë").unwrap();
/// assert_eq!(name.to_string(), "Zoë");
/// assert_eq!(name.chars().count(), 3);
/// assert!(Text::<2>::new("Zoë").is_none());
/// ```
///
/// # Limitations
///
/// A format with the code `u`, which has 2 bytes per code unit, differs from the format of this type only by its size.
/// Formats are compared by kind and size, not by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Text<const N: usize>([u32; N]);

/// An iterator over the characters of a [`Text`].
///
/// See [`Text::chars`] for an example.
#[derive(Clone, Debug)]
pub struct Chars<'a>(Copied<slice::Iter<'a, u32>>);

impl<const N: usize> Text<N> {
    /// Returns this text, or `None` if it has more than `N` code points.
    ///
    /// See [`Text`] for an example.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut points = text.chars().map(u32::from);
        let all = array::from_fn(|_| points.next().unwrap_or(0));
        points.next().is_none().then_some(Self(all))
    }

    /// Returns the code points as they are stored, without the NULs at the end.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Text;
    ///
    /// let name: Text<5> = Text::new("Zoë").unwrap();
    /// assert_eq!(name.code_points(), [0x5a, 0x6f, 0xeb]);
    /// assert_eq!(name.to_array(), [0x5a, 0x6f, 0xeb, 0, 0]);
    /// ```
    #[inline]
    #[must_use]
    pub fn code_points(&self) -> &[u32] {
        let length = self.0.iter().rposition(|&point| point != 0).map_or(0, |last| last + 1);
        &self.0[..length]
    }

    /// Returns the characters without the NULs at the end, with `U+FFFD` for each code point that is not a character.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Text;
    ///
    /// let text = Text::from([0x61, 0xd800, 0x62, 0]);
    /// assert_eq!(text.chars().collect::<String>(), "a\u{fffd}b");
    /// ```
    #[inline]
    #[must_use]
    pub fn chars(&self) -> Chars<'_> {
        Chars(self.code_points().iter().copied())
    }

    /// Returns all `N` code points, including the NULs at the end.
    ///
    /// See [`code_points`](Self::code_points) for an example.
    #[inline]
    #[must_use]
    pub const fn to_array(self) -> [u32; N] {
        self.0
    }
}

impl Iterator for Chars<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        self.0.next().map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Chars<'_> {}

// SAFETY: the type is an array of integers, so every bit pattern is a value (E1) and there is no padding (E2). The
// dtype takes the size of the type from `size_of` (E3).
unsafe impl<const N: usize> Element for Text<N> {
    const DTYPE: Dtype = Dtype { kind: Kind::Text, itemsize: size_of::<Self>() };
}

impl<const N: usize> Single for Text<N> {}

impl<const N: usize> swapped::Sealed for Text<N> {
    type Bits = [u32; N];

    #[inline]
    fn into_bits(self) -> [u32; N] {
        self.0
    }

    #[inline]
    fn of_bits(bits: [u32; N]) -> Self {
        Self(bits)
    }

    #[inline]
    fn swap(bits: [u32; N]) -> [u32; N] {
        bits.map(u32::swap_bytes)
    }
}

impl<const N: usize> Swap for Text<N> {}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> From<[u32; N]> for Text<N> {
    #[inline]
    fn from(code_points: [u32; N]) -> Self {
        Self(code_points)
    }
}

impl<const N: usize> PartialEq<str> for Text<N> {
    fn eq(&self, other: &str) -> bool {
        self.code_points().iter().copied().eq(other.chars().map(u32::from))
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars().try_for_each(|c| f.write_char(c))
    }
}

/// Shows the text as `"Zoë"`: between quotation marks, with escapes, and without the NULs at the end.
impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.chars().try_for_each(|c| write!(f, "{}", c.escape_debug()))?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Big;
    use crate::format::Format;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn no_code_point_becomes_a_char_that_is_none() {
        let text = Text::from([0xd7ff, 0xd800, 0xdfff, 0xe000, 0x10_ffff, 0x11_0000, u32::MAX]);
        let r = char::REPLACEMENT_CHARACTER;
        let chars = ['\u{d7ff}', r, r, '\u{e000}', '\u{10ffff}', r, r];
        assert!(text.chars().eq(chars));
        assert_eq!(text.code_points(), text.to_array());
        assert_eq!(text.chars().len(), 7);
    }

    #[test]
    fn only_nuls_at_the_end_go() {
        assert_eq!(Text::from([0x61, 0, 0x62, 0]).to_string(), "a\0b");
        assert_eq!(Text::<3>::default(), *"");
        assert_eq!(Text::<0>::new("").unwrap().to_string(), "");
        assert_eq!(format!("{:?}", Text::<4>::new("a\"\n").unwrap()), r#""a\"\n""#);
        // A code point that is shown as the replacement character is not equal to that character.
        assert_ne!(Text::from([0xd800]), *"\u{fffd}");
    }

    #[test]
    fn texts_of_both_byte_orders_are_read() {
        let parsed = |format: &[u8]| Format::parse(format).unwrap();
        let (native, foreign) = if cfg!(target_endian = "little") { ("<", ">") } else { (">", "<") };
        assert!(parsed(b"3w").describes::<Text<3>>());
        assert!(parsed(format!("{native}3w").as_bytes()).describes::<Text<3>>());
        assert!(!parsed(format!("{foreign}3w").as_bytes()).describes::<Text<3>>());
        assert!(parsed(b">3w").describes::<Big<Text<3>>>());
        assert!(!parsed(b"2w").describes::<Text<3>>() && !parsed(b"12s").describes::<Text<3>>());
        let text: Text<3> = Text::new("ab").unwrap();
        assert_eq!(Big::new(text).get(), text);
        assert_eq!(Big::new(text).to_string(), "ab");
    }
}
