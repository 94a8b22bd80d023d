//! Acquiring memory: every protocol gives an export, which keeps memory in place, and a checked description of that
//! memory.
//!
//! `export` and `description` define these two. `acquire_error` and `invalid_export` say why memory cannot be acquired.
//! `fast_layout` makes a layout without a description. `special_classes` recognises classes whose exports do not say
//! everything, and `attribute` reads the attributes by which an object says that it speaks a protocol. Each protocol is
//! in a folder of its own; `protocols` tries them in order.

mod acquire_error;
mod attribute;
mod description;
mod export;
mod fast_layout;
mod invalid_export;
mod special_classes;

pub(crate) use acquire_error::{AcquireError, exporter_name, refuse, refuse_exporter};
pub(crate) use attribute::attribute;
pub use description::Description;
pub(crate) use description::UncheckedDescription;
pub use export::Export;
pub(crate) use export::Foreign;
pub(crate) use fast_layout::FastLayout;
pub(crate) use invalid_export::InvalidExport;
pub(crate) use special_classes::{is_arrow_buffer, is_masked};

/// Memory that an exporter has handed out, with its description.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) export: Export,
    pub(crate) description: Description,
}

/// The answer of a protocol: the memory of an object, `None` if the object does not speak the protocol, or an error.
pub(crate) type Answer = Result<Option<Acquired>, AcquireError>;
