//! PEP 3118 formats: the text with which an exporter describes its elements.
//! Only text and sizes are handled here. [`Format::describes`] decides whether the bytes may be read as a type.

#![forbid(unsafe_code)]

mod code;
mod difference;
mod mark;
mod place;
mod reading;
mod record;
mod show;
mod text;
mod write;

use crate::dtype::{Dtype, Kind};
use crate::error::{Error, FormatError};
use alloc::sync::Arc;
use core::ffi::CStr;
use record::{Record, SubArray};

pub use difference::FormatDifference;
pub use mark::ByteOrder;
pub use record::Field;

/// What a format says about an element: it is a number, a record of fields with their offsets, or a sub-array of
/// either.
///
/// | text | what it is |
/// |---|---|
/// | `d`, `<i`, `>Zd`, `5s`, `3w` | one element: a number with its byte order, or a text with its length |
/// | `T{B:a:=d:b:}`, `T{B:a:xxxxxxxd:b:}` | a record, packed or with padding; its fields may be records |
/// | `2i`, `(2,3)d`, `(2)T{h:x:h:y:}` | one element that is a sub-array |
/// | `ih`, `i:a:h:b:` | several items, which are a record, too |
///
/// A byte-order mark holds until the next mark, also across brackets, as NumPy and ctypes write them. `@` aligns as C
/// does, and pads a record at its end. White space may precede an item. `x` is padding, but it is a field if it has a
/// name.
///
/// A number needs no memory besides the value itself. Records and sub-arrays share their memory when they are cloned.
///
/// # Rationale
///
/// Exporters leave padding out of the text, each in its own way. [`parse_sized`](Self::parse_sized) takes the
/// exporter's itemsize to find out which way was meant. There are three readings: that of PEP 3118, that of NumPy
/// (all padding is written, except at the end of a record) and that of ctypes before Python 3.12 (no padding is
/// written). If two readings fit the itemsize and differ, the format is refused. For example,
/// `T{T{d:a:B:b:}:r:xxxxxxxB:c:}` with itemsize 24 may have `c` at offset 16, as NumPy means it, or at offset 23.
///
/// # Limitations
///
/// - Pointers to types (`&`), functions (`X{}`), bit fields (`t`) and Pascal strings (`p`) are refused.
/// - Records that follow each other in a sub-array are packed, or padded as C pads them. NumPy can space them in other
///   ways, but has no text for that.
/// - A text of 2 bytes per character is told from a text of 4 bytes per character by its size alone.
///
/// # Examples
///
/// ```
/// use typedview::{ByteOrder, Element, Format, Kind};
///
/// let record = Format::parse(b"T{B:count:(3)d:prices:}")?;
/// let prices = record.field("prices").unwrap();
/// assert_eq!((record.dtype().kind(), record.itemsize(), record.fields().unwrap().len()), (Kind::Record, 32, 2));
/// assert_eq!((prices.name(), prices.offset()), (Some("prices"), 8));
/// let (shape, item) = prices.format().subarray().unwrap();
/// assert_eq!((shape, item.as_scalar()), (&[3][..], Some((f64::DTYPE, ByteOrder::Native))));
/// assert_eq!(item.byte_order(), ByteOrder::Native);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Format(Inner);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Inner {
    Scalar { dtype: Dtype, byte_order: ByteOrder },
    Record(Arc<Record>),
    SubArray(Arc<SubArray>),
}

impl Format {
    /// Reads a format by its codes alone.
    ///
    /// # Errors
    ///
    /// Fails with [`ErrorKind::Format`](crate::ErrorKind::Format) when the format is malformed, or contains something
    /// that is not supported. The message names the column, counted in characters from 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// let native = if cfg!(target_endian = "little") { "<i" } else { ">i" };
    /// assert!(Format::parse(native.as_bytes())?.describes::<i32>());
    /// assert!(!Format::parse(b"f")?.describes::<i32>());
    ///
    /// let record = Format::parse(b"T{B:count:d:price:}")?;
    /// assert_eq!(record.to_string(), "record{uint8 count, double price}");
    /// assert_eq!(record.field("price").unwrap().offset(), 8);
    ///
    /// let error = Format::parse(b"T{d:a:").unwrap_err();
    /// assert_eq!(error.to_string(), "format 'T{d:a:': 'T{' at column 1 is not closed");
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn parse(format: &[u8]) -> Result<Self, Error> {
        reading::by_codes(format).map_err(|fault| FormatError::new(fault, format).into())
    }

