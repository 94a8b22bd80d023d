//! What every protocol gives: an export that keeps memory in place, and a checked description of that memory.
//!
//! `export` and `description` are the two. `acquire_error` and `invalid_export` say why there is none. `fast_layout` reads a
//! layout without a description. `derived` knows the classes that export less than they are, and `attribute` looks up by which
//! names an object says that it speaks a protocol. Each protocol is in a folder of its own; `protocols` tries them in order.

mod acquire_error;
mod attribute;
mod derived;
mod description;
mod export;
mod fast_layout;
mod invalid_export;

pub(crate) use acquire_error::{AcquireError, exporter_name, refuse, refuse_exporter};
pub(crate) use attribute::attribute;
pub(crate) use derived::{is_arrow_buffer, is_masked};
pub use description::Description;
pub(crate) use description::UncheckedDescription;
pub(crate) use export::Foreign;
pub use export::{Export, KeptExport};
pub(crate) use fast_layout::FastLayout;
pub(crate) use invalid_export::InvalidExport;

/// Memory that an exporter has handed out, with its description.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) export: Export,
    pub(crate) description: Description,
}

/// What a protocol answers: the memory of an object, `None` if the object does not speak the protocol, or a refusal.
pub(crate) type Answer = Result<Option<Acquired>, AcquireError>;
