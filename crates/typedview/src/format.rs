//! PEP 3118 formats: the text an exporter gives for its elements.
//! Text only; whether the bytes may be read as a type is decided by [`Format::describes`].

#![forbid(unsafe_code)]

use crate::element::{Dtype, Element, Kind};
use crate::error::{Error, FormatError};
use alloc::string::String;
use core::ffi::{CStr, c_int, c_long, c_longlong, c_short};
use core::fmt;

/// What one format says: the element and its byte order.
///
/// # Limitations
///
/// One type code only, with a count where it gives a string its length; records and sub-arrays are
/// refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    dtype: Dtype,
    byte_order: ByteOrder,
}

/// The order of the bytes in an element, seen from this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// As this machine reads them; also every element of one byte.
    Native,
    /// The other way round.
    Swapped,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Format`](crate::ErrorKind::Format) with the column when a type code is unknown, and when the
    /// format is more than one type code.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// let native = if cfg!(target_endian = "little") { "<i" } else { ">i" };
    /// assert!(Format::parse(native.as_bytes())?.describes::<i32>());
    /// assert!(!Format::parse(b"f")?.describes::<i32>());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn parse(format: &[u8]) -> Result<Self, Error> {
        let text = || String::from_utf8_lossy(format).into_owned();
        if !format.is_ascii() {
            return Err(FormatError::NotAscii.into());
        }
        let (mark, rest) = match format.split_first() {
            Some((mark @ (b'@' | b'^' | b'=' | b'<' | b'>' | b'!'), rest)) => (*mark, rest),
            _ => (b'@', format),
        };
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let (count, code) = rest.split_at(digits);
        let column = format.len() - code.len() + 1;
        if code.is_empty() {
            return Err(FormatError::Empty.into());
        }
        let native_sizes = matches!(mark, b'@' | b'^');
        let Some((mut dtype, width)) = scalar(code, native_sizes) else {
            return Err(match code[0] {
                b'T' | b'(' | b'&' | b'X' | b' ' => FormatError::NotScalar { format: text() },
                _ => FormatError::UnknownCode { format: text(), column },
            }
            .into());
        };
        if code.len() != width {
            return Err(FormatError::NotScalar { format: text() }.into());
        }
        if digits > 0 {
            // struct: the count before `s` or `p` is a length, before other codes it repeats them.
            let counted = matches!(dtype.kind, Kind::Bytes | Kind::Text | Kind::Void);
            let total = parse_count(count).and_then(|n| n.checked_mul(dtype.itemsize));
            match total {
                Some(itemsize) if counted || itemsize == dtype.itemsize => dtype.itemsize = itemsize,
                _ => return Err(FormatError::NotScalar { format: text() }.into()),
            }
        }
        let little = match mark {
            b'<' => true,
            b'>' | b'!' => false,
            _ => cfg!(target_endian = "little"),
        };
        let swapped = little != cfg!(target_endian = "little") && dtype.itemsize > 1;
        let byte_order = if swapped { ByteOrder::Swapped } else { ByteOrder::Native };
        Ok(Self { dtype, byte_order })
    }

    /// Reads the format of an exporter whose elements are `itemsize` bytes apart.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and when format and itemsize disagree: ctypes calls a union `B` and gives its true
    /// itemsize.
    pub fn parse_sized(format: &[u8], itemsize: usize) -> Result<Self, Error> {
        let found = Self::parse(format)?;
        if found.dtype.itemsize != itemsize {
            let format = String::from_utf8_lossy(format).into_owned();
            return Err(FormatError::Itemsize { format, size: found.dtype.itemsize, itemsize }.into());
        }
        Ok(found)
    }

    /// Whether the bytes are a native `T`: kind, size and byte order agree.
    #[must_use]
    pub fn describes<T: Element>(&self) -> bool {
        self.dtype == T::DTYPE && self.byte_order == ByteOrder::Native
    }

    /// What the element is, byte order aside.
    #[must_use]
    pub const fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The byte order of the element.
    #[must_use]
    pub const fn byte_order(&self) -> ByteOrder {
        self.byte_order
    }

    /// The format of a native `T`.
    #[must_use]
    pub const fn native<T: Element>() -> Self {
        Self { dtype: T::DTYPE, byte_order: ByteOrder::Native }
    }

    /// The type code to export elements of type `T` with, native and NUL-terminated.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Format;
    ///
    /// assert_eq!(Format::of::<f64>(), c"d");
    /// assert_eq!(Format::of::<i16>(), c"h");
    /// ```
    #[must_use]
    pub fn of<T: Element>() -> &'static CStr {
        // NumPy calls the 8 bytes of Linux `l`, Windows' `q`: the first code that fits is the common name.
        let Dtype { kind, itemsize } = T::DTYPE;
        match (kind, itemsize) {
            (Kind::Int, 1) => c"b",
            (Kind::Int, 2) => c"h",
            (Kind::Int, 4) => c"i",
            (Kind::Int, 8) if size_of::<c_long>() == 8 => c"l",
            (Kind::Int, 8) => c"q",
            (Kind::Uint, 1) => c"B",
            (Kind::Uint, 2) => c"H",
            (Kind::Uint, 4) => c"I",
            (Kind::Uint, 8) if size_of::<c_long>() == 8 => c"L",
            (Kind::Uint, 8) => c"Q",
            (Kind::Float, 4) => c"f",
            (Kind::Float, 8) => c"d",
            _ => unreachable!("no element has this dtype"),
        }
    }
}

