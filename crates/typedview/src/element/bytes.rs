//! Byte strings of fixed length: NumPy's `S5`, where shorter strings are filled up with NULs.
//! They have a type of their own beside `[u8; N]`, because NULs at the end of an array are bytes like all others.

use super::{Dtype, Element, Kind, Single};
use core::fmt;

/// A byte string of at most `N` bytes: NumPy's `S5`. NULs at its end do not belong to the string.
///
/// # Examples
///
/// ```
/// use typedview::Bytes;
///
/// let code: Bytes<5> = Bytes::new(b"abc").unwrap();
/// assert_eq!(code.as_bytes(), b"abc");
/// assert_eq!(code.to_array(), *b"abc\0\0");
/// assert!(Bytes::<2>::new(b"abc").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Bytes<const N: usize>([u8; N]);

impl<const N: usize> Bytes<N> {
    /// Returns a byte string of these bytes, or `None` if there are more than `N`.
    ///
    /// See [`Bytes`] for an example.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut all = [0; N];
        all.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self(all))
    }

    /// Returns the bytes without the NULs at the end.
    ///
    /// See [`Bytes`] for an example.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let length = self.0.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        &self.0[..length]
    }

    /// Returns all `N` bytes, including the NULs at the end.
    ///
    /// See [`Bytes`] for an example.
    #[inline]
    #[must_use]
    pub const fn to_array(self) -> [u8; N] {
        self.0
    }
}

// SAFETY: the type is an array of bytes, so every bit pattern is a value (E1) and there is no padding (E2). The dtype
// takes the size of the type from `size_of` (E3).
unsafe impl<const N: usize> Element for Bytes<N> {
    const DTYPE: Dtype = Dtype { kind: Kind::Bytes, itemsize: size_of::<Self>() };
}

impl<const N: usize> Single for Bytes<N> {}

impl<const N: usize> Default for Bytes<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> From<[u8; N]> for Bytes<N> {
    #[inline]
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> PartialEq<[u8]> for Bytes<N> {
    /// Compares the bytes without the NULs at the end with `other`.
    fn eq(&self, other: &[u8]) -> bool {
        self.as_bytes() == other
    }
}

/// Shows the string as `b"abc"`, without the NULs at the end.
impl<const N: usize> fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.as_bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn only_nuls_at_the_end_go() {
        let all = |bytes: [u8; 4]| format!("{:?}", Bytes::from(bytes));
        assert_eq!(all(*b"a\0b\0"), "b\"a\\x00b\"");
        assert_eq!(all([0; 4]), "b\"\"");
        assert_eq!(all(*b"\xff\"b\n"), "b\"\\xff\\\"b\\n\"");
        assert_eq!(Bytes::<0>::default().as_bytes(), b"");
        assert_eq!(Bytes::<3>::new(b"ab").unwrap(), b"ab"[..]);
    }

    #[test]
    fn a_byte_string_is_not_bytes_without_a_meaning() {
        let describes = |format: &[u8]| crate::Format::parse(format).unwrap().describes::<Bytes<3>>();
        assert!(describes(b"3s"));
        assert!(!describes(b"3x") && !describes(b"(3)B") && !describes(b"4s"));
    }
}
