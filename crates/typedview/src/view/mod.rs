//! Views: small, typed values with a lifetime, over memory that they do not own.
//! The four types differ in what others may do with the memory while the view lives. Methods that several of the types
//! have are declared once, in a macro, in the file that is named after their topic.
//!
//! # Names
//!
//! An operation that can fail has two forms: `try_x` returns the error, and `x` panics with the text of that error.
//! The macro `fallible!` declares most of these pairs. `get`, `as_slice` and `as_mut_slice` return an `Option`, as in
//! `std` and ndarray. `try_as_slice` and `try_as_mut_slice` return the reason why there is no slice.
//!
//! # Invariants
//!
//! The constructors of a view establish these invariants, and every operation keeps them:
//!
//! - V1. R1 and R2 hold for the pointer and the layout: the offset of every index inside the shape stays inside one
//!   allocation.
//! - V2. Every byte of every element, except padding, is initialised and alive for `'a`.
//! - V3. For a [`View`]: nobody writes the memory during `'a`.
//! - V4. For a [`ViewMut`]: nobody else touches the memory during `'a`, and no two of its elements overlap.
//! - V5. For a [`CellView`] and a [`CellViewMut`]: while an element is read or written, nobody else touches it. During
//!   `'a`, no reference to the memory is used for writing. If the view is a `CellViewMut`, no reference to the memory
//!   is used at all.

mod axes;
mod cell_view;
mod cell_view_mut;
mod compare;
mod convert;
mod indexing;
mod iter;
mod of_owned;
mod of_untyped;
mod one_thread;
mod packed;
mod read_view;
mod reading;
mod reborrow;
mod reinterpret;
mod slicing;
mod specialise;
mod subview_iter;
mod subviews;
mod view_mut;
mod writing;
mod zip;

pub use cell_view::CellView;
pub use cell_view_mut::CellViewMut;
pub use iter::{IndexedIter, Iter};
pub use packed::Packed;
pub use read_view::View;
pub use slicing::{Ellipsis, Items, NewAxis, OnlyIndices, Position, item};
pub use specialise::Specialise;
pub use subview_iter::{Chunks, Lanes, Rows, SubviewIter, Windows};
#[cfg(feature = "rayon")]
pub(crate) use subview_iter::{FromRaw, SubviewSource};
pub use view_mut::ViewMut;
pub use zip::{ElementRef, Zip, try_zip, zip};
