//! Dtypes: what the bytes of an element mean, as a kind and a size.
//! Apart from the elements because formats have them too.

use core::fmt;

/// What the bytes of an element mean: a kind and a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dtype {
    pub(crate) kind: Kind,
    pub(crate) itemsize: usize,
}

/// What a number, or another thing of fixed size, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A signed integer in two's complement.
    Int,
    /// An unsigned integer.
    Uint,
    /// An IEEE 754 number; `long double` too.
    Float,
    /// Two floats: real, imaginary.
    Complex,
    /// One byte, 0 or not.
    Bool,
    /// A byte string of fixed length.
    Bytes,
    /// A string of fixed length, 2 or 4 bytes a code point.
    Text,
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
    /// A kind and a size in bytes.
    #[must_use]
    pub const fn new(kind: Kind, itemsize: usize) -> Self {
        Self { kind, itemsize }
    }

    /// The kind of the element.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// The size of the element in bytes.
    #[must_use]
    pub const fn itemsize(self) -> usize {
        self.itemsize
    }
}

/// The name in spec notation: C's for floats (`double`), NumPy's for integers (`int16`).
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
            (Kind::Complex, 8) => f.write_str("float complex"),
            (Kind::Complex, 16) => f.write_str("double complex"),
            (Kind::Complex, _) => f.write_str("long double complex"),
            (Kind::Bool, _) => f.write_str("bool"),
            (Kind::Bytes, n) => write!(f, "bytes{n}"),
            (Kind::Text, n) => write!(f, "text{n}"),
            (Kind::Object, _) => f.write_str("object"),
            (Kind::Pointer, _) => f.write_str("pointer"),
            (Kind::Void, n) => write!(f, "void{n}"),
            (Kind::Record, _) => f.write_str("record"),
            (Kind::Array, _) => f.write_str("sub-array"),
        }
    }
}
