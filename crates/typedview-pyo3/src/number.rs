//! Elements that are plain numbers: one type code describes such an element completely, so no format has to be read.

use typedview::{ByteOrder, Dtype, Element, Kind};

/// Whether one type code describes `T` completely.
#[inline(always)]
pub(crate) const fn is_number<T: Element>() -> bool {
    has_type_number::<T>() && !matches!(T::DTYPE.kind(), Kind::Complex)
}

/// Whether NumPy's number of a type describes `T` completely. Complex numbers have one, but their type code has two letters.
#[inline(always)]
pub(crate) const fn has_type_number<T: Element>() -> bool {
    matches!(T::BYTE_ORDER, ByteOrder::Native)
        && matches!(T::DTYPE.kind(), Kind::Int | Kind::Uint | Kind::Float | Kind::Bool | Kind::Complex)
}

/// Returns an integer that identifies a number type, so that one `match` can tell many types apart. Returns 0 for an
/// element that is not a number.
pub(crate) const fn key(dtype: Dtype, byte_order: ByteOrder) -> u16 {
    let kind = match dtype.kind() {
        Kind::Int => 1,
        Kind::Uint => 2,
        Kind::Float => 3,
        Kind::Bool => 4,
        Kind::Complex => 5,
        _ => return 0,
    };
    // A number has at most 16 bytes, so its itemsize fits the low byte of the key.
    (kind << 8) | ((byte_order as u16) << 15) | dtype.itemsize() as u16
}
