//! Owners: memory that knows how to free itself, and views that carry it along.
//! Apart from views, which never own: whoever keeps the memory alive is a separate question.

mod memory;
mod owned;

pub use memory::Memory;
pub use owned::Owned;
