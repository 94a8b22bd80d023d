//! The peers that crates.io has, for machines without the folder of all peers.
//! Each of the two submodules is one peer. Its functions have the names of those of `typedview_bench`.

mod raw;
mod rust_numpy;

use pyo3::prelude::*;

#[pymodule]
mod peers_rust {
    #[pymodule_export]
    use crate::raw::raw;

    #[pymodule_export]
    use crate::rust_numpy::rust_numpy;
}
