//! `text`: the PEP 3118 text of an element, for consumers of the buffer protocol.

use std::ffi::{CStr, CString};
use typedview::Format;

/// The PEP 3118 text of a format, or `None` if the format is a single code, whose text is static.
#[inline]
pub(super) fn text(format: &Format) -> Option<Box<CStr>> {
    match format.code() {
        Some(_) => None,
        // A name cannot contain a zero byte: `Format::parse`, `Format::record` and the derive refuse it.
        None => Some(CString::new(format.to_pep3118()).unwrap_or_default().into_boxed_c_str()),
    }
}