/// A native element.
impl From<Dtype> for Format {
    fn from(dtype: Dtype) -> Self {
        Self { dtype, byte_order: ByteOrder::Native }
    }
}

/// The name of the element, with its byte order where that is not this machine's.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.byte_order == ByteOrder::Swapped {
            f.write_str(if cfg!(target_endian = "little") { "big-endian " } else { "little-endian " })?;
        }
        self.dtype.fmt(f)
    }
}

/// The element and the length of the type code that `code` starts with.
fn scalar(code: &[u8], native_sizes: bool) -> Option<(Dtype, usize)> {
    // struct: native sizes are C's, standard ones (after = < > !) are 2, 4, 4 and 8.
    let sized = |native: usize, standard: usize| if native_sizes { native } else { standard };
    let one = |kind, itemsize| Some((Dtype { kind, itemsize }, 1));
    let int =
        |code: u8, itemsize| one(if code.is_ascii_lowercase() { Kind::Int } else { Kind::Uint }, itemsize);
    match *code {
        [c @ (b'b' | b'B'), ..] => int(c, 1),
        [c @ (b'h' | b'H'), ..] => int(c, sized(size_of::<c_short>(), 2)),
        [c @ (b'i' | b'I'), ..] => int(c, sized(size_of::<c_int>(), 4)),
        [c @ (b'l' | b'L'), ..] => int(c, sized(size_of::<c_long>(), 4)),
        [c @ (b'q' | b'Q'), ..] => int(c, sized(size_of::<c_longlong>(), 8)),
        [c @ (b'n' | b'N'), ..] if native_sizes => int(c, size_of::<usize>()),
        [b'e', ..] => one(Kind::Float, 2),
        [b'f', ..] => one(Kind::Float, 4),
        [b'd', ..] => one(Kind::Float, 8),
        [b'g', ..] if native_sizes => one(Kind::Float, 16),
        [b'Z', part @ (b'f' | b'd' | b'g'), ..] => {
            let (real, _) = scalar(&[part], native_sizes)?;
            Some((Dtype { kind: Kind::Complex, itemsize: real.itemsize * 2 }, 2))
        }
        [b'?', ..] => one(Kind::Bool, 1),
        [b'c' | b's' | b'p', ..] => one(Kind::Bytes, 1),
        [b'u', ..] => one(Kind::Text, 2),
        [b'w', ..] => one(Kind::Text, 4),
        [b'O', ..] => one(Kind::Object, size_of::<usize>()),
        [b'P', ..] => one(Kind::Pointer, size_of::<usize>()),
        [b'x', ..] => one(Kind::Void, 1),
        _ => None,
    }
}

