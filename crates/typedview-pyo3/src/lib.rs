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

mod acquire;
mod array_interface;
mod arrow;
mod attached;
mod buffer;
mod bytes;
mod dlpack;
mod element;
mod error;
mod export;
mod lock;
mod ndarray;
mod slot;
mod view;

pub use acquire::{Description, Export};
pub use error::OrRaise;
pub use export::PyOwned;
pub use lock::{ReadLock, WriteLock};
pub use view::{PyAnyView, PyView, PyViewMut};
#[cfg(not(Py_GIL_DISABLED))]
pub use view::{PyObjectView, PyObjectViewMut};

pub use typedview::{
    Access, Axes, C, CellView, CellViewMut, Direct, Dyn, Element, ElementIndex, Error, ErrorKind, F,
    Indirect, Layout, Memory, NewAxis, Order, Owned, Selection, Shared, Slice, Spec, Strided, Tuple, View,
    ViewMut, Zip, layout, s, zip,
};
