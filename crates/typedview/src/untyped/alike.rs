//! Elements that are no numbers of 64 bits: whether two of them mean the same, though their bytes or their formats differ.

use super::numbers::LONG_DOUBLE_BYTES;
use crate::dtype::{Dtype, Kind, TimeBase, TimeUnit};
use crate::format::{ByteOrder, Format};

/// Returns whether two elements are equal, or `None` if the formats do not tell.
///
/// Dates and spans are equal if they are the same moment and the same length, whatever their units. Texts and bytes are equal without the NULs at
/// their ends, as for NumPy. An element of time equals no number.
pub(super) fn are_alike(one: (&Format, &[u8]), other: (&Format, &[u8])) -> Option<bool> {
    let ((dtype, order), (other_dtype, other_order)) = (one.0.as_scalar()?, other.0.as_scalar()?);
    match (dtype.kind(), other_dtype.kind()) {
        (Kind::Bytes, Kind::Bytes) => Some(trimmed(one.1, &0) == trimmed(other.1, &0)),
        (Kind::Text, Kind::Text) => Some(is_same_text((order, one.1), (other_order, other.1))),
        (Kind::Datetime(unit), Kind::Datetime(other_unit)) => Some(is_same_time(
            moment(unit, count(order, one.1)?),
            moment(other_unit, count(other_order, other.1)?),
        )),
        (Kind::Timedelta(unit), Kind::Timedelta(other_unit)) => Some(is_same_time(
            span(unit, count(order, one.1)?),
            span(other_unit, count(other_order, other.1)?),
        )),
        (Kind::Float, Kind::Float) if dtype == other_dtype => is_same_long_double(dtype, one.1, other.1),
        (kind, other) if is_apart(kind) && is_apart(other) || is_time(kind) || is_time(other) => Some(false),
        _ => None,
    }
}

/// Whether elements of a kind equal no elements of another kind.
fn is_apart(kind: Kind) -> bool {
    matches!(kind, Kind::Bytes | Kind::Text) || is_time(kind)
}

fn is_time(kind: Kind) -> bool {
    matches!(kind, Kind::Datetime(_) | Kind::Timedelta(_))
}

/// Returns a list without the items at its end that are `nothing`.
fn trimmed<'a, X: PartialEq>(mut items: &'a [X], nothing: &X) -> &'a [X] {
    while let [rest @ .., last] = items
        && last == nothing
    {
        items = rest;
    }
    items
}

fn is_same_text(one: (ByteOrder, &[u8]), other: (ByteOrder, &[u8])) -> bool {
    let characters = |(order, bytes): (ByteOrder, &[u8])| -> alloc::vec::Vec<u32> {
        let unit = |unit: &[u8]| {
            let mut value = [0; 4];
            value[..unit.len()].copy_from_slice(unit);
            let is_big = cfg!(target_endian = "big") != (order == ByteOrder::Swapped);
            if is_big {
                value[..unit.len()].reverse()
            }
            u32::from_le_bytes(value)
        };
        let is_wide = bytes.len().is_multiple_of(4)
            && bytes.chunks_exact(4).all(|character| unit(character) <= u32::from(char::MAX));
        bytes.chunks_exact(if is_wide { 4 } else { 2 }).map(unit).collect()
    };
    trimmed(&characters(one), &0) == trimmed(&characters(other), &0)
}

/// Returns the count of units in an element of time, or `None` if it has another size than 8 bytes.
fn count(order: ByteOrder, bytes: &[u8]) -> Option<i64> {
    let count = i64::from_ne_bytes(bytes.try_into().ok()?);
    Some(if order == ByteOrder::Swapped { count.swap_bytes() } else { count })
}

/// A length of time, or the time since 1970.
#[derive(PartialEq, Eq)]
enum Time {
    /// Seconds and attoseconds.
    Seconds(i128, i128),
    /// Months, which have no fixed length.
    Months(i128),
    /// A count of nothing in particular.
    Count(i64),
}

fn is_same_time(one: Option<Time>, other: Option<Time>) -> bool {
    one.is_some() && one == other
}

/// Returns a span of time, or `None` for NaT.
fn span(unit: TimeUnit, count: i64) -> Option<Time> {
    if count == i64::MIN {
        return None;
    }
    let units = i128::from(count) * i128::from(unit.count());
    let seconds = |one: i128| Time::Seconds(units * one, 0);
    let parts = |per_second: i128| {
        Time::Seconds(
            units.div_euclid(per_second),
            units.rem_euclid(per_second) * (10i128.pow(18) / per_second),
        )
    };
    Some(match unit.base() {
        TimeBase::Year => Time::Months(12 * units),
        TimeBase::Month => Time::Months(units),
        TimeBase::Week => seconds(604_800),
        TimeBase::Day => seconds(86_400),
        TimeBase::Hour => seconds(3600),
        TimeBase::Minute => seconds(60),
        TimeBase::Second => seconds(1),
        TimeBase::Millisecond => parts(10i128.pow(3)),
        TimeBase::Microsecond => parts(10i128.pow(6)),
        TimeBase::Nanosecond => parts(10i128.pow(9)),
        TimeBase::Picosecond => parts(10i128.pow(12)),
        TimeBase::Femtosecond => parts(10i128.pow(15)),
        TimeBase::Attosecond => parts(10i128.pow(18)),
        TimeBase::Generic => Time::Count(count),
    })
}

/// Returns a moment, or `None` for NaT.
fn moment(unit: TimeUnit, count: i64) -> Option<Time> {
    match span(unit, count)? {
        Time::Months(months) => {
            let (year, month) = (1970 + months.div_euclid(12), months.rem_euclid(12));
            Some(Time::Seconds(days_before(year, month) * 86_400, 0))
        }
        time => Some(time),
    }
}

/// Returns the days from 1970 to the first day of a month, which counts from 0, in the Gregorian calendar.
fn days_before(year: i128, month: i128) -> i128 {
    // The year begins with March here, so that the day that leap years add is its last one.
    let year = if month < 2 { year - 1 } else { year };
    let from_march = (month + 10) % 12;
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between March of the year 0 and January of 1970.
    days + (153 * from_march + 2) / 5 - 719_468
}

/// Returns whether two of C's `long double` are equal, whose bytes beyond the number mean nothing.
fn is_same_long_double(dtype: Dtype, one: &[u8], other: &[u8]) -> Option<bool> {
    let used = LONG_DOUBLE_BYTES.filter(|used| *used <= dtype.itemsize() && dtype.itemsize() > 8)?;
    let [one, other] = [one, other].map(|bytes| &bytes[..used]);
    let is_zero = |bytes: &[u8]| bytes[..9].iter().all(|&byte| byte == 0) && bytes[9] & 0x7f == 0;
    // The exponent has all bits, and the fraction without its leading bit is not 0.
    let is_nan = |bytes: &[u8]| {
        let fraction = bytes[..7].iter().any(|&byte| byte != 0) || bytes[7] & 0x7f != 0;
        bytes[8] == 0xff && bytes[9] & 0x7f == 0x7f && fraction
    };
    Some(!is_nan(one) && (one == other || is_zero(one) && is_zero(other)))
}
