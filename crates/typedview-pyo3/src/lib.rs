//! Typed memoryviews as arguments and results of PyO3 functions.
//!
//! A function declares [`PyView<'_, f64, C<2>>`](PyView) and takes any exporter of the buffer protocol, of DLPack and
//! of other protocols without a copy; it returns [`PyOwned`] and hands its memory, or a part of its argument, over
//! without a copy.
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
//! # Features
//!
//! None is on by default. Each is named after the crate it is for.
//!
//! | feature | gives |
//! |---|---|
//! | `ndarray` | `ArrayView::try_from(lock.view())`, `ArrayViewMut::try_from(lock.view_mut())` and back, as in [`typedview`]; `PyOwned::from(array)`, which copies nothing |
//! | `numpy` | rust-numpy: its arrays and borrows become [`PyView`] and [`PyViewMut`] by `TryFrom`, they and [`PyOwned`] its arrays by `into_pyarray`; turns on `ndarray` and `rust-numpy-locks` |
//! | `rust-numpy-locks` | an array that a view is of is also borrowed in the table that rust-numpy's extensions share, where one of them is in the process; compiles nothing of rust-numpy |
//! | `experimental-inspect` | PyO3's: generated stubs say `Buffer` for arguments and results |
//!
//! With `ndarray` what a lock lends is an array view, for as long as the lock lives:
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
//! rust-numpy lends `&[T]` and `&mut [T]` of arrays by a table of its own. Without `rust-numpy-locks` the two tables do not
//! know each other. With it a view of an array, of a subclass too, keeps rust-numpy's writers out, a view to write its
//! readers too, from arrival to release; what rust-numpy has lent is refused with a `BufferError` that names it.
//!
//! # Limitations
//!
//! - rust-numpy is told of the whole array that a view is a part of: a column in one library and another column in the other
//!   are refused. Views of typedview among each other are not.
//! - rust-numpy knows arrays, no addresses: a view of a `bytearray`, or of a `memoryview` of an array, is not told.
//! - What rust-numpy takes for two memories is two here: `numpy.frombuffer(x)` twice, and an array of no axis that it has lent.
//! - Views that are there before the first extension of rust-numpy lends its first array are not told, but where `numpy`
//!   is on, which publishes the table with the first view of an array.
//! - `lock_within` does not wait for rust-numpy, which refuses when the view arrives.
//! - Without a GIL one thread that reads an array cannot take it to write as well while rust-numpy is in the process.

mod acquire;
mod argument;
mod array_interface;
mod arrow;
mod attached;
mod buffer;
mod bytes;
mod dlpack;
mod element;
mod error;
mod export;
mod format_cache;
#[cfg(feature = "experimental-inspect")]
mod inspect;
mod interop;
mod loaded;
mod lock;
mod ndarray;
mod number;
mod protocols;
mod slot;
mod view;

pub use acquire::{Description, Export, KeptExport};
pub use element::*;
pub use error::OrRaise;
pub use export::PyOwned;
#[cfg(not(Py_GIL_DISABLED))]
pub use view::{PyObjectView, PyObjectViewMut};
pub use view::{PyUntypedView, PyView, PyViewMut, ReadLock, WriteLock};

#[doc(hidden)]
pub use typedview::derived;
/// `#[derive(Element)]`: a struct as the record that an argument holds.
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
// Not that of the core, which refers to `::typedview`, a crate that an extension need not depend on.
#[cfg(feature = "derive")]
pub use typedview_derive::PyElement as Element;

pub use typedview::{
    Access, Big, Bool, ByteOrder, Bytes, C, CellView, CellViewMut, Datetime, Direct, Dtype, Dyn,
    ElementIndex, Error, ErrorKind, F, FieldOf, Format, Indirect, Kind, Layout, Little, Memory, NewAxis,
    Order, Owned, RemoveAxis, Shared, Slice, SliceItem, Spec, Strided, Text, Timedelta, Tuple, View, ViewMut,
    Zip, field, s, time, try_zip, zip,
};
