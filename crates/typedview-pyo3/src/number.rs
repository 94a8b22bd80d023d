//! Elements that are plain numbers: a type code says all of them, so they are compared without reading a format.

use typedview::{ByteOrder, Dtype, Element, Kind};

/// Whether `T` has a type code that says all of it.
#[inline(always)]
pub(crate) const fn is_number<T: Element>() -> bool {
    matches!(T::BYTE_ORDER, ByteOrder::Native)
        && matches!(T::DTYPE.kind(), Kind::Int | Kind::Uint | Kind::Float | Kind::Bool)
}

/// A number for an element, so that many types are told apart by one `match`; 0 for what is no number.
pub(crate) const fn key(dtype: Dtype, byte_order: ByteOrder) -> u16 {
    let kind = match dtype.kind() {
        Kind::Int => 1,
        Kind::Uint => 2,
        Kind::Float => 3,
        Kind::Bool => 4,
        _ => return 0,
    };
    // Numbers have 16 bytes at the most.
    (kind << 8) | ((byte_order as u16) << 15) | dtype.itemsize() as u16
}
