#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod copy;
mod element;
mod error;
mod format;
mod layout;
mod owner;
mod raw;
mod spec;
mod view;

pub use element::{Dtype, Element, Kind};
pub use error::{Error, ErrorKind, Tuple};
pub use format::{ByteOrder, Format};
pub use layout::{
    Axes, C, ElementIndex, F, General, Layout, Order, PerAxis, Reach, RowRange, Run, Slice, Strided,
};
pub use owner::{Memory, Owned};
pub use spec::{Access, Found, Spec};
pub use view::{CellView, CellViewMut, Iter, Rows, View, ViewMut};
