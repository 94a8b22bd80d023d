//! The extension module `typedview._typedview`: the class `View`, and functions that make views.

mod explain;
mod make;
mod picture;

use pyo3::prelude::*;

/// Typed memoryviews: N-dimensional views of memory that already exists.
#[pymodule(gil_used = false)]
mod _typedview {
    use super::*;

    #[pymodule_export]
    use crate::explain::explain;
    #[pymodule_export]
    use crate::make::{_from_pickle, empty, from_address, stack_rows, zeros};
    #[pymodule_export]
    use crate::picture::picture;
    #[pymodule_export]
    use typedview_pyo3::ViewObject;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
