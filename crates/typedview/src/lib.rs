//! Typed, N-dimensional, strided views of memory that already exists.
//!
//! A view is a pointer, a layout and an element type over memory it does not own. Which one to take:
//!
//! | view | meanwhile, others may | gives | crosses threads |
//! |---|---|---|---|
//! | [`View`] | read | values, `&[T]` | yes |
//! | [`ViewMut`] | not touch the memory | values, `&mut [T]` | yes |
//! | [`CellView`] | read and write | values | no |
//! | [`CellViewMut`] | read and write | values | no |
//!
//! The layout is in the type: [`C`] and [`F`] are blocks, [`Strided`] is everything else. [`Owned`] is memory with a
//! shape. Elements are read by value, so they need no alignment and their strides may be any number of bytes; the
//! table of [`Element`] has all of them.
//!
//! ```
//! use typedview::{C, Strided, View};
//!
//! /// The sum of each column: `double[:]` out of `double[:, ::1]`.
//! fn column_sums(table: View<'_, f64, C<2>>) -> Vec<f64> {
//!     (0..table.shape()[1])
//!         .map(|j| {
//!             let column: View<'_, f64, Strided<1>> = table.index_axis(1, j as isize);
//!             column.iter().sum()
//!         })
//!         .collect()
//! }
//!
//! assert_eq!(column_sums(View::from(&[[1.0, 2.0], [3.0, 4.0]])), [4.0, 6.0]);
//! ```
//!
//! # Features
//!
//! None is on by default; without them the crate needs `core` and `alloc` and no other crate. All but the first have the
//! name of the crate they are for.
//!
//! | feature | gives | needs std |
//! |---|---|---|
//! | `derive` | `#[derive(Element)]`: structs as the fields of records | no |
//! | `ndarray` | `ArrayView::try_from(view)`, `View::from(array)`, the same for writing and for any ndim; nothing copied | no |
//! | `bytemuck` | `View::from_records(&[P])`, `view.try_as_records::<P>()`, the same for writing | no |
//! | `half` | `half::f16` and `half::bf16` as elements | no |
//! | `num-complex` | `Complex<f32>` and `Complex<f64>` as elements | no |
//! | `rayon` | `view.rows().into_par_iter()`, and so for chunks, lanes and windows: Cython's `prange` | yes |

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod copy;
mod dtype;
mod element;
mod error;
mod format;
pub mod guide;
mod interop;
mod layout;
mod limits;
mod owner;
mod raw;
mod spec;
mod view;

pub use dtype::{Dtype, Kind, TimeBase, TimeUnit};
/// What `#[derive(Element)]` names in what it writes.
#[doc(hidden)]
pub mod derived {
    pub use crate::element::{Fields, Meaning, Part, Single};
    pub use crate::{ByteOrder, Dtype, Format};
    pub use core;
}
pub use element::{
    Big, Bool, Bytes, Chars, Datetime, Element, FieldOf, Little, Single, Swap, Text, Timedelta, time,
};
pub use error::{Error, ErrorKind, Tuple};
pub use format::{ByteOrder, Field, Format, FormatDifference};
#[cfg(feature = "rayon")]
pub use interop::ParallelParts;
pub use layout::{
    C, Direct, Dyn, ElementIndex, F, Indirect, InsertAxis, Layout, Order, PerAxis, Reach, RemoveAxis,
    RowRange, Run, Slice, SliceItem, Step, Strided,
};
pub use limits::{MAX_DEPTH, MAX_NDIM};
pub use owner::{Memory, Owned, RowStack, Shared};
pub use spec::{Access, Axis, AxisAccess, Found, Packing, Spec, Wanted};
#[cfg(feature = "derive")]
pub use typedview_derive::Element;
pub use view::{
    CellView, CellViewMut, Chunks, ElementRef, Ellipsis, IndexedIter, Iter, Lanes, NewAxis, Packed, Rows,
    SubviewIter, View, ViewMut, Windows, Zip, item, try_zip, zip,
};

/// The README's program, run as a test.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
