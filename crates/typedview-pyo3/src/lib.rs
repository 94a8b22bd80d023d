//! Typed memoryviews as arguments and results of PyO3 functions.
//!
//! A function that declares an argument [`PyView<'_, f64, C<2>>`](PyView) accepts every object that exports such memory
//! by the buffer protocol, DLPack, Arrow or `__array_interface__`: a NumPy array, a `memoryview`, a tensor. A function
//! that returns [`PyOwned`] gives Python its own memory, or the memory of an argument, or a part of it. Nothing is
//! copied in either direction.
//!
//! ```no_run
//! use pyo3::prelude::*;
//! use typedview_pyo3::{C, Owned, PyOwned, PyView};
//!
//! /// Row sums, computed without the GIL.
//! #[pyfunction]
//! fn row_sums(py: Python<'_>, table: PyView<'_, f64, C<2>>) -> PyResult<PyOwned<f64, C<1>>> {
//!     let table = table.lock()?;
//!     let table = table.view();
//!     let sums: Vec<f64> = py.detach(|| table.rows().map(|row| row.iter().sum()).collect());
//!     Ok(Owned::from(sums).into())
//! }
//! ```
//!
//! Python calls it with any exporter of doubles in C order. The result is a `View`, which needs no package:
//!
//! ```pycon
//! >>> row_sums(numpy.ones((2, 3)))
//! View(double[2], C)
//! [3.0, 3.0]
//! ```
//!
//! # Cargo.toml
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib"]
//!
//! [dependencies]
//! pyo3 = "0.30"
//! typedview-pyo3 = { version = "0.1", features = ["derive"] } # features: see below
//!
//! [profile.dev]
//! opt-level = 1 # views are layers of small functions, which must be inlined to be fast
//!
//! [profile.release]
//! lto = "fat"
//! codegen-units = 1
//! ```
//!
//! Rust 1.88 and Python 3.11 or later are needed. `maturin develop` builds the extension and installs it. The names of the
//! crate `typedview` that an extension needs are exported here, too.
//!
//! # What a function can declare
//!
//! | type | what Python passes or gets | in messages |
//! |---|---|---|
//! | [`PyView<'_, f64, C<2>>`](PyView) | memory that the function reads | `const double[:, ::1]` |
//! | [`PyViewMut<'_, f64, Strided<1>>`](PyViewMut) | memory that the function reads and writes | `double[:]` |
//! | [`PyUntypedView<'_>`](PyUntypedView) | memory of any element and ndim, for [`dispatch!`] | |
//! | `PyObjectView<'_, Strided<1>>` | references to Python objects, for reading | `const object[:]` |
//! | `PyObjectViewMut<'_, Strided<1>>` | references to Python objects, for reading and storing | `object[:]` |
//! | `Option<PyView<'_, f64, C<2>>>` | such memory or `None`; works with each type above | as without `Option` |
//! | `Vec<PyView<'_, f64, C<2>>>` | a list of such memory; works with each type above | as without `Vec` |
//! | [`PyPinned<f64, C<2>>`](PyPinned) | memory that a class keeps as a field, to read | `const double[:, ::1]` |
//! | [`PyPinnedMut<f64, C<2>>`](PyPinnedMut) | memory that a class keeps, or that threads write in parts | `double[:, ::1]` |
//! | [`PyOwned<f64, C<2>>`](PyOwned) as a result | memory of Rust, or of an argument | |
//! | [`PyNdarray<f64, C<2>>`](PyNdarray) as a result | the same as a `numpy.ndarray` | |
//! | `PyObjectViewMut<'_, Strided<1>>` as a result | the array of references that it views | |
//!
//! The first type parameter is the element; the table of [`Element`](trait@Element) has all of them. The last one is
//! the layout: [`C<N>`](C) and [`F<N>`](F) are one contiguous block in C order or F order, [`Pitched<N>`](Pitched) has
//! rows without gaps, any distance apart, [`Strided<N>`](Strided) has any strides, [`Dyn`] has any number of axes, and [`Indirect<N>`](Indirect) has rows behind pointers. Memory that
//! does not fit is refused with an exception that says what differs; it is never converted. `PyObjectView` and
//! `PyObjectViewMut` exist only where Python has a GIL.
//!
//! # What a function can do with an argument
//!
//! An argument arrives in local state. The memory is released when the argument is dropped.
//!
//! | call | what it gives | others meanwhile | `Python::detach`, other threads |
//! |---|---|---|---|
//! | `x.cells()` | elements by value | may use the memory by value | no |
//! | `x.lock()?.view()` | `&[T]`, a [`View`] | may read | yes |
//! | `x.lock_mut()?.view_mut()` | `&mut [T]`, a [`ViewMut`] | may not use the memory | yes |
//! | `x.typed()?`, `x.typed_mut()?` | a typed view of an untyped one | as for `x.cells()` | no |
//! | `dispatch!(x, ...)` | the typed view that fits, in one body for all types | as for `x.cells()` | no |
//! | `x.objects()?`, `x.objects_mut()?` | an object view of an untyped one | as for `x.cells()` | no |
//! | `y.copy_from(py, &x)?` | a copy; with [`DETACHED_COPY`] bytes or more, other Python threads run meanwhile | | |
//! | `x.export()`, `x.export_part(...)` | a [`PyOwned`] of all or a part of the memory | | |
//! | [`detached`]`(py, (&x, &mut y), ...)` | locks on all of them for one closure, which runs detached | as for the locks | yes |
//! | [`locked`]`(py, (&x, &mut y), ...)` | the same without detaching | as for the locks | |
//! | `pinned.local(py)?.cells()` | elements of pinned memory by value | as for `x.cells()` | no |
//! | `pinned.lock(py)?`, `pinned.lock_part(py, s![i])?` | a lock on pinned memory or on a part of it | as for the locks | yes |
//!
//! "Others" are all views and locks of this process, also those of other extensions with typedview. Two uses that
//! exclude each other are not both allowed: the second one is refused with a `BufferError`. `lock_within(timeout)` and
//! `lock_mut_within(timeout)` wait for the other one instead.
//!
//! # What the compiler says
//!
//! The compiler's messages about types of this crate say what to do. These come from PyO3, from Rust or from Cargo:
//!
//! | message | what to write |
//! |---|---|
//! | `View<'_, f64, C<1>>` cannot be used as a Python function argument; so for `CellView`, `Owned`, `&PyView` | take a [`PyView`] or [`PyViewMut`], and make a view of it by `x.cells()`, or by `x.lock()?` and `lock.view()` |
//! | `Owned<f64, C<1>>` cannot be converted to a Python object; so for `View` | return a [`PyOwned`]: `owned.into()` |
//! | expected `PyOwned<f64, C<1>>`, found `Vec<f64>` | `vec.into()`, or `Owned::from_vec(vec, [2, 3]).into()` for two axes |
//! | no method `iter`, `len`, `set`, `view` or `as_slice` in `PyView`; cannot index into a `PyView` | `x.cells()` has elements by value, and `x.lock()?.view()` a [`View`], with references and slices |
//! | expected `C<1>`, found `Strided<1>` | `x.try_to_layout::<C<1>>()`, which checks the strides; from `C` to `Strided`, `x.into()` |
//! | `PyPinned<f64, C<1>>` cannot be converted to a Python object | return `x.exporter().clone_ref(py)`, the object that was passed |
//! | `PyOwned<f64, C<1>>` cannot be converted to a Python object, at `#[pyo3(get)]` | a field [`Shared`], and a getter that returns `self.field.clone().into()`, a [`PyOwned`] |
//! | `#[pyclass]` cannot have lifetime parameters | a field [`PyPinned`] instead of a `PyView<'py, ..>` |
//! | `?` couldn't convert the error to `PyErr` | `x.cells().try_at(i).or_raise()?`, with [`OrRaise`] |
//! | no method named `at`, `iter` or `slice` found for struct `PyView` | `x.cells().at(i)`, or the view of a lock |
//! | temporary value dropped while borrowed, at `x.lock()?.view()` | `let lock = x.lock()?; let x = lock.view();` |
//! | cannot borrow `x` as mutable, at `x.lock_mut()?` | declare the argument as `mut x: PyViewMut<'_, ..>` |
//! | package `pyo3` links to the native library `pyo3-python` | the version of PyO3 that this crate has: `pyo3 = "0.30"` |
//!
//! # Features
//!
//! Only `view` is on by default. `half`, `ndarray`, `num-complex`, `numpy` and `rayon` have the name of the crate that they
//! are for.
//!
//! | feature | what it adds |
//! |---|---|
//! | `view` | results are [`ViewObject`]s, the Python class `View`, which can be indexed, sliced, compared and printed; without it they only export their memory, and an extension is 435 KB smaller |
//! | `derive` | `#[derive(Element)]`: structs as elements, for memory that holds records |
//! | `half` | `half::f16` and `half::bf16` as elements |
//! | `num-complex` | `Complex<f32>` and `Complex<f64>` as elements |
//! | `rayon` | parallel iterators over the parts of locked views |
//! | `ndarray` | conversions between views and the array views of `ndarray`, and from its arrays to [`PyOwned`] |
//! | `numpy` | conversions between this crate's types and those of rust-numpy |
//! | `rust-numpy-locks` | views of NumPy arrays exclude borrows of rust-numpy |
//! | `experimental-inspect` | PyO3's feature of this name: stubs say `Buffer` for arguments and results |
//!
//! - `ndarray`: `ArrayView::try_from(lock.view())`, `ArrayViewMut::try_from(lock.view_mut())` and the conversions back
//!   are those of [`typedview`]. `PyOwned::from(array)` copies nothing.
//! - `numpy`: the arrays and borrows of rust-numpy become [`PyView`] and [`PyViewMut`] by `TryFrom`. These views and
//!   [`PyOwned`] become arrays of rust-numpy by `into_pyarray`. The feature turns on `ndarray` and `rust-numpy-locks`.
//! - `rust-numpy-locks`: the array of a view is also borrowed in the table that all extensions with rust-numpy share,
//!   if the process has such an extension. The feature compiles nothing of rust-numpy.
//!
//! With `ndarray`, the views that a lock lends can be used as array views for as long as the lock lives:
//!
#![cfg_attr(feature = "ndarray", doc = "```no_run")]
#![cfg_attr(not(feature = "ndarray"), doc = "```ignore")]
//! use ndarray::{ArrayView2, ArrayViewMut2, Axis};
//! use pyo3::prelude::*;
//! use typedview_pyo3::{OrRaise, PyView, PyViewMut, Strided};
//!
//! /// `target += table - table.mean(axis=0)`, computed without the GIL.
//! #[pyfunction]
//! fn add_centred(
//!     py: Python<'_>,
//!     mut target: PyViewMut<'_, f64, Strided<2>>,
//!     table: PyView<'_, f64, Strided<2>>,
//! ) -> PyResult<()> {
//!     let (mut target, table) = (target.lock_mut()?, table.lock()?);
//!     let mut target = ArrayViewMut2::try_from(target.view_mut()).or_raise()?;
//!     let table = ArrayView2::try_from(table.view()).or_raise()?;
//!     py.detach(|| {
//!         if let Some(mean) = table.mean_axis(Axis(0)) {
//!             target += &(&table - &mean);
//!         }
//!     });
//!     Ok(())
//! }
//! ```
//!
//! # rust-numpy in the same process
//!
//! rust-numpy lends `&[T]` and `&mut [T]` of arrays, and it has a table of borrows of its own. Without the feature
//! `rust-numpy-locks` neither table sees the uses in the other one.
//!
//! With the feature, a view of an array excludes the writers of rust-numpy, and a view for writing excludes its readers
//! too. This holds from the arrival of the view to its release, and also for arrays of a subclass. If rust-numpy has
//! lent the array in a way that conflicts, the view is refused with a `BufferError` that names rust-numpy.
//!
//! # Limitations
//!
//! - For rust-numpy, a view uses the whole array that it is a part of. One column in one library and another column in
//!   the other library are refused. Two views of typedview do not exclude each other in this case.
//! - rust-numpy knows arrays, not addresses. A view of a `bytearray`, or of a `memoryview` of an array, is not
//!   registered with rust-numpy.
//! - A conflict that rust-numpy does not see is not seen between the two libraries either. rust-numpy takes two arrays
//!   from `numpy.frombuffer(x)` for two memories, and it sees no conflict with a 0-d array that it has lent.
//! - A view that exists before the first extension with rust-numpy lends its first array is not registered with
//!   rust-numpy. With the feature `numpy` this is not so, because the first view of an array publishes the table.
//! - `lock_within` does not wait for rust-numpy. A view that conflicts with a borrow of rust-numpy is refused when it
//!   arrives.
//! - Without a GIL and with rust-numpy in the process, a thread that has a view of an array for reading cannot also
//!   take a view of it for writing.

