//! Filters signals through second-order sections: `scipy.signal._sosfilt._sosfilt` of SciPy 1.17.1 (BSD-3-Clause).
//! It shows fused types: four kinds of numbers are one function, and Python objects are another one.

use num_complex::Complex;
use num_traits::Num;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::array::from_fn;
use typedview_pyo3::{C, Element, PyUntypedView, PyViewMut, View, ViewMut, detached, dispatch};
#[cfg(not(Py_GIL_DISABLED))]
use typedview_pyo3::{Kind, PyObjectView, PyObjectViewMut};

/// The coefficients of a section, b0, b1, b2, a0, a1 and a2. The section is divided by a0 beforehand, so a0 is 1.
type Section<T> = [T; 6];
/// The two delayed values of a section.
type Delays<T> = [T; 2];

/// Filters a signal in place through `N` sections in turn.
///
/// The compiler keeps the delays of a known number of sections in registers. With a loop over any number of sections, they
/// go through memory for each sample, as in the original, and most filters take up to 1.5 times as long.
#[inline]
fn cascade<T: Element + Num, const N: usize>(
    sections: &[Section<T>],
    delays: &mut [Delays<T>],
    mut signal: ViewMut<'_, T, C<1>>,
) {
    let [b0, b1, b2, _, a1, a2]: [[T; N]; 6] = from_fn(|k| from_fn(|n| sections[n][k]));
    let [mut first, mut second]: [[T; N]; 2] = from_fn(|k| from_fn(|n| delays[n][k]));
    for i in 0..signal.size() {
        signal.update(i, |sample| {
            (0..N).fold(sample, |sample, n| {
                let out = b0[n] * sample + first[n];
                first[n] = b1[n] * sample - a1[n] * out + second[n];
                second[n] = b2[n] * sample - a2[n] * out;
                out
            })
        });
    }
    for (n, delays) in delays.iter_mut().enumerate() {
        *delays = [first[n], second[n]];
    }
}

/// Filters each row of `signals` in place. `delays` has a row for each signal.
fn filter<T: Element + Num>(
    sections: View<'_, Section<T>, C<1>>,
    signals: ViewMut<'_, T, C<2>>,
    delays: ViewMut<'_, Delays<T>, C<2>>,
) {
    let sections = sections.to_vec();
    // Of four sections of floats, the compiler makes vectors, which delays each section until the last one is done.
    let group = if size_of::<T>() == size_of::<f32>() { 2 } else { 4 };
    for (mut signal, mut delays) in signals.rows().zip(delays.rows()) {
        let mut current = delays.to_vec();
        for (sections, current) in sections.chunks(group).zip(current.chunks_mut(group)) {
            let signal = signal.reborrow();
            match sections.len() {
                1 => cascade::<T, 1>(sections, current, signal),
                2 => cascade::<T, 2>(sections, current, signal),
                3 => cascade::<T, 3>(sections, current, signal),
                _ => cascade::<T, 4>(sections, current, signal),
            }
        }
        delays.copy_from(&View::from(&current));
    }
}

/// Filters each row of `x` in place with the arithmetic of the objects in it, as the original did in earlier releases.
#[cfg(not(Py_GIL_DISABLED))]
fn filter_objects<'py>(
    sos: &PyObjectView<'py, C<2>>,
    x: &PyObjectViewMut<'py, C<2>>,
    zi: &PyObjectViewMut<'py, C<3>>,
) -> PyResult<()> {
    let (sections, signals) = (sos.shape()[0], x.shape());
    for i in 0..signals[0] {
        for n in 0..signals[1] {
            let mut sample = x.get([i, n])?;
            for s in 0..sections {
                let product = |k: usize, factor: &Bound<'py, PyAny>| sos.get([s, k])?.mul(factor);
                let out = product(0, &sample)?.add(zi.get([i, s, 0])?)?;
                zi.set([i, s, 0], product(1, &sample)?.sub(product(4, &out)?)?.add(zi.get([i, s, 1])?)?)?;
                zi.set([i, s, 1], product(2, &sample)?.sub(product(5, &out)?)?)?;
                sample = out;
            }
            x.set([i, n], sample)?;
        }
    }
    Ok(())
}

/// Filters each row of `x` in place through the second-order sections of `sos`.
///
/// `sos` has a row of six coefficients for each section. `zi` has two delayed values for each signal and section, which
/// are replaced by those after the last sample. The elements of all three are float32, float64, complex64, complex128 or
/// objects.
#[pyfunction]
pub(crate) fn sosfilt(sos: &Bound<'_, PyAny>, x: &Bound<'_, PyAny>, zi: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = sos.py();
    let numbers: PyUntypedView<'_> = sos.extract()?;
    #[cfg(not(Py_GIL_DISABLED))]
    if numbers.description()?.found().format.dtype().kind() == Kind::Object {
        return filter_objects(&sos.extract()?, &x.extract()?, &zi.extract()?);
    }
    let signals: PyUntypedView<'_> = x.extract()?;
    dispatch!((numbers, signals), T: f32 | f64 | Complex<f32> | Complex<f64>, C<2>, |sos, mut x| {
        let mut zi: PyViewMut<'_, T, C<3>> = zi.extract()?;
        let expected = [x.shape()[0], sos.shape()[0], 2];
        if zi.shape() != expected {
            return Err(PyValueError::new_err(format!("expected a zi with shape {expected:?}, got {:?}", zi.shape())));
        }
        detached(py, (&sos, &mut x, &mut zi), |(sos, x, zi)| filter::<T>(sos.join(), x, zi.join()))?;
    })
}
