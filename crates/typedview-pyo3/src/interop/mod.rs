//! Interop: conversions between arguments and results and the types of other crates, each with a feature of its own.
//! The rest of the crate does not depend on these files. The one exception is `argument`, which registers views of
//! arrays with rust-numpy.

#[cfg(feature = "ndarray")]
mod ndarray;
#[cfg(feature = "numpy")]
mod numpy;
#[cfg(feature = "rust-numpy-locks")]
pub(crate) mod rust_numpy_locks;