mod acquire;
mod argument;
mod array_interface;
mod arrow;
mod attached;
mod buffer;
mod bytes;
#[cfg(feature = "view")]
mod class;
mod dlpack;
mod element;
mod error;
mod export;
mod format_cache;
pub mod guide;
#[cfg(feature = "experimental-inspect")]
mod inspect;
mod interop;
mod kept_export;
mod loaded;
mod lock;
mod ndarray;
mod number;
mod protocols;
mod slot;
mod view;

pub use acquire::{Description, Export};
#[cfg(feature = "view")]
pub use class::ViewObject;
/// What the package `typedview` makes views with.
#[cfg(feature = "view")]
#[doc(hidden)]
pub use class::{allocate, format_of, from_pickle, row_pointers};
pub use element::*;
pub use error::{OrRaise, raising};
pub use export::{PyNdarray, PyOwned};
pub use kept_export::KeptExport;
pub use view::{
    DETACHED_COPY, Lend, LocalView, LocalViewMut, Lockable, PyPinned, PyPinnedMut, PyUntypedView, PyView,
    PyViewMut, ReadLock, WriteLock, Writing, detached, locked,
};
#[cfg(not(Py_GIL_DISABLED))]
pub use view::{PyObjectView, PyObjectViewMut};

// `dispatch!` names this type in the crates of users.
#[doc(hidden)]
pub use pyo3::PyResult;
#[doc(hidden)]
pub use typedview::derived;
/// Implements the trait `Element` for a struct, so that the elements of an argument can be records with its fields.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{Element, PyView, Strided, field};
///
/// #[derive(Clone, Copy, Element)]
/// #[repr(C, packed)]
/// struct Trade {
///     count: u8,
///     price: f64,
/// }
///
/// /// Takes `numpy.zeros(5, [("count", "u1"), ("price", "f8")])`.
/// #[pyfunction]
/// fn highest(trades: PyView<'_, Trade, Strided<1>>) -> f64 {
///     trades.cells().field(field!(Trade, price)).iter().fold(0.0, f64::max)
/// }
/// ```
// This is not the derive of the core. That one refers to `::typedview`, a crate that an extension need not depend on.
// Without the feature `derive`, it only says that it needs the feature.
pub use typedview_derive::PyElement as Element;

pub use typedview::{
    Access, Big, Bool, ByteOrder, Bytes, C, CellView, CellViewMut, Datetime, Direct, Dtype, Dyn,
    ElementIndex, Error, ErrorKind, Exact, F, Field, FieldOf, Format, Found, Indirect, InsertAxis, Kind,
    Layout, Little, Memory, Ndim, NewAxis, Number, Order, Owned, Pitched, RemoveAxis, RowStack, SameKind,
    Shape, Shared, Slice, SliceItem, Spec, Strided, Text, Timedelta, Tuple, View, ViewMut, Zip, catch, field,
    s, specialise, time, try_zip, zip,
};