fn parse_count(digits: &[u8]) -> Option<usize> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn shown(format: &str) -> String {
        match Format::parse(format.as_bytes()) {
            Ok(found) => found.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn native_and_standard_sizes_differ_for_long() {
        assert_eq!(Format::parse(b"l").unwrap().dtype().itemsize(), size_of::<c_long>());
        assert_eq!(Format::parse(b"=l").unwrap().dtype().itemsize(), 4);
    }

    #[test]
    fn l_and_q_both_describe_i64_where_long_has_8_bytes() {
        assert!(Format::parse(b"q").unwrap().describes::<i64>());
        assert_eq!(Format::parse(b"l").unwrap().describes::<i64>(), size_of::<c_long>() == 8);
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn a_foreign_byte_order_never_describes_an_element() {
        for format in [">d", "!d"] {
            assert!(!Format::parse(format.as_bytes()).unwrap().describes::<f64>());
        }
        assert_eq!(shown(">d"), "big-endian double");
        assert!(Format::parse(b"<d").unwrap().describes::<f64>());
    }

    #[test]
    fn one_byte_has_no_byte_order() {
        for format in ["<B", ">B", "=B", "B"] {
            assert!(Format::parse(format.as_bytes()).unwrap().describes::<u8>());
        }
    }

    #[test]
    fn bool_bytes_and_text_are_no_numbers() {
        for format in ["?", "c", "s", "3s", "w", "2w", "O", "P", "4x", "Zd", "e", "g"] {
            let found = Format::parse(format.as_bytes()).unwrap();
            assert!(!found.describes::<u8>() && !found.describes::<i8>() && !found.describes::<f64>());
        }
        assert_eq!(shown("3s"), "bytes3");
        assert_eq!(shown("Zd"), "double complex");
    }

    #[test]
    fn malformed_formats_are_refused_by_name() {
        let cases = [
            ("", "format '' names no element"),
            ("<", "format '' names no element"),
            ("y", "format 'y': unknown type code at column 1"),
            ("<3y", "format '<3y': unknown type code at column 3"),
            ("<g", "format '<g': unknown type code at column 2"),
            ("Zq", "format 'Zq': unknown type code at column 1"),
            ("T{d:a:}", "format 'T{d:a:}' is more than a single number; pass one field or axis of it"),
            ("dd", "format 'dd' is more than a single number; pass one field or axis of it"),
            ("2d", "format '2d' is more than a single number; pass one field or axis of it"),
            ("(2,3)d", "format '(2,3)d' is more than a single number; pass one field or axis of it"),
            (
                "2305843009213693953d",
                "format '2305843009213693953d' is more than a single number; pass one field or axis of it",
            ),
            (
                "99999999999999999999999s",
                "format '99999999999999999999999s' is more than a single number; pass one field or axis of it",
            ),
            ("é", "the format is not ASCII"),
        ];
        for (format, message) in cases {
            assert_eq!(shown(format), message);
        }
    }

    #[test]
    fn an_itemsize_that_contradicts_the_format_is_refused() {
        let error = Format::parse_sized(b"B", 8).unwrap_err();
        assert_eq!(error.to_string(), "format 'B' has itemsize 1, but the exporter says 8");
    }

    #[test]
    fn an_exported_format_describes_its_element() {
        fn holds<T: Element>() {
            assert!(Format::parse(Format::of::<T>().to_bytes()).unwrap().describes::<T>());
        }
        holds::<i8>();
        holds::<i16>();
        holds::<i32>();
        holds::<i64>();
        holds::<isize>();
        holds::<u8>();
        holds::<u16>();
        holds::<u32>();
        holds::<u64>();
        holds::<usize>();
        holds::<f32>();
        holds::<f64>();
    }
}
