//! Names of elements: what consumers read of an element whose Rust type is not known any more.
//! Apart because each protocol has its own.

use std::ffi::{CStr, CString};
use typedview::{ByteOrder, Format, Kind};

/// The array interface's typestr: byte order, kind and bytes, as in `<f8`; records and the like have none.
pub(super) fn typestr(format: &Format) -> Option<String> {
    let (dtype, byte_order) = format.as_scalar()?;
    let mut unit = String::new();
    let (kind, count) = match dtype.kind() {
        Kind::Datetime(time) => {
            unit = time.bracketed().to_string();
            ('M', dtype.itemsize())
        }
        Kind::Timedelta(time) => {
            unit = time.bracketed().to_string();
            ('m', dtype.itemsize())
        }
        Kind::Bfloat | Kind::Void => ('V', dtype.itemsize()),
        Kind::Int => ('i', dtype.itemsize()),
        Kind::Uint => ('u', dtype.itemsize()),
        Kind::Float => ('f', dtype.itemsize()),
        Kind::Complex => ('c', dtype.itemsize()),
        Kind::Bool => ('b', dtype.itemsize()),
        Kind::Bytes => ('S', dtype.itemsize()),
        Kind::Text if dtype.itemsize() % 4 == 0 => ('U', dtype.itemsize() / 4),
        _ => return None,
    };
    let order = match byte_order {
        _ if !dtype.has_byte_order() => '|',
        _ if cfg!(target_endian = "little") == (byte_order == ByteOrder::Native) => '<',
        _ => '>',
    };
    Some(format!("{order}{kind}{count}{unit}"))
}

/// The PEP 3118 text of an element that is no native number, which has a code of its own.
#[inline]
pub(super) fn text(format: &Format) -> Option<Box<CStr>> {
    match format.code() {
        Some(_) => None,
        // A name cannot hold what ends a C string: formats are read from one, or made of names of Rust.
        None => Some(CString::new(format.to_pep3118()).unwrap_or_default().into_boxed_c_str()),
    }
}
