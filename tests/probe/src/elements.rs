//! Elements that are more than a number: each read as what Python calls it.

use half::{bf16, f16};
use num_complex::Complex;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex};
use typedview_pyo3::{
    Big, Bool, Bytes, Datetime, Dyn, Element, Little, Owned, PyOwned, PyView, Strided, Text, Timedelta, time,
};

/// How an element is said to Python.
trait Said: Element {
    fn say(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;
}

macro_rules! said {
    ($($element:ty: |$py:ident, $value:ident| $said:expr;)*) => {$(
        impl Said for $element {
            fn say(self, $py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                let $value = self;
                $said.into_bound_py_any($py)
            }
        }
    )*};
}

said! {
    Bool: |py, value| value.get();
    f16: |py, value| f32::from(value);
    bf16: |py, value| f32::from(value);
    Complex<f32>: |py, value| PyComplex::from_doubles(py, value.re.into(), value.im.into());
    Complex<f64>: |py, value| PyComplex::from_doubles(py, value.re, value.im);
    Big<i16>: |py, value| value.get();
    Big<u32>: |py, value| value.get();
    Big<i64>: |py, value| value.get();
    Big<f32>: |py, value| value.get();
    Big<f64>: |py, value| value.get();
    Big<f16>: |py, value| f32::from(value.get());
    Big<Complex<f64>>: |py, value| PyComplex::from_doubles(py, value.get().re, value.get().im);
    Little<f64>: |py, value| value.get();
    Bytes<3>: |py, value| PyBytes::new(py, value.as_bytes());
    [u8; 4]: |py, value| PyBytes::new(py, &value);
    Text<3>: |py, value| value.to_string();
    Big<Text<3>>: |py, value| value.get().to_string();
    Datetime<time::Nanosecond>: |py, value| value.get();
    Datetime<time::Day>: |py, value| value.get();
    Big<Datetime<time::Second>>: |py, value| value.get().get();
    Timedelta<time::Second>: |py, value| value.get();
    [f64; 3]: |py, value| value.to_vec();
    [[i16; 2]; 2]: |py, value| value.map(|row| row.to_vec()).to_vec();
}

fn say_all<'py, T: Said>(x: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let view: PyView<'_, T, Dyn> = x.extract()?;
    view.cells().iter().map(|value| value.say(x.py())).collect()
}

/// The elements of `x` in index order, taken as the element of this name in Rust.
#[pyfunction]
pub(crate) fn elements<'py>(name: &str, x: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    macro_rules! by_name {
        ($($element:ty),* $(,)?) => {
            match name {
                $(stringify!($element) => say_all::<$element>(x),)*
                other => Err(PyKeyError::new_err(other.to_owned())),
            }
        };
    }
    by_name! {
        Bool, f16, bf16, Complex<f32>, Complex<f64>, Big<i16>, Big<u32>, Big<i64>, Big<f32>, Big<f64>, Big<f16>,
        Big<Complex<f64>>, Little<f64>, Bytes<3>, [u8; 4], Text<3>, Big<Text<3>>, Datetime<time::Nanosecond>,
        Datetime<time::Day>, Big<Datetime<time::Second>>, Timedelta<time::Second>, [f64; 3], [[i16; 2]; 2],
    }
}

/// The same elements, handed back as new memory of Rust.
#[pyfunction]
pub(crate) fn handed_over<'py>(name: &str, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    fn copy<'py, T: Element>(x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let view: PyView<'_, T, Strided<1>> = x.extract()?;
        let copy: Vec<T> = view.cells().iter().collect();
        PyOwned::from(Owned::from(copy)).into_bound_py_any(x.py())
    }
    macro_rules! by_name {
        ($($element:ty),* $(,)?) => {
            match name {
                $(stringify!($element) => copy::<$element>(x),)*
                other => Err(PyKeyError::new_err(other.to_owned())),
            }
        };
    }
    by_name! {
        Bool, f16, Complex<f32>, Complex<f64>, Big<i16>, Big<f64>, Little<f64>, Bytes<3>, Text<3>, Big<Text<3>>,
        Datetime<time::Nanosecond>, Timedelta<time::Second>, [f64; 3], [[i16; 2]; 2],
    }
}
