//! Dates and spans of time as NumPy has them, and the units that they count.
//! They are separate from integers, because one value, `i64::MIN`, is not a time.

use super::swapped::{self, Swap};
use super::{Dtype, Element, Kind, Single, TimeBase, TimeUnit};
use crate::dtype::with_time_bases;
use core::cmp::Ordering;
use core::fmt;
use core::marker::PhantomData;

/// The unit that a [`Datetime`] or a [`Timedelta`] counts.
///
/// # Examples
///
/// ```
/// use typedview::time::{Datetime, Unit};
/// use typedview::{Element, TimeBase, TimeUnit};
///
/// /// NumPy's `[25s]`.
/// #[derive(Clone, Copy)]
/// struct Frame;
///
/// impl Unit for Frame {
///     const UNIT: TimeUnit = TimeUnit::new(TimeBase::Second, 25);
/// }
///
/// assert_eq!(Datetime::<Frame>::DTYPE.to_string(), "datetime64[25s]");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a unit of time",
    label = "expected a type of the module `time`, such as `time::Nanosecond`, or a type of your own that implements `Unit`"
)]
pub trait Unit: Copy + Send + Sync + 'static {
    /// The base, and how many of the base make one unit.
    const UNIT: TimeUnit;
}

macro_rules! units {
    ($($(#[$doc:meta])* $unit:ident = $name:literal,)*) => {$(
        $(#[$doc])*
        ///
        /// See [`Datetime`] for an example.
        #[derive(Clone, Copy, Debug)]
        pub struct $unit;

        impl Unit for $unit {
            const UNIT: TimeUnit = TimeUnit::new(TimeBase::$unit, 1);
        }
    )*};
}

with_time_bases!(units);

macro_rules! times {
    ($($(#[$doc:meta])* $time:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $time<U: Unit>(i64, PhantomData<U>);

        impl<U: Unit> $time<U> {
            /// Not a time: `i64::MIN` units. It is not equal to anything, not even to itself.
            pub const NAT: Self = Self(i64::MIN, PhantomData);

            /// Returns a value of this many units. `i64::MIN` units are [`NAT`](Self::NAT).
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::time::{Datetime, Day, Timedelta};
            ///
            /// let new_year = Datetime::<Day>::new(365); // days after the first of January 1970
            /// let week = Timedelta::<Day>::new(7);
            /// assert_eq!((new_year.get(), week.get(), Datetime::<Day>::NAT.get()), (Some(365), Some(7), None));
            /// assert!(Datetime::<Day>::new(i64::MIN).is_nat());
            /// ```
            #[inline]
            #[must_use]
            pub const fn new(units: i64) -> Self {
                Self(units, PhantomData)
            }

            /// Returns the number of units, or `None` for [`NAT`](Self::NAT).
            ///
            /// See [`new`](Self::new) for an example.
            #[inline]
            #[must_use]
            pub const fn get(self) -> Option<i64> {
                if self.is_nat() { None } else { Some(self.0) }
            }

            /// Returns whether the value is [`NAT`](Self::NAT), which is not a time.
            ///
            /// See [`new`](Self::new) for an example.
            #[inline]
            #[must_use]
            pub const fn is_nat(self) -> bool {
                self.0 == i64::MIN
            }
        }

        // SAFETY: the type is one integer, so every bit pattern is a value (E1) and there is no padding (E2). The dtype
        // takes the size of the type from `size_of` (E3).
        unsafe impl<U: Unit> Element for $time<U> {
            const DTYPE: Dtype = Dtype { kind: Kind::$time(U::UNIT), itemsize: size_of::<Self>() };
        }

        impl<U: Unit> Single for $time<U> {}

        impl<U: Unit> swapped::Sealed for $time<U> {
            type Bits = i64;

            #[inline]
            fn into_bits(self) -> i64 {
                self.0
            }

            #[inline]
            fn of_bits(bits: i64) -> Self {
                Self::new(bits)
            }

            #[inline]
            fn swap(bits: i64) -> i64 {
                bits.swap_bytes()
            }
        }

        impl<U: Unit> Swap for $time<U> {}

        // NumPy: NaT is not equal to anything, and it is neither before nor after anything.
        impl<U: Unit> PartialEq for $time<U> {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0 && !self.is_nat()
            }
        }

        impl<U: Unit> PartialOrd for $time<U> {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.get()?.cmp(&other.get()?))
            }
        }

        impl<U: Unit> fmt::Debug for $time<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.get() {
                    Some(units) => write!(f, "{}({units})", Self::DTYPE),
                    None => write!(f, "{}(NaT)", Self::DTYPE),
                }
            }
        }
    )*};
}

times! {
    /// A date and time: the number of units since the beginning of 1970. It is NumPy's `datetime64`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::time::{Datetime, Day};
    ///
    /// let new_year_of_1971 = Datetime::<Day>::new(365);
    /// assert_eq!(format!("{new_year_of_1971:?}"), "datetime64[D](365)");
    /// assert!(new_year_of_1971 > Datetime::new(0));
    /// assert_eq!(Datetime::<Day>::NAT.get(), None);
    /// ```
    ///
    /// # Limitations
    ///
    /// PEP 3118 has no code for it. NumPy refuses to export such arrays as buffers, and describes them in
    /// `__array_interface__` instead.
    Datetime,
    /// A span of time: a number of units. It is NumPy's `timedelta64`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::time::{Millisecond, Timedelta};
    ///
    /// let spans = [1500, i64::MIN].map(Timedelta::<Millisecond>::new);
    /// assert_eq!(format!("{spans:?}"), "[timedelta64[ms](1500), timedelta64[ms](NaT)]");
    /// ```
    ///
    /// # Limitations
    ///
    /// They are the same as those of [`Datetime`].
    Timedelta,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Big;
    use crate::format::Format;
    use alloc::string::ToString;

    #[test]
    fn nat_is_neither_equal_nor_before_nor_behind() {
        let (nat, zero) = (Datetime::<Second>::NAT, Datetime::new(0));
        assert!(nat != nat && nat != zero && nat.partial_cmp(&zero).is_none());
        assert!(nat.is_nat() && !zero.is_nat() && zero == zero);
        assert!(Timedelta::<Day>::new(-1) < Timedelta::new(1));
        assert!(Big::new(nat).get().is_nat());
    }

    #[test]
    fn a_unit_is_part_of_the_type() {
        let seconds = Datetime::<Second>::format();
        assert!(seconds.describes::<Datetime<Second>>());
        assert!(!seconds.describes::<Datetime<Nanosecond>>() && !seconds.describes::<Timedelta<Second>>());
        assert!(!seconds.describes::<i64>() && !i64::format().describes::<Datetime<Second>>());
        assert!(!seconds.describes::<Big<Datetime<Second>>>() || cfg!(target_endian = "big"));
        assert_eq!(Timedelta::<Generic>::format().to_string(), "timedelta64");
        assert_eq!(Datetime::<Microsecond>::format().to_string(), "datetime64[us]");
    }

    #[test]
    fn no_buffer_says_what_a_date_is() {
        let dates = Datetime::<Day>::format();
        assert_eq!((dates.code(), dates.has_pep3118()), (None, false));
        assert_eq!(<Big<Datetime<Day>>>::format().to_pep3118(), "8x");
        assert!(
            !<[Datetime<Day>; 2]>::format().has_pep3118()
                && !Format::parse(b"8x").unwrap().describes::<Datetime<Day>>()
        );
    }
}
