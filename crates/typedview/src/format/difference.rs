//! Differences: whether the bytes of one format can be read as another, and if not, the field and the offset of the first
//! difference. This is looser than `==`: a field without a name matches any name, and `5s` matches five bytes.

use super::{ByteOrder, Field, Format, Inner};
use crate::dtype::{Dtype, Kind};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// The first difference between a format and the format that was wanted.
///
/// Its text is, for example, `expected double but got float in field price.close at offset 32`.
///
/// See [`Format::difference`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatDifference {
    wanted: String,
    found: String,
    /// The names from the outermost record to the field. A field without a name has its number. It is empty outside of
    /// records.
    field: String,
    /// It is `None` if the difference is about an offset or an itemsize itself.
    offset: Option<usize>,
}

impl Format {
    /// Returns the first difference between this format and `wanted`, or `None` if elements of this format can be
    /// read as elements of `wanted`.
    ///
    /// A byte string or void of `n` bytes can be read as `n` bytes. Void of 2 bytes can be read as `bfloat16`, for
    /// which PEP 3118 has no code. Names are compared if both fields have one. The size of a record inside a record
    /// is not compared, because it does not move any field. The size of records in a sub-array is compared.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// let wanted = Format::parse(b"T{l:id:T{d:open:d:close:}:price:}")?;
    /// let found = Format::parse(b"T{l:id:T{d:open:f:close:}:price:}")?;
    /// assert_eq!(
    ///     found.difference(&wanted).unwrap().to_string(),
    ///     "expected double but got float in field price.close at offset 16",
    /// );
    /// assert_eq!(found.difference(&found), None);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn difference(&self, wanted: &Self) -> Option<FormatDifference> {
        self.other_element(wanted, 0).or_else(|| self.other_itemsize(wanted))
    }

    /// Returns the first difference between the elements, which begin at `offset`. The itemsize is not compared.
    fn other_element(&self, wanted: &Self, offset: usize) -> Option<FormatDifference> {
        match (&self.0, &wanted.0) {
            (Inner::Record(found), Inner::Record(wanted)) => {
                let pairs = found.fields.iter().zip(&wanted.fields).enumerate();
                let mut differences =
                    pairs.filter_map(|(number, (found, wanted))| found.other_field(wanted, offset, number));
                differences.next().or_else(|| other_count(&found.fields, &wanted.fields, offset))
            }
            (Inner::SubArray(found), Inner::SubArray(wanted)) if found.shape == wanted.shape => {
                // The sub-array has no bytes, so there is nothing to read.
                if found.shape.contains(&0) {
                    return None;
                }
                let (found, wanted) = (&found.item, &wanted.item);
                found.other_element(wanted, offset).or_else(|| found.other_itemsize(wanted))
            }
            _ if self == wanted || self.is_read_as(wanted) => None,
            _ => Some(FormatDifference::new(wanted.to_string(), self.to_string(), Some(offset))),
        }
    }

    /// Returns whether bytes whose format says less can be read as `wanted`. A byte string or void can be read as
    /// that many bytes. Void can be read as `bfloat16`, because the arrays of `ml_dtypes` say no more than that about
    /// themselves.
    fn is_read_as(&self, wanted: &Self) -> bool {
        let (shape, item) = self.subarray().unwrap_or((&[], self));
        match (item.dtype(), &wanted.0) {
            (Dtype { kind: Kind::Bytes | Kind::Void, itemsize }, Inner::SubArray(wanted)) => {
                let byte = Dtype { kind: Kind::Uint, itemsize: 1 };
                wanted.item.dtype() == byte && wanted.shape.split_last() == Some((&itemsize, shape))
            }
            (Dtype { kind: Kind::Void, itemsize }, &Inner::Scalar { dtype, byte_order }) => {
                shape.is_empty()
                    && dtype == Dtype { kind: Kind::Bfloat, itemsize }
                    && byte_order == ByteOrder::Native
            }
            _ => false,
        }
    }

    fn other_itemsize(&self, wanted: &Self) -> Option<FormatDifference> {
        let (wanted, found) = (wanted.itemsize(), self.itemsize());
        let named = |itemsize: usize| format!("itemsize {itemsize}");
        (wanted != found).then(|| FormatDifference::new(named(wanted), named(found), None))
    }
}

impl Field {
    /// Returns the first difference between two fields. `base` is the offset at which their record begins, and
    /// `number` is the number of the field, counted from 0.
    fn other_field(&self, wanted: &Self, base: usize, number: usize) -> Option<FormatDifference> {
        let offset = base + self.offset();
        if let (Some(wanted), Some(found)) = (wanted.name(), self.name())
            && wanted != found
        {
            let (wanted, found) =
                (format!("field {}", wanted.escape_debug()), format!("field {}", found.escape_debug()));
            return Some(FormatDifference::new(wanted, found, Some(offset)));
        }
        let difference = if self.offset() == wanted.offset() {
            self.format().other_element(wanted.format(), offset)?
        } else {
            let named = |field: &Self| format!("offset {}", base + field.offset());
            FormatDifference::new(named(wanted), named(self), None)
        };
        let name = self.name().or(wanted.name());
        let name = name.map_or_else(|| number.to_string(), |name| name.escape_debug().to_string());
        Some(difference.inside(name))
    }
}

