//! The functions of the recipe "Crops of images".

use pyo3::prelude::*;
use typedview_pyo3::{C, Owned, Pitched, PyOwned, PyView, PyViewMut, Strided, detached, zip};

// [brightness]
/// Returns the mean of the three channels of each pixel.
#[pyfunction]
pub(crate) fn brightness(py: Python<'_>, picture: PyView<'_, u8, Pitched<3>>) -> PyResult<PyOwned<u8, C<2>>> {
    let mean = |[r, g, b]: [u8; 3]| ((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8;
    let means = detached(py, &picture, |picture| {
        let pixels = picture.join::<[u8; 3]>(); // one element for each pixel; raises if there are not 3 channels
        let mut means = Owned::zeroed([pixels.shape()[0], pixels.shape()[1]]);
        zip((means.view_mut(), pixels)).for_each(|(mut out, pixel)| out.set(mean(pixel)));
        means
    })?;
    Ok(means.into())
}
// [brightness]

// [invert]
/// Makes a negative of a picture, in place.
#[pyfunction]
pub(crate) fn invert(py: Python<'_>, mut picture: PyViewMut<'_, u8, Pitched<3>>) -> PyResult<()> {
    detached(py, &mut picture, |mut picture| picture.map_in_place(|value| 255 - value))
}

/// Makes one channel darker, in place. Black stays black.
#[pyfunction]
pub(crate) fn darken(py: Python<'_>, mut channel: PyViewMut<'_, u8, Strided<2>>, by: u8) -> PyResult<()> {
    detached(py, &mut channel, |mut channel| channel.map_in_place(|value| value.saturating_sub(by)))
}
// [invert]
