//! Conversions between numbers: which numbers are converted to which, and how.
//! They are separate from `as` and `From`, because NumPy's rules decide which conversions are offered, and memory may hold numbers
//! in either byte order.

use super::{Big, Bool, Element, Little, Swap};
use core::fmt::Display;

/// An element whose values are numbers: a boolean, an integer, a float or a complex number, in either byte order.
///
/// The trait is sealed.
///
/// # Examples
///
/// ```
/// use typedview::{C, Number, View};
///
/// /// The largest value of numbers in either byte order.
/// fn largest<T: Number + PartialOrd>(x: View<'_, T, C<1>>) -> Option<T> {
///     x.iter().fold(None, |largest, x| if largest.is_some_and(|y| y >= x) { largest } else { Some(x) })
/// }
///
/// assert_eq!(largest(View::from(&[1.5, 4.0, 2.0])), Some(4.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an element that is a number",
    label = "expected an integer, a float, a complex number or `Bool`, in either byte order"
)]
pub trait Number: Element {
    /// The type of the value: `f64` for `f64` and for [`Big<f64>`](Big), `bool` for [`Bool`].
    type Value: Copy + Display;

    /// Returns the value.
    #[doc(hidden)]
    fn value(self) -> Self::Value;

    /// Returns the element with this value.
    #[doc(hidden)]
    fn of_value(value: Self::Value) -> Self;
}

/// A number that numbers of type `S` are converted to by NumPy's rule `same_kind`.
///
/// The kinds are, in this order: booleans, unsigned integers, signed integers, floats, complex numbers. A number is converted to its own kind
/// and to every later one, whatever the sizes: `f64` to `f32`, `i64` to `f32`, `u32` to `i8`, but not `i32` to `u32` and not `f64` to
/// `i32`. Integers wrap around. Floats are rounded to the nearest one, or to infinity.
///
/// [`ViewMut::convert_from`](crate::ViewMut::convert_from) converts the elements of a view.
///
/// # Examples
///
/// ```
/// use typedview::{C, Number, SameKind, View, ViewMut};
///
/// fn to_doubles<T: Number>(x: View<'_, T, C<1>>) -> Vec<f64>
/// where
///     f64: SameKind<T>,
/// {
///     let mut doubles = vec![0.0; x.size()];
///     ViewMut::from(&mut doubles).convert_from(&x);
///     doubles
/// }
///
/// assert_eq!(to_doubles(View::from(&[1, 2])), [1.0, 2.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "elements `{S}` are not converted to `{Self}` by the rule `same_kind`",
    label = "`{Self}` is of an earlier kind than `{S}`, or one of them is not a number",
    note = "the kinds are: booleans, unsigned integers, signed integers, floats, complex numbers",
    note = "`convert_exact_from` converts all real numbers whose value does not change"
)]
pub trait SameKind<S: Number>: Number {
    #[doc(hidden)]
    fn of_same_kind(number: S) -> Self;
}

/// A number that numbers of type `S` are converted to if their value does not change.
///
/// All booleans, integers and floats are converted to each other: `f64` to `i32` if there is no fraction and the number is in range.
/// A `NaN` is only converted to floats.
///
/// [`ViewMut::convert_exact_from`](crate::ViewMut::convert_exact_from) converts the elements of a view.
///
/// # Examples
///
/// ```
/// use typedview::{C, Exact, Number, View, ViewMut};
///
/// fn to_bytes<T: Number>(x: View<'_, T, C<1>>) -> Option<Vec<u8>>
/// where
///     u8: Exact<T>,
/// {
///     let mut bytes = vec![0; x.size()];
///     ViewMut::from(&mut bytes).try_convert_exact_from(&x).ok()?;
///     Some(bytes)
/// }
///
/// assert_eq!(to_bytes(View::from(&[1, 255])), Some(vec![1, 255]));
/// assert_eq!(to_bytes(View::from(&[1, 256])), None);
/// ```
#[diagnostic::on_unimplemented(
    message = "elements `{S}` are not converted exactly to `{Self}`",
    label = "`{Self}` or `{S}` is not a real number"
)]
pub trait Exact<S: Number>: Number {
    /// Returns the nearest value, and whether it is the same as before.
    #[doc(hidden)]
    fn nearest(number: S) -> (Self, bool);
}

