//! Type codes: what one letter of a format says about the bytes of an element.
//! This is a table in both directions. The grammar around the letters is in `text`.

use super::mark::Mark;
use crate::dtype::{Dtype, Kind};
use core::ffi::{CStr, c_int, c_long, c_longlong, c_short};

/// A type code under the mark that is in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    pub(super) kind: Kind,
    /// The part whose bytes a byte order reverses, and that C aligns. It is half of a complex number, one character
    /// of a text, and the whole of any other code.
    unit: Unit,
    /// The number of units in one code.
    units: usize,
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    Bytes(usize),
    /// PEP 3118: `u` has 2 bytes. ctypes writes it for a `wchar_t`, which has 4 bytes on systems other than Windows.
    Wide,
}

/// Why a letter is not a type code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCode {
    Unknown,
    /// The code has a size in C but no standard size, and the mark asks for the standard size.
    NativeOnly,
    /// PEP 3118 has the code, but this crate does not support it.
    Unsupported(&'static str),
}

/// The size of C's `long double`, including the bytes that its alignment adds.
const LONG_DOUBLE: usize =
    if cfg!(any(target_env = "msvc", all(target_vendor = "apple", target_arch = "aarch64"))) {
        8
    } else if cfg!(all(target_arch = "x86", not(windows), not(target_vendor = "apple"))) {
        12
    } else {
        16
    };

impl Code {
    /// Reads the code that `text` starts with. Returns it and the number of its letters.
    pub(super) fn read(text: &[u8], mark: Mark) -> Result<(Self, usize), NoCode> {
        // struct: the native sizes of `h`, `i`, `l` and `q` are C's. Their standard sizes (after = < > !) are 2, 4, 4
        // and 8.
        let sized = |native: usize, standard: usize| if mark.has_native_sizes() { native } else { standard };
        let native_only =
            |unit: usize| if mark.has_native_sizes() { Ok(unit) } else { Err(NoCode::NativeOnly) };
        // ctypes writes `<g` for C's `long double` on this machine.
        let long_double = if mark.names_native_order() { Ok(LONG_DOUBLE) } else { native_only(LONG_DOUBLE) };
        let one = |kind, unit| Ok((Self { kind, unit: Unit::Bytes(unit), units: 1 }, 1));
        let complex =
            |unit, letters| Ok((Self { kind: Kind::Complex, unit: Unit::Bytes(unit), units: 2 }, letters));
        let int =
            |letter: u8, unit| one(if letter.is_ascii_lowercase() { Kind::Int } else { Kind::Uint }, unit);
        match *text {
            [c @ (b'b' | b'B'), ..] => int(c, 1),
            [c @ (b'h' | b'H'), ..] => int(c, sized(size_of::<c_short>(), 2)),
            [c @ (b'i' | b'I'), ..] => int(c, sized(size_of::<c_int>(), 4)),
            [c @ (b'l' | b'L'), ..] => int(c, sized(size_of::<c_long>(), 4)),
            [c @ (b'q' | b'Q'), ..] => int(c, sized(size_of::<c_longlong>(), 8)),
            [c @ (b'n' | b'N'), ..] => int(c, native_only(size_of::<usize>())?),
            [b'e', ..] => one(Kind::Float, 2),
            [b'f', ..] => one(Kind::Float, 4),
            [b'd', ..] => one(Kind::Float, 8),
            [b'g', ..] => one(Kind::Float, long_double?),
            // PEP 3118 writes `Zd`; struct and ctypes write `D` since Python 3.14.
            [b'Z', b'f', ..] => complex(4, 2),
            [b'Z', b'd', ..] => complex(8, 2),
            [b'Z', b'g', ..] => complex(long_double?, 2),
            [b'F', ..] => complex(4, 1),
            [b'D', ..] => complex(8, 1),
            [b'G', ..] => complex(long_double?, 1),
            [b'?', ..] => one(Kind::Bool, 1),
            [b'c' | b's', ..] => one(Kind::Bytes, 1),
            [b'u', ..] => Ok((Self { kind: Kind::Text, unit: Unit::Wide, units: 1 }, 1)),
            [b'w', ..] => one(Kind::Text, 4),
            [b'O', ..] => one(Kind::Object, size_of::<usize>()),
            [b'P', ..] => one(Kind::Pointer, size_of::<usize>()),
            [b'x', ..] => one(Kind::Void, 1),
            [b'&', ..] => Err(NoCode::Unsupported("a pointer to another type")),
            [b'X', ..] => Err(NoCode::Unsupported("a pointer to a function")),
            [b't', ..] => Err(NoCode::Unsupported("a bit field")),
            [b'p', ..] => Err(NoCode::Unsupported("a Pascal string")),
            _ => Err(NoCode::Unknown),
        }
    }

