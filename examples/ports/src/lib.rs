//! An extension of ports: published Cython code, written again with typedview.
//! Each port has its own file, which names the original. `compare.py` runs both and compares their times.

mod bregman;
mod histograms;
mod polygon;
mod sosfilt;

use pyo3::prelude::*;

/// Ports of Cython code from scikit-learn, SciPy, silx and scikit-image.
#[pymodule(gil_used = false)]
mod ported {
    #[pymodule_export]
    use super::bregman::denoise_tv_bregman;
    #[pymodule_export]
    use super::histograms::HistogramBuilder;
    #[pymodule_export]
    use super::polygon::Polygon;
    #[pymodule_export]
    use super::sosfilt::sosfilt;
}
