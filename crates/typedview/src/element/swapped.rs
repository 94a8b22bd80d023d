//! Elements with a fixed byte order: big-endian or little-endian, whatever the byte order of this machine is.
//! They are separate from plain numbers, because their bytes are swapped when a value is read or stored. One of the two
//! orders is this machine's own and needs no swap.

use super::{Dtype, Element, Single};
use crate::format::ByteOrder;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

/// An element whose bytes may be stored in either byte order: a number, a text or a date.
///
/// # Rationale
///
/// The trait is sealed, because [`Big`] and [`Little`] rely on bits that have the size of the element.
///
/// See [`Big`] for an example.
#[diagnostic::on_unimplemented(
    message = "the bytes of `{Self}` cannot be swapped",
    label = "expected a number, `Text`, `Datetime` or `Timedelta`"
)]
pub trait Swap: Single + Sealed {}

/// The operations that a change of byte order needs.
///
/// - W1. `Bits` is an integer or an array of integers, and has the size of the element.
pub trait Sealed: Copy {
    /// The bytes of the element, in either byte order.
    type Bits: Copy + Send + Sync + 'static;

    /// Returns the bytes in this machine's byte order.
    fn into_bits(self) -> Self::Bits;

    /// Returns the element whose bytes, in this machine's byte order, are `bits`.
    fn of_bits(bits: Self::Bits) -> Self;

    /// Reverses the bytes of each number in `bits`.
    fn swap(bits: Self::Bits) -> Self::Bits;
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Sealed for $integer {
            type Bits = Self;

            #[inline]
            fn into_bits(self) -> Self {
                self
            }

            #[inline]
            fn of_bits(bits: Self) -> Self {
                bits
            }

            #[inline]
            fn swap(bits: Self) -> Self {
                bits.swap_bytes()
            }
        }

        impl Swap for $integer {}
    )*};
}

macro_rules! floats {
    ($($float:ty: $bits:ty),*) => {$(
        impl Sealed for $float {
            // The bits are not stored as a float, because a NaN could lose bits when it is moved as a float.
            type Bits = $bits;

            #[inline]
            fn into_bits(self) -> $bits {
                self.to_bits()
            }

            #[inline]
            fn of_bits(bits: $bits) -> Self {
                Self::from_bits(bits)
            }

            #[inline]
            fn swap(bits: $bits) -> $bits {
                bits.swap_bytes()
            }
        }

        impl Swap for $float {}
    )*};
}

integers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
floats!(f32: u32, f64: u64);

macro_rules! ordered {
    ($($(#[$doc:meta])* $order:ident: $endian:literal,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $order<T: Swap>(T::Bits);

        impl<T: Swap> $order<T> {
            /// Stores a value in this byte order.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Big, Little, View};
            ///
            /// let (big, little) = ([Big::new(0x0102_u16)], [Little::new(0x0102_u16)]);
            /// assert_eq!(View::from(&big).try_reinterpret::<u8>()?.to_vec(), [1, 2]);
            /// assert_eq!(View::from(&little).try_reinterpret::<u8>()?.to_vec(), [2, 1]);
            /// # Ok::<(), typedview::Error>(())
            /// ```
            #[inline]
            #[must_use]
            pub fn new(value: T) -> Self {
                Self(in_order(cfg!(target_endian = $endian), value.into_bits(), T::swap))
            }

            /// Returns the value in this machine's byte order.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{Big, Little};
            ///
            /// assert_eq!((Big::new(0x0102_u16).get(), Little::new(2.5).get()), (0x0102, 2.5));
            /// ```
            #[inline]
            #[must_use]
            pub fn get(self) -> T {
                T::of_bits(in_order(cfg!(target_endian = $endian), self.0, T::swap))
            }
        }

        // SAFETY: the bits are integers of the size of `T` (W1), so every bit pattern is a value (E1) and there is no
        // padding (E2). The dtype is that of `T`, which has the size of `T` (E3).
        unsafe impl<T: Swap> Element for $order<T> {
            const DTYPE: Dtype = T::DTYPE;
            const BYTE_ORDER: ByteOrder = if cfg!(target_endian = $endian) || !T::DTYPE.has_byte_order() {
                ByteOrder::Native
            } else {
                ByteOrder::Swapped
            };
        }

        impl<T: Swap> Single for $order<T> {}

        impl<T: Swap> From<T> for $order<T> {
            #[inline]
            fn from(value: T) -> Self {
                Self::new(value)
            }
        }

        impl<T: Swap + Default> Default for $order<T> {
            #[inline]
            fn default() -> Self {
                Self::new(T::default())
            }
        }

        impl<T: Swap + PartialEq> PartialEq for $order<T> {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.get() == other.get()
            }
        }

        impl<T: Swap + Eq> Eq for $order<T> {}

        impl<T: Swap + PartialOrd> PartialOrd for $order<T> {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                self.get().partial_cmp(&other.get())
            }
        }

        impl<T: Swap + Ord> Ord for $order<T> {
            #[inline]
            fn cmp(&self, other: &Self) -> Ordering {
                self.get().cmp(&other.get())
            }
        }

        impl<T: Swap + Hash> Hash for $order<T> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.get().hash(state);
            }
        }

        impl<T: Swap + fmt::Display> fmt::Display for $order<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.get().fmt(f)
            }
        }

        impl<T: Swap + fmt::Debug> fmt::Debug for $order<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.get().fmt(f)
            }
        }
    )*};
}

