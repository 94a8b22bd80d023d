//! The functions of the recipe "Records of a file".

use pyo3::prelude::*;
use typedview_pyo3::{
    Big, C, Element, OrRaise, Owned, PyOwned, PyUntypedView, PyView, PyViewMut, Strided, View, field, locked,
};

// [Reading]
/// A record of the file: 9 bytes without gaps. Its numbers are big-endian.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C, packed)]
pub(crate) struct Reading {
    time: Big<u32>,
    sensor: u8,
    value: Big<f32>,
}
// [Reading]

// [values_of]
/// Returns the values of one sensor as native floats. `readings` are records, or the bytes of records.
#[pyfunction]
pub(crate) fn values_of(readings: PyUntypedView<'_>, sensor: u8) -> PyResult<PyOwned<f32, C<1>>> {
    let values = if readings.holds::<u8>() {
        let bytes = readings.typed::<u8, C<1>>()?;
        let lock = bytes.lock()?;
        selected(lock.view().try_reinterpret::<Reading>().or_raise()?.into(), sensor)
    } else {
        let records = readings.typed::<Reading, Strided<1>>()?;
        let lock = records.lock()?;
        selected(lock.view(), sensor)
    };
    Ok(Owned::from(values).into())
}

fn selected(readings: View<'_, Reading, Strided<1>>, sensor: u8) -> Vec<f32> {
    let sensors = readings.field(field!(Reading, sensor)).iter();
    let values = readings.field(field!(Reading, value)).iter();
    sensors.zip(values).filter(|&(of, _)| of == sensor).map(|(_, value)| value.get()).collect()
}
// [values_of]

// [calibrate]
/// Adds `offset` to the values of one sensor, in place.
#[pyfunction]
pub(crate) fn calibrate(readings: PyViewMut<'_, Reading, Strided<1>>, sensor: u8, offset: f32) {
    let sensors = readings.cells().field(field!(Reading, sensor));
    let values = readings.cells().field(field!(Reading, value));
    for i in 0..readings.size() {
        if sensors.at(i) == sensor {
            values.update(i, |value| Big::new(value.get() + offset));
        }
    }
}
// [calibrate]

// [times]
/// Returns the times of all readings as native integers.
#[pyfunction]
pub(crate) fn times(
    py: Python<'_>,
    readings: PyView<'_, Reading, Strided<1>>,
) -> PyResult<PyOwned<u32, C<1>>> {
    let times = locked(py, &readings, |readings| {
        let mut times = Owned::zeroed([readings.size()]);
        times.view_mut().convert_from(&readings.field(field!(Reading, time)));
        times
    })?;
    Ok(times.into())
}
// [times]
