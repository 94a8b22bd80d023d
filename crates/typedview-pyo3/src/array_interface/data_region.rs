//! Blocks: the memory that `data` of an array interface refers to, and what keeps it alive.
//! The object that gave an address keeps the memory at that address alive, as the array interface demands. The memory
//! of a buffer is kept alive by the export of that buffer, which also gives its length.

use super::invalid_interface::{InvalidInterface, not_an_integer, of_type};
use crate::acquire::{AcquireError, Acquired, Description, Export};
use crate::buffer;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::ptr;
use typedview::{Access, Order, Reach};

/// The values that `data` may have, for error messages.
const DATA: &str = "(address, readonly) or a buffer";

/// A block of memory without a shape.
pub(super) struct DataRegion {
    pub(super) first: *mut u8,
    /// The number of bytes, or `None` when `data` is an address, whose length is unknown.
    len: Option<usize>,
    pub(super) readonly: bool,
    pub(super) export: Export,
}

impl DataRegion {
    /// Returns the memory of `obj` that `data` refers to. `data` is a tuple with an address, or a buffer.
    pub(super) fn of(
        obj: &Bound<'_, PyAny>,
        data: &Bound<'_, PyAny>,
        access: Access,
    ) -> Result<Self, AcquireError> {
        match data.cast::<PyTuple>() {
            Ok(pair) => Self::at_address(obj, pair),
            Err(_) => Self::of_buffer(data, access),
        }
    }

    fn at_address(obj: &Bound<'_, PyAny>, pair: &Bound<'_, PyTuple>) -> Result<Self, AcquireError> {
        let Ok((address, readonly)) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
            return Err(of_type("data", pair.as_any(), DATA).into());
        };
        let readonly = readonly.is_truthy()?;
        let address =
            address.extract::<usize>().map_err(|exception| not_an_integer("data", &address, exception))?;
        let export = Export::of_object(obj);
        let first = ptr::with_exposed_provenance_mut(address);
        Ok(Self { first, len: None, readonly, export })
    }

    fn of_buffer(data: &Bound<'_, PyAny>, access: Access) -> Result<Self, AcquireError> {
        let Some(Acquired { export, description }) = buffer::acquire(data, access)? else {
            return Err(of_type("data", data, DATA).into());
        };
        let found = description.found();
        let contiguous = [Order::C, Order::F].iter().any(|&order| found.is_contiguous(order));
        let Some(len) = found.nbytes().filter(|_| contiguous) else {
            return Err(InvalidInterface::Gaps.into());
        };
        Ok(Self { first: description.untyped().as_ptr(), len: Some(len), readonly: found.readonly, export })
    }

    /// Returns the address that is `offset` bytes after the beginning of the block.
    ///
    /// # Errors
    ///
    /// Fails when `offset` is outside a buffer, or when it is not 0 and `data` is an address.
    pub(super) fn at(&self, offset: isize) -> Result<*mut u8, InvalidInterface> {
        match self.len {
            Some(len) if !usize::try_from(offset).is_ok_and(|offset| offset <= len) => {
                Err(InvalidInterface::Offset { offset, len })
            }
            None if offset != 0 => Err(InvalidInterface::OffsetOfAddress(offset)),
            _ => Ok(self.first.wrapping_offset(offset)),
        }
    }

    /// Checks that all elements are inside the block. The first element is `offset` bytes after the beginning of the
    /// block.
    ///
    /// Nothing is checked when `data` is an address, because the length of that memory is unknown.
    pub(super) fn check(&self, offset: isize, description: &Description) -> Result<(), AcquireError> {
        let Some(len) = self.len else {
            return Ok(());
        };
        let found = description.found();
        let Reach { lowest, highest } =
            Reach::of(found.shape, found.strides, found.format.dtype().itemsize())?;
        // A sum that saturates is outside the block, so the comparison below refuses it.
        let (lowest, highest) = (offset.saturating_add(lowest), offset.saturating_add(highest));
        if lowest < 0 || highest > len.cast_signed() {
            return Err(InvalidInterface::Outside { len, lowest, highest }.into());
        }
        Ok(())
    }
}