impl<S: Number, T: Number> SameKind<S> for T
where
    T::Value: value::FromSameKind<S::Value>,
{
    #[inline]
    fn of_same_kind(number: S) -> Self {
        Self::of_value(value::FromSameKind::convert(number.value()))
    }
}

impl<S: Number, T: Number> Exact<S> for T
where
    T::Value: value::FromExact<S::Value>,
{
    #[inline]
    fn nearest(number: S) -> (Self, bool) {
        let (value, same) = value::FromExact::convert(number.value());
        (Self::of_value(value), same)
    }
}

/// The conversions between values, which are independent of byte order.
mod value {
    pub trait FromSameKind<S> {
        fn convert(value: S) -> Self;
    }

    pub trait FromExact<S>: Sized {
        /// Returns the nearest value, and whether it is the same.
        fn convert(value: S) -> (Self, bool);
    }
}

macro_rules! plain_numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            type Value = Self;

            #[inline]
            fn value(self) -> Self {
                self
            }

            #[inline]
            fn of_value(value: Self) -> Self {
                value
            }
        }
    )*};
}

macro_rules! ordered_numbers {
    ($($order:ident),*) => {$(
        impl<T: Number<Value = T> + Swap + Display> Number for $order<T> {
            type Value = T;

            #[inline]
            fn value(self) -> T {
                self.get()
            }

            #[inline]
            fn of_value(value: T) -> Self {
                Self::new(value)
            }
        }
    )*};
}

plain_numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);
ordered_numbers!(Big, Little);

impl Number for Bool {
    type Value = bool;

    #[inline]
    fn value(self) -> bool {
        self.get()
    }

    #[inline]
    fn of_value(value: bool) -> Self {
        Self::new(value)
    }
}

/// Implements [`value::FromSameKind`] for all pairs of a source and a target: `|value| convert` for each of the lists.
macro_rules! same_kind {
    ($([$($source:ty),*] => $targets:tt by |$value:ident| $convert:tt;)*) => {$($(
        same_kind!(@targets $source => $targets by |$value| $convert);
    )*)*};
    (@targets $source:ty => [$($target:ty),*] by |$value:ident| $convert:tt) => {$(
        impl value::FromSameKind<$source> for $target {
            #[inline(always)]
            fn convert($value: $source) -> Self {
                same_kind!(@convert $value, $target, $convert)
            }
        }
    )*};
    (@convert $value:ident, $target:ty, cast) => { $value as $target };
    (@convert $value:ident, $target:ty, truth) => { u8::from($value) as $target };
    (@convert $value:ident, $target:ty, { $convert:expr }) => { $convert };
}

same_kind! {
    [bool] => [bool] by |value| { value };
    [bool] => [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64] by |value| truth;
    [u8, u16, u32, u64, usize] => [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64] by |value| cast;
    [i8, i16, i32, i64, isize] => [i8, i16, i32, i64, isize, f32, f64] by |value| cast;
    [f32, f64] => [f32, f64] by |value| cast;
}

