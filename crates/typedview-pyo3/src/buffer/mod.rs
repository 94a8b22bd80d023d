//! The buffer protocol: from a Python object to a description that can be trusted.
//! `acquire` holds the export, `normalise` turns what exporters really say into one form.

mod acquire;
mod normalise;
mod oddity;

pub use acquire::Buffer;
pub(crate) use acquire::exporter_name;
pub use normalise::Description;
