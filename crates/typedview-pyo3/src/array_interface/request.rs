//! Requests: one read of `__array_interface__`, whose entries are combined into a description of memory.
//! The attribute may be a property that creates a new dict each time, so it is read only once.

use super::data_region::DataRegion;
use super::descr;
use super::entries::Entries;
use super::invalid_interface::InvalidInterface;
use crate::acquire::{
    Acquired, Answer, Description, InvalidExport, UncheckedDescription, attribute, is_masked,
};
use crate::loaded::loaded;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use typedview::{Access, Format};

/// Returns the format of a NumPy array or scalar, as the `descr` of its dtype gives it.
///
/// Returns `Some(None)` when the dtype has no usable `descr`, and `None` when `obj` has no NumPy dtype.
pub(crate) fn format_of_dtype(obj: &Bound<'_, PyAny>) -> PyResult<Option<Option<Format>>> {
    let py = obj.py();
    let Some(dtype) = attribute(obj, intern!(py, "dtype"))? else { return Ok(None) };
    let Some(numpy) = loaded(py, "numpy")? else { return Ok(None) };
    if !dtype.is_instance(&numpy.getattr("dtype")?)? {
        return Ok(None);
    }
    match dtype.getattr("descr") {
        Ok(descr) => Ok(Some(descr::format(&descr).ok())),
        // NumPy raises `ValueError` when fields share bytes or are out of order.
        Err(exception) if exception.is_instance_of::<PyValueError>(py) => Ok(Some(None)),
        Err(exception) => Err(exception),
    }
}

/// Acquires the memory of an object that has an `__array_interface__`; returns `None` for other objects.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    let Some(interface) = attribute(obj, intern!(obj.py(), "__array_interface__"))? else {
        return Ok(None);
    };
    if is_masked(obj)? {
        return Err(InvalidExport::Mask.into());
    }
    let entries = Entries::of(interface)?;
    let (format, shape, strides) = (entries.format()?, entries.shape()?, entries.strides()?);
    if let Some(strides) = strides.as_ref().filter(|strides| strides.len() != shape.len()) {
        return Err(InvalidInterface::Ndim { strides: strides.len(), shape: shape.len() }.into());
    }
    let (offset, data) = (entries.offset()?, entries.data()?);
    let block = DataRegion::of(obj, &data, access)?;
    let description = Description::new(UncheckedDescription {
        first: block.at(offset)?,
        format,
        shape: &shape,
        strides: strides.as_deref(),
        suboffsets: None,
        len: None,
        readonly: block.readonly,
    })?;
    block.check(offset, &description)?;
    Ok(Some(Acquired { export: block.export, description }))
}
