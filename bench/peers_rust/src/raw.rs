//! Raw pointers: the pointer, the lengths and the strides of an array, and a loop over each axis.
//! Nothing is checked inside the loops, and the axes are visited in the order of the array.

use numpy::{Element, PyArray, PyArray1, PyArray2, PyArray3, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::ptr;

/// Returns the strides in bytes with which an array is read as one of `ndim` axes: its elements are repeated along new ones.
fn broadcast_strides<T, D>(x: &Bound<'_, PyArray<T, D>>, ndim: usize) -> Vec<isize> {
    let own =
        x.shape().iter().zip(x.strides()).map(|(&length, &stride)| if length == 1 { 0 } else { stride });
    std::iter::repeat_n(0, ndim - x.ndim()).chain(own).collect()
}

/// Writes `convert` of each element of `src` to the same place of `dst`.
///
/// # Safety
///
/// The caller must ensure that both pointers lead to an element at each index of `shape`, which can be read from `src` and
/// written to `dst`, and that each axis has a stride.
unsafe fn each<S: Copy, D>(
    (dst, dst_strides): (*mut D, &[isize]),
    (src, src_strides): (*const S, &[isize]),
    shape: &[usize],
    convert: impl Fn(S) -> D + Copy,
) {
    let ([dst_stride, dst_inner @ ..], [src_stride, src_inner @ ..], [length, inner @ ..]) =
        (dst_strides, src_strides, shape)
    else {
        return;
    };
    for i in 0..length.cast_signed() {
        let (dst, src) = (dst.wrapping_byte_offset(i * dst_stride), src.wrapping_byte_offset(i * src_stride));
        if inner.is_empty() {
            // SAFETY: `i` is less than the length of the last axis, so there is an element here that can be read.
            let element = unsafe { src.read() };
            // SAFETY: `i` is less than the length of the last axis, so there is an element here that can be written.
            unsafe { dst.write(convert(element)) };
        } else {
            // SAFETY: `i` is less than the length of this axis, so there are elements at all indices of the others.
            unsafe { each((dst, dst_inner), (src, src_inner), inner, convert) };
        }
    }
}

/// Does the same for two arrays, whose lengths must agree, or be 1 in `src`.
fn assign<S: Element + Copy, T: Element, D, E>(
    dst: &Bound<'_, PyArray<T, D>>,
    src: &Bound<'_, PyArray<S, E>>,
    convert: impl Fn(S) -> T + Copy,
) {
    let strides = broadcast_strides(src, dst.ndim());
    // SAFETY: the arrays are alive, NumPy describes their memory, and the lengths of the benchmarks agree.
    unsafe { each((dst.data(), dst.strides()), (src.data(), &strides), dst.shape(), convert) };
}

/// Returns the element at an index of one axis.
///
/// # Safety
///
/// The caller must ensure that the array has such an index.
#[inline]
unsafe fn at(data: *const f64, stride: isize, i: isize) -> f64 {
    // SAFETY: the caller guarantees that the array has this index, so there is an element here.
    unsafe { data.wrapping_byte_offset(i * stride).read() }
}

#[pymodule]
pub(crate) mod raw {
    use super::*;

    #[pyfunction]
    fn memcpy_same(dst: &Bound<'_, PyArray1<u8>>, src: &Bound<'_, PyArray1<u8>>) {
        // SAFETY: the arrays of the benchmarks are contiguous, equally long and apart from each other.
        unsafe { ptr::copy_nonoverlapping(src.data(), dst.data(), dst.len()) };
    }

    #[pyfunction]
    fn first_f64_1d(x: &Bound<'_, PyArray1<f64>>) -> f64 {
        // SAFETY: the arrays of the benchmarks have a first element.
        unsafe { x.data().read() }
    }

    #[pyfunction]
    fn sum_f64(x: &Bound<'_, PyArray1<f64>>) -> f64 {
        let (data, stride) = (x.data(), x.strides()[0]);
        let mut sum = 0.0;
        for i in 0..x.len().cast_signed() {
            // SAFETY: `i` is less than the length of the array.
            sum += unsafe { at(data, stride, i) };
        }
        sum
    }

    #[pyfunction]
    fn dot(x: &Bound<'_, PyArray1<f64>>, y: &Bound<'_, PyArray1<f64>>) -> f64 {
        let (x_data, x_stride, y_data, y_stride) = (x.data(), x.strides()[0], y.data(), y.strides()[0]);
        let mut sum = 0.0;
        for i in 0..x.len().cast_signed() {
            // SAFETY: `i` is less than the length of `x`.
            let x = unsafe { at(x_data, x_stride, i) };
            // SAFETY: `i` is less than the length of `y`, which is that of `x` in the benchmarks.
            sum += x * unsafe { at(y_data, y_stride, i) };
        }
        sum
    }

    #[pyfunction]
    fn axpy(a: f64, x: &Bound<'_, PyArray1<f64>>, y: &Bound<'_, PyArray1<f64>>) {
        let (x_data, x_stride, y_data, y_stride) = (x.data(), x.strides()[0], y.data(), y.strides()[0]);
        for i in 0..x.len().cast_signed() {
            // SAFETY: `i` is less than the length of `x`.
            let x = unsafe { at(x_data, x_stride, i) };
            // SAFETY: `i` is less than the length of `y`, which is that of `x` in the benchmarks.
            let y = unsafe { at(y_data, y_stride, i) };
            // SAFETY: `i` is less than the length of `y`, and the arrays of the benchmarks may be written.
            unsafe { y_data.wrapping_byte_offset(i * y_stride).write(y + a * x) };
        }
    }

    #[pyfunction]
    fn copy_f64_1d(dst: &Bound<'_, PyArray1<f64>>, src: &Bound<'_, PyArray1<f64>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn copy_f64_2d(dst: &Bound<'_, PyArray2<f64>>, src: &Bound<'_, PyArray2<f64>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn copy_f64_3d(dst: &Bound<'_, PyArray3<f64>>, src: &Bound<'_, PyArray3<f64>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn copy_f32_2d(dst: &Bound<'_, PyArray2<f32>>, src: &Bound<'_, PyArray2<f32>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn copy_u8_2d(dst: &Bound<'_, PyArray2<u8>>, src: &Bound<'_, PyArray2<u8>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn bcast_row(dst: &Bound<'_, PyArray2<f64>>, src: &Bound<'_, PyArray1<f64>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn bcast_col(dst: &Bound<'_, PyArray2<f64>>, src: &Bound<'_, PyArray2<f64>>) {
        assign(dst, src, |x| x);
    }

    #[pyfunction]
    fn shift1(x: &Bound<'_, PyArray1<f64>>) {
        let second = x.data().wrapping_add(1);
        // SAFETY: the arrays of the benchmarks are contiguous and not empty, and `copy` allows an overlap.
        unsafe { ptr::copy(x.data(), second, x.len() - 1) };
    }

    #[pyfunction]
    fn cast_i32_f64(dst: &Bound<'_, PyArray1<f64>>, src: &Bound<'_, PyArray1<i32>>) {
        assign(dst, src, f64::from);
    }

    #[pyfunction]
    fn cast_f64_f32(dst: &Bound<'_, PyArray1<f32>>, src: &Bound<'_, PyArray1<f64>>) {
        assign(dst, src, |x| x as f32);
    }
}
