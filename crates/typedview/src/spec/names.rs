//! The names of elements: the names that C, NumPy and Rust use for the same few dtypes.
//! This table is apart from the grammar of specs. Every name that a message shows can be parsed again.

use crate::element::{Dtype, Kind, TimeUnit};
use crate::format::{ByteOrder, Format};
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ffi::{c_int, c_long, c_longlong, c_short};

const POINTER: usize = size_of::<usize>();

/// The names that imply a size. The words of a name are separated by one space.
const NAMES: [(&str, Kind, usize); 67] = [
    // Names of C and Cython.
    ("char", Kind::Int, 1),
    ("signed char", Kind::Int, 1),
    ("short", Kind::Int, size_of::<c_short>()),
    ("int", Kind::Int, size_of::<c_int>()),
    ("long", Kind::Int, size_of::<c_long>()),
    ("long long", Kind::Int, size_of::<c_longlong>()),
    ("ssize_t", Kind::Int, POINTER),
    ("Py_ssize_t", Kind::Int, POINTER),
    ("unsigned char", Kind::Uint, 1),
    ("unsigned short", Kind::Uint, size_of::<c_short>()),
    ("unsigned int", Kind::Uint, size_of::<c_int>()),
    ("unsigned", Kind::Uint, size_of::<c_int>()),
    ("unsigned long", Kind::Uint, size_of::<c_long>()),
    ("unsigned long long", Kind::Uint, size_of::<c_longlong>()),
    ("size_t", Kind::Uint, POINTER),
    ("half", Kind::Float, 2),
    ("float", Kind::Float, 4),
    ("double", Kind::Float, 8),
    ("long double", Kind::Float, 16),
    ("float complex", Kind::Complex, 8),
    ("double complex", Kind::Complex, 16),
    ("long double complex", Kind::Complex, 32),
    ("bint", Kind::Bool, 1),
    ("bool", Kind::Bool, 1),
    ("object", Kind::Object, POINTER),
    ("pointer", Kind::Pointer, POINTER),
    // Names of `<stdint.h>`.
    ("int8_t", Kind::Int, 1),
    ("int16_t", Kind::Int, 2),
    ("int32_t", Kind::Int, 4),
    ("int64_t", Kind::Int, 8),
    ("intptr_t", Kind::Int, POINTER),
    ("uint8_t", Kind::Uint, 1),
    ("uint16_t", Kind::Uint, 2),
    ("uint32_t", Kind::Uint, 4),
    ("uint64_t", Kind::Uint, 8),
    ("uintptr_t", Kind::Uint, POINTER),
    // Names of NumPy.
    ("int8", Kind::Int, 1),
    ("int16", Kind::Int, 2),
    ("int32", Kind::Int, 4),
    ("int64", Kind::Int, 8),
    ("intp", Kind::Int, POINTER),
    ("uint8", Kind::Uint, 1),
    ("uint16", Kind::Uint, 2),
    ("uint32", Kind::Uint, 4),
    ("uint64", Kind::Uint, 8),
    ("uintp", Kind::Uint, POINTER),
    ("float16", Kind::Float, 2),
    ("float32", Kind::Float, 4),
    ("float64", Kind::Float, 8),
    ("bfloat16", Kind::Bfloat, 2),
    ("complex64", Kind::Complex, 8),
    ("complex128", Kind::Complex, 16),
    ("bool_", Kind::Bool, 1),
    // Names of Rust.
    ("i8", Kind::Int, 1),
    ("i16", Kind::Int, 2),
    ("i32", Kind::Int, 4),
    ("i64", Kind::Int, 8),
    ("isize", Kind::Int, POINTER),
    ("u8", Kind::Uint, 1),
    ("u16", Kind::Uint, 2),
    ("u32", Kind::Uint, 4),
    ("u64", Kind::Uint, 8),
    ("usize", Kind::Uint, POINTER),
    ("f16", Kind::Float, 2),
    ("bf16", Kind::Bfloat, 2),
    ("f32", Kind::Float, 4),
    ("f64", Kind::Float, 8),
];

