//! `Description`: what an exporter says of its memory, checked, in one form for all protocols.
//! Nothing that the exporter says is believed without a check. Shape and strides are copied at once, because the
//! exporter may move them.

use super::{AcquireError, InvalidExport};
use std::ffi::CStr;
use std::sync::Arc;
use typedview::{Format, Found, MAX_NDIM, PerAxis, Reach, Untyped};

/// The memory that an exporter offers, in one form for all protocols.
///
/// - D1. Every element of the view is inside the exporter's memory, as far as its protocol can tell: the sizes match what the
///   exporter says, no offset overflows, and memory that has elements is not at null. Pointers on axes are those of the exporter.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::PyUntypedView;
///
/// /// The shape and the element of any memory, such as `double[4, 3], C`.
/// #[pyfunction]
/// fn describe(x: PyUntypedView<'_>) -> PyResult<String> {
///     Ok(x.description()?.found().summary())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Description {
    untyped: Untyped,
    readonly: bool,
    /// The exporter's own text of the format, if that is not the usual one.
    text: Option<Arc<CStr>>,
}

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
    ///
    /// See [`Description`] for an example.
    #[must_use]
    pub fn found(&self) -> Found<'_> {
        self.untyped.found(self.readonly)
    }

    /// The elements, which are alive as long as the export is kept.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pyo3::prelude::*;
    /// use typedview_pyo3::PyUntypedView;
    ///
    /// /// The address of the first element, without access to it.
    /// #[pyfunction]
    /// fn address(x: PyUntypedView<'_>) -> PyResult<usize> {
    ///     Ok(x.description()?.untyped().as_ptr().addr())
    /// }
    /// ```
    #[must_use]
    pub fn untyped(&self) -> &Untyped {
        &self.untyped
    }

    /// Returns the elements, whether they are readonly, and the exporter's own text of the format, if that is not the usual one.
    #[inline]
    pub(crate) fn into_parts(self) -> (Untyped, bool, Option<Arc<CStr>>) {
        (self.untyped, self.readonly, self.text)
    }

    /// Keeps the exporter's own text of the format, if a consumer who knows only that text reads the same elements. The texts of records in
    /// braces are written anew, because exporters leave padding out of them.
    pub(crate) fn with_text(mut self, text: &CStr) -> Self {
        let is_usual = self.untyped.format().code() == Some(text);
        let has_braces = text.to_bytes().iter().any(|byte| b"{:".contains(byte));
        self.text = (!is_usual && !has_braces).then(|| text.into());
        self
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
        let found =
            Found { format: &format, shape: &shape, strides: &strides, suboffsets: &suboffsets, readonly };
        let nbytes = found.nbytes();
        if let Some(len) = given.len
            && nbytes.is_none_or(|nbytes| nbytes.cast_signed() != len)
        {
            return Err(InvalidExport::Length { len, shape: shape.to_vec(), itemsize }.into());
        }
        // INVARIANT D1: the number of bytes matches `len`, and the addresses of all elements are checked below.
        // SAFETY: the exporter says that the elements and the pointers are there, and it keeps them while its export is held.
        let untyped = unsafe { Untyped::new(first, format, &shape, &strides, &suboffsets) }?;
        if nbytes != Some(0) {
            check_addresses(first, &untyped)?;
        }
        Ok(Self { untyped, readonly, text: None })
    }
}

/// Refuses elements at null, and elements that wrap around the address space.
fn check_addresses(first: *mut u8, elements: &Untyped) -> Result<(), AcquireError> {
    let reach = match elements.reach() {
        Some(reach) => reach,
        // Where axes hold pointers, these are what is reached from the first element.
        None => Reach::of(elements.shape(), elements.strides(), elements.itemsize().max(size_of::<usize>()))?,
    };
    if first.is_null() {
        return Err(InvalidExport::Null.into());
    }
    match reach.addresses(first.addr()) {
        Some(_) => Ok(()),
        None => Err(InvalidExport::WrapsAround.into()),
    }
}