    /// Returns whether a count before the letter is a length, as in struct, and not a number of elements.
    pub(super) fn takes_length(letter: u8) -> bool {
        matches!(letter, b's' | b'u' | b'w' | b'x')
    }

    /// Returns whether the size is 2 or 4 bytes, which only the exporter's itemsize tells.
    pub(super) fn is_wide(self) -> bool {
        matches!(self.unit, Unit::Wide)
    }

    /// The number of bytes in one code, where a `u` has `wide` bytes.
    pub(super) fn itemsize(self, wide: usize) -> usize {
        self.unit(wide) * self.units
    }

    /// C's alignment of a unit in bytes, where a `u` has `wide` bytes.
    pub(super) fn align(self, wide: usize) -> usize {
        match self.unit(wide) {
            2 => align_of::<u16>(),
            4 => align_of::<u32>(),
            8 => align_of::<u64>(),
            12 => 4,
            16 => 16,
            _ => 1,
        }
    }

    fn unit(self, wide: usize) -> usize {
        match self.unit {
            Unit::Bytes(unit) => unit,
            Unit::Wide => wide,
        }
    }
}

/// Returns whether a dtype has a code only under a mark with C's sizes.
pub(super) fn is_native_only(dtype: Dtype) -> bool {
    matches!((dtype.kind, dtype.itemsize), (Kind::Float, 9..) | (Kind::Complex, 17..))
}

/// Returns whether the letters of a dtype say what it is.
pub(super) fn has_letters(dtype: Dtype) -> bool {
    dtype.kind == Kind::Void || letters(dtype, true).0 != c"x"
}

/// Returns the letters of a dtype, and its length if the letters take a length as their count. The letters are those
/// for C's sizes if `native_sizes`, and otherwise those for the standard sizes.
///
/// A dtype whose size no code has is written as bytes without a meaning.
pub(super) fn letters(dtype: Dtype, native_sizes: bool) -> (&'static CStr, Option<usize>) {
    const COMPLEX_LONG_DOUBLE: usize = 2 * LONG_DOUBLE;
    const POINTER: usize = size_of::<usize>();
    // NumPy calls an integer of 8 bytes `l` on Linux and `q` on Windows: the first code that has the size is the
    // usual name.
    let is_long = native_sizes && size_of::<c_long>() == 8;
    let letters = match (dtype.kind, dtype.itemsize) {
        (Kind::Int, 1) => c"b",
        (Kind::Int, 2) => c"h",
        (Kind::Int, 4) => c"i",
        (Kind::Int, 8) if is_long => c"l",
        (Kind::Int, 8) => c"q",
        (Kind::Uint, 1) => c"B",
        (Kind::Uint, 2) => c"H",
        (Kind::Uint, 4) => c"I",
        (Kind::Uint, 8) if is_long => c"L",
        (Kind::Uint, 8) => c"Q",
        (Kind::Float, 2) => c"e",
        (Kind::Float, 4) => c"f",
        (Kind::Float, 8) => c"d",
        (Kind::Float, n) if n == LONG_DOUBLE => c"g",
        (Kind::Complex, 8) => c"Zf",
        (Kind::Complex, 16) => c"Zd",
        (Kind::Complex, n) if n == COMPLEX_LONG_DOUBLE => c"Zg",
        (Kind::Bool, 1) => c"?",
        (Kind::Object, POINTER) => c"O",
        (Kind::Pointer, POINTER) => c"P",
        (Kind::Bytes, n) => return (c"s", Some(n)),
        (Kind::Text, n) if n % 4 == 0 => return (c"w", Some(n / 4)),
        (Kind::Text, n) if n % 2 == 0 => return (c"u", Some(n / 2)),
        (_, n) => return (c"x", Some(n)),
    };
    (letters, None)
}
