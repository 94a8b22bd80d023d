//! Records and sub-arrays: formats that consist of other formats.
//! They have a file of their own, because they live on the heap, and because their invariants are checked only here.

use super::{Format, Inner};
use crate::error::{Error, RecordError};
use crate::limits::{MAX_DEPTH, MAX_NDIM};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A field of a record: its name, its offset and its format.
///
/// # Examples
///
/// ```
/// use typedview::{Element, Field, Format};
///
/// let field = Field::new(Some("price"), 8, f64::format());
/// assert_eq!((field.name(), field.offset()), (Some("price"), 8));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    name: Option<Box<str>>,
    offset: usize,
    format: Format,
}

/// The fields and the size of a record.
///
/// - F1. No two fields share a byte or a name, and the fields are in the order of their bytes.
/// - F2. The last field ends inside `itemsize`, and `itemsize` fits `isize`.
/// - F3. There are at most 64 levels of records.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Record {
    pub(super) fields: Box<[Field]>,
    pub(super) itemsize: usize,
    levels: usize,
}

/// The shape, the item and the size of a sub-array.
///
/// - F4. There are 1 to 64 axes, and the item is not a sub-array.
/// - F5. `itemsize` fits `isize`, and so does the size that it would be if extents of 0 and an item size of 0 were 1.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct SubArray {
    pub(super) shape: Box<[usize]>,
    pub(super) item: Format,
    pub(super) itemsize: usize,
}

impl Field {
    /// Returns a field at `offset` bytes from the start of its record. An empty name counts as no name.
    ///
    /// See [`Field`] for an example.
    #[must_use]
    pub fn new(name: Option<&str>, offset: usize, format: Format) -> Self {
        Self::placed(name.filter(|name| !name.is_empty()), offset, format)
    }

    pub(super) fn placed(name: Option<&str>, offset: usize, format: Format) -> Self {
        Self { name: name.map(Box::from), offset, format }
    }

    /// The name of the field, if it has one.
    ///
    /// See [`Field`] for an example.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The number of bytes from the start of the record to the field.
    ///
    /// See [`Field`] for an example.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The format of the field.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Field};
    ///
    /// assert_eq!(*Field::new(Some("price"), 8, f64::format()).format(), f64::format());
    /// ```
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// Returns whether a format would show the field as padding: it is bytes without a meaning and without a name.
    fn is_padding(&self) -> bool {
        use crate::dtype::Kind;
        let item = self.format.subarray().map_or(&self.format, |(_, item)| item);
        self.name.is_none() && item.dtype().kind == Kind::Void
    }
}

impl Format {
    /// Returns the format of a record of `itemsize` bytes. Fields that are bytes without a meaning and without a name
    /// are left out.
    ///
    /// # Errors
    ///
    /// Fails when the fields are not in the order of their bytes, share bytes, or end outside the record. Fails when
    /// two fields have the same name, or when a name contains `:` or NUL. Fails when `itemsize` does not fit `isize`,
    /// or when records are more than 64 levels deep.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Field, Format};
    ///
    /// let count = Field::new(Some("count"), 0, u8::format());
    /// let price = Field::new(Some("price"), 8, f64::format());
    /// let record = Format::record([count, price], 16)?;
    /// assert_eq!(record.to_pep3118(), "T{B:count:7x=d:price:}");
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn record(fields: impl IntoIterator<Item = Field>, itemsize: usize) -> Result<Self, Error> {
        let fields: Vec<Field> = fields.into_iter().filter(|field| !field.is_padding()).collect();
        if isize::try_from(itemsize).is_err() {
            return Err(RecordError::TooLarge { itemsize }.into());
        }
        let (mut names, mut last_end) = (BTreeSet::new(), 0);
        for (i, field) in fields.iter().enumerate() {
            if let Some(name) = field.name() {
                if name.contains([':', '\0']) {
                    return Err(RecordError::Name { name: name.to_string() }.into());
                }
                if !names.insert(name) {
                    return Err(RecordError::NameTwice { name: name.to_string() }.into());
                }
            }
            if field.offset < last_end {
                return Err(RecordError::Overlap { field: i, offset: field.offset, end: last_end }.into());
            }
            last_end = field.offset.saturating_add(field.format.itemsize());
            if last_end > itemsize {
                return Err(RecordError::Outside { field: i, end: last_end, itemsize }.into());
            }
        }
        let record = Self::of_record(fields, itemsize);
        if record.levels() > MAX_DEPTH {
            return Err(RecordError::TooDeep { most: MAX_DEPTH }.into());
        }
        Ok(record)
    }

