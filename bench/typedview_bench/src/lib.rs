//! The extension that is measured for typedview among its peers: its functions have the names of the peers' functions.
//! This file has the list. Each file beside it is a section of the peers' tables, written as a user would write it.

mod arguments;
mod clock;
mod conversions;
mod copies;
mod loops;
mod memory;
mod slicing;

use pyo3::prelude::*;

#[pymodule]
#[pyo3(name = "typedview")]
mod typedview_bench {
    #[pymodule_export]
    use crate::arguments::{
        first_any_1d, first_f64_1d, first_f64_1d_c, first_f64_1d_ro, first_f64_2d, first_locked,
        first_locked_mut, first_rec, first_u8, first_u8_ro, noarg, take,
    };

    #[pymodule_export]
    use crate::slicing::{
        slice_index, slice_index_noipa, slice_rows, slice_rows_iter, slice_rows_nogil, slice_rows_noipa,
        slice_rows_row, slice_rows_var,
    };

    #[pymodule_export]
    use crate::loops::{
        axpy, axpy_c, colsum, dot, dot_c, stencil, stencil_c, sum_f64, sum_f64_c, sum_i64, sum_i64_c,
    };

    #[pymodule_export]
    use crate::copies::{
        bcast_col, bcast_row, copy_f32_2d, copy_f64_1d, copy_f64_2d, copy_f64_3d, copy_u8_2d, shift1,
        transpose_in_place,
    };

    #[pymodule_export]
    use crate::conversions::{cast_big_f64_f64, cast_big_i32_f64, cast_f64_f32, cast_f64_i32, cast_i32_f64};

    #[pymodule_export]
    use crate::memory::{
        alloc_owned, alloc_py_owned, ret_view_1d, ret_view_2d, ret_view_slice, retnew_ndarray, retnew_owned,
    };

    #[pymodule_export]
    use crate::clock::time_calls;
}