/// The names that end with a number of bytes.
const SIZED: [(&str, Kind); 3] = [("bytes", Kind::Bytes), ("text", Kind::Text), ("void", Kind::Void)];

type OfUnit = fn(TimeUnit) -> Kind;

/// The names that may be followed by a unit of time in brackets.
const TIMES: [(&str, OfUnit); 2] = [("datetime64", Kind::Datetime), ("timedelta64", Kind::Timedelta)];

/// The byte orders that may precede a name, and whether each is the byte order of this machine.
const ORDERS: [(&str, bool); 2] =
    [("big-endian", cfg!(target_endian = "big")), ("little-endian", cfg!(target_endian = "little"))];

/// Returns the format of the element with this name, such as `double`, `big-endian double` or `(2, 3)double`.
///
/// The words of a name may be separated by any white space.
pub(super) fn find(name: &str) -> Option<Format> {
    if let Some((extents, item)) = name.strip_prefix('(').and_then(|name| name.split_once(')')) {
        let extent = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
        };
        let shape = extents.split(',').map(|part| extent(part.trim())).collect::<Option<Vec<usize>>>()?;
        return Format::array(&shape, ordered(item.trim())?).ok();
    }
    ordered(name)
}

/// Returns how many bytes after an opening bracket belong to the element, or `None` if the bracket opens the axes.
///
/// In `datetime64[ns][:]` the bytes `ns]` belong to the element. In `double[:]` the bracket opens the axes.
pub(super) fn in_brackets(before: &str, behind: &str) -> Option<usize> {
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    TIMES.iter().find(|(time, _)| *time == word)?;
    let (unit, rest) = behind.split_once(']')?;
    let name = unit.trim();
    let is_axes = name.is_empty() || name.contains([':', ',', '.']) || name.parse::<usize>().is_ok();
    // An unknown unit is still taken as part of the element when the bracket cannot open the axes, so that the error
    // points at the element.
    let is_unit = TimeUnit::parse(name).is_some() || rest.trim_start().starts_with(['[', '|']);
    (is_unit && !is_axes).then_some(unit.len() + 1)
}

/// Returns the format of the element with this name, which a byte order may precede.
fn ordered(name: &str) -> Option<Format> {
    let order = ORDERS.iter().find_map(|&(order, is_native)| {
        let name = name.strip_prefix(order)?;
        name.starts_with(char::is_whitespace).then_some((name.trim_start(), is_native))
    });
    let (name, is_native) = order.unwrap_or((name, true));
    let dtype = dtype(name)?;
    let swapped = !is_native && dtype.has_byte_order();
    Some(Format::scalar(dtype, if swapped { ByteOrder::Swapped } else { ByteOrder::Native }))
}

fn dtype(name: &str) -> Option<Dtype> {
    let same = |known: &str| known.split(' ').eq(name.split_whitespace());
    if let Some(&(_, kind, itemsize)) = NAMES.iter().find(|(known, ..)| same(known)) {
        return Some(Dtype { kind, itemsize });
    }
    let time = TIMES.iter().find_map(|&(known, kind)| Some((kind, name.strip_prefix(known)?.trim_start())));
    if let Some((kind, unit)) = time {
        let unit = match unit.strip_prefix('[').and_then(|unit| unit.strip_suffix(']')) {
            Some(unit) if unit.trim().is_empty() => return None,
            Some(unit) => TimeUnit::parse(unit.trim())?,
            None if unit.is_empty() => TimeUnit::GENERIC,
            None => return None,
        };
        return Some(Dtype { kind: kind(unit), itemsize: size_of::<i64>() });
    }
    let (kind, digits) = SIZED.iter().find_map(|&(known, kind)| Some((kind, name.strip_prefix(known)?)))?;
    let dtype = Dtype { kind, itemsize: digits.parse().ok()? };
    // `bytes+3` and `bytes03` are rejected, because no message shows such names.
    (dtype.to_string() == name).then_some(dtype)
}