    /// Returns the format of a sub-array: one element that consists of items in this shape. If the item is a sub-array
    /// itself, its axes follow those of `shape`. If `shape` has no axes, returns the item.
    ///
    /// # Errors
    ///
    /// Fails when the sub-array is larger than the address space, where extents of 0 count as 1. Fails when it has more
    /// than 64 axes.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Format};
    ///
    /// let matrix = Format::array(&[2, 3], f64::format())?;
    /// assert_eq!(matrix, Format::parse(b"(2,3)d")?);
    /// assert_eq!(matrix.itemsize(), 48);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn array(shape: &[usize], item: Self) -> Result<Self, Error> {
        let itemsize = item.itemsize();
        let ndim = shape.len() + item.subarray().map_or(0, |(inner, _)| inner.len());
        if ndim > MAX_NDIM {
            return Err(RecordError::TooManyAxes { ndim, most: MAX_NDIM }.into());
        }
        let too_large = || RecordError::ArrayTooLarge { shape: shape.into(), itemsize };
        Self::of_array(shape, item).ok_or_else(too_large).map_err(Into::into)
    }

    /// Returns a record whose fields have been placed from the text of a format, or have been checked.
    pub(super) fn of_record(fields: Vec<Field>, itemsize: usize) -> Self {
        let levels = fields.iter().map(|field| field.format.levels()).max().unwrap_or(0) + 1;
        Self(Inner::Record(Arc::new(Record { fields: fields.into(), itemsize, levels })))
    }

    /// Returns a sub-array of at most 64 axes, or `None` if its size does not fit `isize`. Extents of 0 count as 1
    /// for that.
    pub(super) fn of_array(shape: &[usize], item: Self) -> Option<Self> {
        if shape.is_empty() {
            return Some(item);
        }
        let (shape, item) = match &item.0 {
            Inner::SubArray(inner) => ([shape, &inner.shape].concat(), inner.item.clone()),
            _ => (shape.to_vec(), item),
        };
        // An extent of 0 does not prevent an overflow by the other extents, because strides are computed from these
        // as well.
        let bytes = shape.iter().try_fold(item.itemsize().max(1), |bytes, &n| bytes.checked_mul(n.max(1)))?;
        isize::try_from(bytes).ok()?;
        let itemsize = shape.iter().fold(item.itemsize(), |bytes, n| bytes * n);
        Some(Self(Inner::SubArray(Arc::new(SubArray { shape: shape.into(), item, itemsize }))))
    }

    fn levels(&self) -> usize {
        match &self.0 {
            Inner::Scalar { .. } => 0,
            Inner::Record(record) => record.levels,
            Inner::SubArray(array) => array.item.levels(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;
    use alloc::format;

    fn byte(name: &str, offset: usize) -> Field {
        Field::new(Some(name), offset, u8::format())
    }

    #[test]
    fn each_record_that_cannot_be_has_its_sentence() {
        let double = Field::new(None, 4, f64::format());
        let cases = [
            (Format::record([byte("a:b", 0)], 1), "\"a:b\" is no name of a field: it holds ':' or NUL"),
            (Format::record([byte("a\0", 0)], 1), "\"a\\0\" is no name of a field: it holds ':' or NUL"),
            (Format::record([byte("a", 0), byte("a", 1)], 2), "two fields have the name \"a\""),
            (
                Format::record([double.clone(), byte("b", 8)], 16),
                "field 1 is at offset 8, but the field before it ends at 12",
            ),
            (Format::record([double], 8), "field 0 ends at 12, but the record has itemsize 8"),
            (
                Format::record([], usize::MAX),
                &*format!("a record with itemsize {} exceeds the address space", usize::MAX),
            ),
            (
                Format::array(&[usize::MAX, 0], u8::format()),
                &*format!(
                    "a sub-array with shape ({}, 0) and itemsize 1 exceeds the address space",
                    usize::MAX
                ),
            ),
            (
                Format::array(&[1; 40], Format::array(&[1; 25], u8::format()).unwrap()),
                "a sub-array of 65 axes has more than 64",
            ),
        ];
        for (made, text) in cases {
            assert_eq!(made.unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn there_are_64_levels_of_records() {
        let around = |inner: Format| {
            let itemsize = inner.itemsize();
            Format::record([Field::new(None, 0, inner)], itemsize)
        };
        let deepest = (0..64).try_fold(u8::format(), |inner, _| around(inner)).unwrap();
        assert_eq!(around(deepest).unwrap_err().to_string(), "records are more than 64 levels deep");
    }

    #[test]
    fn bytes_without_a_meaning_and_a_name_are_padding() {
        let void = Format::parse(b"3x").unwrap();
        let fields = [Field::new(None, 0, void.clone()), Field::new(Some("pad"), 3, void), byte("", 6)];
        let record = Format::record(fields, 8).unwrap();
        let names: Vec<_> = record.fields().unwrap().iter().map(Field::name).collect();
        assert_eq!(names, [Some("pad"), None]);
    }

    #[test]
    fn an_array_of_arrays_is_one_array() {
        let inner = Format::array(&[3], i16::format()).unwrap();
        let outer = Format::array(&[2], inner.clone()).unwrap();
        assert_eq!(outer, Format::array(&[2, 3], i16::format()).unwrap());
        assert_eq!(Format::array(&[], inner.clone()).unwrap(), inner);
    }
}
