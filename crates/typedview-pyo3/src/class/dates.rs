//! Dates and spans of time as Python objects: `datetime.date`, `datetime.datetime` and `datetime.timedelta`.
//! The rule is that of NumPy's `item()`: what these classes cannot express is an `int`, a count of units, and NaT is `None`.

use crate::error::class_name;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyModule};
use pyo3::{IntoPyObjectExt, ffi, intern};
use typedview::{TimeBase, TimeUnit};

/// NumPy's NaT: neither a date nor a span of time.
const NAT: i64 = i64::MIN;

/// What one unit is in Python's classes.
enum Length {
    /// Whole months.
    Months(i128),
    /// Whole days, which are dates without a time.
    Days(i128),
    /// Whole microseconds, which are less than a day.
    Microseconds(i128),
    /// Parts of a microsecond: how many units are one. Python's classes cannot express them.
    Parts(i128),
    /// No length.
    Unknown,
}

const MICROSECONDS_PER_DAY: i128 = 86_400_000_000;

fn length(unit: TimeUnit) -> Length {
    let count = i128::from(unit.count());
    match unit.base() {
        TimeBase::Year => Length::Months(12 * count),
        TimeBase::Month => Length::Months(count),
        TimeBase::Day => Length::Days(count),
        TimeBase::Week => Length::Days(7 * count),
        TimeBase::Hour => Length::Microseconds(3_600_000_000 * count),
        TimeBase::Minute => Length::Microseconds(60_000_000 * count),
        TimeBase::Second => Length::Microseconds(1_000_000 * count),
        TimeBase::Millisecond => Length::Microseconds(1000 * count),
        TimeBase::Microsecond => Length::Microseconds(count),
        TimeBase::Nanosecond => Length::Parts(1000),
        TimeBase::Picosecond => Length::Parts(1_000_000),
        TimeBase::Femtosecond => Length::Parts(1_000_000_000),
        TimeBase::Attosecond => Length::Parts(1_000_000_000_000),
        _ => Length::Unknown,
    }
}

fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "datetime"))
}

