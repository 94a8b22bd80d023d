//! Owners: memory that frees itself, and types that keep such memory together with its shape.
//! They are apart from views because a view never owns its memory. What keeps the memory alive is a separate question.

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
