//! Elements: the types that may be read from bytes nobody has checked.
//! Apart because the promise behind [`Element`] is what makes every by-value read sound; a file for each kind of them.

mod dtype;
mod numbers;

use crate::format::{ByteOrder, Format};

pub use dtype::{Dtype, Kind};

/// A type that views can hold.
///
/// # Safety
///
/// The implementer promises:
///
/// - E1. every bit pattern of `size_of::<Self>()` bytes is a valid value;
/// - E2. no byte of a value is padding, so that writing one never exposes uninitialised memory;
/// - E3. [`DTYPE`](Self::DTYPE) has the size of the type, and [`format`](Self::format) says how its bytes are meant.
///
/// `bool` and `char` break E1 and are not elements.
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// What the bytes of the element mean, and how many there are.
    const DTYPE: Dtype;
    /// The order of these bytes, seen from this machine.
    const BYTE_ORDER: ByteOrder = ByteOrder::Native;
    /// The name that messages call the element by, where it has one of its own: that of a record.
    const NAME: Option<&'static str> = None;

    /// The format of the element: what an exporter has to say of its own, and what is said of memory that Rust exports.
    #[must_use]
    fn format() -> Format {
        Format::scalar(Self::DTYPE, Self::BYTE_ORDER)
    }

    /// Whether the bytes of an element of this format are a value.
    #[must_use]
    fn reads(format: &Format) -> bool {
        match format.as_scalar() {
            Some(scalar) => scalar == (Self::DTYPE, Self::BYTE_ORDER),
            None => format.difference(&Self::format()).is_none(),
        }
    }
}
