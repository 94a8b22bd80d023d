# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Cython's typed memoryviews, for machines without the folder of all peers.

The functions have the names of those of `typedview_bench`.
"""

from cpython cimport array
import array
import numpy as np

cdef struct Record:
    int a
    double b

cdef array.array template = array.array("d")


def noarg():
    pass


def take(x):
    pass


def first_f64_1d(double[:] x):
    return x[0]


def first_f64_1d_ro(const double[:] x):
    return x[0]


def first_f64_1d_c(double[::1] x):
    return x[0]


def first_f64_2d(double[:, :] x):
    return x[0, 0]


def first_u8(unsigned char[:] x):
    return x[0]


def first_u8_ro(const unsigned char[:] x):
    return x[0]


def first_rec(Record[:] x):
    return x[0].b


cdef double ends(double[:] row) noexcept nogil:
    return row[0] + row[row.shape[0] - 1]


def slice_rows(double[:, :] x):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        total += ends(x[i, :])
    return total


def sum_f64(double[:] x):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        total += x[i]
    return total


def sum_f64_c(double[::1] x):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        total += x[i]
    return total


def dot(double[:] x, double[:] y):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        total += x[i] * y[i]
    return total


def axpy(double a, double[:] x, double[:] y):
    cdef Py_ssize_t i
    for i in range(x.shape[0]):
        y[i] += a * x[i]


def stencil(double[:, :] x, double[:, :] out):
    cdef Py_ssize_t i, j
    for i in range(1, x.shape[0] - 1):
        for j in range(1, x.shape[1] - 1):
            out[i, j] = 0.2 * (x[i, j] + x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1])


def copy_f64_1d(double[:] dst, double[:] src):
    dst[...] = src


def copy_f64_2d(double[:, :] dst, double[:, :] src):
    dst[...] = src


def copy_f64_3d(double[:, :, :] dst, double[:, :, :] src):
    dst[...] = src


def copy_f32_2d(float[:, :] dst, float[:, :] src):
    dst[...] = src


def copy_u8_2d(unsigned char[:, :] dst, unsigned char[:, :] src):
    dst[...] = src


def bcast_row(double[:, :] dst, double[:] src):
    dst[...] = src


def bcast_col(double[:, :] dst, double[:, :] src):
    dst[...] = src


def shift1(double[:] x):
    x[1:] = x[:x.shape[0] - 1]


def transpose_in_place(double[:, :] x):
    x[...] = x.T


def cast_i32_f64(double[:] dst, int[:] src):
    cdef Py_ssize_t i
    for i in range(src.shape[0]):
        dst[i] = src[i]


def cast_f64_f32(float[:] dst, double[:] src):
    cdef Py_ssize_t i
    for i in range(src.shape[0]):
        dst[i] = <float> src[i]


def alloc_array_clone(Py_ssize_t n, Py_ssize_t repeats):
    cdef Py_ssize_t i
    cdef double[::1] x
    for i in range(repeats):
        x = array.clone(template, n, zero=False)
        x[0] = 1
        x[n - 1] = 1


def retnew_np_empty_base(Py_ssize_t n):
    result = np.empty(n)
    cdef double[::1] x = result
    x[0] = 1
    x[n - 1] = 1
    return result


def ret_asarray_1d(double[:] x):
    return np.asarray(x)


def ret_asarray_2d(double[:, :] x):
    return np.asarray(x)


def ret_asarray_slice(double[:, :] x):
    return np.asarray(x[1:, ::2])


def object_1d(double[:] x):
    """Cython's memoryview object."""
    return x


def object_2d(double[:, :] x):
    return x
