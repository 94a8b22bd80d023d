//! rust-numpy as its users write it: safe arguments with their run-time borrow check, then ndarray.
//! Only `ret_borrow_*` is unsafe, because there is no safe way to return part of an argument.

use ndarray::{ArrayView1, Axis, Zip, s};
use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3,
    PyReadwriteArray1, PyReadwriteArray2, PyReadwriteArray3,
};
use pyo3::prelude::*;
use std::hint::black_box;

#[inline(never)]
fn ends(row: ArrayView1<'_, f64>) -> f64 {
    row[0] + row[row.len() - 1]
}

#[pymodule]
pub(crate) mod rust_numpy {
    use super::*;

    #[pyfunction]
    fn noarg() {}

    #[pyfunction]
    fn take(_x: &Bound<'_, PyAny>) {}

    #[pyfunction]
    fn first_f64_1d(mut x: PyReadwriteArray1<'_, f64>) -> f64 {
        x.as_array_mut()[0]
    }

    #[pyfunction]
    fn first_f64_1d_ro(x: PyReadonlyArray1<'_, f64>) -> f64 {
        x.as_array()[0]
    }

    #[pyfunction]
    fn first_f64_1d_c(mut x: PyReadwriteArray1<'_, f64>) -> PyResult<f64> {
        Ok(x.as_slice_mut()?[0])
    }

    #[pyfunction]
    fn first_f64_2d(mut x: PyReadwriteArray2<'_, f64>) -> f64 {
        x.as_array_mut()[[0, 0]]
    }

    #[pyfunction]
    fn first_u8(mut x: PyReadwriteArray1<'_, u8>) -> u8 {
        x.as_array_mut()[0]
    }

    #[pyfunction]
    fn first_u8_ro(x: PyReadonlyArray1<'_, u8>) -> u8 {
        x.as_array()[0]
    }

    #[pyfunction]
    fn slice_rows(x: PyReadonlyArray2<'_, f64>) -> f64 {
        x.as_array().axis_iter(Axis(0)).map(ends).sum()
    }

    #[pyfunction]
    fn sum_f64(x: PyReadonlyArray1<'_, f64>) -> f64 {
        x.as_array().iter().sum()
    }

    #[pyfunction]
    fn sum_f64_c(x: PyReadonlyArray1<'_, f64>) -> PyResult<f64> {
        Ok(x.as_slice()?.iter().sum())
    }

    #[pyfunction]
    fn dot(x: PyReadonlyArray1<'_, f64>, y: PyReadonlyArray1<'_, f64>) -> f64 {
        x.as_array().iter().zip(y.as_array()).map(|(x, y)| x * y).sum()
    }

    #[pyfunction]
    fn axpy(a: f64, x: PyReadonlyArray1<'_, f64>, mut y: PyReadwriteArray1<'_, f64>) {
        y.as_array_mut().scaled_add(a, &x.as_array());
    }

    #[pyfunction]
    #[expect(clippy::reversed_empty_ranges, reason = "in `s!`, -1 is the last row or column")]
    fn stencil(x: PyReadonlyArray2<'_, f64>, mut out: PyReadwriteArray2<'_, f64>) {
        let x = x.as_array();
        Zip::from(out.as_array_mut().slice_mut(s![1..-1, 1..-1]))
            .and(x.slice(s![1..-1, 1..-1]))
            .and(x.slice(s![..-2, 1..-1]))
            .and(x.slice(s![2.., 1..-1]))
            .and(x.slice(s![1..-1, ..-2]))
            .and(x.slice(s![1..-1, 2..]))
            .for_each(|out, x, above, below, left, right| *out = 0.2 * (x + above + below + left + right));
    }

    #[pyfunction]
    fn copy_f64_1d(mut dst: PyReadwriteArray1<'_, f64>, src: PyReadonlyArray1<'_, f64>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn copy_f64_2d(mut dst: PyReadwriteArray2<'_, f64>, src: PyReadonlyArray2<'_, f64>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn copy_f64_3d(mut dst: PyReadwriteArray3<'_, f64>, src: PyReadonlyArray3<'_, f64>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn copy_f32_2d(mut dst: PyReadwriteArray2<'_, f32>, src: PyReadonlyArray2<'_, f32>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn copy_u8_2d(mut dst: PyReadwriteArray2<'_, u8>, src: PyReadonlyArray2<'_, u8>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn bcast_row(mut dst: PyReadwriteArray2<'_, f64>, src: PyReadonlyArray1<'_, f64>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    #[pyfunction]
    fn bcast_col(mut dst: PyReadwriteArray2<'_, f64>, src: PyReadonlyArray2<'_, f64>) {
        dst.as_array_mut().assign(&src.as_array());
    }

    /// Copies the source first, because two views of one array must not overlap.
    #[pyfunction]
    fn shift1(mut x: PyReadwriteArray1<'_, f64>) {
        let mut x = x.as_array_mut();
        let source = x.slice(s![..-1]).to_owned();
        x.slice_mut(s![1..]).assign(&source);
    }

    /// Copies the source first, because two views of one array must not overlap.
    #[pyfunction]
    fn transpose_in_place(mut x: PyReadwriteArray2<'_, f64>) {
        let mut x = x.as_array_mut();
        let source = x.to_owned();
        x.assign(&source.t());
    }

    #[pyfunction]
    fn cast_i32_f64(mut dst: PyReadwriteArray1<'_, f64>, src: PyReadonlyArray1<'_, i32>) {
        dst.as_array_mut().zip_mut_with(&src.as_array(), |dst, src| *dst = f64::from(*src));
    }

    #[pyfunction]
    fn cast_f64_f32(mut dst: PyReadwriteArray1<'_, f32>, src: PyReadonlyArray1<'_, f64>) {
        dst.as_array_mut().zip_mut_with(&src.as_array(), |dst, src| *dst = *src as f32);
    }

    #[pyfunction]
    fn alloc_vec_zeroed(n: usize, reps: usize) {
        for _ in 0..reps {
            let mut vec = vec![0.0; black_box(n)];
            vec[0] = 1.0;
            vec[n - 1] = 1.0;
            black_box(vec);
        }
    }

    #[pyfunction]
    fn retnew_vec_into_pyarray(py: Python<'_>, n: usize) -> Bound<'_, PyArray1<f64>> {
        let mut vec = vec![0.0; n];
        vec[0] = 1.0;
        vec[n - 1] = 1.0;
        vec.into_pyarray(py)
    }

    #[pyfunction]
    fn retnew_pyarray_zeros(py: Python<'_>, n: usize) -> Bound<'_, PyArray1<f64>> {
        let array = PyArray1::zeros(py, n, false);
        let mut writer = array.readwrite();
        let mut view = writer.as_array_mut();
        view[0] = 1.0;
        view[n - 1] = 1.0;
        drop(writer);
        array
    }

    #[pyfunction]
    fn ret_borrow_1d<'py>(x: Bound<'py, PyArray1<f64>>) -> Bound<'py, PyArray1<f64>> {
        // SAFETY: nothing writes to the array during this call.
        let view = unsafe { x.as_array() };
        // SAFETY: the result keeps `x` alive, which owns the memory or keeps its owner alive.
        unsafe { PyArray1::borrow_from_array(&view, x.clone().into_any()) }
    }

    #[pyfunction]
    fn ret_borrow_2d<'py>(x: Bound<'py, PyArray2<f64>>) -> Bound<'py, PyArray2<f64>> {
        // SAFETY: nothing writes to the array during this call.
        let view = unsafe { x.as_array() };
        // SAFETY: the result keeps `x` alive, which owns the memory or keeps its owner alive.
        unsafe { PyArray2::borrow_from_array(&view, x.clone().into_any()) }
    }

    #[pyfunction]
    fn ret_borrow_slice<'py>(x: Bound<'py, PyArray2<f64>>) -> Bound<'py, PyArray2<f64>> {
        // SAFETY: nothing writes to the array during this call.
        let view = unsafe { x.as_array() };
        let part = view.slice(s![1.., ..;2]);
        // SAFETY: the result keeps `x` alive, which owns the memory or keeps its owner alive.
        unsafe { PyArray2::borrow_from_array(&part, x.clone().into_any()) }
    }
}
