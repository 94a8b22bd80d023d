//! Names of elements: what consumers read of an element whose Rust type is not known any more.
//! Native ones only: nothing else is handed to Python.

use std::ffi::CStr;
use typedview::{Dtype, Kind};

/// The array interface's typestr: byte order, kind and bytes, as in `<f8`.
pub(super) fn typestr(dtype: Dtype) -> String {
    let kind = match dtype.kind() {
        Kind::Int => 'i',
        Kind::Uint => 'u',
        Kind::Float => 'f',
        Kind::Complex => 'c',
        Kind::Bool => 'b',
        _ => 'V',
    };
    let order = match dtype.itemsize() {
        1 => '|',
        _ if cfg!(target_endian = "little") => '<',
        _ => '>',
    };
    format!("{order}{kind}{}", dtype.itemsize())
}

/// The PEP 3118 type code of a native element.
pub(super) fn code(dtype: Dtype) -> Option<&'static CStr> {
    Some(match (dtype.kind(), dtype.itemsize()) {
        (Kind::Int, 1) => c"b",
        (Kind::Int, 2) => c"h",
        (Kind::Int, 4) => c"i",
        (Kind::Int, 8) => c"q",
        (Kind::Uint, 1) => c"B",
        (Kind::Uint, 2) => c"H",
        (Kind::Uint, 4) => c"I",
        (Kind::Uint, 8) => c"Q",
        (Kind::Float, 2) => c"e",
        (Kind::Float, 4) => c"f",
        (Kind::Float, 8) => c"d",
        (Kind::Complex, 8) => c"Zf",
        (Kind::Complex, 16) => c"Zd",
        (Kind::Bool, 1) => c"?",
        _ => return None,
    })
}
