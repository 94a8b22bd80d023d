//! The functions that the guide shows. Each file belongs to one page of docs/, whose examples call its functions.

use pyo3::prelude::*;

mod existing_memory;

#[pymodule]
mod guide {
    #[pymodule_export]
    use crate::existing_memory::row_sums;
}
