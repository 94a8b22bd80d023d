//! Typed, N-dimensional, strided views of memory that already exists.
//!
//! A view is a pointer, a layout and an element type over memory that it does not own. Making or slicing a view copies
//! no elements.
//!
//! # Which view to use
//!
//! There are four views. Choose by what your code does with the elements, and by what others may do with the same
//! memory while the view lives:
//!
//! | your code | others, while the view lives, | use | it gives | can go to another thread |
//! |---|---|---|---|---|
//! | reads | may read the memory, but not write it | [`View`] | values, `&[T]` | yes |
//! | reads and writes | must not use the memory | [`ViewMut`] | values, `&mut [T]` | yes |
//! | reads | may read and write between two accesses | [`CellView`] | values | no |
//! | reads and writes | may read and write between two accesses | [`CellViewMut`] | values | no |
//!
//! Memory that Rust owns is usually viewed with [`View`] and [`ViewMut`], as slices are borrowed with `&[T]` and
//! `&mut [T]`. The cell views are for memory that several views use at once, as with `&[Cell<T>]`. One view becomes
//! another:
//!
//! ```text
//!               arrays, Vec, Owned                          arrays, Vec, Owned, Shared
//!                       |                                               |
//!         ViewMut::from, view_mut()                            View::from, view()
//!                       v                                               v
//! others    +-----------------------+                       +-----------------------+
//! do not    | ViewMut               | ------- view() -----> | View                  |
//! write     | values, &T, &mut [T]  |                       | values, &T, &[T]      |
//!           +-----------------------+                       +-----------------------+
//!                       |                                               |
//!                 into_cells()                                   CellView::from
//!                       v                                               v
//! others    +-----------------------+                       +-----------------------+
//! may       | CellViewMut           | --- to_cell_view() -> | CellView              |
//! write     | values                |                       | values                |
//!           +-----------------------+                       +-----------------------+
//!                reads and writes                                     reads
//! ```
//!
//! The type of a view contains its layout. [`C`] and [`F`] are contiguous in C order and in Fortran order, and
//! [`Pitched`] has rows without gaps, any distance apart. [`Strided`] is any layout with strides. [`Dyn`] has an ndim
//! that is known only at run time, and [`Indirect`] has axes that hold pointers. [`Owned`] is memory with a shape.
//! Elements are read by value, so they need no alignment, and their strides may be any number of bytes. The table of
//! [`Element`] lists all element types.
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
//! The pages of the [`guide`] show more, by example.
//!
//! # Cargo.toml
//!
//! ```toml
//! [dependencies]
//! typedview = { version = "0.1", features = ["derive"] } # features: see below
//!
//! [profile.dev]
//! opt-level = 1 # views are layers of small functions, which must be inlined to be fast
//! ```
//!
//! Rust 1.88 or later is needed. An extension of Python uses the crate `typedview-pyo3`, which exports the names of this
//! crate that it needs.
//!
//! # Names
//!
//! An operation `x` that can fail panics with the text of the error, and `try_x` returns the error. For example,
//! `view.row(9)` panics where `view.try_row(9)` returns an [`Error`]. As in `std` and `ndarray`, `get`, `as_slice` and
//! `as_mut_slice` return an `Option`; `try_as_slice` and `try_as_mut_slice` return the reason why there is no slice.
//! Functions that make or parse a layout, a format or a spec, such as [`C::new`], return a `Result`.
//!
//! # Features
//!
//! No feature is on by default. Without features, the crate needs `core` and `alloc` and no other crate. Each feature
//! except `derive` and `std` has the name of the crate that it supports.
//!
//! | feature | gives | needs std |
//! |---|---|---|
//! | `derive` | `#[derive(Element)]`, which makes a struct an element by the fields of its record | no |
//! | `ndarray` | `ArrayView::try_from(view)`, `View::from(array)`; also for writing and any ndim; no copies | no |
//! | `bytemuck` | `View::from_records(&[P])`, `view.try_as_records::<P>()`, and the same for writing | no |
//! | `half` | `half::f16` and `half::bf16` as elements | no |
//! | `num-complex` | `Complex<f32>` and `Complex<f64>` as elements | no |
//! | `rayon` | `view.rows().into_par_iter()`, also for chunks, lanes and windows, as Cython's `prange` | yes |
//! | `std` | `catch`: operations that would panic return their error instead, within one call | yes |

#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
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
mod untyped;
mod view;

