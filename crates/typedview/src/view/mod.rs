//! Views: typed, lifetime-bound, small values over memory they do not own.
//! Four types that differ in what others may do with the memory meanwhile; their methods are shared lists.
//!
//! Invariants of every view, established by its constructors and kept by every operation:
//!
//! - V1. R1 holds for pointer and layout.
//! - V2. Every byte of every element, but for padding, is initialised and alive for `'a`.
//! - V3. Of a [`View`]: nobody writes the memory during `'a`.
//! - V4. Of a [`ViewMut`]: nobody else touches the memory during `'a`, and no two of its elements overlap.
//! - V5. Of a [`CellView`] and a [`CellViewMut`]: while an element is read or written, nobody else touches it;
//!   no reference to the memory is used for writing (or, beside a `CellViewMut`, at all) during `'a`.

mod axes;
mod cell_view;
mod cell_view_mut;
mod compare;
mod convert;
pub(crate) mod fallible;
mod iter;
mod of_owned;
mod packed;
mod reading;
mod reinterpret;
mod shared;
mod slicing;
mod subview_iter;
mod subviews;
mod view_mut;
mod writing;
mod zip;

pub use cell_view::CellView;
pub use cell_view_mut::CellViewMut;
pub use iter::{IndexedIter, Iter};
pub use packed::Packed;
pub use shared::View;
pub use slicing::{Ellipsis, NewAxis, item};
#[cfg(feature = "rayon")]
pub(crate) use subview_iter::SubviewIter as Parts;
pub use subview_iter::{Chunks, Lanes, Rows, SubviewIter, Windows};
#[cfg(feature = "rayon")]
pub(crate) use subview_iter::{FromRaw as Part, SubviewSource as Source};
pub use view_mut::ViewMut;
pub use zip::{ElementRef, Zip, try_zip, zip};
