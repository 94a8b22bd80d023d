//! Requests: one look at `__array_interface__`, its entries put together.
//! The attribute may be a property that makes something new each time, so that nothing is looked up twice.

use super::block::Block;
use super::entries::Entries;
use super::oddity::InterfaceOddity;
use crate::acquire::{Answer, Description, Given, Offered, attribute};
use pyo3::intern;
use pyo3::prelude::*;
use typedview::{Access, Format};

/// The elements that an object with an `__array_interface__` says it has, if it has one that can be read.
pub(crate) fn format_of(obj: &Bound<'_, PyAny>) -> Option<Format> {
    let interface = attribute(obj, intern!(obj.py(), "__array_interface__")).ok()??;
    Entries::of(interface).ok()?.format().ok()
}

/// Acquires the memory of an object that has an `__array_interface__`.
pub(crate) fn acquire(obj: &Bound<'_, PyAny>, access: Access) -> Answer {
    let Some(interface) = attribute(obj, intern!(obj.py(), "__array_interface__"))? else {
        return Ok(None);
    };
    let entries = Entries::of(interface)?;
    let (format, shape, strides) = (entries.format()?, entries.shape()?, entries.strides()?);
    if let Some(strides) = strides.as_ref().filter(|strides| strides.len() != shape.len()) {
        return Err(InterfaceOddity::Ndim { strides: strides.len(), shape: shape.len() }.into());
    }
    let (offset, data) = (entries.offset()?, entries.data()?);
    let block = Block::of(obj, &data, access)?;
    let description = Description::new(Given {
        first: block.at(offset)?,
        format,
        shape: &shape,
        strides: strides.as_deref(),
        suboffsets: None,
        len: None,
        readonly: block.readonly,
    })?;
    block.check(offset, &description)?;
    Ok(Some(Offered { export: block.export, description }))
}
