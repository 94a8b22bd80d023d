//! Descriptions: one form for whatever an exporter may say of its memory.
//! Nothing is believed without a check; shape and strides are copied out at once, since they may move.

use super::{AcquireError, InvalidExport};
use typedview::{Format, Found, MAX_NDIM, PerAxis, Reach};

/// Memory that an exporter offers, in one form.
///
/// - D1. Every element of `shape` and `strides` is inside the exporter's memory, as far as its protocol can tell: the
///   sizes match what it says, no offset overflows, and what has elements is not at null.
#[derive(Clone, Debug)]
pub struct Description {
    pub(crate) first: *mut u8,
    format: Format,
    shape: PerAxis<usize>,
    strides: PerAxis<isize>,
    /// Empty when no axis holds pointers.
    suboffsets: PerAxis<isize>,
    readonly: bool,
}

// SAFETY: plain facts; the pointer is only used by those who hold the export.
unsafe impl Send for Description {}
// SAFETY: as above.
unsafe impl Sync for Description {}

/// What an exporter says, unchecked.
#[derive(Debug)]
pub(crate) struct UncheckedDescription<'a> {
    /// The first element.
    pub(crate) first: *mut u8,
    pub(crate) format: Format,
    pub(crate) shape: &'a [isize],
    /// In bytes; C order where there are none.
    pub(crate) strides: Option<&'a [isize]>,
    pub(crate) suboffsets: Option<&'a [isize]>,
    /// The number of bytes of all elements, where the protocol tells it.
    pub(crate) len: Option<isize>,
    pub(crate) readonly: bool,
}

impl Description {
    /// What the exporter offers, to hold against a [`Spec`](typedview::Spec).
    #[must_use]
    pub fn found(&self) -> Found<'_> {
        let Self { ref format, ref shape, ref strides, ref suboffsets, readonly, .. } = *self;
        Found { format, shape, strides, suboffsets, readonly }
    }

    /// Checks what an exporter says.
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
        let nbytes = nbytes(&shape, itemsize);
        if let Some(len) = given.len
            && nbytes.is_none_or(|nbytes| nbytes.cast_signed() != len)
        {
            return Err(InvalidExport::Length { len, shape: shape.to_vec(), itemsize }.into());
        }
        let strides = match given.strides {
            Some(strides) => strides.iter().copied().collect(),
            None => PerAxis::c_strides(&shape, itemsize),
        };
        let indirect = |suboffsets: &&[isize]| suboffsets.iter().any(|&suboffset| suboffset >= 0);
        let suboffsets: PerAxis<isize> =
            given.suboffsets.filter(indirect).unwrap_or_default().iter().copied().collect();
        if nbytes != Some(0) {
            let block = if suboffsets.is_empty() { itemsize } else { itemsize.max(size_of::<usize>()) };
            within_memory(first, &shape, &strides, block)?;
        }
        // INVARIANT D1.
        Ok(Self { first, format, shape, strides, suboffsets, readonly })
    }
}

/// The number of bytes of all elements, when they can be counted.
fn nbytes(shape: &[usize], itemsize: usize) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    let nbytes = shape.iter().try_fold(itemsize, |nbytes, &extent| nbytes.checked_mul(extent))?;
    isize::try_from(nbytes).is_ok().then_some(nbytes)
}

/// Refuses elements at null, and elements that wrap around the address space.
fn within_memory(
    first: *mut u8,
    shape: &[usize],
    strides: &[isize],
    itemsize: usize,
) -> Result<(), AcquireError> {
    let Reach { lowest, highest } = Reach::of(shape, strides, itemsize)?;
    if first.is_null() {
        return Err(InvalidExport::Null.into());
    }
    let ends = (first.addr().checked_add_signed(lowest), first.addr().checked_add_signed(highest));
    match ends {
        (Some(_), Some(_)) => Ok(()),
        _ => Err(InvalidExport::Address.into()),
    }
}
