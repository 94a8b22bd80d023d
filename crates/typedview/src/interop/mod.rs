//! Interop: conversions between views and the types of other crates, and the traits of other crates for views.
//! Each crate has a feature of its own. This is the topmost layer: nothing below depends on it, and without features it
//! is empty.

#[cfg(feature = "bytemuck")]
mod bytemuck;
#[cfg(feature = "ndarray")]
mod ndarray;
#[cfg(feature = "rayon")]
mod rayon;

#[cfg(feature = "rayon")]
pub use self::rayon::{COPY_GRAIN, GRAIN, ParallelSubviewIter};
