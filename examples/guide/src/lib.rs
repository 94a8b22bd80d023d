//! The functions that the guide shows. Each file belongs to one page of docs/, whose examples call its functions.

use pyo3::prelude::*;

mod existing_memory;
mod layouts;
mod soundness;

#[pymodule]
mod guide {
    #[pymodule_export]
    use crate::existing_memory::{
        change_existing_data, column_behind_pointers, from_c, inner, largest_of_rows, retarget_view, scale,
        shift_right, sizes, smooth, sum_in_a_vector, sum_in_memory_of_c, sum_on_the_stack, total,
    };
    #[pymodule_export]
    use crate::layouts::{
        column_sums, fastest_sum, largest, ndim_and_sum, packed_sum, rises, row_maxima,
        row_maxima_if_pitched, trace,
    };
    #[pymodule_export]
    use crate::soundness::{add, add_by_value, patient_sum, using};
}