/// Returns the `timedelta` of this many microseconds, if there is one.
fn timedelta(py: Python<'_>, microseconds: i128) -> PyResult<Bound<'_, PyAny>> {
    let (days, rest) =
        (microseconds.div_euclid(MICROSECONDS_PER_DAY), microseconds.rem_euclid(MICROSECONDS_PER_DAY));
    module(py)?.getattr("timedelta")?.call1((days, 0, rest))
}

/// Returns a count of units since 1970 as a date, or as a number if there is no such date.
pub(super) fn to_datetime(py: Python<'_>, unit: TimeUnit, count: i64) -> PyResult<Bound<'_, PyAny>> {
    if count == NAT {
        return py.None().into_bound_py_any(py);
    }
    let units = i128::from(count);
    let date = match length(unit) {
        Length::Months(months) => {
            let months = units * months;
            let (year, month) = (1970 + months.div_euclid(12), 1 + months.rem_euclid(12));
            module(py)?.getattr("date")?.call1((year, month, 1))
        }
        Length::Days(days) => {
            let span = timedelta(py, units * days * MICROSECONDS_PER_DAY);
            span.and_then(|span| module(py)?.getattr("date")?.call1((1970, 1, 1))?.add(span))
        }
        Length::Microseconds(one) => {
            let span = timedelta(py, units * one);
            span.and_then(|span| module(py)?.getattr("datetime")?.call1((1970, 1, 1))?.add(span))
        }
        Length::Parts(_) | Length::Unknown => return count.into_bound_py_any(py),
    };
    // Python's dates go from the year 1 to 9999.
    date.or_else(|_| count.into_bound_py_any(py))
}

/// Returns a count of units as a span of time, or as a number if there is no such span.
pub(super) fn to_timedelta(py: Python<'_>, unit: TimeUnit, count: i64) -> PyResult<Bound<'_, PyAny>> {
    if count == NAT {
        return py.None().into_bound_py_any(py);
    }
    let units = i128::from(count);
    let span = match length(unit) {
        Length::Days(days) => timedelta(py, units * days * MICROSECONDS_PER_DAY),
        Length::Microseconds(one) => timedelta(py, units * one),
        _ => return count.into_bound_py_any(py),
    };
    span.or_else(|_| count.into_bound_py_any(py))
}

/// Returns the count of units that a date, a number of units or `None` stands for.
pub(super) fn from_datetime(value: &Bound<'_, PyAny>, unit: TimeUnit) -> PyResult<i64> {
    if let Some(count) = plain(value)? {
        return Ok(count);
    }
    let dates = module(value.py())?;
    let is_moment = value.is_instance(&dates.getattr("datetime")?)?;
    if !is_moment && !value.is_instance(&dates.getattr("date")?)? {
        return Err(wrong_type(value, "a date"));
    }
    if is_moment && !value.getattr("tzinfo")?.is_none() {
        return Err(PyValueError::new_err(
            "a date with a time zone has no exact value here: convert it to UTC",
        ));
    }
    if let Length::Months(months) = length(unit) {
        let part = |name: &str| value.getattr(name)?.extract::<i128>();
        let whole = (part("year")? - 1970) * 12 + part("month")? - 1;
        let first = dates.getattr("date")?.call1((part("year")?, part("month")?, 1))?;
        let midnight = is_moment && !value.call_method0("time")?.eq(dates.getattr("time")?.call0()?)?;
        let day = if is_moment { value.call_method0("date")? } else { value.clone() };
        return exact(value, unit, whole, months, !midnight && day.eq(first)?);
    }
    let start = dates.getattr(if is_moment { "datetime" } else { "date" })?.call1((1970, 1, 1))?;
    from_span(value, &value.sub(start)?, unit)
}

/// Returns the count of units that a span of time, a number of units or `None` stands for.
pub(super) fn from_timedelta(value: &Bound<'_, PyAny>, unit: TimeUnit) -> PyResult<i64> {
    if let Some(count) = plain(value)? {
        return Ok(count);
    }
    if !value.is_instance(&module(value.py())?.getattr("timedelta")?)? {
        return Err(wrong_type(value, "a timedelta"));
    }
    from_span(value, value, unit)
}

/// Returns the count that an `int` or `None` is, but not a `bool`.
fn plain(value: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    if value.is_none() {
        return Ok(Some(NAT));
    }
    // SAFETY: `value` is alive, and this thread is attached to the interpreter.
    if value.is_instance_of::<PyBool>() || unsafe { ffi::PyIndex_Check(value.as_ptr()) } == 0 {
        return Ok(None);
    }
    let count =
        value.extract().map_err(|_| PyValueError::new_err(format!("{value} does not fit 64 bits")))?;
    Ok(Some(count))
}

/// Returns the count of units in a `timedelta`.
fn from_span(value: &Bound<'_, PyAny>, span: &Bound<'_, PyAny>, unit: TimeUnit) -> PyResult<i64> {
    let part = |name: &str| span.getattr(name)?.extract::<i128>();
    let all = part("days")? * MICROSECONDS_PER_DAY + part("seconds")? * 1_000_000 + part("microseconds")?;
    match length(unit) {
        Length::Days(days) => exact(value, unit, all, days * MICROSECONDS_PER_DAY, true),
        Length::Microseconds(one) => exact(value, unit, all, one, true),
        Length::Parts(parts) => exact(value, unit, all * parts, unit.count().into(), true),
        Length::Months(_) | Length::Unknown => exact(value, unit, all, 0, false),
    }
}

/// Returns `all` divided by `one`, if it is a whole number that fits.
fn exact(value: &Bound<'_, PyAny>, unit: TimeUnit, all: i128, one: i128, is_exact: bool) -> PyResult<i64> {
    let count = all.checked_div(one).filter(|count| is_exact && count * one == all);
    let count = count.and_then(|count| i64::try_from(count).ok()).filter(|count| *count != NAT);
    let inexact =
        || PyValueError::new_err(format!("{value} is no whole number of units{}", unit.bracketed()));
    count.ok_or_else(inexact)
}

#[cold]
fn wrong_type(value: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let class = class_name(value);
    PyTypeError::new_err(format!("an element of time takes {wanted}, an int or None, not {class}"))
}
