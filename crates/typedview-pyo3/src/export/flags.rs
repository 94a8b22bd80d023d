//! Requests: which flags of a buffer request an exporter can honour.
//! A request that cannot be honoured is refused; wrong bytes are never an answer.

use pyo3::ffi;
use std::ffi::c_int;

/// What an exporter has to offer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) readonly: bool,
    pub(super) c_contiguous: bool,
    pub(super) f_contiguous: bool,
}

/// A buffer request, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request(pub(super) c_int);

impl Request {
    fn asks(self, flags: c_int) -> bool {
        self.0 & flags == flags
    }

    pub(super) fn format(self) -> bool {
        self.asks(ffi::PyBUF_FORMAT)
    }

    pub(super) fn shape(self) -> bool {
        self.asks(ffi::PyBUF_ND)
    }

    pub(super) fn strides(self) -> bool {
        self.asks(ffi::PyBUF_STRIDES)
    }

    /// Why the request cannot be honoured.
    pub(super) fn refusal(self, offer: Offer) -> Option<&'static str> {
        let Offer { readonly, c_contiguous, f_contiguous } = offer;
        if self.asks(ffi::PyBUF_WRITABLE) && readonly {
            return Some("the memory is readonly");
        }
        if self.asks(ffi::PyBUF_C_CONTIGUOUS) && !c_contiguous {
            return Some("the memory is not C-contiguous");
        }
        if self.asks(ffi::PyBUF_F_CONTIGUOUS) && !f_contiguous {
            return Some("the memory is not Fortran-contiguous");
        }
        if self.asks(ffi::PyBUF_ANY_CONTIGUOUS) && !c_contiguous && !f_contiguous {
            return Some("the memory is not contiguous");
        }
        // PEP 3118: without a shape the consumer takes the memory for bytes.
        if self.format() && !self.shape() {
            return Some("the request has a format, but no shape");
        }
        // PEP 3118: without strides the consumer takes the memory for C-contiguous.
        if !self.strides() && !c_contiguous {
            return Some("the memory is not C-contiguous, and the request has no strides");
        }
        None
    }
}