/// Implements [`value::FromExact`] for all pairs of a source and a target.
macro_rules! exact {
    ($([$($source:ty),*] => $targets:tt by $how:ident;)*) => {$($(
        exact!(@targets $source => $targets by $how);
    )*)*};
    (@targets $source:ty => [$($target:ty),*] by $how:ident) => {$(
        impl value::FromExact<$source> for $target {
            #[inline(always)]
            fn convert(value: $source) -> (Self, bool) {
                exact!(@convert value, $source, $target, $how)
            }
        }
    )*};
    (@convert $value:ident, $source:ty, $target:ty, always) => { (value::FromSameKind::convert($value), true) };
    (@convert $value:ident, $source:ty, $target:ty, integer) => {
        ($value as $target, <$target>::try_from($value).is_ok())
    };
    (@convert $value:ident, $source:ty, $target:ty, truth) => {
        ($value != (0 as $source), $value == (0 as $source) || $value == (1 as $source))
    };
    // The value is brought into the range first, because `as` does this for one number at a time (measured: 6 times the time).
    (@convert $value:ident, $source:ty, $target:ty, to_integer) => {{
        const LOWEST: $source = <$target>::MIN as $source;
        // The highest float that is not above the largest integer, which itself may be rounded up.
        const HIGHEST: $source = if <$target>::MAX.ilog2() < <$source>::MANTISSA_DIGITS {
            <$target>::MAX as $source
        } else {
            (<$target>::MAX as $source).next_down()
        };
        // A NaN is not above the lowest value, so it becomes that.
        let inside = if $value > LOWEST { $value } else { LOWEST };
        let inside = if inside < HIGHEST { inside } else { HIGHEST };
        // SAFETY: the float is finite and lies in the range of the integer.
        let converted: $target = unsafe { inside.to_int_unchecked() };
        (converted, converted as $source == $value)
    }};
    (@convert $value:ident, $source:ty, $target:ty, from_integer) => {{
        const LARGEST_IS_EXACT: bool = <$source>::MAX.ilog2() < <$target>::MANTISSA_DIGITS;
        let converted = $value as $target;
        (converted, converted as $source == $value && (LARGEST_IS_EXACT || $value != <$source>::MAX))
    }};
    (@convert $value:ident, $source:ty, $target:ty, float) => {{
        let converted = $value as $target;
        (converted, <$source>::from(converted) == $value || $value.is_nan())
    }};
}

exact! {
    [bool] => [bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64] by always;
    [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize] => [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize] by integer;
    [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64] => [bool] by truth;
    [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize] => [f32, f64] by from_integer;
    [f32, f64] => [u8, u16, u32, u64, usize, i8, i16, i32, i64, isize] by to_integer;
    [f32] => [f32, f64] by always;
    [f64] => [f64] by always;
    [f64] => [f32] by float;
}

#[cfg(feature = "half")]
mod halves {
    use super::{Number, value};
    use half::{bf16, f16};

    plain_numbers!(f16, bf16);

    same_kind! {
        [bool] => [f16, bf16] by |value| { Self::from_f32(u8::from(value).into()) };
        [u8, u16, u32, i8, i16, i32] => [f16, bf16] by |value| { Self::from_f32(to_odd(value.into())) };
        [u64, usize, i64, isize] => [f16, bf16] by |value| { Self::from_f32(to_odd(integer_to_odd(value as i128))) };
        [f32] => [f16, bf16] by |value| { Self::from_f32(value) };
        [f64] => [f16, bf16] by |value| { Self::from_f32(to_odd(value)) };
        [f16, bf16] => [f32, f64] by |value| { value.into() };
        [f16] => [bf16] by |value| { Self::from_f32(value.to_f32()) };
        [bf16] => [f16] by |value| { Self::from_f32(value.to_f32()) };
        [f16] => [f16] by |value| { value };
        [bf16] => [bf16] by |value| { value };
    }

    /// Rounds to an `f32` for a second rounding: if the value is no `f32`, to the one next to it whose last bit is 1. Rounded to the nearest
    /// one instead, a value next to the middle of two halves would become the middle, and then the wrong half.
    fn to_odd(value: f64) -> f32 {
        let nearest = value as f32;
        if f64::from(nearest) == value || nearest.is_nan() {
            return nearest;
        }
        let below = f64::from(nearest).abs() > value.abs();
        f32::from_bits((nearest.to_bits() - u32::from(below)) | 1)
    }

    /// Rounds an integer of 64 bits to an `f64` as [`to_odd`] does.
    fn integer_to_odd(value: i128) -> f64 {
        let nearest = value as f64;
        if nearest as i128 == value {
            return nearest;
        }
        let below = (nearest as i128).unsigned_abs() > value.unsigned_abs();
        f64::from_bits((nearest.to_bits() - u64::from(below)) | 1)
    }
}

