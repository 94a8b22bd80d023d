//! Owners: memory that knows how to free itself, and views that carry it along.
//! Apart from views, which never own: whoever keeps the memory alive is a separate question.

mod memory;
mod owned;
mod row_stack;
mod shared;

pub use memory::Memory;
pub use owned::Owned;
#[cfg(feature = "ndarray")]
pub(crate) use owned::initialised;
pub use row_stack::RowStack;
pub use shared::Shared;
