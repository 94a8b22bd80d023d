//! Interop with `rayon`: the parts of a view on all cores, as Cython's `prange`, and copies on all cores.

mod copies;
mod subviews;

pub use copies::COPY_GRAIN;
pub use subviews::{GRAIN, ParallelSubviewIter};
