//! Booleans: one byte that is true unless it is 0.
//! They are separate from Rust's `bool`, because a `bool` whose byte is 2 is undefined behaviour, and an exporter's
//! memory may contain such a byte.

use super::{Dtype, Element, Kind, Single};
use core::fmt;
use core::hash::{Hash, Hasher};

/// A boolean as exporters store it: one byte that is true unless it is 0.
///
/// It is compared, hashed and shown as true or false. A byte that is read and written back keeps its value.
///
/// # Examples
///
/// ```
/// use typedview::{Bool, View};
///
/// let mask = [0u8, 1, 2];
/// let mask = View::from(&mask).try_reinterpret::<Bool>()?;
/// assert_eq!(mask.to_vec(), [Bool::FALSE, Bool::TRUE, Bool::TRUE]);
/// assert_eq!(mask.iter().filter(|truth| truth.get()).count(), 2);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
#[repr(transparent)]
pub struct Bool(u8);

impl Bool {
    /// False, stored as the byte 0.
    pub const FALSE: Self = Self(0);
    /// True, stored as the byte 1.
    pub const TRUE: Self = Self(1);

    /// Returns a boolean that is stored as the byte 1 for true, and 0 for false.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Bool;
    ///
    /// assert_eq!((Bool::new(true), Bool::new(false)), (Bool::TRUE, Bool::FALSE));
    /// ```
    #[inline]
    #[must_use]
    pub const fn new(truth: bool) -> Self {
        Self(truth as u8)
    }

    /// Returns whether the byte is not 0.
    ///
    /// See [`Bool`] for an example.
    #[inline]
    #[must_use]
    pub const fn get(self) -> bool {
        self.0 != 0
    }
}

// SAFETY: the type is one byte, so every bit pattern is a value (E1) and there is no padding (E2). The dtype takes
// the size of the type from `size_of` (E3).
unsafe impl Element for Bool {
    const DTYPE: Dtype = Dtype { kind: Kind::Bool, itemsize: size_of::<Self>() };
}

impl Single for Bool {}

impl From<bool> for Bool {
    #[inline]
    fn from(truth: bool) -> Self {
        Self::new(truth)
    }
}

impl From<Bool> for bool {
    #[inline]
    fn from(truth: Bool) -> Self {
        truth.get()
    }
}

impl PartialEq for Bool {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl PartialEq<bool> for Bool {
    #[inline]
    fn eq(&self, other: &bool) -> bool {
        self.get() == *other
    }
}

impl Eq for Bool {}

impl Hash for Bool {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.get().hash(state);
    }
}

impl fmt::Display for Bool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Debug for Bool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn every_byte_but_0_is_one_truth() {
        for byte in 1..=255 {
            let truth = Bool(byte);
            assert_eq!(truth, Bool::TRUE);
            assert_eq!(truth, true);
            assert_ne!(truth, Bool::default());
            assert_eq!(format!("{truth} {truth:?}"), "true true");
        }
        assert_eq!(format!("{}", Bool::from(false)), "false");
        assert!(!bool::from(Bool::FALSE));
    }
}
