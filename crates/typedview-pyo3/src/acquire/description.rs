//! `Description`: what an exporter says of its memory, checked, in one form for all protocols.
//! Nothing that the exporter says is believed without a check. Shape and strides are copied at once, because the
//! exporter may move them.

use super::{AcquireError, InvalidExport};
use typedview::{Format, Found, MAX_NDIM, PerAxis, Reach};

/// The memory that an exporter offers, in one form for all protocols.
///
/// - D1. Every element of `shape` and `strides` is inside the exporter's memory, as far as its protocol can tell: the
///   sizes match what the exporter says, no offset overflows, and memory that has elements is not at null.
#[derive(Clone, Debug)]
pub struct Description {
    pub(crate) first: *mut u8,
    format: Format,
    shape: PerAxis<usize>,
    strides: PerAxis<isize>,
    /// The suboffsets, which are empty when no axis holds pointers.
    suboffsets: PerAxis<isize>,
    readonly: bool,
}

// SAFETY: a description is plain data. Its pointer is only dereferenced by code that holds the export.
unsafe impl Send for Description {}
// SAFETY: a description is plain data, which does not change through a shared reference.
unsafe impl Sync for Description {}

/// What an exporter says of its memory, unchecked.
#[derive(Debug)]
pub(crate) struct UncheckedDescription<'a> {
    /// The first element.
    pub(crate) first: *mut u8,
    pub(crate) format: Format,
    pub(crate) shape: &'a [isize],
    /// The strides in bytes. Without strides the memory is in C order.
    pub(crate) strides: Option<&'a [isize]>,
    pub(crate) suboffsets: Option<&'a [isize]>,
    /// The number of bytes of all elements, if the protocol gives it.
    pub(crate) len: Option<isize>,
    pub(crate) readonly: bool,
}

impl Description {
    /// Returns what the exporter offers, for comparison with a [`Spec`](typedview::Spec).
    #[must_use]
    pub fn found(&self) -> Found<'_> {
        let Self { ref format, ref shape, ref strides, ref suboffsets, readonly, .. } = *self;
        Found { format, shape, strides, suboffsets, readonly }
    }

    /// Checks what an exporter says, and copies it.
    ///
    /// # Errors
    ///
    /// Fails when the exporter describes memory that cannot exist.
    pub(crate) fn new(given: UncheckedDescription<'_>) -> Result<Self, AcquireError> {
        let UncheckedDescription { first, format, readonly, .. } = given;
        let itemsize = format.dtype().itemsize();
        if given.shape.len() > MAX_NDIM {
            return Err(InvalidExport::Ndim(given.shape.len().cast_signed()).into());
        }
        if let Some(axis) = given.shape.iter().position(|&extent| extent < 0) {
            return Err(InvalidExport::NegativeExtent { axis, extent: given.shape[axis] }.into());
        }
        let shape: PerAxis<usize> = given.shape.iter().map(|extent| extent.cast_unsigned()).collect();
        let strides = match given.strides {
            Some(strides) => strides.iter().copied().collect(),
            None => PerAxis::c_strides(&shape, itemsize),
        };
        let indirect = |suboffsets: &&[isize]| suboffsets.iter().any(|&suboffset| suboffset >= 0);
        let suboffsets: PerAxis<isize> =
            given.suboffsets.filter(indirect).unwrap_or_default().iter().copied().collect();
        let description = Self { first, format, shape, strides, suboffsets, readonly };
        let nbytes = description.found().nbytes();
        if let Some(len) = given.len
            && nbytes.is_none_or(|nbytes| nbytes.cast_signed() != len)
        {
            return Err(InvalidExport::Length { len, shape: description.shape.to_vec(), itemsize }.into());
        }
        if nbytes != Some(0) {
            description.check_addresses()?;
        }
        // INVARIANT D1: the number of bytes matches `len`, and the addresses of all elements have been checked.
        Ok(description)
    }

    /// Refuses elements at null, and elements that wrap around the address space.
    fn check_addresses(&self) -> Result<(), AcquireError> {
        let itemsize = self.format.itemsize();
        let block = if self.suboffsets.is_empty() { itemsize } else { itemsize.max(size_of::<usize>()) };
        let reach = Reach::of(&self.shape, &self.strides, block)?;
        if self.first.is_null() {
            return Err(InvalidExport::Null.into());
        }
        match reach.addresses(self.first.addr()) {
            Some(_) => Ok(()),
            None => Err(InvalidExport::WrapsAround.into()),
        }
    }
}
