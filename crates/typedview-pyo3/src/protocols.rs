//! The protocols by which an object can export memory, in the order in which they are tried.

use crate::acquire::{AcquireError, Acquired, Answer, Description, Export, refuse, refuse_exporter};
use crate::{array_interface, arrow, buffer, dlpack};
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use typedview::{Access, Spec};

impl Export {
    /// Acquires the memory that `obj` exports, by whichever protocol it speaks.
    ///
    /// # Errors
    ///
    /// Fails with `TypeError` if `obj` exports no memory or no numbers, with `ValueError` if it describes memory that
    /// cannot exist, and with the exporter's own exception if it refuses.
    ///
    /// See [`Export`] for an example.
    pub fn acquire(obj: &Bound<'_, PyAny>) -> PyResult<(Self, Description)> {
        let acquired = match buffer::acquire(obj, Access::Read) {
            Ok(Some(acquired)) => acquired,
            answer => acquire_after(answer, obj, Access::Read, None)?,
        };
        Ok((acquired.export, acquired.description))
    }
}

/// Acquires the memory of `obj` by the first protocol that it speaks. `answer` is what the buffer protocol has
/// answered.
///
/// # Errors
///
/// Raises the exception of the first protocol that refuses, or a `TypeError` if `obj` speaks none.
#[cold]
pub(crate) fn acquire_after(
    answer: Answer,
    obj: &Bound<'_, PyAny>,
    access: Access,
    spec: Option<fn() -> Spec>,
) -> PyResult<Acquired> {
    // DLPack is the last protocol that gives memory, because the others say more: a tensor without a version cannot say
    // that it may be written.
    let protocols: [fn(&Bound<'_, PyAny>, Access) -> Answer; 4] =
        [array_interface::acquire, arrow::acquire, dlpack::acquire, arrow::refuse_stream];
    let answer = match answer {
        // NumPy exports dates through its array interface only. Other memory that NumPy refuses as a buffer, such as
        // references to objects that are not aligned, is described as bytes by its array interface, and must not be
        // written.
        Err(AcquireError::Raised(refusal))
            if refusal.is_instance_of::<PyValueError>(obj.py())
                || refusal.is_instance_of::<PyBufferError>(obj.py()) =>
        {
            match array_interface::acquire(obj, access) {
                Ok(Some(acquired)) if !acquired.description.found().format.has_pep3118() => {
                    Ok(Some(acquired))
                }
                _ => Err(AcquireError::Raised(refusal)),
            }
        }
        answer => answer,
    };
    let mut answers = [answer].into_iter().chain(protocols.iter().map(|protocol| protocol(obj, access)));
    match answers.find_map(Result::transpose) {
        Some(Ok(acquired)) => Ok(acquired),
        Some(Err(error)) => Err(refuse(obj, spec, error)),
        None => Err(refuse_exporter(obj, spec)),
    }
}
