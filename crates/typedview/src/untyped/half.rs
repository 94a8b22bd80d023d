//! Floats of two bytes as `f64`, and back: IEEE 754's `binary16` and the upper half of a `binary32`.
//! They are decoded here, because untyped memory may hold them whether or not the feature `half` is on.

/// Returns the value of an IEEE 754 number of 2 bytes.
///
/// # Examples
///
/// ```
/// use typedview::element_bytes::{f64_to_half, half_to_f64};
///
/// assert_eq!((half_to_f64(0x3e00), f64_to_half(1.5)), (1.5, 0x3e00));
/// ```
#[must_use]
pub fn half_to_f64(bits: u16) -> f64 {
    let (exponent, fraction) = (bits >> 10 & 0x1f, f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2f64.powi_const(-24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi_const(i32::from(exponent) - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// Returns the bits of the IEEE 754 number of 2 bytes that is nearest to `value`, of two equally near ones the even one.
///
/// See [`half_to_f64`] for an example.
#[must_use]
pub fn f64_to_half(value: f64) -> u16 {
    let sign = u16::from(value.is_sign_negative()) << 15;
    let magnitude = value.abs();
    if magnitude.is_nan() {
        return sign | 0x7e00;
    }
    // Half of the distance from the largest number to the next one, which does not exist, is rounded to infinity.
    if magnitude >= 65520.0 {
        return sign | 0x7c00;
    }
    // All numbers up to the smallest normal one have the same distance.
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    let exponent = exponent.max(-14);
    // The addition rounds to a multiple of the distance of halves with this exponent: its last bit is that far to the right.
    let shift = 2f64.powi_const(exponent - 10 + 52);
    let rounded = (magnitude + shift) - shift;
    let units = (rounded * 2f64.powi_const(10 - exponent)) as u16;
    // A normal number has 1024 to 2048 units; the carry of 2048 goes into the exponent, as the format is made for.
    let biased = ((exponent + 14) as u16) << 10;
    sign | (biased + units)
}

/// Returns the value of a number whose 2 bytes are the upper half of an `f32`.
///
/// # Examples
///
/// ```
/// use typedview::element_bytes::{bfloat_to_f64, f64_to_bfloat};
///
/// assert_eq!((bfloat_to_f64(0x3fc0), f64_to_bfloat(1.5)), (1.5, 0x3fc0));
/// ```
#[must_use]
pub fn bfloat_to_f64(bits: u16) -> f64 {
    f32::from_bits(u32::from(bits) << 16).into()
}

/// Returns the bits of the nearest number whose 2 bytes are the upper half of an `f32`, of two equally near ones the even one.
///
/// See [`bfloat_to_f64`] for an example.
#[must_use]
pub fn f64_to_bfloat(value: f64) -> u16 {
    if value.is_nan() {
        return u16::from(value.is_sign_negative()) << 15 | 0x7fc0;
    }
    // The value is rounded to an odd `f32` first, so that the second rounding is not misled by the first one.
    let nearest = value as f32;
    let is_inexact = f64::from(nearest) != value;
    let toward_zero = nearest.to_bits() - u32::from(is_inexact && f64::from(nearest).abs() > value.abs());
    let odd = if is_inexact { toward_zero | 1 } else { toward_zero };
    let rounds_up = odd & 0x8000 != 0 && (odd & 0x7fff != 0 || odd & 0x1_0000 != 0);
    ((odd >> 16) + u32::from(rounds_up)) as u16
}

/// Powers of two without `std`.
trait PowerOfTwo {
    fn powi_const(self, exponent: i32) -> f64;
}

impl PowerOfTwo for f64 {
    fn powi_const(self, exponent: i32) -> f64 {
        debug_assert!(self == 2.0 && (-1022..=1023).contains(&exponent), "a normal power of two");
        f64::from_bits(((exponent + 1023) as u64) << 52)
    }
}

#[cfg(all(test, feature = "half"))]
mod tests {
    use super::*;
    use half::{bf16, f16};

    #[test]
    fn all_bits_mean_what_they_mean_to_half() {
        for bits in 0..=u16::MAX {
            for (ours, theirs, back) in [
                (half_to_f64(bits), f16::from_bits(bits).to_f64(), f64_to_half(half_to_f64(bits))),
                (bfloat_to_f64(bits), bf16::from_bits(bits).to_f64(), f64_to_bfloat(bfloat_to_f64(bits))),
            ] {
                assert!(ours == theirs || ours.is_nan() && theirs.is_nan(), "{bits:#x}");
                assert!(back == bits || ours.is_nan(), "{bits:#x} comes back as {back:#x}");
            }
        }
    }

    #[test]
    fn values_between_two_numbers_become_the_nearer_one() {
        for bits in 0..0x7c00_u16 {
            let (low, high) =
                (half_to_f64(bits), if bits == 0x7bff { 65536.0 } else { half_to_f64(bits + 1) });
            let middle = low + (high - low) / 2.0;
            let even = if bits.is_multiple_of(2) { bits } else { bits + 1 };
            for (value, wanted) in [(middle.next_down(), bits), (middle, even), (middle.next_up(), bits + 1)]
            {
                assert_eq!(f64_to_half(value), wanted, "{value} between {low} and {high}");
                assert_eq!(f64_to_half(-value), wanted | 0x8000, "-{value}");
            }
        }
        for bits in 0..0x7f7f_u16 {
            let (low, high) = (bfloat_to_f64(bits), bfloat_to_f64(bits + 1));
            let middle = low + (high - low) / 2.0;
            let even = if bits.is_multiple_of(2) { bits } else { bits + 1 };
            for (value, wanted) in [(middle.next_down(), bits), (middle, even), (middle.next_up(), bits + 1)]
            {
                assert_eq!(f64_to_bfloat(value), wanted, "{value} between {low} and {high}");
            }
        }
        assert_eq!([1e300, -1e300].map(f64_to_half), [0x7c00, 0xfc00]);
        assert_eq!([1e300, -1e300].map(f64_to_bfloat), [0x7f80, 0xff80]);
        assert_eq!([0.0, -0.0, 1e-300].map(f64_to_half), [0, 0x8000, 0]);
    }
}
