//! One-dimensional kernels: over views by `zip`, by index and by iteration, over raw pointers and over `ndarray`.
//! None is inlined, so that a benchmark measures the loop and not its surroundings.

use ndarray::{ArrayView1, ArrayViewMut1};
use typedview::{Big, C, Direct, Strided, View, ViewMut, zip};

/// Returns `sum(x * y)` over contiguous views.
#[inline(never)]
pub(crate) fn dot_view(x: View<'_, i64, C<1>>, y: View<'_, i64, C<1>>) -> i64 {
    dot(x, y)
}

/// Returns `sum(x * y)` over strided views.
#[inline(never)]
pub(crate) fn dot_strided(x: View<'_, i64, Strided<1>>, y: View<'_, i64, Strided<1>>) -> i64 {
    dot(x, y)
}

#[inline]
fn dot<L: Direct>(x: View<'_, i64, L>, y: View<'_, i64, L>) -> i64 {
    let mut sum = 0;
    zip((x, y)).for_each(|(x, y)| sum += x * y);
    sum
}

/// Returns `sum(x * y)` over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `n` elements can be read, starting at each of the two pointers.
#[inline(never)]
pub(crate) unsafe fn dot_raw(x: *const i64, y: *const i64, n: usize) -> i64 {
    let mut sum = 0;
    for i in 0..n {
        // SAFETY: the caller guarantees `n` elements from `x` on, and `i` is less than `n`.
        let x = unsafe { x.add(i) };
        // SAFETY: the caller guarantees `n` elements from `y` on, and `i` is less than `n`.
        let y = unsafe { y.add(i) };
        // SAFETY: the caller guarantees that both elements can be read.
        sum += unsafe { *x } * unsafe { *y };
    }
    sum
}

/// Returns `sum(x * y)` over `ndarray`.
#[inline(never)]
pub(crate) fn dot_ndarray(x: ArrayView1<'_, i64>, y: ArrayView1<'_, i64>) -> i64 {
    ndarray::Zip::from(x).and(y).fold(0, |sum, x, y| sum + x * y)
}

/// Computes `y += a * x` over contiguous views.
#[inline(never)]
pub(crate) fn axpy_view(a: f64, x: View<'_, f64, C<1>>, y: ViewMut<'_, f64, C<1>>) {
    axpy(a, x, y);
}

/// Computes `y += a * x` over strided views.
#[inline(never)]
pub(crate) fn axpy_strided(a: f64, x: View<'_, f64, Strided<1>>, y: ViewMut<'_, f64, Strided<1>>) {
    axpy(a, x, y);
}

#[inline]
fn axpy<L: Direct>(a: f64, x: View<'_, f64, L>, y: ViewMut<'_, f64, L>) {
    zip((y, x)).for_each(|(mut y, x)| y.set(a * x + y.get()));
}

/// Computes `y += a * x` over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `n` elements can be read, starting at `x`, and read and written, starting at `y`.
#[inline(never)]
pub(crate) unsafe fn axpy_raw(a: f64, x: *const f64, y: *mut f64, n: usize) {
    for i in 0..n {
        // SAFETY: the caller guarantees `n` elements from `x` on, and `i` is less than `n`.
        let x = unsafe { x.add(i) };
        // SAFETY: the caller guarantees `n` elements from `y` on, and `i` is less than `n`.
        let y = unsafe { y.add(i) };
        // SAFETY: the caller guarantees that both elements can be read.
        let sum = a * unsafe { *x } + unsafe { *y };
        // SAFETY: the caller guarantees that the element of `y` can be written.
        unsafe { *y = sum };
    }
}

/// Computes `y += a * x` over `ndarray`.
#[inline(never)]
pub(crate) fn axpy_ndarray(a: f64, x: ArrayView1<'_, f64>, y: ArrayViewMut1<'_, f64>) {
    ndarray::Zip::from(y).and(x).for_each(|y, x| *y += a * x);
}

/// Returns `sum(x)` over a contiguous view, adding one element after the other.
#[inline(never)]
pub(crate) fn sum_view(x: View<'_, f32, C<1>>) -> f32 {
    x.iter().sum()
}

/// Returns the sum of big-endian numbers, which have foreign byte order unless this machine is big-endian.
#[inline(never)]
pub(crate) fn sum_big_endian(x: View<'_, Big<f32>, C<1>>) -> f32 {
    x.iter().map(Big::get).sum()
}

/// Returns `sum(x)` over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `n` elements can be read, starting at `x`.
#[inline(never)]
pub(crate) unsafe fn sum_raw(x: *const f32, n: usize) -> f32 {
    let mut sum = 0.0;
    for i in 0..n {
        // SAFETY: the caller guarantees `n` elements from `x` on, and `i` is less than `n`.
        let x = unsafe { x.add(i) };
        // SAFETY: the caller guarantees that this element can be read.
        sum += unsafe { *x };
    }
    sum
}