pub use dtype::{Dtype, Kind, TimeBase, TimeUnit};
/// The items that code generated by `#[derive(Element)]` refers to.
#[doc(hidden)]
pub mod derived {
    pub use crate::element::{Fields, Meaning, Part, Single};
    pub use crate::{ByteOrder, Dtype, Format};
    pub use core;
}
pub use element::{
    Big, Bool, Bytes, Chars, Datetime, Element, Exact, FieldOf, Little, Number, SameKind, Single, Swap, Text,
    Timedelta, time,
};
#[cfg(feature = "std")]
pub use error::catch;
pub use error::{Error, ErrorKind, Tuple};
pub use format::{ByteOrder, Field, Format, FormatDifference};
#[cfg(feature = "rayon")]
pub use interop::{COPY_GRAIN, GRAIN, ParallelSubviewIter};
pub use layout::{
    C, Direct, Dyn, ElementIndex, F, Indirect, InsertAxis, Layout, Ndim, Order, PerAxis, Pitched, Reach,
    RemoveAxis, RowRange, Run, Shape, Slice, SliceItem, Step, Strided,
};
pub use limits::{MAX_DEPTH, MAX_NDIM};
pub use owner::{Memory, Owned, RowStack, Shared};
pub use spec::{Access, Axis, AxisAccess, Found, Packing, Spec, WantedElement};
/// Implements the trait [`Element`](trait@Element) for a struct, so that views can hold records with its fields.
///
/// The struct is `Copy`, has `#[repr(C)]`, `#[repr(C, packed)]` or `#[repr(transparent)]`, and its fields are elements.
///
/// # Examples
///
/// ```
/// use typedview::{Element, View, field};
///
/// #[derive(Clone, Copy, Element)]
/// #[repr(C)]
/// struct Trade {
///     #[element(name = "class")]
///     kind: [u8; 4],
///     price: f64,
/// }
///
/// let trades = [Trade { kind: *b"ABCD", price: 2.5 }, Trade { kind: *b"ABCE", price: 4.0 }];
/// assert_eq!(View::from(&trades).field(field!(Trade, price)).to_vec(), [2.5, 4.0]);
/// assert_eq!(Trade::format().to_string(), "record{(4)uint8 class, double price}");
/// ```
///
/// # What is rejected
///
/// Each error points at the mistake and says what to do about it. The compiler itself reports what only the compiler can
/// know. Fields must be elements:
///
/// ```compile_fail,E0277
/// #[derive(Clone, Copy, typedview::Element)]
/// #[repr(C)]
/// struct Trade {
///     is_open: bool,
/// }
/// ```
///
/// References are not elements:
///
/// ```compile_fail,E0277
/// #[derive(Clone, Copy, typedview::Element)]
/// #[repr(C)]
/// struct Trade {
///     name: &'static str,
/// }
/// ```
///
/// Elements must be `Copy`:
///
/// ```compile_fail,E0277
/// #[derive(typedview::Element)]
/// #[repr(C)]
/// struct Trade {
///     price: f64,
/// }
/// ```
///
/// A `FieldOf` must have the type of its field and the type of the record that contains the field:
///
/// ```compile_fail,E0308
/// use typedview::{FieldOf, field};
///
/// #[derive(Clone, Copy, typedview::Element)]
/// #[repr(C)]
/// struct Trade {
///     price: f64,
/// }
///
/// const PRICE: FieldOf<Trade, u64> = field!(Trade, price);
/// ```
///
/// Safe code can make a `FieldOf` only with `field!`:
///
/// ```compile_fail,E0133
/// use typedview::FieldOf;
///
/// const PRICE: FieldOf<[f64; 2], f64> = FieldOf::new(12, |pair| pair[1]);
/// ```
#[cfg(feature = "derive")]
pub use typedview_derive::Element;
pub use untyped::Untyped;
/// What classes that show untyped elements to another language need: one element, read and written.
pub mod element_bytes {
    pub use crate::untyped::{bfloat_to_f64, f64_to_bfloat, f64_to_half, half_to_f64, load, store};
}
pub use view::{
    CellView, CellViewMut, Chunks, ElementRef, Ellipsis, IndexedIter, Iter, Lanes, NewAxis, Packed, Position,
    Rows, SubviewIter, View, ViewMut, Windows, Zip, item, try_zip, zip,
};

#[doc(hidden)]
pub use view::Specialise;

/// What `slice` takes, for the bounds of functions that pass an expression of `s!` on.
#[doc(hidden)]
pub mod slicing {
    pub use crate::view::{Items, OnlyIndices};
}

/// Runs the examples of the README as doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
