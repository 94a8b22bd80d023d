//! The functions that the guide shows. Each file belongs to one page of docs/, whose examples call its functions.

use pyo3::prelude::*;

mod existing_memory;

mod arrow_and_dlpack;
mod c_memory;
mod dask_blocks;
mod file_records;
mod image_crops;
mod mapped_archives;
mod ring_buffers;
mod row_threads;

#[pymodule]
mod guide {
    #[pymodule_export]
    use crate::existing_memory::row_sums;

    #[pymodule_export]
    use crate::arrow_and_dlpack::running_total;
    #[pymodule_export]
    use crate::c_memory::{halves_of_squares, squares, squares_freed};
    #[pymodule_export]
    use crate::dask_blocks::rise;
    #[pymodule_export]
    use crate::file_records::{calibrate, times, values_of};
    #[pymodule_export]
    use crate::image_crops::{brightness, darken, invert};
    #[pymodule_export]
    use crate::mapped_archives::peak;
    #[pymodule_export]
    use crate::ring_buffers::Ring;
    #[pymodule_export]
    use crate::row_threads::{row_total, row_totals, row_totals_by_rayon, scale_row};
}
