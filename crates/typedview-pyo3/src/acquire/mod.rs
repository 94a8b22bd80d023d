//! Acquiring: one way in, whatever protocol an exporter speaks.
//! `export` keeps the memory, `description` says what it is; each protocol stands in a folder of its own.

mod acquire_error;
mod attribute;
mod derived;
mod description;
mod export;
mod invalid_export;
mod plain;

use crate::{array_interface, arrow, dlpack};
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use typedview::{Access, Spec};

pub(crate) use acquire_error::{AcquireError, exporter_name, refuse, refuse_exporter};
pub(crate) use attribute::attribute;
pub(crate) use derived::{is_arrow_buffer, is_masked};
pub use description::Description;
pub(crate) use description::UncheckedDescription;
pub(crate) use export::Foreign;
pub use export::{Export, KeptExport};
pub(crate) use invalid_export::InvalidExport;
pub(crate) use plain::Plain;

/// Memory that an exporter has handed out.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) export: Export,
    pub(crate) description: Description,
}

/// What a protocol says of an object: its memory, nothing because the object does not speak it, or a refusal.
pub(crate) type Answer = Result<Option<Acquired>, AcquireError>;

/// Acquires what `obj` exports, when it has given this answer to the buffer protocol.
#[cold]
pub(crate) fn acquire_after(
    answer: Answer,
    obj: &Bound<'_, PyAny>,
    access: Access,
    spec: Option<fn() -> Spec>,
) -> PyResult<Acquired> {
    // DLPack after those that say more: a tensor without a version cannot say that it may be written.
    let protocols: [fn(&Bound<'_, PyAny>, Access) -> Answer; 4] =
        [array_interface::acquire, arrow::acquire, dlpack::acquire, arrow::refuse_stream];
    let answer = match answer {
        // NumPy has no buffer for dates, but an interface. What it refuses for another reason, such as objects out of
        // order, its interface calls bytes, which must not be written.
        Err(AcquireError::Raised(refusal))
            if refusal.is_instance_of::<PyValueError>(obj.py())
                || refusal.is_instance_of::<PyBufferError>(obj.py()) =>
        {
            match array_interface::acquire(obj, access) {
                Ok(Some(offered)) if !offered.description.found().format.has_pep3118() => Ok(Some(offered)),
                _ => Err(AcquireError::Raised(refusal)),
            }
        }
        answer => answer,
    };
    let mut answers = [answer].into_iter().chain(protocols.iter().map(|protocol| protocol(obj, access)));
    match answers.find_map(Result::transpose) {
        Some(Ok(offered)) => Ok(offered),
        Some(Err(refused)) => Err(refuse(obj, spec, refused)),
        None => Err(refuse_exporter(obj, spec)),
    }
}
