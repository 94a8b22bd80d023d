//! Elements: the types that may be read from bytes that no code has checked.
//! They are a module of their own, because the contract of [`Element`] is what makes every by-value read sound.
//! Each kind of element has its own file.

mod array;
mod boolean;
mod bytes;
#[cfg(feature = "num-complex")]
mod complex;
mod conversion;
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
pub use conversion::{Exact, Number, SameKind};
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
/// | `half::bf16` (feature `half`) | `bfloat16` of `ml_dtypes`, `V2` | no code, written as `2x` | `bfloat16` |
/// | `Complex<f32>`, `Complex<f64>` (feature `num-complex`) | `complex64`, `complex128` | `Zf`, `Zd` | `float complex`, `double complex` |
/// | [`Bool`] | `bool` | `?` | `bool` |
/// | [`Bytes<5>`](Bytes) | `S5` | `5s` | `bytes5` |
/// | [`Text<3>`](Text) | `U3` | `3w` | `text12` (12 bytes) |
/// | [`Datetime<Second>`](Datetime), [`Timedelta<Day>`](Timedelta) | `M8[s]`, `m8[D]` | no code, written as `8x` | `datetime64[s]`, `timedelta64[D]` |
/// | [`Big<f64>`](Big), [`Little<f64>`](Little) | `>f8`, `<f8` | `>d`, `<d` | `big-endian double`, `double` |
/// | `[f64; 3]`, `[[f64; 3]; 2]` | sub-arrays | `(3)d`, `(2,3)d` | `(3)double`, `(2, 3)double` |
/// | `[u8; 5]` | sub-arrays, `S5`, `V5` | `(5)B`, `5s`, `5x` | `(5)uint8` |
///
/// # Safety
///
/// The implementer must ensure that:
///
/// - E1. Every bit pattern of `size_of::<Self>()` bytes is a valid value.
/// - E2. Either no byte of a value is padding, or [`PADDED`](Self::PADDED) is true and [`write_to`](Self::write_to) does not
///   write the padding. So writing a value never exposes uninitialised memory.
/// - E3. [`DTYPE`](Self::DTYPE) has the size of the type, and [`format`](Self::format) says what its bytes mean.
///
/// `bool` and `char` break E1, so they are not elements. [`Bool`] and [`Text`] are elements.
///
/// # Limitations
///
/// Integers of 128 bits are not elements, because no format has a code for them and no exporter offers any.
///
/// # Implementing it
///
/// With the feature `derive`, `#[derive(Element)]` proves E1 to E3 for a struct. An element that consists of other
/// elements takes its `PADDED` from them, and it writes itself by calling their `write_to`.
///
/// # Examples
///
/// ```
/// use typedview::{Element, Format};
///
/// /// The bytes of an element of any type.
/// fn itemsize<T: Element>() -> usize {
///     T::DTYPE.itemsize()
/// }
///
/// assert_eq!((itemsize::<f64>(), itemsize::<[i16; 3]>()), (8, 6));
/// assert_eq!(f64::format(), Format::parse(b"d")?);
/// assert!(f64::reads(&Format::parse(b"d")?) && !f64::reads(&Format::parse(b"f")?));
/// # Ok::<(), typedview::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an element",
    label = "not every byte pattern is known to be a value of it",
    note = "elements are numbers of at most 64 bits, arrays of elements, and types of `typedview`: `Bool` for `bool`, `Text<N>` for `char`, `str` and `String`, `Bytes<N>` for byte strings, `Datetime`, `Timedelta`",
    note = "a `PyObjectView` of `typedview-pyo3` views references to Python objects"
)]
#[cfg_attr(
    not(feature = "half"),
    diagnostic::on_unimplemented(note = "`half::f16` and `half::bf16` are elements with the feature `half`")
)]
#[cfg_attr(
    not(feature = "num-complex"),
    diagnostic::on_unimplemented(
        note = "`Complex<f32>` and `Complex<f64>` are elements with the feature `num-complex`"
    )
)]
#[cfg_attr(
    feature = "derive",
    diagnostic::on_unimplemented(
        note = "a struct of elements becomes one with `#[derive(Clone, Copy, Element)]` and `#[repr(C)]`"
    )
)]
#[cfg_attr(
    not(feature = "derive"),
    diagnostic::on_unimplemented(
        note = "a struct of elements becomes one with `#[derive(Clone, Copy, Element)]` and `#[repr(C)]`: enable the feature `derive` of `typedview` or `typedview-pyo3`"
    )
)]
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// The dtype of the element: what its bytes mean, and how many there are.
    const DTYPE: Dtype;
    /// The byte order of the element, relative to this machine.
    const BYTE_ORDER: ByteOrder = ByteOrder::Native;
    /// The name that messages use for the element, if it has a name of its own, as a record has.
    const NAME: Option<&'static str> = None;
    /// Whether a value may have padding bytes. A record that C lays out with padding has them, and so does an array of
    /// such records.
    const PADDED: bool = false;
    /// The fields of the struct, as `#[derive(Element)]` has shown them. The derive computes the other items from them.
    #[doc(hidden)]
    const FIELDS: Fields<Self> = Fields::NONE;

    /// Returns the format of the element. The format of an exporter's elements is compared with it, and memory that
    /// Rust exports is described by it.
    ///
    /// See [`Element`] for an example.
    #[must_use]
    fn format() -> Format {
        Format::scalar(Self::DTYPE, Self::BYTE_ORDER)
    }

    /// Returns whether the bytes of an element with this format are a value of this type.
    ///
    /// See [`Element`] for an example.
    #[must_use]
    fn reads(format: &Format) -> bool {
        match format.as_scalar() {
            Some(scalar) => scalar == (Self::DTYPE, Self::BYTE_ORDER),
            None => format.difference(&Self::format()).is_none(),
        }
    }

    /// Writes the value to the memory at `place`, but not its padding. The memory keeps its bytes where the value has
    /// padding.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the `size_of::<Self>()` bytes that start at `place` are writable. They need not be
    /// aligned.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Element;
    ///
    /// let mut bytes = [0; 4];
    /// // SAFETY: there is room for the 4 bytes of an `i32`.
    /// unsafe { 7_i32.write_to(bytes.as_mut_ptr()) };
    /// assert_eq!(bytes, 7_i32.to_ne_bytes());
    /// ```
    #[inline]
    unsafe fn write_to(self, place: *mut u8) {
        // SAFETY: the caller guarantees that the bytes at `place` are writable, and a value has no padding unless its
        // type sets `PADDED` and overrides this method (E2).
        unsafe { place.cast::<Self>().write_unaligned(self) }
    }
}

impl Format {
    /// Returns whether elements of this format are values of `T`: kind, size and byte order agree. In a record they
    /// must agree for each field, and so must the offset of the field.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Big, Format};
    ///
    /// assert!(Format::parse(b">d")?.describes::<Big<f64>>());
    /// assert!(!Format::parse(b"f")?.describes::<f64>());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn describes<T: Element>(&self) -> bool {
        T::reads(self)
    }
}
