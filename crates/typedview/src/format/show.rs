//! Showing formats: the text of a format in spec notation, for messages and `repr`.
//! It is separate from `write`, because this text is for people: it is short, and does not contain offsets.

use super::{ByteOrder, Format, Inner};
use core::fmt;

/// The largest number of fields of one record that are shown.
const MOST_FIELDS: usize = 8;
/// The largest number of levels of nested records whose fields are shown.
const MOST_RECORDS: usize = 3;

/// Shows the name of the element in spec notation, with its byte order if that is not this machine's.
///
/// # Examples
///
/// ```
/// use typedview::Format;
///
/// assert_eq!(Format::parse(b"Zd")?.to_string(), "double complex");
/// assert_eq!(Format::parse(b"T{i:a:(2,3)d:b:}")?.to_string(), "record{int32 a, (2, 3)double b}");
/// # Ok::<(), typedview::Error>(())
/// ```
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, MOST_RECORDS)
    }
}

impl Format {
    fn show(&self, f: &mut fmt::Formatter<'_>, records: usize) -> fmt::Result {
        match &self.0 {
            Inner::Scalar { dtype, byte_order } => {
                if *byte_order == ByteOrder::Swapped {
                    f.write_str(if cfg!(target_endian = "little") {
                        "big-endian "
                    } else {
                        "little-endian "
                    })?;
                }
                write!(f, "{dtype}")
            }
            Inner::Record(_) if records == 0 => f.write_str("record{...}"),
            Inner::Record(record) => {
                f.write_str("record{")?;
                for (i, field) in record.fields.iter().enumerate().take(MOST_FIELDS) {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    field.format().show(f, records - 1)?;
                    if let Some(name) = field.name() {
                        // The name is escaped, so that the text is on one line whatever the name contains.
                        write!(f, " {}", name.escape_debug())?;
                    }
                }
                f.write_str(if record.fields.len() > MOST_FIELDS { ", ...}" } else { "}" })
            }
            Inner::SubArray(array) => {
                for (i, extent) in array.shape.iter().enumerate() {
                    write!(f, "{}{extent}", if i == 0 { "(" } else { ", " })?;
                }
                f.write_str(")")?;
                array.item.show(f, records)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn each_kind_has_its_notation() {
        let foreign = if cfg!(target_endian = "little") { ">" } else { "<" };
        let order = if cfg!(target_endian = "little") { "big-endian" } else { "little-endian" };
        let cases = [
            ("d", "double"),
            ("3s", "bytes3"),
            ("2i", "(2)int32"),
            ("(2,3)d", "(2, 3)double"),
            ("T{}", "record{}"),
            ("T{i:a:dH:c:}", "record{int32 a, double, uint16 c}"),
            ("T{(2)T{f:x:}:points:}", "record{(2)record{float x} points}"),
            ("9b", "(9)int8"),
            ("bbbbbbbbb", "record{int8, int8, int8, int8, int8, int8, int8, int8, ...}"),
            ("T{T{T{T{d:x:}:a:}:b:}:c:}", "record{record{record{record{...} a} b} c}"),
        ];
        for (format, shown) in cases {
            assert_eq!(Format::parse(format.as_bytes()).unwrap().to_string(), shown);
        }
        let swapped = Format::parse(alloc::format!("T{{{foreign}d:a:B:b:}}").as_bytes()).unwrap();
        assert_eq!(swapped.to_string(), alloc::format!("record{{{order} double a, uint8 b}}"));
    }
}
