//! Elements: the types that may be read from bytes nobody has checked.
//! Apart because the promise behind [`Element`] is what makes every by-value read sound; a file for each kind of them.

mod array;
mod boolean;
mod bytes;
#[cfg(feature = "num-complex")]
mod complex;
mod derived;
mod field_of;
#[cfg(feature = "half")]
mod half;
mod numbers;
mod swapped;
mod text;
pub mod time;

use crate::format::{ByteOrder, Format};

pub(crate) use crate::dtype::{Dtype, Kind, TimeBase, TimeUnit};
pub use array::Single;
pub use boolean::Bool;
pub use bytes::Bytes;
pub use derived::{Fields, Meaning, Part};
pub use field_of::FieldOf;
pub use swapped::{Big, Little, Swap};
pub use text::{Chars, Text};
pub use time::{Datetime, Timedelta};

/// A type that views can hold.
///
/// | type | NumPy's dtype | PEP 3118 | in specs |
/// |---|---|---|---|
/// | `i8` to `i64`, `u8` to `u64`, `isize`, `usize` | `int8`, ..., `uint64` | `b`, `B`, ..., `q`, `Q` | `int8`, ..., `uint64` |
/// | `f32`, `f64` | `float32`, `float64` | `f`, `d` | `float`, `double` |
/// | `half::f16` (feature `half`) | `float16` | `e` | `half` |
/// | `half::bf16` (feature `half`) | `bfloat16` of `ml_dtypes`, `V2` | none, `2x` | `bfloat16` |
/// | `Complex<f32>`, `Complex<f64>` (feature `num-complex`) | `complex64`, `complex128` | `Zf`, `Zd` | `float complex`, `double complex` |
/// | [`Bool`] | `bool` | `?` | `bool` |
/// | [`Bytes<5>`](Bytes) | `S5` | `5s` | `bytes5` |
/// | [`Text<3>`](Text) | `U3` | `3w` | `text12`: its bytes |
/// | [`Datetime<Second>`](Datetime), [`Timedelta<Day>`](Timedelta) | `M8[s]`, `m8[D]` | none, `8x` | `datetime64[s]`, `timedelta64[D]` |
/// | [`Big<f64>`](Big), [`Little<f64>`](Little) | `>f8`, `<f8` | `>d`, `<d` | `big-endian double`, `double` |
/// | `[f64; 3]`, `[[f64; 3]; 2]` | sub-arrays | `(3)d`, `(2,3)d` | `(3)double`, `(2, 3)double` |
/// | `[u8; 5]` | the same, `S5`, `V5` | `(5)B`, `5s`, `5x` | `(5)uint8` |
///
/// # Safety
///
/// The implementer promises:
///
/// - E1. every bit pattern of `size_of::<Self>()` bytes is a valid value;
/// - E2. no byte of a value is padding, so that writing one never exposes uninitialised memory; or
///   [`PADDED`](Self::PADDED) says that some are, and [`write_to`](Self::write_to) leaves them out;
/// - E3. [`DTYPE`](Self::DTYPE) has the size of the type, and [`format`](Self::format) says how its bytes are meant.
///
/// `bool` and `char` break E1 and are not elements; [`Bool`] and [`Text`] are.
///
/// # Limitations
///
/// Integers of 128 bits are no elements: no format has a code for them, and no exporter offers any.
///
/// # Rationale
///
/// With the feature `derive`, `#[derive(Element)]` proves E1 to E3 of a struct. An element made of elements hands on what
/// they say of `PADDED`, and writes by their `write_to`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no element",
    label = "not every byte pattern is known to be a value of it",
    note = "elements are numbers, `Bool`, `Text` and the like, arrays, and structs of them with `#[derive(Element)]`"
)]
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// What the bytes of the element mean, and how many there are.
    const DTYPE: Dtype;
    /// The order of these bytes, seen from this machine.
    const BYTE_ORDER: ByteOrder = ByteOrder::Native;
    /// The name that messages call the element by, where it has one of its own: that of a record.
    const NAME: Option<&'static str> = None;
    /// Whether a value may have bytes of padding: a record as C lays it out, or an array of such.
    const PADDED: bool = false;
    /// What `#[derive(Element)]` has shown of the struct, for what it writes below.
    #[doc(hidden)]
    const FIELDS: Fields<Self> = Fields::NONE;

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

    /// Writes the value, but not its padding: those bytes stay what they are.
    ///
    /// # Safety
    ///
    /// `size_of::<Self>()` bytes from `place` on are writable; they need not be aligned.
    #[inline]
    unsafe fn write_to(self, place: *mut u8) {
        // SAFETY: the caller; E2: without `PADDED` there is no padding.
        unsafe { place.cast::<Self>().write_unaligned(self) }
    }
}

impl Format {
    /// Whether the bytes are a `T`: kind, size and byte order agree, of a record those of each field, and its place.
    #[inline]
    #[must_use]
    pub fn describes<T: Element>(&self) -> bool {
        T::reads(self)
    }
}
