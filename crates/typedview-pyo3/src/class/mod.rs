//! The Python class `View`: what results of functions are, and what the package `typedview` exports.
//!
//! - `view_object` is the class, and `methods` what Python can call; `key` reads what stands in brackets;
//! - `hold` says how long a view keeps its memory, and `access` keeps others from it meanwhile; `lock` is a lock that Python code holds;
//! - `read_item` and `write_item` convert one element to and from Python objects, `quick` the usual numbers, `records` and `dates` what is
//!   not one number;
//! - `contents` makes lists and bytes of all elements, `iterate` goes through them, and `compare` compares them;
//! - `assign` writes them, and `cast` gives the bytes another format; `dtype` reads the names of formats, and `specs` reads specs;
//! - `memory` allocates, `pickle` travels, and `show` prints.

mod access;
mod assign;
mod cast;
mod compare;
mod contents;
mod dates;
mod dtype;
mod hold;
mod iterate;
mod key;
mod lock;
mod memory;
mod methods;
mod pickle;
mod quick;
mod read_item;
mod records;
mod show;
mod specs;
mod view_object;
mod write_item;

pub use dtype::format_of;
pub use memory::{allocate, row_pointers};
pub use pickle::from_pickle;
pub use view_object::ViewObject;
pub(crate) use view_object::to_object;
