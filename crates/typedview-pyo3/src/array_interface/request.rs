//! Requests: one look at `__array_interface__`, its entries put together.
//! The attribute may be a property that makes something new each time, so that nothing is looked up twice.

use super::block::Block;
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

/// The elements of an array or a scalar of NumPy as its dtype shows them, which it does not do of all; `None` of other objects.
pub(crate) fn format_of_dtype(obj: &Bound<'_, PyAny>) -> PyResult<Option<Option<Format>>> {
    let py = obj.py();
    let Some(dtype) = attribute(obj, intern!(py, "dtype"))? else { return Ok(None) };
    let Some(numpy) = loaded(py, "numpy")? else { return Ok(None) };
    if !dtype.is_instance(&numpy.getattr("dtype")?)? {
        return Ok(None);
    }
    match dtype.getattr("descr") {
        Ok(descr) => Ok(Some(descr::format(&descr).ok())),
        // NumPy: fields share bytes, or are out of order.
        Err(exception) if exception.is_instance_of::<PyValueError>(py) => Ok(Some(None)),
        Err(exception) => Err(exception),
    }
}

/// Acquires the memory of an object that has an `__array_interface__`.
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
    let block = Block::of(obj, &data, access)?;
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
