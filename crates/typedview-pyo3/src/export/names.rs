//! Names of elements: what consumers read of an element whose Rust type is not known any more.
//! Apart because each protocol has its own.

use std::borrow::Cow;
use std::ffi::{CStr, CString};
use typedview::{ByteOrder, Format, Kind, TimeBase, TimeUnit};

/// The array interface's typestr: byte order, kind and bytes, as in `<f8`; records and the like have none.
pub(super) fn typestr(format: &Format) -> Option<String> {
    let (dtype, byte_order) = format.as_scalar()?;
    let mut unit = String::new();
    let mut of_time = |time: TimeUnit| {
        if time.base() != TimeBase::Generic {
            unit = format!("[{time}]");
        }
    };
    let (kind, count) = match dtype.kind() {
        Kind::Datetime(time) => {
            of_time(time);
            ('M', dtype.itemsize())
        }
        Kind::Timedelta(time) => {
            of_time(time);
            ('m', dtype.itemsize())
        }
        Kind::Int => ('i', dtype.itemsize()),
        Kind::Uint => ('u', dtype.itemsize()),
        Kind::Float => ('f', dtype.itemsize()),
        Kind::Complex => ('c', dtype.itemsize()),
        Kind::Bool => ('b', dtype.itemsize()),
        Kind::Bytes => ('S', dtype.itemsize()),
        Kind::Text if dtype.itemsize() % 4 == 0 => ('U', dtype.itemsize() / 4),
        _ => return None,
    };
    let order = match (dtype.kind(), dtype.itemsize()) {
        (Kind::Bytes, _) | (_, 1) => '|',
        _ if cfg!(target_endian = "little") == (byte_order == ByteOrder::Native) => '<',
        _ => '>',
    };
    Some(format!("{order}{kind}{count}{unit}"))
}

/// Whether PEP 3118 has a text for the element, or only the array interface.
pub(super) fn has_text(format: &Format) -> bool {
    !matches!(format.dtype().kind(), Kind::Datetime(_) | Kind::Timedelta(_))
}

/// The PEP 3118 text of an element.
pub(super) fn text(format: &Format) -> Cow<'static, CStr> {
    match format.code() {
        Some(code) => Cow::Borrowed(code),
        // A name cannot hold what ends a C string: formats are read from one, or made of names of Rust.
        None => Cow::Owned(CString::new(format.to_pep3118()).unwrap_or_default()),
    }
}