    /// Reads the format of an exporter whose elements have `itemsize` bytes. The itemsize decides where the codes leave
    /// more than one reading.
    ///
    /// # Errors
    ///
    /// Fails when [`parse`](Self::parse) fails. Fails when the format and the itemsize disagree: ctypes, for example,
    /// calls a union `B` and gives its true itemsize. Fails when two readings of the format have the itemsize and
    /// differ.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// // struct's size of two items, and NumPy's.
    /// assert_eq!(Format::parse_sized(b"di", 12)?.itemsize(), 12);
    /// assert_eq!(Format::parse_sized(b"di", 16)?.itemsize(), 16);
    ///
    /// let error = Format::parse_sized(b"T{d:a:i:b:}", 10).unwrap_err();
    /// let text = "format 'T{d:a:i:b:}' has itemsize 12 or 16, but the exporter says 10";
    /// assert_eq!(error.to_string(), text);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn parse_sized(format: &[u8], itemsize: usize) -> Result<Self, Error> {
        reading::by_itemsize(format, itemsize).map_err(|fault| FormatError::new(fault, format).into())
    }

    /// Reads the format as [`parse_sized`](Self::parse_sized) does. If that does not tell which reading is meant,
    /// returns the reading that agrees with `meant`, if there is one.
    ///
    /// `meant` comes from the dtype of an array, or from the element that is asked for. Both know where the fields are.
    ///
    /// # Errors
    ///
    /// Fails as [`parse_sized`](Self::parse_sized) does, when no reading agrees with `meant`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Field, Format};
    ///
    /// let text = b"T{T{d:a:B:b:}:r:xxxxxxxB:c:}";
    /// let inner = [Field::new(Some("a"), 0, f64::format()), Field::new(Some("b"), 8, u8::format())];
    /// let inner = Format::record(inner, 16)?;
    /// let outer = [Field::new(Some("r"), 0, inner), Field::new(Some("c"), 16, u8::format())];
    /// let meant = Format::record(outer, 24)?;
    /// assert!(Format::parse_sized(text, 24).is_err());
    /// assert_eq!(Format::parse_sized_as(text, 24, &meant)?.field("c").unwrap().offset(), 16);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn parse_sized_as(format: &[u8], itemsize: usize, meant: &Self) -> Result<Self, Error> {
        Self::parse_sized(format, itemsize)
            .or_else(|error| reading::by_meaning(format, itemsize, meant).ok_or(error))
    }

    /// Returns whether ctypes may have written the format. If so, the ctypes type says more than the format, because
    /// unions, packed structs, bit fields and the fields of a base class are missing from the text that ctypes writes.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// assert!(Format::may_be_of_ctypes(b"T{<q:a:B:u:<B:b:}"));
    /// assert!(!Format::may_be_of_ctypes(b"T{q:a:B:b:}"));
    /// ```
    #[must_use]
    pub fn may_be_of_ctypes(format: &[u8]) -> bool {
        reading::may_be_of_ctypes(format)
    }

    /// Returns the format of a number, or of another element without parts.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{ByteOrder, Element, Format};
    ///
    /// assert_eq!(Format::scalar(f64::DTYPE, ByteOrder::Native).to_string(), "double");
    /// ```
    #[must_use]
    pub const fn scalar(dtype: Dtype, byte_order: ByteOrder) -> Self {
        Self(Inner::Scalar { dtype, byte_order })
    }

    /// Returns the dtype and byte order of a number or another element without parts, or `None` for other formats.
    ///
    /// See [`Format`] for an example.
    #[inline]
    #[must_use]
    pub const fn as_scalar(&self) -> Option<(Dtype, ByteOrder)> {
        match self.0 {
            Inner::Scalar { dtype, byte_order } => Some((dtype, byte_order)),
            _ => None,
        }
    }

    /// Returns the NUL-terminated text of a number in native byte order, or `None` for other formats.
    /// [`to_pep3118`](Self::to_pep3118) returns the text of all formats.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Format};
    ///
    /// assert_eq!(f64::format().code(), Some(c"d"));
    /// assert_eq!(Format::parse(b"T{d:x:d:y:}")?.code(), None);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn code(&self) -> Option<&'static CStr> {
        match self.as_scalar()? {
            (dtype, ByteOrder::Native) => match code::letters(dtype, true) {
                (code, None) => Some(code),
                (_, Some(_)) => None,
            },
            _ => None,
        }
    }

    /// Returns whether PEP 3118 can say what the elements are. It cannot say that they are dates, spans of time or
    /// `bfloat16`.
    ///
    /// [`to_pep3118`](Self::to_pep3118) writes elements for which PEP 3118 has no code as bytes without a meaning.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{ByteOrder, Dtype, Format, Kind, TimeBase, TimeUnit};
    ///
    /// let days = Dtype::new(Kind::Datetime(TimeUnit::new(TimeBase::Day, 1)), 8);
    /// let days = Format::scalar(days, ByteOrder::Native);
    /// assert_eq!((days.has_pep3118(), days.to_pep3118()), (false, "8x".to_string()));
    /// assert!(Format::parse(b"(2)T{d:a:}")?.has_pep3118());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn has_pep3118(&self) -> bool {
        match &self.0 {
            Inner::Scalar { dtype, .. } => code::has_letters(*dtype),
            Inner::Record(record) => record.fields.iter().all(|field| field.format().has_pep3118()),
            Inner::SubArray(array) => array.item.has_pep3118(),
        }
    }

    /// Returns what the element is, without its byte order. For a record or a sub-array, it only says that the
    /// element is one, and its size.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        match &self.0 {
            Inner::Scalar { dtype, .. } => *dtype,
            Inner::Record(record) => Dtype { kind: Kind::Record, itemsize: record.itemsize },
            Inner::SubArray(array) => Dtype { kind: Kind::Array, itemsize: array.itemsize },
        }
    }

    /// The size of the element in bytes.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn itemsize(&self) -> usize {
        self.dtype().itemsize
    }

    /// Returns the byte order of the element. For a sub-array, it is that of the items. For a record, it is native,
    /// because each field has its own byte order.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn byte_order(&self) -> ByteOrder {
        match &self.0 {
            Inner::Scalar { byte_order, .. } => *byte_order,
            Inner::Record(_) => ByteOrder::Native,
            Inner::SubArray(array) => array.item.byte_order(),
        }
    }

    /// Returns the fields of a record in the order of their bytes, or `None` for other formats.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn fields(&self) -> Option<&[Field]> {
        match &self.0 {
            Inner::Record(record) => Some(&record.fields),
            _ => None,
        }
    }

    /// Returns the field of a record with this name, or `None` if there is no such field.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields()?.iter().find(|field| field.name() == Some(name))
    }

    /// Returns the shape and the item of a sub-array, or `None` for other formats. The item is not a sub-array itself.
    ///
    /// See [`Format`] for an example.
    #[must_use]
    pub fn subarray(&self) -> Option<(&[usize], &Self)> {
        match &self.0 {
            Inner::SubArray(array) => Some((&array.shape, &array.item)),
            _ => None,
        }
    }
}

/// Converts a dtype to the format of an element in native byte order. For a record or a sub-array, a dtype has only the
/// size, so the format is that many bytes without a meaning.
impl From<Dtype> for Format {
    fn from(dtype: Dtype) -> Self {
        let kind = match dtype.kind {
            Kind::Record | Kind::Array => Kind::Void,
            kind => kind,
        };
        Self::scalar(Dtype { kind, ..dtype }, ByteOrder::Native)
    }
}
