//! Units of time: what NumPy's dates and spans of time count, and the text that it writes in brackets.
//! Apart from the dtypes because the text has a grammar of its own.

use core::fmt;

/// What a date or a span of time counts: so many of a base, `25s`.
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
    /// At least 1, and 1 of [`TimeBase::Generic`].
    count: u32,
}

/// A unit of time that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TimeBase {
    /// `Y`.
    Year,
    /// `M`.
    Month,
    /// `W`.
    Week,
    /// `D`.
    Day,
    /// `h`.
    Hour,
    /// `m`.
    Minute,
    /// `s`.
    Second,
    /// `ms`.
    Millisecond,
    /// `us`.
    Microsecond,
    /// `ns`.
    Nanosecond,
    /// `ps`.
    Picosecond,
    /// `fs`.
    Femtosecond,
    /// `as`.
    Attosecond,
    /// No unit yet: what NumPy has where none was given.
    Generic,
}

// NumPy: the codes of `numpy.datetime_data`.
const NAMES: [(&str, TimeBase); 15] = [
    ("Y", TimeBase::Year),
    ("M", TimeBase::Month),
    ("W", TimeBase::Week),
    ("D", TimeBase::Day),
    ("h", TimeBase::Hour),
    ("m", TimeBase::Minute),
    ("s", TimeBase::Second),
    ("ms", TimeBase::Millisecond),
    ("us", TimeBase::Microsecond),
    ("ns", TimeBase::Nanosecond),
    ("ps", TimeBase::Picosecond),
    ("fs", TimeBase::Femtosecond),
    ("as", TimeBase::Attosecond),
    ("generic", TimeBase::Generic),
    // NumPy reads it, and writes `us`.
    ("μs", TimeBase::Microsecond),
];

impl TimeBase {
    /// NumPy's name: `ns`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, base)| *base == self).map_or("", |(name, _)| name)
    }
}

impl TimeUnit {
    /// No unit yet.
    pub const GENERIC: Self = Self { base: TimeBase::Generic, count: 1 };

    /// So many of a base.
    ///
    /// # Panics
    ///
    /// `count` is 0 or more than a C `int` holds, or not 1 of [`TimeBase::Generic`].
    #[must_use]
    pub const fn new(base: TimeBase, count: u32) -> Self {
        assert!(
            count > 0 && count <= i32::MAX.cast_unsigned(),
            "a unit of time counts 1 to 2147483647 of its base"
        );
        assert!(count == 1 || !matches!(base, TimeBase::Generic), "what has no unit is not counted");
        Self { base, count }
    }

    /// Reads what NumPy writes between the brackets of `datetime64[25s]`, nothing being no unit; `None` of anything else.
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
    /// Divided units (`D/24`) are none: NumPy reads them and writes `h`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::GENERIC);
        }
        let name = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let &(_, base) = NAMES.iter().find(|(known, _)| *known == name)?;
        match text.strip_suffix(name)? {
            "" => Some(Self { base, count: 1 }),
            // NumPy: a C int.
            digits => {
                let count =
                    digits.parse().ok().filter(|count| (1..=i32::MAX.cast_unsigned()).contains(count))?;
                (count == 1 || base != TimeBase::Generic).then_some(Self { base, count })
            }
        }
    }

    /// What is counted.
    #[must_use]
    pub const fn base(self) -> TimeBase {
        self.base
    }

    /// How many of it.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The text behind `datetime64` and `M8`: `[ns]`, and nothing where there is no unit yet.
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

/// NumPy's text: `ns`, `25s`, `generic`.
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
        for (name, base) in NAMES {
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
