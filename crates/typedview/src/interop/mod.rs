//! Interop: what views are to other crates, each behind the feature that is named after the crate.
//! The topmost layer: nothing below knows of it, and without features it is empty.

#[cfg(feature = "bytemuck")]
mod bytemuck;
#[cfg(feature = "ndarray")]
mod ndarray;
#[cfg(feature = "rayon")]
mod rayon;

#[cfg(feature = "rayon")]
pub use self::rayon::ParallelParts;
