//! The functions of the recipe "Structured arrays".

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use typedview_pyo3::{C, Datetime, Element, PyNdarray, PyView, PyViewMut, Strided, detached, field, time};

// [Reading]
/// numpy.dtype([("sensor", "u2"), ("time", "M8[ms]"), ("value", "f4")])
#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
pub(crate) struct Reading {
    sensor: u16,
    time: Datetime<time::Millisecond>,
    value: f32,
}

/// numpy.dtype([("sensor", "u2"), ("last", "M8[ms]"), ("mean", "f8")])
#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
pub(crate) struct Summary {
    sensor: u16,
    last: Datetime<time::Millisecond>,
    mean: f64,
}
// [Reading]

// [summaries]
/// Returns the mean and the time of the last reading for each sensor, in the order of the sensors.
#[pyfunction]
pub(crate) fn summaries(
    py: Python<'_>,
    readings: PyView<'_, Reading, Strided<1>>,
) -> PyResult<PyNdarray<Summary, C<1>>> {
    if readings.shape() == [0] {
        return Err(PyValueError::new_err("there are no readings"));
    }
    let summaries: Vec<Summary> = detached(py, &readings, |readings| {
        let mut sensors = BTreeMap::new();
        for Reading { sensor, time, value } in readings.iter() {
            let (last, sum, count) = sensors.entry(sensor).or_insert((time, 0.0, 0.0));
            if time.get() > last.get() {
                *last = time;
            }
            (*sum, *count) = (*sum + f64::from(value), *count + 1.0);
        }
        sensors
            .into_iter()
            .map(|(sensor, (last, sum, count))| Summary { sensor, last, mean: sum / count })
            .collect()
    })?;
    Ok(summaries.into())
}
// [summaries]

// [correct]
/// Adds `offset` to the values of some readings, in place.
#[pyfunction]
pub(crate) fn correct(readings: PyViewMut<'_, Reading, Strided<1>>, offset: f32) {
    readings.cells().field(field!(Reading, value)).map_in_place(|value| value + offset);
}
// [correct]
