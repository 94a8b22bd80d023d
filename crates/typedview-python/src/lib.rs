//! The extension module `typedview._typedview`: makes the Rust crates available to Python, and computes nothing itself.

mod view;

use pyo3::prelude::*;

/// Typed memoryviews: N-dimensional views of memory that already exists.
#[pymodule(gil_used = false)]
mod _typedview {
    use super::*;

    #[pymodule_export]
    use crate::view::View;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