#[cfg(feature = "num-complex")]
mod complex {
    use super::{Number, value};
    use num_complex::Complex;

    plain_numbers!(Complex<f32>, Complex<f64>);

    macro_rules! complex {
        ($($float:ident),*) => {$(
            impl<S> value::FromSameKind<S> for Complex<$float>
            where
                S: super::Number<Value = S>,
                $float: value::FromSameKind<S>,
            {
                #[inline(always)]
                fn convert(value: S) -> Self {
                    Self::new(value::FromSameKind::convert(value), 0.0)
                }
            }
        )*};
    }

    complex!(f32, f64);

    same_kind! {
        [bool] => [Complex<f32>, Complex<f64>] by |value| { Self::new(u8::from(value).into(), 0.0) };
    }

    same_kind! {
        [Complex<f32>, Complex<f64>] => [Complex<f32>, Complex<f64>] by |value| {
            Self::new(value.re as _, value.im as _)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly<S: Number, T: Exact<S>>(number: S) -> Option<T> {
        let (nearest, same) = T::nearest(number);
        same.then_some(nearest)
    }

    #[test]
    fn integers_wrap_and_floats_are_rounded() {
        assert_eq!(u8::of_same_kind(257_u32), 1);
        assert_eq!(i8::of_same_kind(200_u8), -56);
        assert_eq!(f32::of_same_kind(0.1_f64), 0.1);
        assert_eq!(f32::of_same_kind(1e300_f64), f32::INFINITY);
        assert_eq!(f64::of_same_kind(Bool::TRUE), 1.0);
        assert_eq!(Big::<f32>::of_same_kind(Little::new(-3_i64)), Big::new(-3.0));
    }

    #[test]
    fn only_values_that_stay_the_same_are_exact() {
        assert_eq!(
            [2.0, 2.5, -1.0, f64::NAN, f64::INFINITY, 256.0].map(exactly::<_, u8>),
            [Some(2), None, None, None, None, None]
        );
        assert_eq!([0.1, 0.5, 1e300].map(|x: f64| exactly::<_, f32>(x)), [None, Some(0.5), None]);
        assert!(exactly::<_, f32>(f64::NAN).is_some_and(f32::is_nan));
        assert_eq!(
            [2, 1, 0].map(|x: i64| exactly::<_, Bool>(x)),
            [None, Some(Bool::TRUE), Some(Bool::FALSE)]
        );
        assert_eq!(exactly::<_, u64>(-0.0_f64), Some(0));
        assert_eq!(exactly::<_, i8>(Big::new(-128_i32)), Some(-128));
    }

    #[test]
    fn the_largest_integers_are_told_from_the_floats_next_to_them() {
        assert_eq!(
            [2f64.powi(63), 2f64.powi(63) - 1024.0].map(exactly::<_, i64>),
            [None, Some(i64::MAX - 1023)]
        );
        assert_eq!([2f64.powi(64), -(2f64.powi(63))].map(exactly::<_, u64>), [None, None]);
        assert_eq!(exactly::<_, i64>(-(2f64.powi(63))), Some(i64::MIN));
        assert_eq!([2f32.powi(31), 2f32.powi(30)].map(exactly::<_, i32>), [None, Some(1 << 30)]);
        assert_eq!([i32::MAX.into(), 2f64.powi(31)].map(exactly::<_, i32>), [Some(i32::MAX), None]);
        assert_eq!(
            [i64::MAX, i64::MIN, (1 << 53) + 1].map(exactly::<_, f64>),
            [None, Some(-(2f64.powi(63))), None]
        );
        assert_eq!([u64::MAX, 1 << 60].map(exactly::<_, f64>), [None, Some(2f64.powi(60))]);
        assert_eq!([u32::MAX, 1 << 31].map(exactly::<_, f32>), [None, Some(2f32.powi(31))]);
        assert_eq!(exactly::<_, f64>(u32::MAX), Some(4294967295.0));
        assert_eq!(exactly::<_, u16>(65535_f32), Some(u16::MAX));
    }
}
