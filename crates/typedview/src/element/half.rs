//! Floats of 2 bytes from the crate `half`: the half-precision float of IEEE 754, and `bfloat16`.
//! They need a feature, because the types belong to that crate.

use super::swapped::{self, Swap};
use super::{Dtype, Element, Kind, Single};
use crate::format::Format;
use half::{bf16, f16};

// SAFETY: the type is a number of 16 bits, so every bit pattern is a value (E1) and there is no padding (E2). The dtype
// takes the size of the type from `size_of` (E3).
unsafe impl Element for f16 {
    const DTYPE: Dtype = Dtype { kind: Kind::Float, itemsize: size_of::<Self>() };
}

// SAFETY: the type is a number of 16 bits, so every bit pattern is a value (E1) and there is no padding (E2). The dtype
// takes the size of the type from `size_of` (E3).
unsafe impl Element for bf16 {
    const DTYPE: Dtype = Dtype { kind: Kind::Bfloat, itemsize: size_of::<Self>() };

    /// Returns whether the format is `bfloat16`, or 2 bytes without a meaning, because the arrays of `ml_dtypes` say no
    /// more than that about themselves (`<V2`). `uint16` is not accepted, because it means another number.
    fn reads(format: &Format) -> bool {
        format.difference(&Self::format()).is_none()
    }
}

macro_rules! halves {
    ($($half:ty),*) => {$(
        impl Single for $half {}

        impl swapped::Sealed for $half {
            type Bits = u16;

            #[inline]
            fn into_bits(self) -> u16 {
                self.to_bits()
            }

            #[inline]
            fn of_bits(bits: u16) -> Self {
                Self::from_bits(bits)
            }

            #[inline]
            fn swap(bits: u16) -> u16 {
                bits.swap_bytes()
            }
        }

        impl Swap for $half {}
    )*};
}

halves!(f16, bf16);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Big;
    use alloc::string::ToString;

    fn parsed(format: &str) -> Format {
        Format::parse(format.as_bytes()).unwrap()
    }

    #[test]
    fn a_half_is_not_a_bfloat16() {
        assert!(parsed("e").describes::<f16>() && !parsed("e").describes::<bf16>());
        assert!(parsed(">e").describes::<Big<f16>>());
        assert_eq!(f16::DTYPE.to_string(), "half");
        assert_eq!(bf16::DTYPE.to_string(), "bfloat16");
    }

    #[test]
    fn a_bfloat16_reads_2_bytes_without_a_meaning() {
        assert!(parsed("2x").describes::<bf16>() && bf16::format().describes::<bf16>());
        for other in ["H", "h", "2s", "x", "3x", "(2)B", "T{2x:a:}"] {
            assert!(!parsed(other).describes::<bf16>(), "{other}");
        }
        assert!(parsed("(3)2x").describes::<[bf16; 3]>());
        assert_eq!(bf16::format().to_pep3118(), "2x");
        assert!(!bf16::format().has_pep3118());
    }

    #[test]
    fn a_big_endian_half_keeps_its_value() {
        assert_eq!(Big::new(f16::ONE).get(), f16::ONE);
        assert_eq!(Big::new(bf16::PI).get(), bf16::PI);
    }
}
