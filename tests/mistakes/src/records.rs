//! Structs that are not elements, because the feature `derive` is missing.

use pyo3::prelude::*;
use typedview_pyo3::{C, PyView, View};

#[derive(Clone, Copy)]
#[repr(C)]
struct Plain {
    price: f64,
}

#[pyfunction]
fn plain(x: PyView<'_, Plain, C<1>>) {}
//~ error[E0277]: `...Plain` is not an element
//~ a struct of elements becomes one with `#[derive(Clone, Copy, Element)]` and `#[repr(C)]`: enable the feature `derive` of `typedview` or `typedview-pyo3`

mod through_typedview_pyo3 {
    use typedview_pyo3::Element;

    #[derive(Clone, Copy, Element)]
    #[repr(C)]
    struct Trade {
        #[element(name = "class")]
        price: f64,
    }
}
//~ error: `#[derive(Element)]` needs the feature `derive`: in Cargo.toml, write `typedview-pyo3 = { version = "...", features = ["derive"] }`

mod through_the_core {
    use typedview::Element;

    #[derive(Clone, Copy, Element)]
    #[repr(C)]
    pub(super) struct Trade {
        price: f64,
    }
}

fn trades(x: View<'_, through_the_core::Trade, C<1>>) {}
//~ error[E0277]: `...Trade` is not an element
//~ enable the feature `derive` of `typedview` or `typedview-pyo3`
