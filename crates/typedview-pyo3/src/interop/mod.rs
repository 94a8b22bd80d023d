//! Interop: what arguments and results are to other crates, each behind the feature that is named after the crate.
//! Nothing else in the crate knows of it, but for the hook in `view/claimed.rs` that tells rust-numpy of a view.

#[cfg(feature = "ndarray")]
mod ndarray;
#[cfg(feature = "numpy")]
mod numpy;
#[cfg(feature = "rust-numpy-locks")]
pub(crate) mod rust_numpy_locks;
