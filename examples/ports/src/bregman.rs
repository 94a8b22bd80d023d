//! Removes noise from an image: `skimage.restoration._denoise_cy._denoise_tv_bregman` of scikit-image 0.26.0 (BSD-3-Clause).
//! It shows a stencil in three dimensions that reads what it has just written, and so goes through cells.

use num_traits::Float;
use pyo3::prelude::*;
use std::cmp::Ordering;
use typedview_pyo3::{C, CellViewMut, Element, PyUntypedView, View, ViewMut, detached, dispatch, s};

/// How the image is to be smoothed.
#[derive(Clone, Copy)]
struct Smoothing<T> {
    weight: T,
    lambda: T,
    isotropic: bool,
}

impl<T: Float + Into<f64>> Smoothing<T> {
    /// Shrinks the gradient `(x, y)`: both parts by its length, or each by a constant.
    ///
    /// As in the original, the constant 1 is a double, and so is what is computed with it, also for an image of floats.
    #[inline]
    fn shrink(self, x: T, y: T) -> (T, T) {
        let lambda: f64 = self.lambda.into();
        if self.isotropic {
            let scale = (x * x + y * y).sqrt() * self.lambda;
            let divisor = scale.into() + 1.0;
            (rounded((scale * x).into() / divisor), rounded((scale * y).into() / divisor))
        } else {
            let threshold = 1.0 / lambda;
            let toward_zero = |part: T| {
                let part = part.into();
                // Without a branch, which would be mispredicted for half of the pixels of noise.
                if part.abs() > threshold { rounded(part - threshold.copysign(part)) } else { T::zero() }
            };
            (toward_zero(x), toward_zero(y))
        }
    }
}

/// Returns the element that is nearest to a double.
#[inline]
fn rounded<T: Float>(value: f64) -> T {
    T::from(value).unwrap_or(T::nan())
}

/// Copies the image into the middle of `out`, and lines beside it into the border of `out`.
fn frame<T: Element>(image: View<'_, T, C<3>>, mut out: ViewMut<'_, T, C<3>>) {
    out.reborrow().slice(s![1..-1, 1..-1]).copy_from(&image);
    out.reborrow().slice(s![0, 1..-1]).copy_from(&image.slice(s![1]));
    out.reborrow().slice(s![1..-1, 0]).copy_from(&image.slice(s![.., 1]));
    out.reborrow().slice(s![-1, 1..-1]).copy_from(&image.slice(s![-1]));
    out.slice(s![1..-1, -1]).copy_from(&image.slice(s![.., -1]));
}

/// The state of a row of pixels and of the row above it. A row is one line of numbers: pixels and channels.
struct Rows<'a, T: Element> {
    here: [CellViewMut<'a, T, C<1>>; 5],
    above: [CellViewMut<'a, T, C<1>>; 5],
    below: CellViewMut<'a, T, C<1>>,
}

impl<T: Element + Float + Into<f64>> Rows<'_, T> {
    /// Computes a row, whose pixels have `step` channels, from left to right. Returns the sum of the squared changes.
    fn relax(&self, image: View<'_, T, C<1>>, step: usize, smoothing: Smoothing<T>, mut sum: T) -> T {
        let [out, dx, dy, bx, by] = &self.here;
        let [out_above, _, dy_above, _, by_above] = &self.above;
        let Smoothing { weight, lambda, .. } = smoothing;
        let norm = weight + (T::one() + T::one() + T::one() + T::one()) * lambda;
        for i in step..step + image.size() {
            let (left, right) = (i - step, i + step);
            let before = out.at(i);
            let x = out.at(right) - before;
            let y = self.below.at(i) - before;
            let neighbours = self.below.at(i) + out_above.at(i) + out.at(right) + out.at(left) + dx.at(left)
                - dx.at(i)
                + dy_above.at(i)
                - dy.at(i)
                - bx.at(left)
                + bx.at(i)
                - by_above.at(i)
                + by.at(i);
            let after = (lambda * neighbours + weight * image.at(left)) / norm;
            out.set(i, after);
            sum = sum + (after - before) * (after - before);
            let (old_x, old_y) = (bx.at(i), by.at(i));
            let (new_x, new_y) = smoothing.shrink(x + old_x, y + old_y);
            dx.set(i, new_x);
            dy.set(i, new_y);
            bx.set(i, old_x + (x - new_x));
            by.set(i, old_y + (y - new_y));
        }
        sum
    }
}

/// Returns cells with one line of numbers for each row of pixels.
fn lines<T: Element>(pixels: ViewMut<'_, T, C<3>>) -> CellViewMut<'_, T, C<2>> {
    let &[height, width, channels] = pixels.shape() else { unreachable!("the layout has three axes") };
    pixels.reshape([height, width * channels]).into_cells()
}

/// Smooths `image` into the middle of `out`, in at most `max_iter` iterations.
fn smooth<T: Element + Float + Into<f64>>(
    image: View<'_, T, C<3>>,
    mut out: ViewMut<'_, T, C<3>>,
    smoothing: Smoothing<T>,
    max_iter: usize,
    eps: T,
) {
    let mut states = [(); 4].map(|()| out.to_owned());
    frame(image, out.reborrow());
    let channels = out.shape()[2];
    let [dx, dy, bx, by] = states.each_mut().map(|state| lines(state.view_mut()));
    let all = [lines(out), dx, dy, bx, by];
    let size = T::from(image.size()).unwrap_or(T::infinity());
    for _ in 0..max_iter {
        let mut sum = T::zero();
        for (r, image) in image.rows().enumerate() {
            let rows = |r: usize| all.each_ref().map(|cells| cells.row(r));
            let rows = Rows { above: rows(r), here: rows(r + 1), below: all[0].row(r + 2) };
            sum = rows.relax(image.reshape([image.size()]), channels, smoothing, sum);
        }
        // A sum that is not a number ends the loop, too.
        if (sum / size).sqrt().partial_cmp(&eps) != Some(Ordering::Greater) {
            break;
        }
    }
}

/// Removes noise from `image`, whose axes are rows, columns and channels: `out` becomes what is left.
///
/// `out` has a border of one pixel on each side, and what it holds is what the gradients start from. The larger `weight`
/// is, the closer `out` is to `image`. The work ends after `max_iter` iterations, or when an iteration changes the pixels
/// by no more than `eps`.
#[pyfunction]
pub(crate) fn denoise_tv_bregman(
    py: Python<'_>,
    image: PyUntypedView<'_>,
    weight: f64,
    max_iter: usize,
    eps: f64,
    isotropic: bool,
    out: PyUntypedView<'_>,
) -> PyResult<()> {
    dispatch!((image, out), T: f32 | f64, C<3>, |image, mut out| {
        let weight = weight as T;
        let smoothing = Smoothing { weight, lambda: 2.0 * weight, isotropic };
        detached(py, (&image, &mut out), |(image, out)| smooth(image, out, smoothing, max_iter, eps as T))?;
    })
}
