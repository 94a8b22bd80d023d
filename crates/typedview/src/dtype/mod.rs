//! Dtypes: what the bytes of an element mean, as a kind and a size.
//! They are separate from the elements, because formats have dtypes, too.

#![forbid(unsafe_code)]

mod time;

use core::fmt;

pub(crate) use time::with_time_bases;
pub use time::{TimeBase, TimeUnit};

/// What the bytes of an element mean: a kind and a size.
///
/// # Examples
///
/// ```
/// use typedview::{Dtype, Element, Kind};
///
/// let dtype = Dtype::new(Kind::Float, 4);
/// assert_eq!((dtype, dtype.kind(), dtype.itemsize()), (f32::DTYPE, Kind::Float, 4));
/// assert_eq!((dtype.to_string(), i16::DTYPE.to_string()), ("float".into(), "int16".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dtype {
    pub(crate) kind: Kind,
    pub(crate) itemsize: usize,
}

/// The kind of a number, or of another element of fixed size.
///
/// See [`Dtype`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A signed integer in two's complement.
    Int,
    /// An unsigned integer.
    Uint,
    /// An IEEE 754 number. C's `long double` is one, too.
    Float,
    /// The upper half of an IEEE 754 number of 4 bytes, as `bfloat16` of `ml_dtypes`. PEP 3118 has no code for it.
    Bfloat,
    /// Two floats: the real part, then the imaginary part.
    Complex,
    /// A boolean of one byte, which is true unless the byte is 0.
    Bool,
    /// A byte string of fixed length.
    Bytes,
    /// A text of fixed length with 2 or 4 bytes per code point.
    Text,
    /// A signed integer that counts units since the beginning of 1970, as NumPy's `datetime64`. PEP 3118 has no code
    /// for it.
    Datetime(TimeUnit),
    /// A signed integer that counts units, as NumPy's `timedelta64`. PEP 3118 has no code for it.
    Timedelta(TimeUnit),
    /// A reference to a Python object.
    Object,
    /// An address.
    Pointer,
    /// Bytes without a meaning.
    Void,
    /// Fields, each with its own format.
    Record,
    /// A fixed number of elements of one format.
    Array,
}

impl Dtype {
    /// Returns the dtype of this kind and this size in bytes.
    ///
    /// See [`Dtype`] for an example.
    #[must_use]
    pub const fn new(kind: Kind, itemsize: usize) -> Self {
        Self { kind, itemsize }
    }

    /// The kind of the element.
    ///
    /// See [`Dtype`] for an example.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// The size of the element in bytes.
    ///
    /// See [`Dtype`] for an example.
    #[must_use]
    pub const fn itemsize(self) -> usize {
        self.itemsize
    }

    /// Returns whether the byte order makes a difference for elements of this dtype.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Dtype, Kind};
    ///
    /// assert!(Dtype::new(Kind::Float, 4).has_byte_order());
    /// assert!(!Dtype::new(Kind::Bytes, 4).has_byte_order());
    /// ```
    #[must_use]
    pub const fn has_byte_order(self) -> bool {
        match self.kind {
            Kind::Bytes | Kind::Void | Kind::Bool => false,
            // This includes a text of 0 characters: a format aligns it like any other text, unless a mark says
            // otherwise.
            Kind::Text => true,
            _ => self.itemsize > 1,
        }
    }
}

/// Shows the name in spec notation, which is C's for floats (`double`) and NumPy's for integers (`int16`).
impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.itemsize.saturating_mul(8);
        match (self.kind, self.itemsize) {
            (Kind::Int, _) => write!(f, "int{bits}"),
            (Kind::Uint, _) => write!(f, "uint{bits}"),
            (Kind::Float, 2) => f.write_str("half"),
            (Kind::Float, 4) => f.write_str("float"),
            (Kind::Float, 8) => f.write_str("double"),
            (Kind::Float, _) => f.write_str("long double"),
            (Kind::Bfloat, _) => f.write_str("bfloat16"),
            (Kind::Complex, 8) => f.write_str("float complex"),
            (Kind::Complex, 16) => f.write_str("double complex"),
            (Kind::Complex, _) => f.write_str("long double complex"),
            (Kind::Bool, _) => f.write_str("bool"),
            (Kind::Bytes, n) => write!(f, "bytes{n}"),
            (Kind::Text, n) => write!(f, "text{n}"),
            (Kind::Datetime(unit), _) => write!(f, "datetime64{}", unit.bracketed()),
            (Kind::Timedelta(unit), _) => write!(f, "timedelta64{}", unit.bracketed()),
            (Kind::Object, _) => f.write_str("object"),
            (Kind::Pointer, _) => f.write_str("pointer"),
            (Kind::Void, n) => write!(f, "void{n}"),
            (Kind::Record, _) => f.write_str("record"),
            (Kind::Array, _) => f.write_str("sub-array"),
        }
    }
}