/// Converts bits from this machine's byte order to another order, or back. Nothing is swapped if the other order
/// `is_native`, too.
#[inline]
fn in_order<B>(is_native: bool, bits: B, swap: impl FnOnce(B) -> B) -> B {
    if is_native { bits } else { swap(bits) }
}

ordered! {
    /// An element with its most significant byte first: NumPy's `>f8`. It is compared, hashed and shown as its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Big, View};
    ///
    /// let file = [0u8, 1, 1, 0];
    /// let numbers = View::from(&file).try_reinterpret::<Big<u16>>()?;
    /// assert_eq!(numbers.iter().map(Big::get).collect::<Vec<_>>(), [1, 256]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    Big: "big",
    /// An element with its least significant byte first: NumPy's `<f8`. It is compared, hashed and shown as its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Little, ViewMut};
    ///
    /// let mut file = [0u8; 4];
    /// let mut numbers = ViewMut::from(&mut file).try_reinterpret::<Little<u16>>()?;
    /// numbers.fill(Little::new(258));
    /// assert_eq!(file, [2, 1, 2, 1]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    Little: "little",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::view::View;
    use alloc::format;

    /// Returns the bytes of the value in the order in which they are in memory.
    fn bytes<T: Single>(value: T) -> alloc::vec::Vec<u8> {
        View::from(&[value]).try_reinterpret::<u8>().unwrap().to_vec()
    }

    #[test]
    fn bytes_stand_in_the_order_of_the_name() {
        assert_eq!(bytes(Big::new(0x0102_0304_u32)), [1, 2, 3, 4]);
        assert_eq!(bytes(Little::new(0x0102_0304_u32)), [4, 3, 2, 1]);
        assert_eq!(bytes(Big::new(-2.5f64)), (-2.5f64).to_be_bytes());
        assert_eq!(bytes(Little::new(-2.5f64)), (-2.5f64).to_le_bytes());
        assert_eq!(bytes(Big::new(7u8)), [7]);
    }

    #[test]
    fn a_nan_keeps_its_bits() {
        // The first is a signalling NaN, the second a quiet NaN with a payload.
        for bits in [0x7f80_0001_u32, 0xffc0_1234] {
            assert_eq!(bytes(Big::new(f32::from_bits(bits))), bits.to_be_bytes());
            assert_eq!(Big::new(f32::from_bits(bits)).get().to_bits(), bits);
        }
    }

    #[test]
    fn the_byte_order_is_seen_from_this_machine() {
        let (native, swapped) = (ByteOrder::Native, ByteOrder::Swapped);
        let orders = (<Big<i16>>::BYTE_ORDER, <Little<i16>>::BYTE_ORDER);
        assert_eq!(
            orders,
            if cfg!(target_endian = "little") { (swapped, native) } else { (native, swapped) }
        );
        assert_eq!((<Big<i8>>::BYTE_ORDER, <Little<u8>>::BYTE_ORDER), (native, native));
    }

    #[test]
    fn only_its_own_order_is_read() {
        let parsed = |format: &[u8]| Format::parse(format).unwrap();
        assert!(parsed(b">d").describes::<Big<f64>>() && !parsed(b">d").describes::<Little<f64>>());
        assert!(parsed(b"<d").describes::<Little<f64>>() && !parsed(b"<d").describes::<Big<f64>>());
        assert!(parsed(b"B").describes::<Big<u8>>() && parsed(b">B").describes::<Little<u8>>());
        assert_eq!(<Big<i32>>::format(), parsed(b">i"));
    }

    #[test]
    fn values_are_compared_and_shown() {
        assert!(Big::new(255u16) < Big::new(256));
        assert_eq!(Big::from(3.5f32), Big::new(3.5));
        assert_eq!(format!("{} {:?}", Big::new(1.5f64), Little::<i32>::default()), "1.5 0");
        assert_ne!(Big::new(f32::NAN), Big::new(f32::NAN));
    }
}