/// Returns the difference between two records of which one has more fields, and whose other fields are equal.
fn other_count(found: &[Field], wanted: &[Field], base: usize) -> Option<FormatDifference> {
    let named = |field: &Field| match field.name() {
        Some(name) => format!("{} {}", field.format(), name.escape_debug()),
        None => field.format().to_string(),
    };
    let (wanted, found) = (wanted.get(found.len()), found.get(wanted.len()));
    let offset = base + wanted.or(found)?.offset();
    let end = || "no more fields".to_string();
    Some(FormatDifference::new(wanted.map_or_else(end, named), found.map_or_else(end, named), Some(offset)))
}

impl FormatDifference {
    fn new(wanted: String, found: String, offset: Option<usize>) -> Self {
        Self { wanted, found, field: String::new(), offset }
    }

    /// Returns the same difference, seen from the record that has the field `name`.
    fn inside(mut self, name: String) -> Self {
        self.field = if self.field.is_empty() { name } else { format!("{name}.{}", self.field) };
        self
    }

    /// Returns what was wanted, what was found, and where, such as ` in field a at offset 4`.
    pub(super) fn into_parts(self) -> (String, String, String) {
        let place = self.place();
        (self.wanted, self.found, place)
    }

    fn place(&self) -> String {
        let field = if self.field.is_empty() { String::new() } else { format!(" in field {}", self.field) };
        match self.offset {
            // The difference is about the element as a whole, so there is nothing to add.
            Some(0) if self.field.is_empty() => field,
            Some(offset) => format!("{field} at offset {offset}"),
            None => field,
        }
    }
}

impl fmt::Display for FormatDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} but got {}{}", self.wanted, self.found, self.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(found: &str, wanted: &str) -> String {
        let parse = |format: &str| Format::parse(format.as_bytes()).unwrap();
        let difference = parse(found).difference(&parse(wanted));
        difference.map_or_else(|| "same".to_string(), |difference| difference.to_string())
    }

    #[test]
    fn each_difference_has_its_sentence() {
        let cases = [
            ("f", "d", "expected double but got float"),
            ("d", "T{d:a:}", "expected record{double a} but got double"),
            ("2d", "3d", "expected (3)double but got (2)double"),
            ("5s", "5B", "same"),
            ("(2)3x", "(2,3)B", "same"),
            ("T{5x:a:}", "T{5B:a:}", "same"),
            ("5B", "5s", "expected bytes5 but got (5)uint8"),
            ("4s", "5B", "expected (5)uint8 but got bytes4"),
            ("5s", "5b", "expected (5)int8 but got bytes5"),
            (
                "T{l:id:T{3d:open:f:close:}:price:}",
                "T{l:id:T{3d:open:d:close:}:price:}",
                "expected double but got float in field price.close at offset 32",
            ),
            ("T{i:a:i:b:}", "T{i:a:f:b:}", "expected float but got int32 in field b at offset 4"),
            ("T{i:a:i:c:}", "T{i:a:i:b:}", "expected field b but got field c at offset 4"),
            (
                "T{i:r:T{i:a:}:s:}",
                "T{i:r:T{i:b:}:s:}",
                "expected field b but got field a in field s at offset 4",
            ),
            ("T{B:a:=i:b:}", "T{B:a:i:b:}", "expected offset 4 but got offset 1 in field b"),
            ("T{i:a:}", "T{i:a:h:b:}", "expected int16 b but got no more fields at offset 4"),
            ("T{i:a:h:b:}", "T{i:a:}", "expected no more fields but got int16 b at offset 4"),
            ("T{=i:a:h:b:}", "T{=i:a:h:b:2x}", "expected itemsize 8 but got itemsize 6"),
            (
                "T{(2)T{=i:x:h:y:}:p:4x}",
                "T{(2)T{=i:x:h:y:2x}:p:}",
                "expected itemsize 8 but got itemsize 6 in field p",
            ),
            ("T{(2)T{i:x:}:p:}", "T{(2)T{f:x:}:p:}", "expected float but got int32 in field p.x at offset 0"),
            ("T{i:a:if}", "T{i:a:ii}", "expected int32 but got float in field 2 at offset 8"),
            // These differences do not move any field.
            ("T{ii:b:}", "T{i:a:i}", "same"),
            ("T{T{=i:x:h:y:}:p:2x}", "T{T{=i:x:h:y:2x}:p:}", "same"),
            ("(0)d", "(0)f", "same"),
            ("(0)d", "(0,1)d", "expected (0, 1)double but got (0)double"),
        ];
        for (found, wanted, text) in cases {
            assert_eq!(said(found, wanted), text, "{found} {wanted}");
        }
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn a_foreign_byte_order_is_a_difference() {
        assert_eq!(
            said("T{>d:a:}", "T{d:a:}"),
            "expected double but got big-endian double in field a at offset 0"
        );
    }
}
