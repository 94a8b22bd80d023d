//! Dates and spans of time as Python objects: `datetime.date`, `datetime.datetime` and `datetime.timedelta`.
//! The rule is that of NumPy's `item()`: what these classes cannot express is an `int`, a count of units, and NaT is `None`.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyInt;
use pyo3::{IntoPyObjectExt, intern};
use typedview::{TimeBase, TimeUnit};

/// NumPy's NaT: neither a date nor a span of time.
const NAT: i64 = i64::MIN;

/// What one unit is in Python's classes.
enum Length {
    /// Whole days, which are dates without a time.
    Days(i64),
    /// Whole microseconds, which are less than a day.
    Microseconds(i64),
    /// Nothing that they can express.
    Other,
}

fn length(unit: TimeUnit) -> Length {
    let count = i64::from(unit.count());
    match unit.base() {
        TimeBase::Day => Length::Days(count),
        TimeBase::Week => Length::Days(7 * count),
        TimeBase::Hour => Length::Microseconds(3_600_000_000 * count),
        TimeBase::Minute => Length::Microseconds(60_000_000 * count),
        TimeBase::Second => Length::Microseconds(1_000_000 * count),
        TimeBase::Millisecond => Length::Microseconds(1000 * count),
        TimeBase::Microsecond => Length::Microseconds(count),
        _ => Length::Other,
    }
}

/// Returns a count of units since 1970 as a date, or as a number if there is no such date.
pub(super) fn to_datetime(py: Python<'_>, unit: TimeUnit, count: i64) -> PyResult<Bound<'_, PyAny>> {
    if count == NAT {
        return py.None().into_bound_py_any(py);
    }
    let span = match length(unit) {
        Length::Days(days) => count.checked_mul(days).map(|days| (days, 0)),
        Length::Microseconds(one) => count.checked_mul(one).map(|all| (0, all)),
        Length::Other => None,
    };
    let module = py.import(intern!(py, "datetime"))?;
    let date = span.map(|(days, microseconds)| {
        let span = module.getattr("timedelta")?.call1((days, 0, microseconds))?;
        let start = match length(unit) {
            Length::Days(_) => module.getattr("date")?.call1((1970, 1, 1))?,
            _ => module.getattr("datetime")?.call1((1970, 1, 1))?,
        };
        start.add(span)
    });
    match date {
        Some(Ok(date)) => Ok(date),
        // Python's dates end with the year 9999.
        _ => count.into_bound_py_any(py),
    }
}

/// Returns a count of units as a span of time, or as a number if there is no such span.
pub(super) fn to_timedelta(py: Python<'_>, unit: TimeUnit, count: i64) -> PyResult<Bound<'_, PyAny>> {
    if count == NAT {
        return py.None().into_bound_py_any(py);
    }
    let arguments = match length(unit) {
        Length::Days(days) => count.checked_mul(days).map(|days| (days, 0, 0)),
        Length::Microseconds(one) => count.checked_mul(one).map(|all| (0, 0, all)),
        Length::Other => None,
    };
    let class = py.import(intern!(py, "datetime"))?.getattr("timedelta")?;
    match arguments.map(|arguments| class.call1(arguments)) {
        Some(Ok(span)) => Ok(span),
        _ => count.into_bound_py_any(py),
    }
}

/// Returns the count of units that a date, a number of units or `None` stands for.
pub(super) fn from_datetime(value: &Bound<'_, PyAny>, unit: TimeUnit) -> PyResult<i64> {
    let py = value.py();
    let module = py.import(intern!(py, "datetime"))?;
    if value.is_instance(&module.getattr("datetime")?)? {
        if !value.getattr("tzinfo")?.is_none() {
            return Err(PyValueError::new_err(
                "a date with a time zone has no exact value here: convert it to UTC",
            ));
        }
        let start = module.getattr("datetime")?.call1((1970, 1, 1))?;
        return from_timedelta(&value.sub(start)?, unit);
    }
    if value.is_instance(&module.getattr("date")?)? {
        let start = module.getattr("date")?.call1((1970, 1, 1))?;
        return from_timedelta(&value.sub(start)?, unit);
    }
    from_timedelta(value, unit)
}

/// Returns the count of units that a span of time, a number of units or `None` stands for.
pub(super) fn from_timedelta(value: &Bound<'_, PyAny>, unit: TimeUnit) -> PyResult<i64> {
    let py = value.py();
    if value.is_none() {
        return Ok(NAT);
    }
    if value.is_instance_of::<PyInt>() {
        return value.extract().map_err(|_| PyValueError::new_err(format!("{value} does not fit 64 bits")));
    }
    let class = py.import(intern!(py, "datetime"))?.getattr("timedelta")?;
    if !value.is_instance(&class)? {
        let name = value.get_type().name()?;
        let text = format!("an element of time takes a date, a timedelta, an int or None, not {name}");
        return Err(PyTypeError::new_err(text));
    }
    let inexact =
        || PyValueError::new_err(format!("{value} is no whole number of units{}", unit.bracketed()));
    let part = |name: &str| value.getattr(name)?.extract::<i128>();
    let microseconds = (part("days")? * 86_400 + part("seconds")?) * 1_000_000 + part("microseconds")?;
    let (one, all) = match length(unit) {
        Length::Days(days) => (i128::from(days) * 86_400_000_000, microseconds),
        Length::Microseconds(one) => (i128::from(one), microseconds),
        Length::Other => match unit.base() {
            TimeBase::Nanosecond => (i128::from(unit.count()), microseconds * 1000),
            TimeBase::Picosecond => (i128::from(unit.count()), microseconds * 1_000_000),
            _ => return Err(inexact()),
        },
    };
    if one == 0 || all % one != 0 {
        return Err(inexact());
    }
    i64::try_from(all / one).ok().filter(|count| *count != NAT).ok_or_else(inexact)
}
