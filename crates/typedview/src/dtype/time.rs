//! Units of time: what NumPy's dates and spans of time count, and the text in brackets that NumPy writes for it.
//! They are separate from the dtypes, because the text has a grammar of its own.

use core::fmt;

/// The unit that a date or a span of time counts: a base and how many of it make one unit, such as `25s`.
///
/// # Examples
///
/// ```
/// use typedview::{TimeBase, TimeUnit};
///
/// let unit = TimeUnit::parse("25s").unwrap();
/// assert_eq!((unit.base(), unit.count()), (TimeBase::Second, 25));
/// assert_eq!(TimeUnit::new(TimeBase::Nanosecond, 1).to_string(), "ns");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeUnit {
    base: TimeBase,
    /// It is at least 1, and it is 1 for [`TimeBase::Generic`].
    count: u32,
}

/// Calls a macro with all bases of units of time: the only list of them. The names are the codes of `numpy.datetime_data`.
macro_rules! with_time_bases {
    ($with:ident) => {
        $with! {
            /// A year: `Y`.
            Year = "Y",
            /// A month: `M`.
            Month = "M",
            /// A week: `W`.
            Week = "W",
            /// A day: `D`.
            Day = "D",
            /// An hour: `h`.
            Hour = "h",
            /// A minute: `m`.
            Minute = "m",
            /// A second: `s`.
            Second = "s",
            /// A millisecond: `ms`.
            Millisecond = "ms",
            /// A microsecond: `us`.
            Microsecond = "us",
            /// A nanosecond: `ns`.
            Nanosecond = "ns",
            /// A picosecond: `ps`.
            Picosecond = "ps",
            /// A femtosecond: `fs`.
            Femtosecond = "fs",
            /// An attosecond: `as`.
            Attosecond = "as",
            /// No unit yet. NumPy uses it where no unit was given.
            Generic = "generic",
        }
    };
}

pub(crate) use with_time_bases;

macro_rules! time_bases {
    ($($(#[$doc:meta])* $base:ident = $name:literal,)*) => {
        /// A unit of time that has a name.
        ///
        /// # Examples
        ///
        /// ```
        /// use typedview::{TimeBase, TimeUnit};
        ///
        /// let unit = TimeUnit::new(TimeBase::Second, 25);
        /// assert_eq!((unit.base(), unit.base().name(), unit.count()), (TimeBase::Second, "s", 25));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum TimeBase {
            $($(#[$doc])* $base,)*
        }

        // NumPy reads `μs`, and writes `us`.
        const NAMES: &[(&str, TimeBase)] = &[$(($name, TimeBase::$base),)* ("μs", TimeBase::Microsecond)];
    };
}

with_time_bases!(time_bases);

impl TimeBase {
    /// Returns NumPy's name, such as `ns`.
    ///
    /// See [`TimeBase`] for an example.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, base)| *base == self).map_or("", |(name, _)| name)
    }
}

impl TimeUnit {
    /// The unit of dates and spans of time that have no unit yet.
    pub const GENERIC: Self = Self { base: TimeBase::Generic, count: 1 };

    /// Returns the unit that is `count` times `base`.
    ///
    /// # Panics
    ///
    /// If `count` is 0 or more than a C `int` holds, or if `base` is [`TimeBase::Generic`] and `count` is not 1.
    ///
    /// See [`TimeBase`] for an example.
    #[must_use]
    pub const fn new(base: TimeBase, count: u32) -> Self {
        assert!(
            count > 0 && count <= i32::MAX.cast_unsigned(),
            "a unit of time counts 1 to 2147483647 of its base"
        );
        assert!(count == 1 || !matches!(base, TimeBase::Generic), "what has no unit is not counted");
        Self { base, count }
    }

    /// Reads the text that NumPy writes between the brackets of `datetime64[25s]`. An empty text means that there is no
    /// unit yet. Returns `None` for any other text.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::TimeUnit;
    ///
    /// assert_eq!(TimeUnit::parse("10ms").unwrap().to_string(), "10ms");
    /// assert_eq!(TimeUnit::parse(""), Some(TimeUnit::GENERIC));
    /// assert_eq!(TimeUnit::parse("fortnight"), None);
    /// ```
    ///
    /// # Limitations
    ///
    /// Divided units (`D/24`) are not read. NumPy reads them, and writes `h`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::GENERIC);
        }
        let name = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let &(_, base) = NAMES.iter().find(|(known, _)| *known == name)?;
        match text.strip_suffix(name)? {
            "" => Some(Self { base, count: 1 }),
            // NumPy: the count is a C `int`.
            digits => {
                let count =
                    digits.parse().ok().filter(|count| (1..=i32::MAX.cast_unsigned()).contains(count))?;
                (count == 1 || base != TimeBase::Generic).then_some(Self { base, count })
            }
        }
    }

    /// The base of the unit.
    ///
    /// See [`TimeBase`] for an example.
    #[must_use]
    pub const fn base(self) -> TimeBase {
        self.base
    }

    /// How many of the base make one unit.
    ///
    /// See [`TimeBase`] for an example.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Returns the text that follows `datetime64` and `M8`: `[ns]`, or nothing if there is no unit yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{TimeBase, TimeUnit};
    ///
    /// assert_eq!(TimeUnit::new(TimeBase::Second, 25).bracketed().to_string(), "[25s]");
    /// assert_eq!(TimeUnit::GENERIC.bracketed().to_string(), "");
    /// ```
    #[must_use]
    pub fn bracketed(self) -> impl fmt::Display {
        struct Bracketed(TimeUnit);
        impl fmt::Display for Bracketed {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    TimeUnit::GENERIC => Ok(()),
                    unit => write!(f, "[{unit}]"),
                }
            }
        }
        Bracketed(self)
    }
}

/// Shows NumPy's text for the unit: `ns`, `25s`, `generic`.
impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count != 1 {
            write!(f, "{}", self.count)?;
        }
        f.write_str(self.base.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn each_base_is_read_as_it_is_shown() {
        for &(name, base) in NAMES {
            assert_eq!(TimeUnit::parse(name), Some(TimeUnit::new(base, 1)), "{name}");
            assert_eq!(TimeUnit::parse(base.name()), Some(TimeUnit::new(base, 1)), "{name}");
        }
        assert_eq!(TimeUnit::parse("μs").unwrap().to_string(), "us");
        assert_eq!(TimeUnit::parse("1s").unwrap().to_string(), "s");
        assert_eq!(TimeUnit::parse("2147483647as").unwrap().to_string(), "2147483647as");
    }

    #[test]
    fn other_text_is_no_unit() {
        for text in ["0s", "2147483648s", "-1s", "+1s", "25", "S", "s ", "D/24", "2generic", "B", "nss"] {
            assert_eq!(TimeUnit::parse(text), None, "{text}");
        }
    }
}
