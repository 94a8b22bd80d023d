//! The functions that the guide shows. Each file belongs to one page of docs/, whose examples call its functions.

use pyo3::prelude::*;

mod arrow_and_dlpack;
mod c_memory;
mod dask_blocks;
mod existing_memory;
mod file_records;
mod image_crops;
mod layouts;
mod mapped_archives;
mod ring_buffers;
mod row_threads;
mod soundness;
mod structured_arrays;

#[pymodule]
mod guide {
    #[pymodule_export]
    use crate::arrow_and_dlpack::running_total;
    #[pymodule_export]
    use crate::c_memory::{halves_of_squares, squares, squares_freed};
    #[pymodule_export]
    use crate::dask_blocks::rise;
    #[pymodule_export]
    use crate::existing_memory::{
        change_existing_data, column_behind_pointers, from_c, inner, largest_of_rows, retarget_view, scale,
        shift_right, sizes, smooth, sum_in_a_vector, sum_in_memory_of_c, sum_on_the_stack, total,
    };
    #[pymodule_export]
    use crate::file_records::{calibrate, times, values_of};
    #[pymodule_export]
    use crate::image_crops::{brightness, darken, invert};
    #[pymodule_export]
    use crate::layouts::{
        column_sums, fastest_sum, largest, ndim_and_sum, packed_sum, rises, row_maxima,
        row_maxima_if_pitched, trace,
    };
    #[pymodule_export]
    use crate::mapped_archives::peak;
    #[pymodule_export]
    use crate::ring_buffers::Ring;
    #[pymodule_export]
    use crate::row_threads::{row_total, row_totals, row_totals_by_rayon, scale_row};
    #[pymodule_export]
    use crate::soundness::{add, add_by_value, patient_sum, using};
    #[pymodule_export]
    use crate::structured_arrays::{correct, summaries};
}
