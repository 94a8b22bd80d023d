//! Interop: what views are to other crates, each behind a feature of its own.
//! The topmost layer: nothing below knows of it, and without features it is empty.

#[cfg(feature = "bytemuck")]
mod bytemuck;
#[cfg(feature = "ndarray")]
mod ndarray;
#[cfg(feature = "rayon")]
mod rayon;

#[cfg(feature = "rayon")]
pub use self::rayon::ParallelParts;
